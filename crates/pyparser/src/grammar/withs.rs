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
        let parenthesised = |parser: &mut Self| parser.parenthesised_with_items(is_async);
        if !self.at(T::Lpar) || self.attempt(parenthesised)?.is_none() {
            self.with_items()?;
            self.expect(T::Colon)?;
        }
        let items = take(self.arena, &mut self.scratch.with_items, mark);
        let type_comment = self.type_comment();
        let body = self.block()?;
        let location = self.since(start);
        Ok(if is_async {
            self.arena.stmt_async_with(location, items, body, type_comment)
        } else {
            self.arena.stmt_with(location, items, body, type_comment)
        })
    }

    /// `'(' ','.with_item+ ','? ')' ':'`. When it fails, the parenthesis belongs to an expression.
    fn parenthesised_with_items(&mut self, is_async: bool) -> Parse<()> {
        self.bump();
        loop {
            self.with_item()?;
            if !self.eat(T::Comma) || self.at(T::Rpar) {
                break;
            }
        }
        self.expect(T::Rpar)?;
        self.expect(T::Colon)?;
        // The grammar has no type comment after this form of `async with`.
        if is_async && self.at(T::TypeComment) { Err(Invalid) } else { Ok(()) }
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
