//! Arguments of calls and classes.
//!
//! CPython's rules `args` and `kwargs` fix the order: a positional argument cannot follow a keyword or
//! `**`; `*` can follow a keyword, but not `**`.

use pyast::{Expr, Keyword};
use pytoken::TokenKind as T;

use crate::lexer::Position;
use crate::parser::{Invalid, Parse, Parser, take};

/// The two lists of a call.
pub(crate) type CallArguments<'a> = (&'a [Expr<'a>], &'a [Keyword<'a>]);

/// What the arguments so far allow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Positional,
    Keyword,
    DoubleStar,
}

impl<'a> Parser<'_, 'a, '_> {
    /// A call of `func`, from the parenthesis on.
    pub(crate) fn call(&mut self, start: Position, func: Expr<'a>) -> Parse<Expr<'a>> {
        let open = self.bump().begin;
        let (args, keywords) = self.arguments(Some(open))?;
        Ok(self.arena.expr_call(self.since(start), func, args, keywords))
    }

    fn take_arguments(&mut self, (args, keywords): (usize, usize)) -> CallArguments<'a> {
        let args = self.take_exprs(args);
        (args, take(self.arena, &mut self.scratch.keywords, keywords))
    }

    /// `[arguments] ')'`. In a call, a lone generator expression needs no parentheses of its own; it then
    /// begins at the call's, given as `open`.
    pub(crate) fn arguments(&mut self, open: Option<Position>) -> Parse<CallArguments<'a>> {
        let mark = (self.scratch.exprs.len(), self.scratch.keywords.len());
        let mut seen = Seen::Positional;
        while !self.at(T::Rpar) {
            self.argument(&mut seen)?;
            if self.at_for_if_clauses() {
                return self.lone_genexp(open.ok_or(Invalid)?, mark);
            }
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.expect(T::Rpar)?;
        Ok(self.take_arguments(mark))
    }

    /// `genexp` as the only argument, after its element.
    fn lone_genexp(&mut self, open: Position, mark: (usize, usize)) -> Parse<CallArguments<'a>> {
        let is_only = self.scratch.exprs.len() == mark.0 + 1 && self.scratch.keywords.len() == mark.1;
        if !is_only {
            return Err(Invalid);
        }
        let elt = self.scratch.exprs.pop().ok_or(Invalid)?;
        if matches!(elt, Expr::Starred(_)) {
            return Err(Invalid);
        }
        let generators = self.for_if_clauses()?;
        self.expect(T::Rpar)?;
        let genexp = self.arena.expr_generator_exp(self.since(open), elt, generators);
        Ok((self.arena.list(&[genexp]), &[]))
    }

    /// One argument of any kind, onto the lists.
    fn argument(&mut self, seen: &mut Seen) -> Parse<()> {
        match self.kind() {
            T::Star if *seen < Seen::DoubleStar => {
                let starred = self.starred_expression()?;
                self.scratch.exprs.push(starred);
                Ok(())
            }
            T::Star => Err(Invalid),
            T::Doublestar => {
                let start = self.bump().begin;
                *seen = Seen::DoubleStar;
                self.keyword_value(start, None)
            }
            _ => self.positional_or_keyword(seen),
        }
    }

    /// `NAME '=' expression | (assignment_expression | expression !':=') !'='`
    fn positional_or_keyword(&mut self, seen: &mut Seen) -> Parse<()> {
        let start = self.start();
        let value = self.named_expression()?;
        if self.at(T::Equal) {
            let Expr::Name(name) = value else { return Err(Invalid) };
            if name.location != self.since(start) {
                return Err(Invalid);
            }
            self.bump();
            *seen = (*seen).max(Seen::Keyword);
            return self.keyword_value(start, Some(name.id));
        }
        if *seen > Seen::Positional {
            return Err(Invalid);
        }
        self.scratch.exprs.push(value);
        Ok(())
    }

    fn keyword_value(&mut self, start: Position, arg: Option<pyast::StrId>) -> Parse<()> {
        let value = self.expression()?;
        let location = self.since(start);
        self.scratch.keywords.push(Keyword { location, arg, value });
        Ok(())
    }
}
