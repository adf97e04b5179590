//! Mapping patterns.
//!
//! CPython's counterparts: `codegen_pattern_mapping`, `codegen_pattern_mapping_key` of `Python/codegen.c`.

use pyast::{CmpOp, Expr, PatternMatchMapping};
use pyopcode::Opcode;

use super::PatternContext;
use super::keys::SeenKeys;
use crate::diagnostics;
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(super) fn pattern_mapping(
        &mut self,
        node: &'a PatternMatchMapping<'a>,
        context: &mut PatternContext,
    ) -> Result {
        let (location, size) = (node.location, node.keys.len());
        if size != node.patterns.len() {
            return diagnostics::mapping_pattern_lengths(location, size, node.patterns.len());
        }
        context.on_top += 1;
        self.emit(location, Opcode::MatchMapping);
        self.jump_to_fail_pop(location, Opcode::PopJumpIfFalse, context);
        if size == 0 && node.rest.is_none() {
            context.on_top -= 1;
            self.emit(location, Opcode::PopTop);
            return Ok(());
        }
        if size > 0 {
            self.check_length(location, size, CmpOp::GtE, context);
        }
        self.mapping_keys(node)?;
        self.emit_arg(location, Opcode::BuildTuple, size);
        self.emit(location, Opcode::MatchKeys);
        // The tuples of keys and of values are above the subject.
        context.on_top += 2;
        self.fail_if_none(location, context);
        self.emit_arg(location, Opcode::UnpackSequence, size);
        context.on_top += size;
        context.on_top -= 1;
        for &pattern in node.patterns {
            context.on_top -= 1;
            self.subpattern(pattern, context)?;
        }
        context.on_top -= 2;
        match node.rest {
            Some(_) => self.mapping_rest(node, context),
            None => {
                self.emit(location, Opcode::PopTop);
                self.emit(location, Opcode::PopTop);
                Ok(())
            }
        }
    }

    /// `**rest`: a copy of the subject, from which the keys are deleted.
    fn mapping_rest(&mut self, node: &'a PatternMatchMapping<'a>, context: &mut PatternContext) -> Result {
        let (location, size) = (node.location, node.keys.len());
        self.emit_arg(location, Opcode::BuildMap, 0);
        self.emit_arg(location, Opcode::Swap, 3);
        self.emit_arg(location, Opcode::DictUpdate, 2);
        self.emit_arg(location, Opcode::UnpackSequence, size);
        for remaining in (1..=size).rev() {
            self.emit_arg(location, Opcode::Copy, 1 + remaining);
            self.emit_arg(location, Opcode::Swap, 2);
            self.emit(location, Opcode::DeleteSubscr);
        }
        self.store_name(location, node.rest, context)
    }

    fn mapping_keys(&mut self, node: &'a PatternMatchMapping<'a>) -> Result {
        let mut seen = SeenKeys::default();
        for &key in node.keys {
            match key {
                Expr::Constant(constant) => {
                    if !seen.insert(constant.value) {
                        let key = constant.value.repr(self.pool.strings());
                        return diagnostics::duplicate_mapping_key(node.location, &key);
                    }
                }
                Expr::Attribute(_) => {}
                _ => return diagnostics::mapping_key_kind(node.location),
            }
            self.visit_expr(key)?;
        }
        Ok(())
    }
}
