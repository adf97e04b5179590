//! `with`.

use pyast::{Stmt, WithItem};
use pytoken::TokenKind as T;

use crate::lexer::Position;
use crate::parser::{Invalid, Parse, Parser, take};

impl<'a> Parser<'_, 'a, '_> {
    /// `with_stmt`; `start` is that of `async` or `with`, and `with` is next.
    pub(crate) fn with_stmt(&mut self, start: Position, is_async: bool) -> Parse<Stmt<'a>> {
        self.expect(T::With)?;
        let mark = self.scratch.with_items.len();
        let parenthesised = self.at(T::Lpar) && self.attempt(Self::parenthesised_with_items)?.is_some();
        if !parenthesised {
            self.with_items()?;
            self.expect(T::Colon)?;
        }
        let items = take(self.arena, &mut self.scratch.with_items, mark);
        // The grammar has no type comment after the parenthesised form of `async with`.
        let type_comment = if parenthesised && is_async { None } else { self.type_comment() };
        let body = self.block()?;
        let location = self.since(start);
        Ok(if is_async {
            self.arena.stmt_async_with(location, items, body, type_comment)
        } else {
            self.arena.stmt_with(location, items, body, type_comment)
        })
    }

    /// `'(' ','.with_item+ ','? ')' ':'`. When it fails, the parenthesis belongs to an expression.
    fn parenthesised_with_items(&mut self) -> Parse<()> {
        self.bump();
        loop {
            self.with_item()?;
            if !self.eat(T::Comma) || self.at(T::Rpar) {
                break;
            }
        }
        self.expect(T::Rpar)?;
        self.expect(T::Colon)?;
        Ok(())
    }

    /// `','.with_item+`
    fn with_items(&mut self) -> Parse<()> {
        loop {
            self.with_item()?;
            if !self.eat(T::Comma) {
                return Ok(());
            }
        }
    }

    /// `with_item: expression 'as' star_target &(',' | ')' | ':') | expression`
    fn with_item(&mut self) -> Parse<()> {
        let context_expr = self.expression()?;
        let mut optional_vars = None;
        if self.eat(T::As) {
            optional_vars = Some(self.star_target()?);
            if !matches!(self.kind(), T::Comma | T::Rpar | T::Colon) {
                return Err(Invalid);
            }
        }
        self.scratch.with_items.push(WithItem { context_expr, optional_vars });
        Ok(())
    }
}
