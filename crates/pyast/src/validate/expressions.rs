//! Expressions and arguments.

use super::{Result, Validator, positions, type_error, value_error};
use crate::*;

impl Validator<'_> {
    /// An expression that is read.
    pub(super) fn load(&mut self, node: Expr<'_>) -> Result {
        self.expr(node, ExprContext::Load)
    }

    pub(super) fn optional_load(&mut self, node: Option<Expr<'_>>) -> Result {
        node.map_or(Ok(()), |node| self.load(node))
    }

    pub(super) fn loads(&mut self, nodes: &[Expr<'_>]) -> Result {
        self.exprs(nodes, ExprContext::Load)
    }

    /// `validate_exprs`
    pub(super) fn exprs(&mut self, nodes: &[Expr<'_>], ctx: ExprContext) -> Result {
        nodes.iter().try_for_each(|&node| self.expr(node, ctx))
    }

    /// `validate_expr`
    pub(super) fn expr(&mut self, node: Expr<'_>, ctx: ExprContext) -> Result {
        positions(node.location())?;
        self.limit.enter(node.location())?;
        self.context(node, ctx)?;
        self.below(node, ctx)?;
        self.limit.leave();
        Ok(())
    }

    /// The node is used as it says it is.
    fn context(&self, node: Expr<'_>, wanted: ExprContext) -> Result {
        let actual = match node {
            Expr::Attribute(node) => node.ctx,
            Expr::Subscript(node) => node.ctx,
            Expr::Starred(node) => node.ctx,
            Expr::Name(node) => {
                self.name(node.id, node.location)?;
                node.ctx
            }
            Expr::List(node) => node.ctx,
            Expr::Tuple(node) => node.ctx,
            _ if wanted == ExprContext::Load => return Ok(()),
            _ => {
                let context = wanted.name();
                let message = format!("expression which can't be assigned to in {context} context");
                return value_error(message, node.location());
            }
        };
        if actual == wanted {
            return Ok(());
        }
        let (wanted, actual) = (wanted.name(), actual.name());
        let message = format!("expression must have {wanted} context but has {actual} instead");
        value_error(message, node.location())
    }

    fn below(&mut self, node: Expr<'_>, ctx: ExprContext) -> Result {
        match node {
            Expr::BoolOp(node) if node.values.len() < 2 => {
                value_error("BoolOp with less than 2 values", node.location)
            }
            Expr::BoolOp(node) => self.loads(node.values),
            Expr::NamedExpr(node) => self.named_expr(node),
            Expr::BinOp(node) => {
                self.load(node.left)?;
                self.load(node.right)
            }
            Expr::UnaryOp(node) => self.load(node.operand),
            Expr::Lambda(node) => {
                self.arguments(node.args, node.location)?;
                self.load(node.body)
            }
            Expr::IfExp(node) => self.loads(&[node.test, node.body, node.orelse]),
            Expr::Dict(node) => self.dict(node),
            Expr::Set(node) => self.loads(node.elts),
            Expr::ListComp(node) => self.comprehended(node.generators, &[node.elt], node.location),
            Expr::SetComp(node) => self.comprehended(node.generators, &[node.elt], node.location),
            Expr::GeneratorExp(node) => self.comprehended(node.generators, &[node.elt], node.location),
            Expr::DictComp(node) => {
                self.comprehended(node.generators, &[node.key, node.value], node.location)
            }
            Expr::Await(node) => self.load(node.value),
            Expr::Yield(node) => self.optional_load(node.value),
            Expr::YieldFrom(node) => self.load(node.value),
            Expr::Compare(node) => self.compare(node),
            Expr::Call(node) => {
                self.load(node.func)?;
                self.loads(node.args)?;
                self.keywords(node.keywords)
            }
            Expr::FormattedValue(node) => {
                self.load(node.value)?;
                self.optional_load(node.format_spec)
            }
            Expr::Interpolation(node) => {
                self.load(node.value)?;
                self.optional_load(node.format_spec)
            }
            Expr::JoinedStr(node) => self.loads(node.values),
            Expr::TemplateStr(node) => self.loads(node.values),
            Expr::Constant(node) => self.constant(node.value, node.location),
            Expr::Attribute(node) => self.load(node.value),
            Expr::Subscript(node) => self.loads(&[node.slice, node.value]),
            Expr::Starred(node) => self.expr(node.value, ctx),
            Expr::Name(_) => Ok(()),
            Expr::List(node) => self.exprs(node.elts, ctx),
            Expr::Tuple(node) => self.exprs(node.elts, ctx),
            Expr::Slice(node) => {
                self.optional_load(node.lower)?;
                self.optional_load(node.upper)?;
                self.optional_load(node.step)
            }
        }
    }

    /// The target's context is not looked at.
    fn named_expr(&mut self, node: &ExprNamedExpr<'_>) -> Result {
        if !matches!(node.target, Expr::Name(_)) {
            return type_error("NamedExpr target must be a Name", node.location);
        }
        self.load(node.value)
    }

    fn dict(&mut self, node: &ExprDict<'_>) -> Result {
        if node.keys.len() != node.values.len() {
            return value_error("Dict doesn't have the same number of keys as values", node.location);
        }
        node.keys.iter().try_for_each(|&key| self.optional_load(key))?;
        self.loads(node.values)
    }

    fn compare(&mut self, node: &ExprCompare<'_>) -> Result {
        if node.comparators.is_empty() {
            return value_error("Compare with no comparators", node.location);
        }
        if node.comparators.len() != node.ops.len() {
            let message = "Compare has a different number of comparators and operands";
            return value_error(message, node.location);
        }
        self.loads(node.comparators)?;
        self.load(node.left)
    }

    /// `validate_comprehension`, then the elements.
    fn comprehended(
        &mut self,
        generators: &[Comprehension<'_>],
        elements: &[Expr<'_>],
        location: Location,
    ) -> Result {
        if generators.is_empty() {
            return value_error("comprehension with no generators", location);
        }
        for generator in generators {
            self.expr(generator.target, ExprContext::Store)?;
            self.load(generator.iter)?;
            self.loads(generator.ifs)?;
        }
        self.loads(elements)
    }

    pub(super) fn keywords(&mut self, keywords: &[Keyword<'_>]) -> Result {
        keywords.iter().try_for_each(|keyword| self.load(keyword.value))
    }

    /// `validate_constant`: every type is fine, but there is a limit to nesting.
    fn constant(&mut self, value: Constant<'_>, location: Location) -> Result {
        let (Constant::Tuple(items) | Constant::FrozenSet(items)) = value else { return Ok(()) };
        self.limit.enter(location)?;
        items.iter().try_for_each(|&item| self.constant(item, location))?;
        self.limit.leave();
        Ok(())
    }

    /// `validate_args`
    fn args(&mut self, args: &[Arg<'_>]) -> Result {
        for arg in args {
            positions(arg.location)?;
            self.optional_load(arg.annotation)?;
        }
        Ok(())
    }

    /// The positions of `*args` and `**kwargs` are not looked at.
    pub(super) fn arguments(&mut self, node: &Arguments<'_>, location: Location) -> Result {
        self.args(node.posonlyargs)?;
        self.args(node.args)?;
        self.optional_load(node.vararg.and_then(|arg| arg.annotation))?;
        self.args(node.kwonlyargs)?;
        self.optional_load(node.kwarg.and_then(|arg| arg.annotation))?;
        if node.defaults.len() > node.posonlyargs.len() + node.args.len() {
            return value_error("more positional defaults than args on arguments", location);
        }
        if node.kw_defaults.len() != node.kwonlyargs.len() {
            let message = "length of kwonlyargs is not the same as kw_defaults on arguments";
            return value_error(message, location);
        }
        self.loads(node.defaults)?;
        node.kw_defaults.iter().try_for_each(|&default| self.optional_load(default))
    }
}
