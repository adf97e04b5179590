//! Comprehensions and generator expressions.

use pyast::{Comprehension, Expr, Location, NodeKey};
use pycode::{StrId, known};

use super::Collector;
use crate::diagnostics::{self, Result, error};
use crate::{ComprehensionKind, ScopeKind, SymbolFlags};

/// A list, set or dict comprehension or a generator expression.
pub(super) struct Comp<'a> {
    pub(super) kind: ComprehensionKind,
    pub(super) key: NodeKey,
    pub(super) location: Location,
    pub(super) generators: &'a [Comprehension<'a>],
    /// The element or key.
    pub(super) element: Expr<'a>,
    /// The value in a dict comprehension.
    pub(super) value: Option<Expr<'a>>,
}

impl Collector<'_> {
    /// `symtable_handle_comprehension`
    pub(super) fn visit_comp(&mut self, comp: &Comp<'_>) -> Result {
        let Some((outermost, inner)) = comp.generators.split_first() else {
            return Err(diagnostics::comprehension_without_for(comp.location));
        };
        self.visit_iterable(outermost.iter)?;
        self.enter(scope_name(comp.kind), ScopeKind::Function, Some(comp.key), comp.location)?;
        self.current.is_comprehension = true;
        self.scope_mut().comprehension = Some(comp.kind);
        self.add_def(known::DOT_ZERO, SymbolFlags::PARAM, comp.location)?;
        self.visit_target(outermost)?;
        self.visit_exprs(outermost.ifs)?;
        inner.iter().try_for_each(|generator| self.visit_inner_generator(generator))?;
        self.visit_optional(comp.value)?;
        self.visit_expr(comp.element)?;
        self.leave_comp(comp)
    }

    fn visit_inner_generator(&mut self, generator: &Comprehension<'_>) -> Result {
        self.visit_target(generator)?;
        self.visit_iterable(generator.iter)?;
        self.visit_exprs(generator.ifs)
    }

    fn visit_target(&mut self, generator: &Comprehension<'_>) -> Result {
        if generator.is_async != 0 {
            self.scope_mut().flags.coroutine = true;
        }
        self.current.iter_target = true;
        self.visit_expr(generator.target)?;
        self.current.iter_target = false;
        Ok(())
    }

    fn visit_iterable(&mut self, iterable: Expr<'_>) -> Result {
        self.current.iter_expr += 1;
        self.visit_expr(iterable)?;
        self.current.iter_expr -= 1;
        Ok(())
    }

    fn leave_comp(&mut self, comp: &Comp<'_>) -> Result {
        let is_generator = comp.kind == ComprehensionKind::Generator;
        let flags = &mut self.scope_mut().flags;
        flags.generator = is_generator;
        let is_async = flags.coroutine && !is_generator;
        self.leave();
        if !is_async {
            return Ok(());
        }
        if !self.is_async_def() && !self.current.is_comprehension && !self.allows_top_level_await() {
            return Err(error(diagnostics::ASYNC_COMPREHENSION, comp.location));
        }
        self.scope_mut().flags.coroutine = true;
        Ok(())
    }
}

fn scope_name(kind: ComprehensionKind) -> StrId {
    match kind {
        ComprehensionKind::List => known::SCOPE_LISTCOMP,
        ComprehensionKind::Set => known::SCOPE_SETCOMP,
        ComprehensionKind::Dict => known::SCOPE_DICTCOMP,
        ComprehensionKind::Generator => known::SCOPE_GENEXPR,
    }
}
