//! Literals in patterns: `-1` and `1 - 2j` are one constant each.

use super::{Preprocessor, Result};
use crate::number::{negative, real_and_complex, real_operand};
use crate::rewrite::{Same, list};
use crate::visitor::Rewriter;
use crate::*;

impl<'a> Preprocessor<'_, 'a> {
    pub(super) fn match_value(&mut self, pattern: &'a PatternMatchValue<'a>) -> Result<Pattern<'a>> {
        let value = self.fold_literal(pattern.value)?;
        if value.is_same(pattern.value) {
            return Ok(Pattern::MatchValue(pattern));
        }
        Ok(self.arena.pattern_match_value(pattern.location, value))
    }

    pub(super) fn match_mapping(&mut self, pattern: &'a PatternMatchMapping<'a>) -> Result<Pattern<'a>> {
        let keys = list(self, pattern.keys, Self::fold_literal)?;
        let patterns = list(self, pattern.patterns, Self::rewrite_pattern)?;
        if keys.is_same(pattern.keys) && patterns.is_same(pattern.patterns) {
            return Ok(Pattern::MatchMapping(pattern));
        }
        Ok(self.arena.pattern_match_mapping(pattern.location, keys, patterns, pattern.rest))
    }

    /// `fold_const_match_patterns`. Nothing else in the expression is touched, `__debug__` included.
    fn fold_literal(&mut self, node: Expr<'a>) -> Result<Expr<'a>> {
        if self.options.syntax_check_only {
            return Ok(node);
        }
        match node {
            Expr::UnaryOp(operation) => Ok(self.fold_negative(operation)),
            Expr::BinOp(operation) => self.fold_complex(operation),
            _ => Ok(node),
        }
    }

    fn fold_negative(&self, node: &'a ExprUnaryOp<'a>) -> Expr<'a> {
        match (node.op, node.operand) {
            (UnaryOp::USub, Expr::Constant(operand)) => {
                let folded = negative(self.arena, operand.value);
                folded.map_or(Expr::UnaryOp(node), |value| self.constant(node.location, value))
            }
            _ => Expr::UnaryOp(node),
        }
    }

    /// The left operand is folded even if the whole is not.
    fn fold_complex(&mut self, node: &'a ExprBinOp<'a>) -> Result<Expr<'a>> {
        let (Operator::Add | Operator::Sub, Expr::Constant(right)) = (node.op, node.right) else {
            return Ok(Expr::BinOp(node));
        };
        self.limit.enter_at(|| node.location)?;
        let left = self.fold_literal(node.left)?;
        self.limit.leave();
        let operand = if let Expr::Constant(left) = left { real_operand(left.value) } else { None };
        if let (Some(operand), Constant::Complex { real, imag }) = (operand, right.value) {
            return Ok(self.constant(node.location, real_and_complex(operand, node.op, real, imag)));
        }
        if left.is_same(node.left) {
            return Ok(Expr::BinOp(node));
        }
        Ok(self.arena.expr_bin_op(node.location, left, node.op, node.right))
    }

    fn constant(&self, location: Location, value: Constant<'a>) -> Expr<'a> {
        self.arena.expr_constant(location, value, None)
    }
}
