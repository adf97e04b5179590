//! Attributes, calls, subscripts.

use pyast::{Expr, ExprContext};
use pytoken::TokenKind as T;

use crate::lexer::Position;
use crate::parser::{Parse, Parser};

use super::token_table::TokenTable;

/// What can follow an `atom` in a `primary`.
static TRAILERS: TokenTable = TokenTable::of(&[T::Dot, T::Lpar, T::Lsqb]);

impl<'a> Parser<'_, 'a, '_> {
    /// `await_primary: 'await' primary | primary`
    #[inline]
    pub(crate) fn await_primary(&mut self) -> Parse<Expr<'a>> {
        if self.at(T::Await) { self.awaited() } else { self.primary() }
    }

    /// `'await' primary`
    #[inline(never)]
    pub(super) fn awaited(&mut self) -> Parse<Expr<'a>> {
        let start = self.bump().begin;
        let value = self.primary()?;
        Ok(self.arena.expr_await(self.since(start), value))
    }

    /// `primary: primary ('.' NAME | genexp | '(' [arguments] ')' | '[' slices ']') | atom`
    #[inline]
    pub(crate) fn primary(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let value = self.atom()?;
        if TRAILERS.contains(self.kind()) { self.trailers(start, value) } else { Ok(value) }
    }

    /// The rest of a `primary`, after its `atom`.
    fn trailers(&mut self, start: Position, mut value: Expr<'a>) -> Parse<Expr<'a>> {
        let mut length = 0;
        loop {
            value = match self.kind() {
                T::Dot => self.attribute(start, value)?,
                T::Lpar => self.call(start, value)?,
                T::Lsqb => self.subscript(start, value)?,
                _ => break,
            };
            length += 1;
        }
        self.note_chain(length);
        Ok(value)
    }

    #[inline]
    fn attribute(&mut self, start: Position, value: Expr<'a>) -> Parse<Expr<'a>> {
        self.bump();
        let attr = self.name()?;
        Ok(self.arena.expr_attribute(self.since(start), value, attr, ExprContext::Load))
    }

    fn subscript(&mut self, start: Position, value: Expr<'a>) -> Parse<Expr<'a>> {
        self.bump();
        let slice = self.slices()?;
        self.expect(T::Rsqb)?;
        Ok(self.arena.expr_subscript(self.since(start), value, slice, ExprContext::Load))
    }

    /// `slices: slice !',' | ','.(slice | starred_expression)+ [',']`
    fn slices(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let starred = self.at(T::Star);
        let first = self.slice_or_starred()?;
        if !starred && !self.at(T::Comma) {
            return Ok(first);
        }
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::Comma) && !self.at(T::Rsqb) {
            let slice = self.slice_or_starred()?;
            self.scratch.exprs.push(slice);
        }
        let elts = self.take_exprs(mark);
        Ok(self.arena.expr_tuple(self.since(start), elts, ExprContext::Load))
    }

    fn slice_or_starred(&mut self) -> Parse<Expr<'a>> {
        if self.at(T::Star) { self.starred_expression() } else { self.slice() }
    }

    /// `slice: [expression] ':' [expression] [':' [expression]] | named_expression`
    fn slice(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        if self.at(T::Colon) {
            return self.slice_bounds(start, None);
        }
        let first = self.expression()?;
        match self.kind() {
            T::Colon => self.slice_bounds(start, Some(first)),
            T::Colonequal => self.assignment_expression(start, first),
            _ => Ok(first),
        }
    }

    fn slice_bounds(&mut self, start: Position, lower: Option<Expr<'a>>) -> Parse<Expr<'a>> {
        self.bump();
        let upper = self.optional_expression()?;
        let step = if self.eat(T::Colon) { self.optional_expression()? } else { None };
        Ok(self.arena.expr_slice(self.since(start), lower, upper, step))
    }

    /// `[expression]`
    fn optional_expression(&mut self) -> Parse<Option<Expr<'a>>> {
        if self.at_expression() { self.expression().map(Some) } else { Ok(None) }
    }
}
