//! What need not be done step for step, since it is known how it would end.
//!
//! * A rule that cannot begin with the next token fails, or is a repetition of nothing.
//! * Where a `primary` stands alone, the rules for operators above it find nothing else ([`tower`]).
//! * A statement that is known to be right, as the [survey](crate::survey) says, is stepped over.
//!
//! The result is the same as without; also where CPython's parser gives up over the depth of its stack: no short cut
//! is taken where what it leaves out might go that deep.

use super::{Answer, Frame, MAX_DEPTH, Machine, Stage};
use crate::explain::diagnostics;
use crate::explain::node::{NodeKind, Value};
use crate::explain::program::{RuleId, Shape};
use crate::explain::tokens::Raised;
use crate::explain::tower::{self, Rung};
use crate::survey::MAX_OPEN_RULES;

impl Machine<'_> {
    /// The answer of a rule that cannot begin with the next token.
    pub(super) fn nothing_begins(&mut self, shape: Shape) -> Answer {
        match shape {
            Shape::Repeat { at_least_once: false } => {
                Some(self.scene.nodes.add(NodeKind::Sequence, pycode::Location::NONE, []))
            }
            _ => None,
        }
    }

    /// Whether what is left out could not have been too deep for CPython's parser.
    pub(super) fn may_cut_short(&self) -> bool {
        self.depth() + self.margin < MAX_DEPTH
    }

    /// Takes the short cut from a rule to `primary`, if it is open. It may lead nowhere yet, as in [`Self::call`].
    pub(super) fn cut_short(&mut self, rule: RuleId, rung: Rung) -> Result<Option<Option<Answer>>, Raised> {
        let (mark, invalid) = (self.scene.mark, self.scene.invalid);
        let first = self.scene.tokens.at(mark)?;
        if self.is_second_pass && !invalid && rung.is_remembered_as_valid() {
            return Ok(None);
        }
        if !rung.may_begin_at(first.kind, self.scene.tokens.known_kind(mark + 1), invalid) {
            return Ok(None);
        }
        if tower::is_single_token(first.kind) {
            diagnostics::check_token(&self.scene, first)?;
            let second = self.scene.tokens.at(mark + 1)?.kind;
            if !tower::is_trailer(second) {
                let is_left = rung.is_left_before(first.kind, second, second, invalid);
                self.scene.mark += usize::from(is_left);
                return Ok(is_left.then_some(Some(Some(Value::Token(mark as u32)))));
            }
        }
        self.push(rule, Stage::Climb(rung));
        self.cut_short += rung.functions_below(invalid);
        match self.call(self.program.primary)? {
            Some(answer) => self.climb(rung, answer).map(Some),
            None => Ok(Some(None)),
        }
    }

    /// The short cut has led to a `primary`, or to nothing.
    pub(super) fn climb(&mut self, rung: Rung, answer: Answer) -> Result<Option<Answer>, Raised> {
        let Frame { rule, start, .. } = *self.top();
        let invalid = self.scene.invalid;
        self.leave(None);
        self.cut_short -= rung.functions_below(invalid);
        if answer.is_some() {
            let after = self.scene.tokens.at(self.scene.mark)?.kind;
            let first = self.scene.tokens.get(start as usize).kind;
            let second = self.scene.tokens.get(start as usize + 1).kind;
            if rung.is_left_before(first, second, after, invalid) {
                return Ok(Some(answer));
            }
        }
        self.scene.mark = start as usize;
        self.call_in_full(rule)
    }

    /// Steps over the statement at hand, if it is known to be right.
    pub(super) fn step_over(&mut self, whole_lines: bool) -> Result<bool, Raised> {
        let mark = self.scene.mark;
        self.scene.tokens.at(mark)?;
        if self.depth() >= MAX_OPEN_RULES {
            return Ok(false);
        }
        let is_first_pass = !self.scene.invalid;
        let Some(extent) = self.scene.tokens.step_over(mark, whole_lines, is_first_pass) else {
            return Ok(false);
        };
        if !is_first_pass {
            self.scene.last_statement = extent.last_statement;
        }
        self.scene.mark += 1;
        Ok(true)
    }
}
