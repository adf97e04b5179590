//! Statements of one line.

use pyast::{Expr, ExprContext, Stmt};
use pytoken::TokenKind as T;

use crate::parser::{Invalid, Parse, Parser, take};

use super::token_table::TokenTable;

/// What begins a `compound_stmt`, besides `match`.
static COMPOUND_STATEMENTS: TokenTable =
    TokenTable::of(&[T::If, T::Def, T::At, T::Class, T::For, T::With, T::Try, T::While, T::Async]);

impl<'a> Parser<'_, 'a, '_> {
    /// `statement: compound_stmt | simple_stmts`, onto the list of statements.
    pub(crate) fn statement(&mut self) -> Parse<()> {
        if self.survey.is_some() { self.surveyed(Self::any_statement) } else { self.any_statement() }
    }

    #[inline]
    fn any_statement(&mut self) -> Parse<()> {
        self.begin_statement();
        if !self.may_begin_compound_stmt() {
            return self.simple_stmts();
        }
        match self.compound_stmt()? {
            Some(stmt) => {
                if let Some(notes) = &mut self.survey {
                    notes.note_compound_statement(stmt.location().lineno);
                }
                self.scratch.stmts.push(stmt);
                Ok(())
            }
            None => self.simple_stmts(),
        }
    }

    /// `simple_stmts: ';'.simple_stmt+ [';'] NEWLINE`
    pub(crate) fn simple_stmts(&mut self) -> Parse<()> {
        self.simple_stmts_of_last_line()?;
        self.bump_layout();
        Ok(())
    }

    /// `simple_stmts`, up to the `NEWLINE` but without it.
    pub(crate) fn simple_stmts_of_last_line(&mut self) -> Parse<()> {
        loop {
            let stmt =
                if self.survey.is_some() { self.surveyed(Self::simple_stmt) } else { self.simple_stmt() }?;
            self.scratch.stmts.push(stmt);
            if self.eat(T::Semi) && !self.at(T::Newline) {
                continue;
            }
            return if self.at(T::Newline) { Ok(()) } else { Err(Invalid) };
        }
    }

    /// Whether the next token begins a `compound_stmt`, but that `match` may be a name.
    #[inline]
    fn may_begin_compound_stmt(&self) -> bool {
        COMPOUND_STATEMENTS.contains(self.kind()) || self.at_soft_keyword("match")
    }

    /// `compound_stmt`; `None` when the next token begins a simple statement.
    pub(crate) fn compound_stmt(&mut self) -> Parse<Option<Stmt<'a>>> {
        let stmt = match self.kind() {
            T::Name => {
                if !self.at_soft_keyword("match") {
                    return Ok(None);
                }
                return self.match_stmt();
            }
            T::If => self.if_stmt(),
            T::Def => self.function_def_raw(&[]),
            T::At => self.decorated(),
            T::Class => self.class_def_raw(&[]),
            T::For => self.for_stmt(self.start(), false),
            T::With => self.with_stmt(self.start(), false),
            T::Try => self.try_stmt(),
            T::While => self.while_stmt(),
            T::Async => self.async_stmt(),
            _ => return Ok(None),
        }?;
        Ok(Some(stmt))
    }

    /// `simple_stmt`
    fn simple_stmt(&mut self) -> Parse<Stmt<'a>> {
        match self.kind() {
            T::Return => self.return_stmt(),
            T::Import => self.import_name(),
            T::From => self.import_from(),
            T::Raise => self.raise_stmt(),
            T::Pass => self.keyword_stmt(|arena, location| arena.stmt_pass(location)),
            T::Break => self.keyword_stmt(|arena, location| arena.stmt_break(location)),
            T::Continue => self.keyword_stmt(|arena, location| arena.stmt_continue(location)),
            T::Del => self.del_stmt(),
            T::Yield => self.yield_stmt(),
            T::Assert => self.assert_stmt(),
            T::Global => self.global_stmt(),
            T::Nonlocal => self.nonlocal_stmt(),
            T::Name if self.at_soft_keyword("type") && self.peek() == T::Name => self.type_alias(),
            _ => self.assignment(),
        }
    }

    /// `pass_stmt`, `break_stmt`, `continue_stmt`
    fn keyword_stmt(&mut self, make: fn(&'a pyast::Arena, pyast::Location) -> Stmt<'a>) -> Parse<Stmt<'a>> {
        let keyword = self.bump();
        Ok(make(self.arena, keyword.location()))
    }

    /// `return_stmt: 'return' [star_expressions]`
    fn return_stmt(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let value = self.optional_star_expressions()?;
        Ok(self.arena.stmt_return(self.since(start), value))
    }

    pub(crate) fn optional_star_expressions(&mut self) -> Parse<Option<Expr<'a>>> {
        if self.at_star_expression() { self.star_expressions().map(Some) } else { Ok(None) }
    }

    /// `raise_stmt: 'raise' expression ['from' expression] | 'raise'`
    fn raise_stmt(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        if !self.at_expression() {
            return Ok(self.arena.stmt_raise(self.since(start), None, None));
        }
        let exc = self.expression()?;
        let cause = if self.eat(T::From) { Some(self.expression()?) } else { None };
        Ok(self.arena.stmt_raise(self.since(start), Some(exc), cause))
    }

    /// `del_stmt: 'del' del_targets &(';' | NEWLINE)`
    fn del_stmt(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let mark = self.scratch.exprs.len();
        loop {
            let target = self.primary()?;
            let target = self.set_context(target, ExprContext::Del)?;
            self.scratch.exprs.push(target);
            if !self.eat(T::Comma) || !self.at_expression() {
                break;
            }
        }
        let targets = self.take_exprs(mark);
        Ok(self.arena.stmt_delete(self.since(start), targets))
    }

    /// `yield_stmt: yield_expr`, or an assignment... to which a `yield` is no target.
    fn yield_stmt(&mut self) -> Parse<Stmt<'a>> {
        let start = self.start();
        let value = self.yield_expr()?;
        Ok(self.arena.stmt_expr(self.since(start), value))
    }

    /// `assert_stmt: 'assert' expression [',' expression]`
    fn assert_stmt(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let test = self.expression()?;
        let msg = if self.eat(T::Comma) { Some(self.expression()?) } else { None };
        Ok(self.arena.stmt_assert(self.since(start), test, msg))
    }

    /// `global_stmt: 'global' ','.NAME+`
    fn global_stmt(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let names = self.names()?;
        Ok(self.arena.stmt_global(self.since(start), names))
    }

    /// `nonlocal_stmt: 'nonlocal' ','.NAME+`
    fn nonlocal_stmt(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let names = self.names()?;
        Ok(self.arena.stmt_nonlocal(self.since(start), names))
    }

    /// `','.NAME+`
    fn names(&mut self) -> Parse<&'a [pyast::StrId]> {
        let mark = self.scratch.names.len();
        loop {
            let name = self.name()?;
            self.scratch.names.push(name);
            if !self.eat(T::Comma) {
                return Ok(take(self.arena, &mut self.scratch.names, mark));
            }
        }
    }

    /// `type_alias: "type" NAME [type_params] '=' expression`
    fn type_alias(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let location = self.token().location();
        let id = self.name()?;
        let name = self.arena.expr_name(location, id, ExprContext::Store);
        let type_params = self.optional_type_params()?;
        self.expect(T::Equal)?;
        let value = self.expression()?;
        Ok(self.arena.stmt_type_alias(self.since(start), name, type_params, value))
    }
}
