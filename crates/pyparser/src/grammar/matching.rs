//! `match` and its cases.

use pyast::{Expr, ExprContext, MatchCase, Stmt};
use pytoken::TokenKind as T;

use crate::parser::{Invalid, Parse, Parser, take};

impl<'a> Parser<'_, 'a, '_> {
    /// `match_stmt`; `None` when `match` is a name here.
    ///
    /// CPython tries the whole statement first. What comes after `"match" subject_expr ':' NEWLINE` can
    /// only be a `match` statement.
    pub(crate) fn match_stmt(&mut self) -> Parse<Option<Stmt<'a>>> {
        let start = self.start();
        let subject = match subject_follows(self.peek()) {
            Follows::Nothing => return Ok(None),
            Follows::Subject => Some(self.match_header()?),
            Follows::Either => self.attempt(Self::match_header)?,
        };
        let Some(subject) = subject else { return Ok(None) };
        self.note_preprocessing();
        self.expect_layout(T::Indent)?;
        let mark = self.scratch.cases.len();
        while !self.at(T::Dedent) {
            let case = self.case_block()?;
            self.scratch.cases.push(case);
        }
        self.bump_layout();
        let cases = take(self.arena, &mut self.scratch.cases, mark);
        Ok(Some(self.arena.stmt_match(self.since(start), subject, cases)))
    }

    /// `"match" subject_expr ':' NEWLINE`
    fn match_header(&mut self) -> Parse<Expr<'a>> {
        self.bump();
        let subject = self.subject_expr()?;
        self.expect(T::Colon)?;
        self.expect_layout(T::Newline)?;
        Ok(subject)
    }

    /// `subject_expr: star_named_expression ',' star_named_expressions? | named_expression`
    fn subject_expr(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let starred = self.at(T::Star);
        let first = self.star_named_expression()?;
        if !self.at(T::Comma) {
            return if starred { Err(Invalid) } else { Ok(first) };
        }
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::Comma) && self.at_star_expression() {
            let element = self.star_named_expression()?;
            self.scratch.exprs.push(element);
        }
        let elts = self.take_exprs(mark);
        Ok(self.arena.expr_tuple(self.since(start), elts, ExprContext::Load))
    }

    /// `case_block: "case" patterns ['if' named_expression] ':' block`
    fn case_block(&mut self) -> Parse<MatchCase<'a>> {
        if !self.at_soft_keyword("case") {
            return Err(Invalid);
        }
        self.begin_statement();
        self.bump();
        let pattern = self.patterns()?;
        let guard = if self.eat(T::If) { Some(self.named_expression()?) } else { None };
        let body = self.colon_block()?;
        Ok(MatchCase { pattern, guard, body })
    }
}

/// What the token after `match` tells.
enum Follows {
    /// A subject: two expressions never follow each other.
    Subject,
    /// A subject or the rest of an expression.
    Either,
    /// The rest of an expression, if anything.
    Nothing,
}

fn subject_follows(kind: T) -> Follows {
    match kind {
        T::Lpar | T::Lsqb | T::Minus | T::Plus | T::Star | T::Not => Follows::Either,
        T::Name
        | T::Number
        | T::String
        | T::FstringStart
        | T::TstringStart
        | T::Lbrace
        | T::Tilde
        | T::Ellipsis
        | T::None
        | T::True
        | T::False
        | T::Lambda
        | T::Await => Follows::Subject,
        _ => Follows::Nothing,
    }
}
