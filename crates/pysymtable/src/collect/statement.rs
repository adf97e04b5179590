//! Statements (`symtable_visit_stmt`).

use pyast::{
    Alias, ExceptHandler, Expr, ExprName, Location, MatchCase, NodeKey, Stmt, StmtAnnAssign, StmtAsyncFor,
    StmtAsyncWith, StmtFor, StmtIf, StmtImportFrom, StmtMatch, StmtTypeAlias, StmtWhile, WithItem,
};
use pycode::{StrId, known};

use super::Collector;
use crate::diagnostics::{self, DirectiveMessages, Result, about_name, error};
use crate::{ScopeId, ScopeKind, SymbolFlags};

impl Collector<'_> {
    pub(super) fn visit_stmt(&mut self, statement: Stmt<'_>) -> Result {
        self.descend(|| statement.location())?;
        self.visit_stmt_here(statement)?;
        self.ascend();
        Ok(())
    }

    fn visit_stmt_here(&mut self, statement: Stmt<'_>) -> Result {
        match statement {
            Stmt::FunctionDef(def) => self.visit_function(&def.into()),
            Stmt::AsyncFunctionDef(def) => self.visit_function(&def.into()),
            Stmt::ClassDef(class) => self.visit_class(class),
            Stmt::TypeAlias(alias) => self.visit_type_alias(alias),
            Stmt::Return(node) => self.visit_return(node.value),
            Stmt::Delete(node) => self.visit_exprs(node.targets),
            Stmt::Assign(node) => {
                self.visit_exprs(node.targets)?;
                self.visit_expr(node.value)
            }
            Stmt::AnnAssign(node) => self.visit_ann_assign(node),
            Stmt::AugAssign(node) => self.visit_two(node.target, node.value),
            Stmt::For(node) => self.visit_for(node),
            Stmt::AsyncFor(node) => self.visit_async_for(node),
            Stmt::While(node) => self.visit_while(node),
            Stmt::If(node) => self.visit_if(node),
            Stmt::Match(node) => self.visit_match(node),
            Stmt::Raise(node) => self.visit_raise(node.exc, node.cause),
            Stmt::Try(node) => self.visit_try(node.body, node.handlers, node.orelse, node.finalbody),
            Stmt::TryStar(node) => self.visit_try(node.body, node.handlers, node.orelse, node.finalbody),
            Stmt::Assert(node) => {
                self.visit_expr(node.test)?;
                self.visit_optional(node.msg)
            }
            Stmt::Import(node) => self.visit_aliases(node.names),
            Stmt::ImportFrom(node) => self.visit_import_from(node),
            Stmt::Global(node) => {
                self.declare_all(node.names, SymbolFlags::GLOBAL, &diagnostics::GLOBAL, node.location)
            }
            Stmt::Nonlocal(node) => {
                self.declare_all(node.names, SymbolFlags::NONLOCAL, &diagnostics::NONLOCAL, node.location)
            }
            Stmt::Expr(node) => self.visit_expr(node.value),
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) => Ok(()),
            Stmt::With(node) => self.visit_with(node.items, node.body),
            Stmt::AsyncWith(node) => self.visit_async_with(node),
        }
    }

    fn visit_two(&mut self, first: Expr<'_>, second: Expr<'_>) -> Result {
        self.visit_expr(first)?;
        self.visit_expr(second)
    }

    fn visit_type_alias(&mut self, alias: &StmtTypeAlias<'_>) -> Result {
        self.visit_expr(alias.name)?;
        let Expr::Name(&ExprName { id: name, .. }) = alias.name else {
            return Err(diagnostics::alias_without_name(alias.location));
        };
        let in_class = self.current.kind == ScopeKind::Class;
        let generic = !alias.type_params.is_empty();
        if generic {
            self.enter_type_params(name, alias.type_params, alias.location)?;
            self.visit_type_params(alias.type_params)?;
        }
        self.enter(name, ScopeKind::TypeAlias, Some(NodeKey::of(alias)), alias.location)?;
        self.see_class_scope(in_class, alias.value.location())?;
        self.visit_expr(alias.value)?;
        self.leave();
        if generic {
            self.leave();
        }
        Ok(())
    }

    fn visit_return(&mut self, value: Option<Expr<'_>>) -> Result {
        let Some(value) = value else { return Ok(()) };
        self.visit_expr(value)?;
        self.scope_mut().flags.returns_value = true;
        Ok(())
    }

    fn visit_ann_assign(&mut self, node: &StmtAnnAssign<'_>) -> Result {
        self.scope_mut().flags.annotations_used = true;
        match node.target {
            Expr::Name(name) => self.annotate_name(name, node)?,
            target => self.visit_expr(target)?,
        }
        self.visit_annotation(node.annotation)?;
        self.visit_optional(node.value)
    }

    fn annotate_name(&mut self, name: &ExprName, node: &StmtAnnAssign<'_>) -> Result {
        let simple = node.simple != 0;
        let flags = self.flags_of(name.id);
        let declared = flags.intersects(SymbolFlags::GLOBAL | SymbolFlags::NONLOCAL);
        if declared && simple && self.current.scope != ScopeId::MODULE {
            let is_global = flags.contains(SymbolFlags::GLOBAL);
            let messages = if is_global { &diagnostics::GLOBAL } else { &diagnostics::NONLOCAL };
            return Err(about_name(messages.annotated, name.id, self.strings, node.location));
        }
        if simple {
            self.add_def(name.id, SymbolFlags::ANNOT | SymbolFlags::LOCAL, name.location)?;
        }
        if node.value.is_some() {
            self.add_def(name.id, SymbolFlags::LOCAL, name.location)?;
        }
        Ok(())
    }

    fn visit_for(&mut self, node: &StmtFor<'_>) -> Result {
        self.visit_two(node.target, node.iter)?;
        self.visit_branches(node.body, node.orelse)
    }

    fn visit_async_for(&mut self, node: &StmtAsyncFor<'_>) -> Result {
        self.require_coroutine(diagnostics::ASYNC_FOR, node.location)?;
        self.visit_two(node.target, node.iter)?;
        self.visit_branches(node.body, node.orelse)
    }

    fn visit_while(&mut self, node: &StmtWhile<'_>) -> Result {
        self.visit_expr(node.test)?;
        self.visit_branches(node.body, node.orelse)
    }

    fn visit_if(&mut self, node: &StmtIf<'_>) -> Result {
        self.visit_expr(node.test)?;
        self.visit_branches(node.body, node.orelse)
    }

    fn visit_branches(&mut self, body: &[Stmt<'_>], orelse: &[Stmt<'_>]) -> Result {
        self.conditionally(|this| {
            this.visit_body(body)?;
            this.visit_body(orelse)
        })
    }

    fn visit_match(&mut self, node: &StmtMatch<'_>) -> Result {
        self.visit_expr(node.subject)?;
        self.conditionally(|this| node.cases.iter().try_for_each(|case| this.visit_match_case(case)))
    }

    fn visit_match_case(&mut self, case: &MatchCase<'_>) -> Result {
        self.visit_pattern(case.pattern)?;
        self.visit_optional(case.guard)?;
        self.visit_body(case.body)
    }

    /// The cause of a `raise` without exception is not visited, as in CPython; no parser makes one.
    fn visit_raise(&mut self, exception: Option<Expr<'_>>, cause: Option<Expr<'_>>) -> Result {
        let Some(exception) = exception else { return Ok(()) };
        self.visit_expr(exception)?;
        self.visit_optional(cause)
    }

    fn visit_try(
        &mut self,
        body: &[Stmt<'_>],
        handlers: &[ExceptHandler<'_>],
        orelse: &[Stmt<'_>],
        finalbody: &[Stmt<'_>],
    ) -> Result {
        self.conditionally(|this| {
            this.visit_body(body)?;
            handlers.iter().try_for_each(|handler| this.visit_except_handler(handler))?;
            this.visit_body(orelse)?;
            this.visit_body(finalbody)
        })
    }

    fn visit_except_handler(&mut self, handler: &ExceptHandler<'_>) -> Result {
        self.visit_optional(handler.type_)?;
        if let Some(name) = handler.name {
            self.add_def(name, SymbolFlags::LOCAL, handler.location)?;
        }
        self.visit_body(handler.body)
    }

    fn visit_with(&mut self, items: &[WithItem<'_>], body: &[Stmt<'_>]) -> Result {
        self.conditionally(|this| {
            for item in items {
                this.visit_expr(item.context_expr)?;
                this.visit_optional(item.optional_vars)?;
            }
            this.visit_body(body)
        })
    }

    fn visit_async_with(&mut self, node: &StmtAsyncWith<'_>) -> Result {
        self.require_coroutine(diagnostics::ASYNC_WITH, node.location)?;
        self.visit_with(node.items, node.body)
    }

    /// `symtable_raise_if_not_coroutine`, after `maybe_set_ste_coroutine_for_module`.
    fn require_coroutine(&mut self, message: &str, location: Location) -> Result {
        if self.allows_top_level_await() {
            self.scope_mut().flags.coroutine = true;
        }
        if self.scope().flags.coroutine { Ok(()) } else { Err(error(message, location)) }
    }

    fn declare_all(
        &mut self,
        names: &[StrId],
        flag: SymbolFlags,
        messages: &DirectiveMessages,
        location: Location,
    ) -> Result {
        names.iter().try_for_each(|&name| self.declare(name, flag, messages, location))
    }

    fn visit_import_from(&mut self, node: &StmtImportFrom<'_>) -> Result {
        self.visit_aliases(node.names)?;
        let future = self.future.location;
        let (line, column) = (node.location.lineno, node.location.col_offset);
        let is_late = line > future.lineno || (line == future.end_lineno && column > future.end_col_offset);
        if is_late && node.module == Some(known::FUTURE) && node.level.unwrap_or(0) == 0 {
            return Err(error(diagnostics::LATE_FUTURE, node.location));
        }
        Ok(())
    }

    fn visit_aliases(&mut self, aliases: &[Alias]) -> Result {
        aliases.iter().try_for_each(|alias| self.visit_alias(alias))
    }

    /// `symtable_visit_alias`: `import a.b` binds `a`.
    fn visit_alias(&mut self, alias: &Alias) -> Result {
        let name = alias.asname.unwrap_or(alias.name);
        if name == known::STAR {
            return match self.current.kind {
                ScopeKind::Module => Ok(()),
                _ => Err(error(diagnostics::IMPORT_STAR, alias.location)),
            };
        }
        let name = self.first_component(name);
        self.add_def(name, SymbolFlags::IMPORT, alias.location)
    }

    fn first_component(&mut self, name: StrId) -> StrId {
        let text = self.strings.get(name);
        let Some(dot) = text.as_bytes().iter().position(|&byte| byte == b'.') else { return name };
        let first = text.to_string_lossy()[..dot].to_owned();
        self.strings.intern(&first)
    }
}
