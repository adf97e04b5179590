//! The clauses of comprehensions and generator expressions.

use pyast::Comprehension;
use pytoken::TokenKind as T;

use crate::parser::{Parse, Parser, take};

impl<'a> Parser<'_, 'a, '_> {
    /// Whether `for_if_clauses` begins here.
    #[inline]
    pub(crate) fn at_for_if_clauses(&self) -> bool {
        matches!(self.kind(), T::For | T::Async)
    }

    /// `for_if_clauses: for_if_clause+`
    pub(crate) fn for_if_clauses(&mut self) -> Parse<&'a [Comprehension<'a>]> {
        let mark = self.scratch.comprehensions.len();
        while self.at_for_if_clauses() {
            let clause = self.for_if_clause()?;
            self.scratch.comprehensions.push(clause);
        }
        Ok(take(self.arena, &mut self.scratch.comprehensions, mark))
    }

    /// `for_if_clause: ['async'] 'for' star_targets 'in' ~ disjunction ('if' disjunction)*`
    fn for_if_clause(&mut self) -> Parse<Comprehension<'a>> {
        let is_async = i32::from(self.eat(T::Async));
        self.expect(T::For)?;
        let target = self.star_targets()?;
        self.expect(T::In)?;
        let iter = self.disjunction()?;
        let mark = self.scratch.exprs.len();
        while self.eat(T::If) {
            let condition = self.disjunction()?;
            self.scratch.exprs.push(condition);
        }
        let ifs = self.take_exprs(mark);
        Ok(Comprehension { target, iter, ifs, is_async })
    }
}
