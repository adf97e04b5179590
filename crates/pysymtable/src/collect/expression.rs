//! Expressions (`symtable_visit_expr`).

use pyast::{Expr, ExprAttribute, ExprAwait, ExprContext, ExprName, ExprNamedExpr, Location, NodeKey};
use pycode::known;

use super::Collector;
use super::comprehension::Comp;
use super::names::check_name;
use crate::diagnostics::{self, Result, error};
use crate::{ComprehensionKind, SymbolFlags};

impl Collector<'_> {
    pub(super) fn visit_expr(&mut self, expression: Expr<'_>) -> Result {
        match expression {
            // The leaves need no look at the depth, and no stack.
            Expr::Name(name) => self.visit_name(name),
            Expr::Constant(_) => Ok(()),
            _ => self.visit_branch(expression),
        }
    }

    #[inline(never)]
    fn visit_branch(&mut self, expression: Expr<'_>) -> Result {
        self.descend(|| expression.location())?;
        self.visit_inner_node(expression)?;
        self.ascend();
        Ok(())
    }

    fn visit_inner_node(&mut self, expression: Expr<'_>) -> Result {
        match expression {
            Expr::NamedExpr(node) => self.visit_named_expr(node),
            Expr::BoolOp(node) => self.visit_exprs(node.values),
            Expr::BinOp(node) => {
                self.visit_expr(node.left)?;
                self.visit_expr(node.right)
            }
            Expr::UnaryOp(node) => self.visit_expr(node.operand),
            Expr::Lambda(node) => self.visit_lambda(node),
            Expr::IfExp(node) => {
                self.visit_expr(node.test)?;
                self.visit_expr(node.body)?;
                self.visit_expr(node.orelse)
            }
            Expr::Dict(node) => {
                node.keys.iter().try_for_each(|&key| self.visit_optional(key))?;
                self.visit_exprs(node.values)
            }
            Expr::Set(node) => self.visit_exprs(node.elts),
            Expr::GeneratorExp(_) | Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => {
                self.visit_comprehension(expression)
            }
            Expr::Yield(node) => self.visit_yield(node.value, node.location),
            Expr::YieldFrom(node) => self.visit_yield(Some(node.value), node.location),
            Expr::Await(node) => self.visit_await(node),
            Expr::Compare(node) => {
                self.visit_expr(node.left)?;
                self.visit_exprs(node.comparators)
            }
            Expr::Call(node) => {
                self.visit_expr(node.func)?;
                self.visit_exprs(node.args)?;
                self.visit_keywords(node.keywords)
            }
            Expr::FormattedValue(node) => {
                self.visit_expr(node.value)?;
                self.visit_optional(node.format_spec)
            }
            Expr::Interpolation(node) => {
                self.visit_expr(node.value)?;
                self.visit_optional(node.format_spec)
            }
            Expr::JoinedStr(node) => self.visit_exprs(node.values),
            Expr::TemplateStr(node) => self.visit_exprs(node.values),
            Expr::Constant(_) => Ok(()),
            Expr::Attribute(node) => self.visit_attribute(node),
            Expr::Subscript(node) => {
                self.visit_expr(node.value)?;
                self.visit_expr(node.slice)
            }
            Expr::Starred(node) => self.visit_expr(node.value),
            Expr::Slice(node) => {
                self.visit_optional(node.lower)?;
                self.visit_optional(node.upper)?;
                self.visit_optional(node.step)
            }
            Expr::Name(node) => self.visit_name(node),
            Expr::List(node) => self.visit_exprs(node.elts),
            Expr::Tuple(node) => self.visit_exprs(node.elts),
        }
    }

    #[inline]
    fn visit_name(&mut self, name: &ExprName) -> Result {
        if self.current.unevaluated {
            return Ok(());
        }
        if name.ctx != ExprContext::Load {
            return self.add_def_ctx(name.id, SymbolFlags::LOCAL, name.location, name.ctx);
        }
        if name.id == known::SUPER {
            return self.visit_super(name);
        }
        self.add_def_ctx(name.id, SymbolFlags::USE, name.location, ExprContext::Load)
    }

    /// The name `super`: in a function, `super()` finds its class in `__class__`.
    #[cold]
    fn visit_super(&mut self, name: &ExprName) -> Result {
        self.add_def(name.id, SymbolFlags::USE, name.location)?;
        if self.current.kind.is_function_like() {
            self.add_def(known::CLASS, SymbolFlags::USE, name.location)?;
        }
        Ok(())
    }

    fn visit_attribute(&mut self, node: &ExprAttribute<'_>) -> Result {
        check_name(node.attr, node.location, node.ctx)?;
        self.visit_expr(node.value)
    }

    /// `symtable_handle_namedexpr`
    fn visit_named_expr(&mut self, node: &ExprNamedExpr<'_>) -> Result {
        self.refuse_in_annotation("named expression", node.location)?;
        if self.current.iter_expr > 0 {
            return Err(error(diagnostics::NAMED_EXPR_COMP_ITER_EXPR, node.location));
        }
        if let (true, Expr::Name(target)) = (self.current.is_comprehension, node.target) {
            self.bind_outside_comprehensions(target.id, target.location)?;
        }
        self.visit_expr(node.value)?;
        self.visit_expr(node.target)
    }

    fn visit_yield(&mut self, value: Option<Expr<'_>>, location: Location) -> Result {
        self.refuse_in_annotation("yield expression", location)?;
        self.visit_optional(value)?;
        let scope = self.scope_mut();
        scope.flags.generator = true;
        match scope.comprehension {
            Some(kind) => Err(error(diagnostics::yield_inside(kind), location)),
            None => Ok(()),
        }
    }

    fn visit_await(&mut self, node: &ExprAwait<'_>) -> Result {
        self.refuse_in_annotation("await expression", node.location)?;
        if !self.allows_top_level_await() {
            if !self.current.kind.is_function_like() {
                return Err(error(diagnostics::AWAIT_OUTSIDE_FUNCTION, node.location));
            }
            if !self.is_async_def() && !self.current.is_comprehension {
                return Err(error(diagnostics::AWAIT_OUTSIDE_ASYNC, node.location));
            }
        }
        self.visit_expr(node.value)?;
        self.scope_mut().flags.coroutine = true;
        Ok(())
    }

    fn visit_comprehension(&mut self, expression: Expr<'_>) -> Result {
        let (kind, key, generators, element, value) = match expression {
            Expr::ListComp(node) => {
                (ComprehensionKind::List, NodeKey::of(node), node.generators, node.elt, None)
            }
            Expr::SetComp(node) => {
                (ComprehensionKind::Set, NodeKey::of(node), node.generators, node.elt, None)
            }
            Expr::DictComp(node) => {
                (ComprehensionKind::Dict, NodeKey::of(node), node.generators, node.key, Some(node.value))
            }
            Expr::GeneratorExp(node) => {
                (ComprehensionKind::Generator, NodeKey::of(node), node.generators, node.elt, None)
            }
            _ => panic!("symtable: only comprehensions come here"),
        };
        let location = expression.location();
        self.visit_comp(&Comp { kind, key, location, generators, element, value })
    }
}
