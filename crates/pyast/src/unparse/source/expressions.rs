//! Expressions without operators, and what belongs to expressions.

use super::precedence::Precedence;
use super::{Result, Unparser};
use crate::*;

impl Unparser<'_> {
    /// An expression where one of this precedence is required.
    pub(super) fn expr(&mut self, node: Expr<'_>, required: Precedence) -> Result {
        self.limit.enter(node.location())?;
        self.expr_below_limit(node, required)?;
        self.limit.leave();
        Ok(())
    }

    fn expr_below_limit(&mut self, node: Expr<'_>, required: Precedence) -> Result {
        match node {
            Expr::BoolOp(node) => self.bool_op(node, required),
            Expr::NamedExpr(node) => self.named_expr(node, required),
            Expr::BinOp(node) => self.bin_op(node, required),
            Expr::UnaryOp(node) => self.unary_op(node, required),
            Expr::Lambda(node) => self.lambda(node, required),
            Expr::IfExp(node) => self.if_exp(node, required),
            Expr::Dict(node) => self.dict(node),
            Expr::Set(node) => self.set(node),
            Expr::ListComp(node) => self.comprehended("[", None, node.elt, node.generators, "]"),
            Expr::SetComp(node) => self.comprehended("{", None, node.elt, node.generators, "}"),
            Expr::DictComp(node) => self.comprehended("{", Some(node.key), node.value, node.generators, "}"),
            Expr::GeneratorExp(node) => self.comprehended("(", None, node.elt, node.generators, ")"),
            Expr::Await(node) => self.prefixed("await", Some(node.value), required, Precedence::AWAIT),
            Expr::Yield(node) => self.prefixed("yield", node.value, required, Precedence::YIELD),
            Expr::YieldFrom(node) => {
                self.prefixed("yield from", Some(node.value), required, Precedence::YIELD)
            }
            Expr::Compare(node) => self.compare(node, required),
            Expr::Call(node) => self.call(node),
            Expr::FormattedValue(node) => self.formatted_value(node),
            Expr::Interpolation(node) => self.interpolation(node),
            Expr::JoinedStr(node) => self.interpolated("f", node.values),
            Expr::TemplateStr(node) => self.interpolated("t", node.values),
            Expr::Constant(node) => self.constant(node),
            Expr::Attribute(node) => self.attribute(node),
            Expr::Subscript(node) => self.subscript(node),
            Expr::Starred(node) => {
                self.text("*");
                self.expr(node.value, Precedence::EXPR)
            }
            Expr::Name(node) => {
                self.name(node.id);
                Ok(())
            }
            Expr::List(node) => self.delimit_if(true, ("[", "]"), |u| u.exprs(node.elts)),
            Expr::Tuple(node) => self.tuple(node, required),
            Expr::Slice(node) => self.slice(node),
        }
    }

    /// Expressions with commas between them.
    pub(super) fn exprs(&mut self, items: &[Expr<'_>]) -> Result {
        self.interleave(items, |u, item| u.expr(item, Precedence::TEST))
    }

    /// `items_view`: after a single one there is a comma too.
    fn tuple_items(&mut self, items: &[Expr<'_>]) -> Result {
        self.exprs(items)?;
        self.text(if items.len() == 1 { "," } else { "" });
        Ok(())
    }

    fn tuple(&mut self, node: &ExprTuple<'_>, required: Precedence) -> Result {
        let parentheses = node.elts.is_empty() || required > Precedence::TUPLE;
        self.delimit_if(parentheses, ("(", ")"), |u| u.tuple_items(node.elts))
    }

    fn set(&mut self, node: &ExprSet<'_>) -> Result {
        if node.elts.is_empty() {
            // `{}` would be a dict, and `set` may be something else here.
            self.text("{*()}");
            return Ok(());
        }
        self.delimit_if(true, ("{", "}"), |u| u.exprs(node.elts))
    }

    fn dict(&mut self, node: &ExprDict<'_>) -> Result {
        self.text("{");
        for (i, (&key, &value)) in node.keys.iter().zip(node.values).enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            match key {
                Some(key) => {
                    self.expr(key, Precedence::TEST)?;
                    self.text(": ");
                    self.expr(value, Precedence::TEST)?;
                }
                None => {
                    self.text("**");
                    self.expr(value, Precedence::EXPR)?;
                }
            }
        }
        self.text("}");
        Ok(())
    }

    fn comprehended(
        &mut self,
        begin: &str,
        key: Option<Expr<'_>>,
        element: Expr<'_>,
        generators: &[Comprehension<'_>],
        end: &str,
    ) -> Result {
        self.text(begin);
        if let Some(key) = key {
            self.expr(key, Precedence::TEST)?;
            self.text(": ");
        }
        self.expr(element, Precedence::TEST)?;
        generators.iter().try_for_each(|generator| self.comprehension(generator))?;
        self.text(end);
        Ok(())
    }

    pub(super) fn comprehension(&mut self, node: &Comprehension<'_>) -> Result {
        self.text(if node.is_async != 0 { " async for " } else { " for " });
        self.expr(node.target, Precedence::TUPLE)?;
        self.text(" in ");
        self.expr(node.iter, Precedence::TEST.next())?;
        for &condition in node.ifs {
            self.text(" if ");
            self.expr(condition, Precedence::TEST.next())?;
        }
        Ok(())
    }

    fn call(&mut self, node: &ExprCall<'_>) -> Result {
        self.expr(node.func, Precedence::ATOM)?;
        self.text("(");
        self.call_arguments(node.args, node.keywords)?;
        self.text(")");
        Ok(())
    }

    pub(super) fn call_arguments(&mut self, args: &[Expr<'_>], keywords: &[Keyword<'_>]) -> Result {
        self.exprs(args)?;
        for (i, keyword) in keywords.iter().enumerate() {
            self.text(if i > 0 || !args.is_empty() { ", " } else { "" });
            self.keyword(keyword)?;
        }
        Ok(())
    }

    pub(super) fn keyword(&mut self, node: &Keyword<'_>) -> Result {
        match node.arg {
            None => self.text("**"),
            Some(name) => {
                self.name(name);
                self.text("=");
            }
        }
        self.expr(node.value, Precedence::TEST)
    }

    fn attribute(&mut self, node: &ExprAttribute<'_>) -> Result {
        self.expr(node.value, Precedence::ATOM)?;
        // `3.real` is no expression, `3 .real` is. A bool counts as an int.
        let int = match node.value {
            Expr::Constant(value) => {
                matches!(value.value, Constant::Int(_) | Constant::BigInt(_) | Constant::Bool(_))
            }
            _ => false,
        };
        self.text(if int { " ." } else { "." });
        self.name(node.attr);
        Ok(())
    }

    fn subscript(&mut self, node: &ExprSubscript<'_>) -> Result {
        self.expr(node.value, Precedence::ATOM)?;
        self.text("[");
        match node.slice {
            Expr::Tuple(tuple) if !tuple.elts.is_empty() => self.tuple_items(tuple.elts)?,
            slice => self.expr(slice, Precedence::TEST)?,
        }
        self.text("]");
        Ok(())
    }

    fn slice(&mut self, node: &ExprSlice<'_>) -> Result {
        self.optional(node.lower, "")?;
        self.text(":");
        self.optional(node.upper, "")?;
        self.optional(node.step, ":")
    }

    /// An expression after some text, if there is one.
    pub(super) fn optional(&mut self, node: Option<Expr<'_>>, before: &str) -> Result {
        let Some(node) = node else { return Ok(()) };
        self.text(before);
        self.expr(node, Precedence::TEST)
    }

    pub(super) fn arg(&mut self, node: &Arg<'_>) -> Result {
        self.name(node.arg);
        self.optional(node.annotation, ": ")
    }

    pub(super) fn arguments(&mut self, node: &Arguments<'_>) -> Result {
        let positional = node.posonlyargs.len() + node.args.len();
        for (i, arg) in node.posonlyargs.iter().chain(node.args).enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            self.arg(arg)?;
            let default = (i + node.defaults.len()).checked_sub(positional);
            self.optional(default.and_then(|i| node.defaults.get(i)).copied(), "=")?;
            self.text(if i + 1 == node.posonlyargs.len() { ", /" } else { "" });
        }
        let mut first = positional == 0;
        if node.vararg.is_some() || !node.kwonlyargs.is_empty() {
            self.text(if first { "*" } else { ", *" });
            first = false;
            node.vararg.map_or(Ok(()), |arg| self.arg(arg))?;
        }
        for (arg, &default) in node.kwonlyargs.iter().zip(node.kw_defaults) {
            self.text(", ");
            self.arg(arg)?;
            self.optional(default, "=")?;
        }
        let Some(kwarg) = node.kwarg else { return Ok(()) };
        self.text(if first { "**" } else { ", **" });
        self.arg(kwarg)
    }
}
