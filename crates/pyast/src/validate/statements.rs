//! Statements and type parameters.

use super::{Result, Validator, not_empty, positions, type_error, value_error};
use crate::*;

impl Validator<'_> {
    pub(super) fn stmts(&mut self, nodes: &[Stmt<'_>]) -> Result {
        nodes.iter().try_for_each(|&node| self.stmt(node))
    }

    /// `validate_body`
    fn body(&mut self, body: &[Stmt<'_>], owner: &str, location: Location) -> Result {
        not_empty(body, "body", owner, location)?;
        self.stmts(body)
    }

    /// `validate_stmt`
    fn stmt(&mut self, node: Stmt<'_>) -> Result {
        positions(node.location())?;
        self.limit.enter(node.location())?;
        self.stmt_below(node)?;
        self.limit.leave();
        Ok(())
    }

    fn stmt_below(&mut self, node: Stmt<'_>) -> Result {
        let (name, location) = (node.name(), node.location());
        match node {
            Stmt::FunctionDef(node) => {
                self.body(node.body, name, location)?;
                self.name(node.name, location)?;
                self.signature(node.type_params, node.args, node.decorator_list, node.returns, location)
            }
            Stmt::AsyncFunctionDef(node) => {
                self.body(node.body, name, location)?;
                self.name(node.name, location)?;
                self.signature(node.type_params, node.args, node.decorator_list, node.returns, location)
            }
            Stmt::ClassDef(node) => self.class_def(node),
            Stmt::Return(node) => self.optional_load(node.value),
            Stmt::Delete(node) => self.targets(node.targets, ExprContext::Del, name, location),
            Stmt::Assign(node) => {
                self.targets(node.targets, ExprContext::Store, name, location)?;
                self.load(node.value)
            }
            Stmt::TypeAlias(node) => self.type_alias(node),
            Stmt::AugAssign(node) => {
                self.expr(node.target, ExprContext::Store)?;
                self.load(node.value)
            }
            Stmt::AnnAssign(node) => self.ann_assign(node),
            Stmt::For(node) => {
                self.expr(node.target, ExprContext::Store)?;
                self.conditional(node.iter, node.body, node.orelse, name)
            }
            Stmt::AsyncFor(node) => {
                self.expr(node.target, ExprContext::Store)?;
                self.conditional(node.iter, node.body, node.orelse, name)
            }
            Stmt::While(node) => self.conditional(node.test, node.body, node.orelse, name),
            Stmt::If(node) => self.conditional(node.test, node.body, node.orelse, name),
            Stmt::With(node) => self.with(node.items, node.body, name, location),
            Stmt::AsyncWith(node) => self.with(node.items, node.body, name, location),
            Stmt::Match(node) => self.match_(node),
            Stmt::Raise(node) => self.raise(node),
            Stmt::Try(node) => {
                self.try_(node.body, node.handlers, node.orelse, node.finalbody, name, location)
            }
            Stmt::TryStar(node) => {
                self.try_(node.body, node.handlers, node.orelse, node.finalbody, name, location)
            }
            Stmt::Assert(node) => {
                self.load(node.test)?;
                self.optional_load(node.msg)
            }
            Stmt::Import(node) => self.aliases(node.names, name, location),
            Stmt::ImportFrom(node) if node.level.is_some_and(|level| level < 0) => {
                value_error("Negative ImportFrom level", location)
            }
            Stmt::ImportFrom(node) => self.aliases(node.names, name, location),
            Stmt::Global(node) => not_empty(node.names, "names", name, location),
            Stmt::Nonlocal(node) => not_empty(node.names, "names", name, location),
            Stmt::Expr(node) => self.load(node.value),
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) => Ok(()),
        }
    }

    fn signature(
        &mut self,
        type_params: &[TypeParam<'_>],
        args: &Arguments<'_>,
        decorators: &[Expr<'_>],
        returns: Option<Expr<'_>>,
        location: Location,
    ) -> Result {
        self.type_params(type_params)?;
        self.arguments(args, location)?;
        self.loads(decorators)?;
        self.optional_load(returns)
    }

    fn class_def(&mut self, node: &StmtClassDef<'_>) -> Result {
        self.body(node.body, "ClassDef", node.location)?;
        self.name(node.name, node.location)?;
        self.type_params(node.type_params)?;
        self.loads(node.bases)?;
        self.keywords(node.keywords)?;
        self.loads(node.decorator_list)
    }

    /// `validate_assignlist`
    fn targets(&mut self, targets: &[Expr<'_>], ctx: ExprContext, owner: &str, location: Location) -> Result {
        not_empty(targets, "targets", owner, location)?;
        self.exprs(targets, ctx)
    }

    fn type_alias(&mut self, node: &StmtTypeAlias<'_>) -> Result {
        if !matches!(node.name, Expr::Name(_)) {
            return type_error("TypeAlias with non-Name name", node.location);
        }
        self.expr(node.name, ExprContext::Store)?;
        self.type_params(node.type_params)?;
        self.load(node.value)
    }

    fn ann_assign(&mut self, node: &StmtAnnAssign<'_>) -> Result {
        if node.simple != 0 && !matches!(node.target, Expr::Name(_)) {
            return type_error("AnnAssign with simple non-Name target", node.location);
        }
        self.expr(node.target, ExprContext::Store)?;
        self.optional_load(node.value)?;
        self.load(node.annotation)
    }

    /// A loop after its target, or an `if`.
    fn conditional(&mut self, test: Expr<'_>, body: &[Stmt<'_>], orelse: &[Stmt<'_>], owner: &str) -> Result {
        self.load(test)?;
        self.body(body, owner, test.location())?;
        self.stmts(orelse)
    }

    fn with(&mut self, items: &[WithItem<'_>], body: &[Stmt<'_>], owner: &str, location: Location) -> Result {
        not_empty(items, "items", owner, location)?;
        for item in items {
            self.load(item.context_expr)?;
            item.optional_vars.map_or(Ok(()), |vars| self.expr(vars, ExprContext::Store))?;
        }
        self.body(body, owner, location)
    }

    fn match_(&mut self, node: &StmtMatch<'_>) -> Result {
        self.load(node.subject)?;
        not_empty(node.cases, "cases", "Match", node.location)?;
        for case in node.cases {
            self.pattern(case.pattern, false)?;
            self.optional_load(case.guard)?;
            self.body(case.body, "match_case", case.pattern.location())?;
        }
        Ok(())
    }

    fn raise(&mut self, node: &StmtRaise<'_>) -> Result {
        if node.exc.is_none() && node.cause.is_some() {
            return value_error("Raise with cause but no exception", node.location);
        }
        self.optional_load(node.exc)?;
        self.optional_load(node.cause)
    }

    fn aliases(&mut self, names: &[Alias], owner: &str, location: Location) -> Result {
        not_empty(names, "names", owner, location)?;
        for alias in names {
            self.name(alias.name, alias.location)?;
            alias.asname.map_or(Ok(()), |name| self.name(name, alias.location))?;
        }
        Ok(())
    }

    /// The `finally` block comes before the `else` block. Of handlers, only those of a plain `try` have
    /// their positions and names checked.
    fn try_(
        &mut self,
        body: &[Stmt<'_>],
        handlers: &[ExceptHandler<'_>],
        orelse: &[Stmt<'_>],
        finalbody: &[Stmt<'_>],
        owner: &str,
        location: Location,
    ) -> Result {
        self.body(body, owner, location)?;
        if handlers.is_empty() && finalbody.is_empty() {
            return value_error(format!("{owner} has neither except handlers nor finalbody"), location);
        }
        if handlers.is_empty() && !orelse.is_empty() {
            return value_error(format!("{owner} has orelse but no except handlers"), location);
        }
        for handler in handlers {
            let plain = owner == "Try";
            if plain {
                positions(handler.location)?;
            }
            self.optional_load(handler.type_)?;
            if let Some(name) = handler.name.filter(|_| plain) {
                self.name(name, handler.location)?;
            }
            self.body(handler.body, "ExceptHandler", handler.location)?;
        }
        self.stmts(finalbody)?;
        self.stmts(orelse)
    }

    fn type_params(&mut self, params: &[TypeParam<'_>]) -> Result {
        for &param in params {
            positions(param.location())?;
            let (name, bound, default) = match param {
                TypeParam::TypeVar(node) => (node.name, node.bound, node.default_value),
                TypeParam::ParamSpec(node) => (node.name, None, node.default_value),
                TypeParam::TypeVarTuple(node) => (node.name, None, node.default_value),
            };
            self.name(name, param.location())?;
            self.optional_load(bound)?;
            self.optional_load(default)?;
        }
        Ok(())
    }
}
