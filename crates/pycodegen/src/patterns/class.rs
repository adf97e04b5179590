//! Class patterns.
//!
//! CPython's counterparts: `codegen_pattern_class`, `validate_kwd_attrs` of `Python/codegen.c`.

use pyast::{Location, PatternMatchClass};
use pycode::ObjectId;
use pyopcode::Opcode;

use super::{PatternContext, is_wildcard};
use crate::diagnostics;
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(super) fn pattern_class(
        &mut self,
        node: &'a PatternMatchClass<'a>,
        context: &mut PatternContext,
    ) -> Result {
        let location = node.location;
        let (attributes, keyword_patterns) = (node.kwd_attrs.len(), node.kwd_patterns.len());
        if attributes != keyword_patterns {
            return diagnostics::class_pattern_lengths(location, attributes, keyword_patterns);
        }
        self.validate_kwd_attrs(node)?;
        self.visit_expr(node.cls)?;
        self.load_names_const(location, node.kwd_attrs.iter().copied());
        self.emit_arg(location, Opcode::MatchClass, node.patterns.len());
        context.on_top += 1;
        self.fail_if_none(location, context);
        let count = node.patterns.len() + attributes;
        self.emit_arg(location, Opcode::UnpackSequence, count);
        context.on_top += count;
        context.on_top -= 1;
        for &pattern in node.patterns.iter().chain(node.kwd_patterns) {
            context.on_top -= 1;
            if is_wildcard(pattern) {
                self.emit(location, Opcode::PopTop);
            } else {
                self.subpattern(pattern, context)?;
            }
        }
        Ok(())
    }

    /// Fails if the value on the stack, which stays there, is `None`.
    pub(super) fn fail_if_none(&mut self, location: Location, context: &mut PatternContext) {
        self.emit_arg(location, Opcode::Copy, 1);
        self.emit_const(location, ObjectId::NONE);
        self.emit_arg(location, Opcode::IsOp, 1);
        self.jump_to_fail_pop(location, Opcode::PopJumpIfFalse, context);
    }

    fn validate_kwd_attrs(&self, node: &PatternMatchClass<'_>) -> Result {
        for (index, attribute) in node.kwd_attrs.iter().enumerate() {
            let mut others = node.kwd_attrs.iter().zip(node.kwd_patterns).skip(index + 1);
            if let Some((_, pattern)) = others.find(|&(other, _)| other == attribute) {
                let name = self.pool.strings().get(*attribute);
                return diagnostics::attribute_repeated(pattern.location(), name);
            }
        }
        Ok(())
    }
}
