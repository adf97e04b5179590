//! Modules and statements.

use super::precedence::Precedence;
use super::{Result, Unparser, value_error};
use crate::unparse::operators::binary_operator;
use crate::*;

impl Unparser<'_> {
    pub(super) fn module(&mut self, node: Mod<'_>) -> Result {
        match node {
            Mod::Module(node) => {
                self.type_ignores = node.type_ignores.iter().map(|i| (i.lineno, i.tag)).collect();
                self.documented_body(node.body)
            }
            Mod::Interactive(node) => {
                self.in_interactive = true;
                self.stmts(node.body)
            }
            Mod::Expression(node) => self.expr(node.body, Precedence::TEST),
            Mod::FunctionType(node) => {
                self.delimit_if(true, ("(", ")"), |u| u.exprs(node.argtypes))?;
                self.text(" -> ");
                self.expr(node.returns, Precedence::TEST)
            }
        }
    }

    fn stmts(&mut self, body: &[Stmt<'_>]) -> Result {
        body.iter().try_for_each(|&node| self.stmt(node))
    }

    /// `_write_docstring_and_traverse_body`
    fn documented_body(&mut self, body: &[Stmt<'_>]) -> Result {
        let (Some(text), [Stmt::Expr(first), rest @ ..]) = (docstring(body), body) else {
            return self.stmts(body);
        };
        self.fill_line("");
        if let Expr::Constant(constant) = first.value {
            self.unicode_prefix(constant.kind);
        }
        self.docstring(text);
        self.stmts(rest)
    }

    /// Begins a statement that can share a line with others in interactive mode: `fill`.
    fn fill(&mut self, text: &str) {
        if !self.in_interactive || self.indent > 0 {
            return self.fill_line(text);
        }
        if self.started {
            self.text("; ");
        }
        self.text(text);
    }

    /// Begins a line of its own: `fill` with `allow_semicolon=False`.
    pub(super) fn fill_line(&mut self, text: &str) {
        self.maybe_newline();
        for _ in 0..self.indent {
            self.text("    ");
        }
        self.text(text);
    }

    fn maybe_newline(&mut self) {
        if self.started {
            self.text("\n");
        }
    }

    /// A colon, the type comment if there is one, and the statements one level deeper.
    fn block(&mut self, comment: Option<String>, body: impl FnOnce(&mut Self) -> Result) -> Result {
        self.text(":");
        self.text(&comment.unwrap_or_default());
        self.indent += 1;
        body(self)?;
        self.indent -= 1;
        Ok(())
    }

    fn plain_block(&mut self, body: &[Stmt<'_>]) -> Result {
        self.block(None, |u| u.stmts(body))
    }

    /// `else` or `finally`, if there is one.
    fn optional_block(&mut self, keyword: &str, body: &[Stmt<'_>]) -> Result {
        if body.is_empty() {
            return Ok(());
        }
        self.fill_line(keyword);
        self.plain_block(body)
    }

    /// `get_type_comment`: an ignored line comes before the comment of the node.
    fn type_comment(&self, location: Location, comment: Option<StrId>) -> Option<String> {
        if let Some(&tag) = self.type_ignores.get(&location.lineno) {
            return Some(format!(" # type: ignore{}", self.strings.get(tag)));
        }
        comment.map(|comment| format!(" # type: {}", self.strings.get(comment)))
    }

    pub(super) fn stmt(&mut self, node: Stmt<'_>) -> Result {
        self.limit.enter(node.location())?;
        self.stmt_below_limit(node)?;
        self.limit.leave();
        Ok(())
    }

    fn stmt_below_limit(&mut self, node: Stmt<'_>) -> Result {
        match node {
            Stmt::FunctionDef(node) => self.function(&Function {
                keyword: "def ",
                name: node.name,
                type_params: node.type_params,
                args: node.args,
                returns: node.returns,
                comment: self.type_comment(node.location, node.type_comment),
                decorators: node.decorator_list,
                body: node.body,
            }),
            Stmt::AsyncFunctionDef(node) => self.function(&Function {
                keyword: "async def ",
                name: node.name,
                type_params: node.type_params,
                args: node.args,
                returns: node.returns,
                comment: self.type_comment(node.location, node.type_comment),
                decorators: node.decorator_list,
                body: node.body,
            }),
            Stmt::ClassDef(node) => self.class_def(node),
            Stmt::For(node) => {
                let comment = self.type_comment(node.location, node.type_comment);
                self.for_("for ", node.target, node.iter, comment, node.body, node.orelse)
            }
            Stmt::AsyncFor(node) => {
                let comment = self.type_comment(node.location, node.type_comment);
                self.for_("async for ", node.target, node.iter, comment, node.body, node.orelse)
            }
            Stmt::While(node) => self.while_(node),
            Stmt::If(node) => self.if_(node),
            Stmt::With(node) => {
                let comment = self.type_comment(node.location, node.type_comment);
                self.with("with ", node.items, comment, node.body)
            }
            Stmt::AsyncWith(node) => {
                let comment = self.type_comment(node.location, node.type_comment);
                self.with("async with ", node.items, comment, node.body)
            }
            Stmt::Match(node) => self.match_(node),
            Stmt::Try(node) => self.try_(false, node.body, node.handlers, node.orelse, node.finalbody),
            Stmt::TryStar(node) => self.try_(true, node.body, node.handlers, node.orelse, node.finalbody),
            _ => self.simple_stmt(node),
        }
    }

    fn simple_stmt(&mut self, node: Stmt<'_>) -> Result {
        match node {
            Stmt::Return(node) => {
                self.fill("return");
                self.optional(node.value, " ")
            }
            Stmt::Delete(node) => {
                self.fill("del ");
                self.exprs(node.targets)
            }
            Stmt::Assign(node) => self.assign(node),
            Stmt::TypeAlias(node) => {
                self.fill("type ");
                self.expr(node.name, Precedence::TEST)?;
                self.type_params(node.type_params)?;
                self.optional(Some(node.value), " = ")
            }
            Stmt::AugAssign(node) => {
                self.fill("");
                self.expr(node.target, Precedence::TEST)?;
                self.text(" ");
                self.text(binary_operator(node.op));
                self.optional(Some(node.value), "= ")
            }
            Stmt::AnnAssign(node) => self.ann_assign(node),
            Stmt::Raise(node) => self.raise(node),
            Stmt::Assert(node) => {
                self.fill("assert ");
                self.expr(node.test, Precedence::TEST)?;
                self.optional(node.msg, ", ")
            }
            Stmt::Import(node) => {
                self.fill("import ");
                self.aliases(node.names)
            }
            Stmt::ImportFrom(node) => self.import_from(node),
            Stmt::Global(node) => self.names("global ", node.names),
            Stmt::Nonlocal(node) => self.names("nonlocal ", node.names),
            Stmt::Expr(node) => {
                self.fill("");
                self.expr(node.value, Precedence::YIELD)
            }
            Stmt::Pass(_) => self.keyword_stmt("pass"),
            Stmt::Break(_) => self.keyword_stmt("break"),
            Stmt::Continue(_) => self.keyword_stmt("continue"),
            _ => unreachable!("compound statements have been dealt with"),
        }
    }

    fn keyword_stmt(&mut self, keyword: &str) -> Result {
        self.fill(keyword);
        Ok(())
    }

    fn names(&mut self, keyword: &str, names: &[StrId]) -> Result {
        self.fill(keyword);
        self.interleave(names, |u, name| {
            u.name(name);
            Ok(())
        })
    }

    fn assign(&mut self, node: &StmtAssign<'_>) -> Result {
        self.fill("");
        for &target in node.targets {
            self.expr(target, Precedence::TUPLE)?;
            self.text(" = ");
        }
        self.expr(node.value, Precedence::TEST)?;
        let comment = self.type_comment(node.location, node.type_comment);
        self.text(&comment.unwrap_or_default());
        Ok(())
    }

    fn ann_assign(&mut self, node: &StmtAnnAssign<'_>) -> Result {
        self.fill("");
        let parentheses = node.simple == 0 && matches!(node.target, Expr::Name(_));
        self.delimit_if(parentheses, ("(", ")"), |u| u.expr(node.target, Precedence::TEST))?;
        self.optional(Some(node.annotation), ": ")?;
        self.optional(node.value, " = ")
    }

    fn raise(&mut self, node: &StmtRaise<'_>) -> Result {
        self.fill("raise");
        if node.exc.is_none() && node.cause.is_some() {
            return Err(value_error("Node can't use cause without an exception.", node.location));
        }
        self.optional(node.exc, " ")?;
        self.optional(node.cause, " from ")
    }

    fn import_from(&mut self, node: &StmtImportFrom<'_>) -> Result {
        self.fill("from ");
        for _ in 0..node.level.unwrap_or(0) {
            self.text(".");
        }
        if let Some(module) = node.module {
            self.name(module);
        }
        self.text(" import ");
        self.aliases(node.names)
    }

    fn aliases(&mut self, names: &[Alias]) -> Result {
        let names: Vec<&Alias> = names.iter().collect();
        self.interleave(&names, Self::alias)
    }

    pub(super) fn alias(&mut self, node: &Alias) -> Result {
        self.name(node.name);
        if let Some(asname) = node.asname {
            self.text(" as ");
            self.name(asname);
        }
        Ok(())
    }

    fn decorators(&mut self, decorators: &[Expr<'_>]) -> Result {
        self.maybe_newline();
        for &decorator in decorators {
            self.fill_line("@");
            self.expr(decorator, Precedence::TEST)?;
        }
        Ok(())
    }

    fn class_def(&mut self, node: &StmtClassDef<'_>) -> Result {
        self.decorators(node.decorator_list)?;
        self.fill_line("class ");
        self.name(node.name);
        self.type_params(node.type_params)?;
        let arguments = !node.bases.is_empty() || !node.keywords.is_empty();
        self.delimit_if(arguments, ("(", ")"), |u| u.call_arguments(node.bases, node.keywords))?;
        self.block(None, |u| u.documented_body(node.body))
    }

    fn function(&mut self, function: &Function<'_>) -> Result {
        self.decorators(function.decorators)?;
        self.fill_line(function.keyword);
        self.name(function.name);
        self.type_params(function.type_params)?;
        self.delimit_if(true, ("(", ")"), |u| u.arguments(function.args))?;
        self.optional(function.returns, " -> ")?;
        self.block(function.comment.clone(), |u| u.documented_body(function.body))
    }

    fn type_params(&mut self, params: &[TypeParam<'_>]) -> Result {
        self.delimit_if(!params.is_empty(), ("[", "]"), |u| u.interleave(params, Self::type_param))
    }

    pub(super) fn type_param(&mut self, node: TypeParam<'_>) -> Result {
        let (stars, name, bound, default) = match node {
            TypeParam::TypeVar(node) => ("", node.name, node.bound, node.default_value),
            TypeParam::ParamSpec(node) => ("**", node.name, None, node.default_value),
            TypeParam::TypeVarTuple(node) => ("*", node.name, None, node.default_value),
        };
        self.text(stars);
        self.name(name);
        self.optional(bound, ": ")?;
        self.optional(default, " = ")
    }

    fn for_(
        &mut self,
        keyword: &str,
        target: Expr<'_>,
        iter: Expr<'_>,
        comment: Option<String>,
        body: &[Stmt<'_>],
        orelse: &[Stmt<'_>],
    ) -> Result {
        self.fill_line(keyword);
        self.expr(target, Precedence::TUPLE)?;
        self.optional(Some(iter), " in ")?;
        self.block(comment, |u| u.stmts(body))?;
        self.optional_block("else", orelse)
    }

    fn while_(&mut self, node: &StmtWhile<'_>) -> Result {
        self.fill_line("while ");
        self.expr(node.test, Precedence::TEST)?;
        self.plain_block(node.body)?;
        self.optional_block("else", node.orelse)
    }

    /// An `if` that is alone in an `else` becomes an `elif`.
    fn if_(&mut self, node: &StmtIf<'_>) -> Result {
        let mut node = node;
        self.fill_line("if ");
        loop {
            self.expr(node.test, Precedence::TEST)?;
            self.plain_block(node.body)?;
            let [Stmt::If(next)] = node.orelse else { break };
            node = next;
            self.fill_line("elif ");
        }
        self.optional_block("else", node.orelse)
    }

    fn with(
        &mut self,
        keyword: &str,
        items: &[WithItem<'_>],
        comment: Option<String>,
        body: &[Stmt<'_>],
    ) -> Result {
        self.fill_line(keyword);
        self.interleave(items, |u, item| u.with_item(&item))?;
        self.block(comment, |u| u.stmts(body))
    }

    pub(super) fn with_item(&mut self, node: &WithItem<'_>) -> Result {
        self.expr(node.context_expr, Precedence::TEST)?;
        self.optional(node.optional_vars, " as ")
    }

    fn try_(
        &mut self,
        star: bool,
        body: &[Stmt<'_>],
        handlers: &[ExceptHandler<'_>],
        orelse: &[Stmt<'_>],
        finalbody: &[Stmt<'_>],
    ) -> Result {
        let outer = std::mem::replace(&mut self.in_try_star, star);
        self.fill_line("try");
        self.plain_block(body)?;
        handlers.iter().try_for_each(|handler| self.except_handler(handler))?;
        self.optional_block("else", orelse)?;
        self.optional_block("finally", finalbody)?;
        self.in_try_star = outer;
        Ok(())
    }

    pub(super) fn except_handler(&mut self, node: &ExceptHandler<'_>) -> Result {
        self.fill_line(if self.in_try_star { "except*" } else { "except" });
        self.optional(node.type_, " ")?;
        if let Some(name) = node.name {
            self.text(" as ");
            self.name(name);
        }
        self.plain_block(node.body)
    }

    fn match_(&mut self, node: &StmtMatch<'_>) -> Result {
        self.fill_line("match ");
        self.expr(node.subject, Precedence::TEST)?;
        self.block(None, |u| node.cases.iter().try_for_each(|case| u.match_case(case)))
    }

    pub(super) fn match_case(&mut self, node: &MatchCase<'_>) -> Result {
        self.fill_line("case ");
        self.pattern(node.pattern, Precedence::TEST)?;
        self.optional(node.guard, " if ")?;
        self.plain_block(node.body)
    }
}

/// What the two kinds of function definition have in common.
struct Function<'a> {
    keyword: &'static str,
    name: StrId,
    type_params: &'a [TypeParam<'a>],
    args: &'a Arguments<'a>,
    returns: Option<Expr<'a>>,
    comment: Option<String>,
    decorators: &'a [Expr<'a>],
    body: &'a [Stmt<'a>],
}
