//! `try`.

use pyast::{ExceptHandler, Expr, ExprContext, Stmt};
use pytoken::TokenKind as T;

use crate::parser::{Invalid, Parse, Parser, take};

impl<'a> Parser<'_, 'a, '_> {
    /// `try_stmt: 'try' ':' block finally_block
    /// | 'try' ':' block (except_block+ | except_star_block+) [else_block] [finally_block]`
    pub(crate) fn try_stmt(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let body = self.colon_block()?;
        if self.at(T::Finally) {
            let finalbody = self.optional_finally_block()?;
            return Ok(self.arena.stmt_try(self.since(start), body, &[], &[], finalbody));
        }
        let mark = self.scratch.handlers.len();
        let is_star = self.except_block()?;
        while self.at(T::Except) {
            if self.except_block()? != is_star {
                return Err(Invalid);
            }
        }
        let handlers = take(self.arena, &mut self.scratch.handlers, mark);
        let orelse = self.optional_else_block()?;
        let finalbody = self.optional_finally_block()?;
        let location = self.since(start);
        Ok(if is_star {
            self.arena.stmt_try_star(location, body, handlers, orelse, finalbody)
        } else {
            self.arena.stmt_try(location, body, handlers, orelse, finalbody)
        })
    }

    /// `[finally_block]`
    fn optional_finally_block(&mut self) -> Parse<&'a [Stmt<'a>]> {
        if !self.eat(T::Finally) {
            return Ok(&[]);
        }
        self.note_preprocessing();
        self.colon_block()
    }

    /// `except_block` or `except_star_block`, onto the list of handlers. Gives whether there is a star.
    fn except_block(&mut self) -> Parse<bool> {
        let start = self.expect(T::Except)?.begin;
        let is_star = self.eat(T::Star);
        let mut type_ = None;
        let mut name = None;
        if is_star || !self.at(T::Colon) {
            let (expr, is_single) = self.except_expressions()?;
            type_ = Some(expr);
            if is_single && self.eat(T::As) {
                name = Some(self.name()?);
            }
        }
        let body = self.colon_block()?;
        let location = self.since(start);
        self.scratch.handlers.push(ExceptHandler { location, type_, name, body });
        Ok(is_star)
    }

    /// `expressions`, and whether it is only one, which can have a name (PEP 758).
    fn except_expressions(&mut self) -> Parse<(Expr<'a>, bool)> {
        let start = self.start();
        let first = self.expression()?;
        if !self.at(T::Comma) {
            return Ok((first, true));
        }
        let elts = self.more_expressions(first)?;
        Ok((self.arena.expr_tuple(self.since(start), elts, ExprContext::Load), false))
    }
}
