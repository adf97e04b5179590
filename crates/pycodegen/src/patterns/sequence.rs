//! Sequence patterns.
//!
//! CPython's counterparts: `codegen_pattern_sequence`, `pattern_helper_sequence_unpack`,
//! `pattern_helper_sequence_subscr`, `codegen_pattern_unpack_helper` of `Python/codegen.c`.

use pyast::{CmpOp, Location, Pattern, PatternMatchSequence};
use pyopcode::{BinaryOp, Opcode};

use super::{PatternContext, is_wildcard};
use crate::diagnostics;
use crate::expressions::unpack_ex_arg;
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(super) fn pattern_sequence(
        &mut self,
        node: &'a PatternMatchSequence<'a>,
        context: &mut PatternContext,
    ) -> Result {
        let (location, patterns) = (node.location, node.patterns);
        let mut stars = (0..patterns.len()).filter(|&i| matches!(patterns[i], Pattern::MatchStar(_)));
        let star = stars.next();
        if stars.next().is_some() {
            return diagnostics::multiple_stars_in_pattern(location);
        }
        context.on_top += 1;
        self.emit(location, Opcode::MatchSequence);
        self.jump_to_fail_pop(location, Opcode::PopJumpIfFalse, context);
        match star {
            None => self.check_length(location, patterns.len(), CmpOp::Eq, context),
            Some(_) if patterns.len() > 1 => {
                self.check_length(location, patterns.len() - 1, CmpOp::GtE, context);
            }
            Some(_) => {}
        }
        context.on_top -= 1;
        if patterns.iter().all(|&pattern| is_wildcard(pattern) || is_wildcard_star(pattern)) {
            self.emit(location, Opcode::PopTop);
            return Ok(());
        }
        match star {
            Some(star) if is_wildcard_star(patterns[star]) => {
                self.subscript_items(location, patterns, star, context)
            }
            _ => self.unpack_items(location, patterns, star, context),
        }
    }

    /// Fails unless the length of the subject compares so.
    pub(super) fn check_length(
        &mut self,
        location: Location,
        length: usize,
        op: CmpOp,
        context: &mut PatternContext,
    ) {
        self.emit(location, Opcode::GetLen);
        self.load_int_const(location, length as i64);
        self.add_compare(location, op);
        self.jump_to_fail_pop(location, Opcode::PopJumpIfFalse, context);
    }

    /// Unpacks the subject and matches the items in order.
    fn unpack_items(
        &mut self,
        location: Location,
        patterns: &'a [Pattern<'a>],
        star: Option<usize>,
        context: &mut PatternContext,
    ) -> Result {
        match star.map(|star| unpack_ex_arg(star, patterns.len())) {
            None => self.emit_arg(location, Opcode::UnpackSequence, patterns.len()),
            Some(Some(arg)) => self.emit_arg(location, Opcode::UnpackEx, arg),
            Some(None) => return diagnostics::too_many_before_pattern_star(location),
        }
        context.on_top += patterns.len();
        for &pattern in patterns {
            context.on_top -= 1;
            self.subpattern(pattern, context)?;
        }
        Ok(())
    }

    /// Gets the items that matter by index: for patterns with a `*_`, of which the list is not needed.
    fn subscript_items(
        &mut self,
        location: Location,
        patterns: &'a [Pattern<'a>],
        star: usize,
        context: &mut PatternContext,
    ) -> Result {
        context.on_top += 1;
        for (index, &pattern) in patterns.iter().enumerate() {
            if is_wildcard(pattern) || index == star {
                continue;
            }
            self.emit_arg(location, Opcode::Copy, 1);
            if index < star {
                self.load_int_const(location, index as i64);
            } else {
                // The subject need not support negative indices.
                self.emit(location, Opcode::GetLen);
                self.load_int_const(location, (patterns.len() - index) as i64);
                self.emit_arg(location, Opcode::BinaryOp, BinaryOp::Subtract);
            }
            self.emit_arg(location, Opcode::BinaryOp, BinaryOp::Subscr);
            self.subpattern(pattern, context)?;
        }
        context.on_top -= 1;
        self.emit(location, Opcode::PopTop);
        Ok(())
    }
}

/// `*_` (`WILDCARD_STAR_CHECK`)
fn is_wildcard_star(pattern: Pattern<'_>) -> bool {
    matches!(pattern, Pattern::MatchStar(node) if node.name.is_none())
}
