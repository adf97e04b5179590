//! Operators: what decides on parentheses.

use super::precedence::Precedence;
use super::{Result, Unparser};
use crate::unparse::operators::{binary_operator, boolean_operator, comparison_operator, unary_operator};
use crate::*;

impl Unparser<'_> {
    /// Each further operand is held to a higher precedence than the one before, as in CPython.
    pub(super) fn bool_op(&mut self, node: &ExprBoolOp<'_>, required: Precedence) -> Result {
        let own = Precedence::of_boolean(node.op);
        self.parenthesized(required, own, |u| {
            let mut operand = own;
            for (i, &value) in node.values.iter().enumerate() {
                if i > 0 {
                    u.spaced(boolean_operator(node.op));
                }
                operand = operand.next();
                u.expr(value, operand)?;
            }
            Ok(())
        })
    }

    pub(super) fn bin_op(&mut self, node: &ExprBinOp<'_>, required: Precedence) -> Result {
        let own = Precedence::of_binary(node.op);
        let right_associative = node.op == Operator::Pow;
        let (left, right) = if right_associative { (own.next(), own) } else { (own, own.next()) };
        self.parenthesized(required, own, |u| {
            u.expr(node.left, left)?;
            u.spaced(binary_operator(node.op));
            u.expr(node.right, right)
        })
    }

    pub(super) fn unary_op(&mut self, node: &ExprUnaryOp<'_>, required: Precedence) -> Result {
        let own = Precedence::of_unary(node.op);
        self.parenthesized(required, own, |u| {
            u.text(unary_operator(node.op));
            u.text(if node.op == UnaryOp::Not { " " } else { "" });
            u.expr(node.operand, own)
        })
    }

    pub(super) fn compare(&mut self, node: &ExprCompare<'_>, required: Precedence) -> Result {
        self.parenthesized(required, Precedence::CMP, |u| {
            u.expr(node.left, Precedence::CMP.next())?;
            for (&operator, &comparator) in node.ops.iter().zip(node.comparators) {
                u.spaced(comparison_operator(operator));
                u.expr(comparator, Precedence::CMP.next())?;
            }
            Ok(())
        })
    }

    pub(super) fn if_exp(&mut self, node: &ExprIfExp<'_>, required: Precedence) -> Result {
        self.parenthesized(required, Precedence::TEST, |u| {
            u.expr(node.body, Precedence::TEST.next())?;
            u.text(" if ");
            u.expr(node.test, Precedence::TEST.next())?;
            u.text(" else ");
            u.expr(node.orelse, Precedence::TEST)
        })
    }

    pub(super) fn named_expr(&mut self, node: &ExprNamedExpr<'_>, required: Precedence) -> Result {
        self.parenthesized(required, Precedence::NAMED_EXPR, |u| {
            u.expr(node.target, Precedence::ATOM)?;
            u.text(" := ");
            u.expr(node.value, Precedence::ATOM)
        })
    }

    pub(super) fn lambda(&mut self, node: &ExprLambda<'_>, required: Precedence) -> Result {
        self.parenthesized(required, Precedence::TEST, |u| {
            u.text("lambda ");
            let start = u.out.len();
            u.arguments(node.args)?;
            if u.out.len() == start {
                u.out.pop();
            }
            u.text(": ");
            u.expr(node.body, Precedence::TEST)
        })
    }

    /// `await`, `yield` or `yield from`, with what follows.
    pub(super) fn prefixed(
        &mut self,
        keyword: &str,
        value: Option<Expr<'_>>,
        required: Precedence,
        own: Precedence,
    ) -> Result {
        self.parenthesized(required, own, |u| {
            u.text(keyword);
            let Some(value) = value else { return Ok(()) };
            u.text(" ");
            u.expr(value, Precedence::ATOM)
        })
    }
}
