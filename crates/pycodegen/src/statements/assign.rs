//! Assignments; those with an annotation are in [`annotations`](crate::annotations).
//!
//! CPython's counterparts: `Assign_kind` of `codegen_visit_stmt`, `codegen_augassign` of `Python/codegen.c`.

use pyast::{Expr, ExprAttribute, ExprContext, ExprSubscript, Location, StmtAssign, StmtAugAssign};
use pyopcode::{BinaryOp, Opcode};

use crate::diagnostics;
use crate::expressions::{inplace_op, two_part_slice};
use crate::generator::{Generator, Result};
use crate::variables::AttributeOp;

impl<'a> Generator<'_, 'a> {
    pub(crate) fn visit_assign(&mut self, node: &'a StmtAssign<'a>) -> Result {
        self.visit_expr(node.value)?;
        let Some((&last, targets)) = node.targets.split_last() else { return Ok(()) };
        for &target in targets {
            self.emit_arg(node.location, Opcode::Copy, 1);
            self.visit_expr(target)?;
        }
        self.visit_expr(last)
    }

    pub(crate) fn codegen_augassign(&mut self, node: &'a StmtAugAssign<'a>) -> Result {
        match node.target {
            Expr::Attribute(target) => self.augment_attribute(node, target),
            Expr::Subscript(target) => self.augment_subscript(node, target),
            Expr::Name(target) => {
                self.nameop(target.location, target.id, ExprContext::Load);
                self.visit_inplace_operation(node)?;
                self.nameop(target.location, target.id, ExprContext::Store);
                Ok(())
            }
            target => diagnostics::invalid_augmented_target(target),
        }
    }

    fn visit_inplace_operation(&mut self, node: &'a StmtAugAssign<'a>) -> Result {
        self.visit_expr(node.value)?;
        self.emit_arg(node.location, Opcode::BinaryOp, inplace_op(node.op));
        Ok(())
    }

    fn augment_attribute(&mut self, node: &'a StmtAugAssign<'a>, target: &'a ExprAttribute<'a>) -> Result {
        self.visit_expr(target.value)?;
        self.emit_arg(target.location, Opcode::Copy, 1);
        let location = self.attribute_location(target.location, target);
        self.emit_attribute(location, AttributeOp::Load, target.attr);
        self.visit_inplace_operation(node)?;
        self.emit_arg(location, Opcode::Swap, 2);
        self.emit_attribute(location, AttributeOp::Store, target.attr);
        Ok(())
    }

    fn augment_subscript(&mut self, node: &'a StmtAugAssign<'a>, target: &'a ExprSubscript<'a>) -> Result {
        let location = target.location;
        self.visit_expr(target.value)?;
        if let Some(slice) = two_part_slice(target.slice) {
            self.codegen_slice_two_parts(slice)?;
            self.emit_args(location, Opcode::Copy, [3, 3, 3]);
            self.emit(location, Opcode::BinarySlice);
            self.visit_inplace_operation(node)?;
            self.emit_args(location, Opcode::Swap, [4, 3, 2]);
            self.emit(location, Opcode::StoreSlice);
        } else {
            self.visit_expr(target.slice)?;
            self.emit_args(location, Opcode::Copy, [2, 2]);
            self.emit_arg(location, Opcode::BinaryOp, BinaryOp::Subscr);
            self.visit_inplace_operation(node)?;
            self.emit_args(location, Opcode::Swap, [3, 2]);
            self.emit(location, Opcode::StoreSubscr);
        }
        Ok(())
    }

    /// The same instruction with one argument after the other.
    fn emit_args<const N: usize>(&mut self, location: Location, opcode: Opcode, args: [i32; N]) {
        for arg in args {
            self.emit_arg(location, opcode, arg);
        }
    }
}
