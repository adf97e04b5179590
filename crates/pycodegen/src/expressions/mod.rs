//! Expressions.
//!
//! C: `codegen_visit_expr` of `Python/codegen.c`; what takes more than a few lines is in this
//! module's files.

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
        match expr {
            // The two that end most branches of the tree need no guard, and little stack.
            Expr::Name(node) => self.apart(node, |this, node| {
                this.access_variable(node.location, node.id, node.ctx);
                Ok(())
            }),
            Expr::Constant(node) => self.apart(node, |this, node| {
                this.load_constant(node.location, node.value);
                Ok(())
            }),
            _ => self.visit_branch(expr),
        }
    }

    #[inline(never)]
    fn visit_branch(&mut self, expr: Expr<'a>) -> Result {
        self.nested(expr.location(), |this| this.visit_inner_expr(expr))
    }

    fn visit_inner_expr(&mut self, expr: Expr<'a>) -> Result {
        match expr {
            Expr::Name(_) | Expr::Constant(_) => unreachable!("visit_expr handles leaves"),
            Expr::NamedExpr(node) => self.visit_named_expr(node),
            Expr::BoolOp(node) => self.codegen_boolop(node),
            Expr::BinOp(node) => self.visit_binop(node),
            Expr::UnaryOp(node) => self.visit_unaryop(node),
            Expr::Lambda(node) => self.codegen_lambda(node),
            Expr::IfExp(node) => self.codegen_ifexp(node),
            Expr::Dict(node) => self.codegen_dict(node),
            Expr::Set(node) => self.codegen_set(node),
            Expr::GeneratorExp(_) | Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => {
                self.apart(expr, Self::codegen_comprehension)
            }
            Expr::Yield(node) => self.visit_yield(node),
            Expr::YieldFrom(node) => self.visit_yield_from(node),
            Expr::Await(node) => self.visit_await(node),
            Expr::Compare(node) => self.codegen_compare(node),
            Expr::Call(node) => self.codegen_call(node),
            Expr::JoinedStr(node) => self.codegen_joined_str(node),
            Expr::TemplateStr(node) => self.codegen_template_str(node),
            Expr::FormattedValue(node) => self.codegen_formatted_value(node),
            Expr::Interpolation(node) => self.codegen_interpolation(node),
            Expr::Attribute(node) => self.apart(node, Self::visit_attribute),
            Expr::Subscript(node) => self.codegen_subscript(node),
            Expr::Starred(node) => visit_starred(node),
            Expr::Slice(node) => self.codegen_slice(node),
            Expr::List(node) => self.codegen_list(node),
            Expr::Tuple(node) => self.codegen_tuple(node),
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
