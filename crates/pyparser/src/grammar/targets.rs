//! Targets: what can be assigned to or deleted.
//!
//! A target is parsed as an expression and then checked and copied with its context. What CPython's
//! rules `star_targets`, `star_atom`, `del_target`, ... accept are exactly the expressions that
//! [`set_context`](Parser::set_context) accepts.

use pyast::{Expr, ExprContext};
use pytoken::TokenKind as T;

use crate::parser::{Invalid, Parse, Parser};

impl<'a> Parser<'_, 'a, '_> {
    /// `star_targets`, where an expression could go on too far: before `in`.
    pub(crate) fn star_targets(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let first = self.star_target()?;
        if !self.at(T::Comma) {
            return Ok(first);
        }
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::Comma) && self.at_star_expression() {
            let target = self.star_target()?;
            self.scratch.exprs.push(target);
        }
        let elts = self.take_exprs(mark);
        Ok(self.arena.expr_tuple(self.since(start), elts, ExprContext::Store))
    }

    /// `star_target: '*' (!'*' star_target) | target_with_star_atom`
    pub(crate) fn star_target(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        if !self.eat(T::Star) {
            let target = self.primary()?;
            return self.set_context(target, ExprContext::Store);
        }
        let target = self.primary()?;
        let target = self.set_context(target, ExprContext::Store)?;
        Ok(self.arena.expr_starred(self.since(start), target, ExprContext::Store))
    }

    /// `_PyPegen_set_expr_context` for an expression that must be a target.
    pub(crate) fn set_context(&mut self, target: Expr<'a>, ctx: ExprContext) -> Parse<Expr<'a>> {
        match target {
            Expr::Name(e) => Ok(self.arena.expr_name(e.location, e.id, ctx)),
            Expr::Attribute(e) => Ok(self.arena.expr_attribute(e.location, e.value, e.attr, ctx)),
            Expr::Subscript(e) => Ok(self.arena.expr_subscript(e.location, e.value, e.slice, ctx)),
            Expr::Tuple(e) => {
                let elts = self.set_seq_context(e.elts, ctx)?;
                Ok(self.arena.expr_tuple(e.location, elts, ctx))
            }
            Expr::List(e) => {
                let elts = self.set_seq_context(e.elts, ctx)?;
                Ok(self.arena.expr_list(e.location, elts, ctx))
            }
            Expr::Starred(e) if ctx == ExprContext::Store => {
                let value = self.set_context(e.value, ctx)?;
                Ok(self.arena.expr_starred(e.location, value, ctx))
            }
            _ => Err(Invalid),
        }
    }

    fn set_seq_context(&mut self, elts: &'a [Expr<'a>], ctx: ExprContext) -> Parse<&'a [Expr<'a>]> {
        let mark = self.scratch.exprs.len();
        for &elt in elts {
            let elt = self.set_context(elt, ctx)?;
            self.scratch.exprs.push(elt);
        }
        Ok(self.take_exprs(mark))
    }
}
