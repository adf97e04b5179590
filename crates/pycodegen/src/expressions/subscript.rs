//! Subscripts and slices.
//!
//! CPython's counterparts: `codegen_subscript`, `codegen_slice`, `codegen_slice_two_parts`,
//! `is_constant_slice`, `should_apply_two_element_slice_optimization` of `Python/codegen.c`.

use pyast::{Expr, ExprContext, ExprSlice, ExprSubscript, Location};
use pycode::{Object, ObjectId};
use pyopcode::{BinaryOp, Opcode};

use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_subscript(&mut self, node: &'a ExprSubscript<'a>) -> Result {
        if node.ctx == ExprContext::Load {
            self.check_subscripter(node.value);
            self.check_index(node.value, node.slice);
        }
        self.visit_expr(node.value)?;
        match two_part_slice(node.slice) {
            Some(slice) if node.ctx != ExprContext::Del => {
                self.codegen_slice_two_parts(slice)?;
                let load = node.ctx == ExprContext::Load;
                self.emit(node.location, if load { Opcode::BinarySlice } else { Opcode::StoreSlice });
            }
            _ => {
                self.visit_expr(node.slice)?;
                self.emit_subscript(node.location, node.ctx);
            }
        }
        Ok(())
    }

    fn emit_subscript(&mut self, location: Location, context: ExprContext) {
        match context {
            ExprContext::Load => self.emit_arg(location, Opcode::BinaryOp, BinaryOp::Subscr),
            ExprContext::Store => self.emit(location, Opcode::StoreSubscr),
            ExprContext::Del => self.emit(location, Opcode::DeleteSubscr),
        }
    }

    /// Loads the bounds of a slice.
    pub(crate) fn codegen_slice_two_parts(&mut self, slice: &'a ExprSlice<'a>) -> Result {
        for bound in [slice.lower, slice.upper] {
            match bound {
                Some(bound) => self.visit_expr(bound)?,
                None => self.emit_const(slice.location, ObjectId::NONE),
            }
        }
        Ok(())
    }

    pub(crate) fn codegen_slice(&mut self, slice: &'a ExprSlice<'a>) -> Result {
        if is_constant_slice(slice) {
            self.load_constant_slice(slice);
            return Ok(());
        }
        self.codegen_slice_two_parts(slice)?;
        let parts = match slice.step {
            Some(step) => {
                self.visit_expr(step)?;
                3
            }
            None => 2,
        };
        self.emit_arg(slice.location, Opcode::BuildSlice, parts);
        Ok(())
    }

    /// The parts of a slice are not merged with other constants, only whole slices are.
    fn load_constant_slice(&mut self, slice: &'a ExprSlice<'a>) {
        let mut parts = [ObjectId::NONE; 3];
        for (part, bound) in parts.iter_mut().zip([slice.lower, slice.upper, slice.step]) {
            if let Some(Expr::Constant(node)) = bound {
                *part = self.unmerged_object(node.value);
            }
        }
        let object = self.pool.merge(Object::Slice(&parts));
        self.emit_const(slice.location, object);
    }
}

fn is_constant_slice(slice: &ExprSlice<'_>) -> bool {
    let parts = [slice.lower, slice.upper, slice.step];
    parts.into_iter().flatten().all(|part| matches!(part, Expr::Constant(_)))
}

/// The slice, if it has no step and is not constant, so that no slice object need be made.
pub(crate) fn two_part_slice<'a>(slice: Expr<'a>) -> Option<&'a ExprSlice<'a>> {
    match slice {
        Expr::Slice(slice) if slice.step.is_none() && !is_constant_slice(slice) => Some(slice),
        _ => None,
    }
}
