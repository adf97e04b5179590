//! Blocks, and the compound statements that are little more than a block.

use pyast::{Expr, Stmt};
use pytoken::TokenKind as T;

use crate::lexer::Position;
use crate::parser::{Invalid, Parse, Parser, take};

/// An `if` or `elif` whose rest is still to come.
#[derive(Clone, Copy)]
pub(crate) struct IfPart<'a> {
    start: Position,
    test: Expr<'a>,
    body: &'a [Stmt<'a>],
}

impl<'a> Parser<'_, 'a, '_> {
    /// `block: NEWLINE INDENT statements DEDENT | simple_stmts`
    pub(crate) fn block(&mut self) -> Parse<&'a [Stmt<'a>]> {
        self.enter()?;
        let mark = self.scratch.stmts.len();
        if self.at(T::Newline) {
            self.bump_layout();
            self.expect_layout(T::Indent)?;
            while !self.at(T::Dedent) {
                self.statement()?;
            }
            self.bump_layout();
        } else {
            self.simple_stmts()?;
        }
        self.leave();
        Ok(take(self.arena, &mut self.scratch.stmts, mark))
    }

    /// `':' block`
    pub(crate) fn colon_block(&mut self) -> Parse<&'a [Stmt<'a>]> {
        self.expect(T::Colon)?;
        self.block()
    }

    /// `[else_block]`
    pub(crate) fn optional_else_block(&mut self) -> Parse<&'a [Stmt<'a>]> {
        if self.eat(T::Else) { self.colon_block() } else { Ok(&[]) }
    }

    /// `if_stmt` and the `elif_stmt`s that it holds; each is the whole `else` part of the one before and
    /// ends where the chain ends.
    pub(crate) fn if_stmt(&mut self) -> Parse<Stmt<'a>> {
        let mark = self.scratch.ifs.len();
        while self.at(T::If) || self.at(T::Elif) {
            let start = self.bump().begin;
            let test = self.named_expression()?;
            let body = self.colon_block()?;
            self.scratch.ifs.push(IfPart { start, test, body });
            if !self.at(T::Elif) {
                break;
            }
        }
        let mut orelse = self.optional_else_block()?;
        self.note_nesting_chain((self.scratch.ifs.len() - mark) as u32);
        loop {
            let part = self.scratch.ifs.pop().ok_or(Invalid)?;
            let stmt = self.arena.stmt_if(self.since(part.start), part.test, part.body, orelse);
            if self.scratch.ifs.len() == mark {
                return Ok(stmt);
            }
            orelse = self.arena.list(&[stmt]);
        }
    }

    /// `while_stmt: 'while' named_expression ':' block [else_block]`
    pub(crate) fn while_stmt(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let test = self.named_expression()?;
        let body = self.colon_block()?;
        let orelse = self.optional_else_block()?;
        Ok(self.arena.stmt_while(self.since(start), test, body, orelse))
    }

    /// `for_stmt: ['async'] 'for' star_targets 'in' ~ star_expressions ':' [TYPE_COMMENT] block [else_block]`
    pub(crate) fn for_stmt(&mut self, start: Position, is_async: bool) -> Parse<Stmt<'a>> {
        self.expect(T::For)?;
        let target = self.star_targets()?;
        self.expect(T::In)?;
        let iter = self.star_expressions()?;
        self.expect(T::Colon)?;
        let type_comment = self.type_comment();
        let body = self.block()?;
        let orelse = self.optional_else_block()?;
        let location = self.since(start);
        Ok(if is_async {
            self.arena.stmt_async_for(location, target, iter, body, orelse, type_comment)
        } else {
            self.arena.stmt_for(location, target, iter, body, orelse, type_comment)
        })
    }

    /// The statements that begin with `async`.
    pub(crate) fn async_stmt(&mut self) -> Parse<Stmt<'a>> {
        match self.peek() {
            T::Def => return self.function_def_raw(&[]),
            T::For | T::With => {}
            _ => return Err(Invalid),
        }
        let start = self.bump().begin;
        if self.at(T::For) { self.for_stmt(start, true) } else { self.with_stmt(start, true) }
    }
}
