//! Expressions.
//!
//! CPython's counterpart: `codegen_visit_expr` of `Python/codegen.c`; what takes more than a few lines is in
//! this module's files.

mod attribute;
mod boolean;
mod calls;
mod checks;
mod collections;
mod formatted;
mod lambda;
mod subscript;
mod super_call;
mod yields;

use pyast::{Expr, ExprBinOp, ExprContext, ExprNamedExpr, ExprStarred, ExprUnaryOp, Operator, UnaryOp};
use pyopcode::{BinaryOp, Intrinsic1, Opcode};

use crate::diagnostics;
use crate::generator::{Generator, Result};

pub(crate) use collections::unpack_ex_arg;
pub(crate) use subscript::two_part_slice;

impl<'a> Generator<'_, 'a> {
    /// Puts the value of an expression on the stack, or stores to it or deletes it, as its context says
    /// (`codegen_visit_expr`).
    #[inline(never)]
    pub(crate) fn visit_expr(&mut self, expr: Expr<'a>) -> Result {
        let at = move || expr.location();
        match expr {
            // The two that end most branches of the tree need no guard.
            Expr::Name(node) => self.apart(node, |this, node| {
                this.access_variable(node.location, node.id, node.ctx);
                Ok(())
            }),
            Expr::Constant(node) => self.apart(node, |this, node| {
                this.load_constant_at(node.location, node.location, node.value);
                Ok(())
            }),
            Expr::NamedExpr(node) => self.below(at, node, Self::visit_named_expr),
            Expr::BoolOp(node) => self.below(at, node, Self::codegen_boolop),
            Expr::BinOp(node) => self.below(at, node, Self::visit_binop),
            Expr::UnaryOp(node) => self.below(at, node, Self::visit_unaryop),
            Expr::Lambda(node) => self.below(at, node, Self::codegen_lambda),
            Expr::IfExp(node) => self.below(at, node, Self::codegen_ifexp),
            Expr::Dict(node) => self.below(at, node, Self::codegen_dict),
            Expr::Set(node) => self.below(at, node, Self::codegen_set),
            Expr::GeneratorExp(_) | Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => {
                self.below(at, expr, Self::codegen_comprehension)
            }
            Expr::Yield(node) => self.below(at, node, Self::visit_yield),
            Expr::YieldFrom(node) => self.below(at, node, Self::visit_yield_from),
            Expr::Await(node) => self.below(at, node, Self::visit_await),
            Expr::Compare(node) => self.below(at, node, Self::codegen_compare),
            Expr::Call(node) => self.below(at, node, Self::codegen_call),
            Expr::JoinedStr(node) => self.below(at, node, Self::codegen_joined_str),
            Expr::TemplateStr(node) => self.below(at, node, Self::codegen_template_str),
            Expr::FormattedValue(node) => self.below(at, node, Self::codegen_formatted_value),
            Expr::Interpolation(node) => self.below(at, node, Self::codegen_interpolation),
            Expr::Attribute(node) => self.below(at, node, Self::visit_attribute),
            Expr::Subscript(node) => self.below(at, node, Self::codegen_subscript),
            Expr::Starred(node) => self.below(at, node, |_, node| visit_starred(node)),
            Expr::Slice(node) => self.below(at, node, Self::codegen_slice),
            Expr::List(node) => self.below(at, node, Self::codegen_list),
            Expr::Tuple(node) => self.below(at, node, Self::codegen_tuple),
        }
    }

    /// Visits expressions in order.
    pub(crate) fn visit_exprs(&mut self, exprs: &'a [Expr<'a>]) -> Result {
        exprs.iter().try_for_each(|&expr| self.visit_expr(expr))
    }

    fn visit_named_expr(&mut self, node: &'a ExprNamedExpr<'a>) -> Result {
        self.visit_expr(node.value)?;
        self.emit_arg(node.location, Opcode::Copy, 1);
        self.visit_expr(node.target)
    }

    fn visit_binop(&mut self, node: &'a ExprBinOp<'a>) -> Result {
        self.visit_expr(node.left)?;
        self.visit_expr(node.right)?;
        self.emit_arg(node.location, Opcode::BinaryOp, binary_op(node.op));
        Ok(())
    }

    fn visit_unaryop(&mut self, node: &'a ExprUnaryOp<'a>) -> Result {
        self.visit_expr(node.operand)?;
        let location = node.location;
        match node.op {
            UnaryOp::Invert => self.emit(location, Opcode::UnaryInvert),
            UnaryOp::USub => self.emit(location, Opcode::UnaryNegative),
            UnaryOp::UAdd => self.emit_arg(location, Opcode::CallIntrinsic1, Intrinsic1::UnaryPositive),
            UnaryOp::Not => {
                self.emit(location, Opcode::ToBool);
                self.emit(location, Opcode::UnaryNot);
            }
        }
        Ok(())
    }
}

/// A starred expression that no list, tuple or call has taken.
fn visit_starred(node: &ExprStarred<'_>) -> Result {
    match node.ctx {
        ExprContext::Store => diagnostics::starred_target_outside_sequence(node.location),
        ExprContext::Load | ExprContext::Del => diagnostics::starred_expression_here(node.location),
    }
}

/// The argument of `BINARY_OP` for an operator (`addop_binary`).
pub(crate) fn binary_op(operator: Operator) -> BinaryOp {
    match operator {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Subtract,
        Operator::Mult => BinaryOp::Multiply,
        Operator::MatMult => BinaryOp::MatrixMultiply,
        Operator::Div => BinaryOp::TrueDivide,
        Operator::Mod => BinaryOp::Remainder,
        Operator::Pow => BinaryOp::Power,
        Operator::LShift => BinaryOp::Lshift,
        Operator::RShift => BinaryOp::Rshift,
        Operator::BitOr => BinaryOp::Or,
        Operator::BitXor => BinaryOp::Xor,
        Operator::BitAnd => BinaryOp::And,
        Operator::FloorDiv => BinaryOp::FloorDivide,
    }
}

/// The argument of `BINARY_OP` for an augmented assignment (`addop_binary` with `inplace`).
pub(crate) fn inplace_op(operator: Operator) -> BinaryOp {
    match operator {
        Operator::Add => BinaryOp::InplaceAdd,
        Operator::Sub => BinaryOp::InplaceSubtract,
        Operator::Mult => BinaryOp::InplaceMultiply,
        Operator::MatMult => BinaryOp::InplaceMatrixMultiply,
        Operator::Div => BinaryOp::InplaceTrueDivide,
        Operator::Mod => BinaryOp::InplaceRemainder,
        Operator::Pow => BinaryOp::InplacePower,
        Operator::LShift => BinaryOp::InplaceLshift,
        Operator::RShift => BinaryOp::InplaceRshift,
        Operator::BitOr => BinaryOp::InplaceOr,
        Operator::BitXor => BinaryOp::InplaceXor,
        Operator::BitAnd => BinaryOp::InplaceAnd,
        Operator::FloorDiv => BinaryOp::InplaceFloorDivide,
    }
}
