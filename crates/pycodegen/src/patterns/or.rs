//! Or-patterns.
//!
//! CPython's counterpart: `codegen_pattern_or` of `Python/codegen.c`.

use pyast::{Location, Pattern, PatternMatchOr, StrId};
use pyinstrseq::Label;
use pyopcode::Opcode;

use super::PatternContext;
use crate::diagnostics;
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(super) fn pattern_or(
        &mut self,
        node: &'a PatternMatchOr<'a>,
        context: &mut PatternContext,
    ) -> Result {
        let location = node.location;
        let end = self.new_label();
        let captured = self.alternatives(node, context.allow_irrefutable, end)?;
        // No match: drop the copy of the subject and fail.
        self.emit(location, Opcode::PopTop);
        self.jump_to_fail_pop(location, Opcode::Jump, context);
        self.place(end);
        // Between the new captures and their place are the others of them, the copy of the subject, what
        // is on top, and the captures before.
        let distance = captured.len() + 1 + context.on_top + context.stores.len();
        for name in captured {
            self.rotate(location, distance)?;
            self.capture(location, name, context)?;
        }
        self.emit(location, Opcode::PopTop);
        Ok(())
    }

    /// Matches one alternative after the other, each with a context of its own; goes to `end` with the
    /// captures of the first that matches, in the order of the names that this gives.
    fn alternatives(
        &mut self,
        node: &'a PatternMatchOr<'a>,
        allow_irrefutable: bool,
        end: Label,
    ) -> Result<Vec<StrId>> {
        let mut control: Option<Vec<StrId>> = None;
        let last = node.patterns.len().saturating_sub(1);
        for (index, &alternative) in node.patterns.iter().enumerate() {
            let location = alternative.location();
            // An irrefutable one must be the last.
            let allow_irrefutable = index == last && allow_irrefutable;
            let mut context = PatternContext { allow_irrefutable, ..PatternContext::default() };
            self.emit_arg(location, Opcode::Copy, 1);
            self.codegen_pattern(alternative, &mut context)?;
            match &control {
                None => control = Some(std::mem::take(&mut context.stores)),
                Some(control) => self.reorder_captures(node, alternative, control, &mut context)?,
            }
            self.emit_jump(location, Opcode::Jump, end);
            self.emit_and_reset_fail_pop(location, &mut context);
        }
        Ok(control.unwrap_or_default())
    }

    /// Brings the captures of an alternative in the order of those of the first.
    fn reorder_captures(
        &mut self,
        node: &PatternMatchOr<'_>,
        alternative: Pattern<'_>,
        control: &[StrId],
        context: &mut PatternContext,
    ) -> Result {
        if context.stores.len() != control.len() {
            return diagnostics::alternatives_bind_differently(node.location);
        }
        for (wanted, name) in control.iter().enumerate().rev() {
            let Some(found) = context.stores.iter().position(|store| store == name) else {
                return diagnostics::alternatives_bind_differently(node.location);
            };
            if found != wanted {
                self.rotate_captures(alternative.location(), &mut context.stores, found, wanted)?;
            }
        }
        Ok(())
    }

    /// Moves the first captures, up to the one at `found`, up so that this one is at `wanted`; on the
    /// stack by as many rotations.
    fn rotate_captures(
        &mut self,
        location: Location,
        stores: &mut [StrId],
        found: usize,
        wanted: usize,
    ) -> Result {
        let count = found + 1;
        stores[..=wanted].rotate_left(count);
        (0..count).try_for_each(|_| self.rotate(location, wanted + 1))
    }
}
