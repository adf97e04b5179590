//! Entering and leaving blocks.

use pyast::{Location, NodeKey};
use pycode::{StrId, known};

use super::Collector;
use crate::diagnostics::{Result, error, not_allowed_in};
use crate::table::ScopeRecord;
use crate::{ScopeId, ScopeKind, SymbolFlags};

/// A block that the visit is in: what is only known on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) scope: ScopeId,
    pub(super) kind: ScopeKind,
    pub(super) is_comprehension: bool,
    /// In the target of a comprehension's `for` (`ste_comp_iter_target`).
    pub(super) iter_target: bool,
    /// In how many iterables of comprehensions (`ste_comp_iter_expr`). A block inherits it: not even a
    /// lambda in the iterable may assign.
    pub(super) iter_expr: u32,
    /// Under a statement that may not run (`ste_in_conditional_block`).
    pub(super) conditional: bool,
    /// In an annotation that leaves no symbols (`ste_in_unevaluated_annotation`).
    pub(super) unevaluated: bool,
    /// What a [`ScopeKind::TypeVariable`] block is a part of, for errors (`ste_scope_info`).
    pub(super) info: &'static str,
}

impl Block {
    pub(super) fn new(scope: ScopeId, kind: ScopeKind) -> Self {
        Block {
            scope,
            kind,
            is_comprehension: false,
            iter_target: false,
            iter_expr: 0,
            conditional: false,
            unevaluated: false,
            info: "",
        }
    }
}

impl Collector<'_> {
    /// The scope of the current block.
    pub(super) fn scope_mut(&mut self) -> &mut ScopeRecord {
        &mut self.table.scopes[self.current.scope.index()]
    }

    pub(super) fn scope(&self) -> &ScopeRecord {
        &self.table.scopes[self.current.scope.index()]
    }

    /// Makes a scope within the current one without entering it (`ste_new`).
    pub(super) fn new_scope(
        &mut self,
        name: StrId,
        kind: ScopeKind,
        key: Option<NodeKey>,
        location: Location,
    ) -> ScopeId {
        let nested = self.scope().flags.nested || self.current.kind.is_function_like();
        let method = self.current.kind == ScopeKind::Class && kind == ScopeKind::Function;
        let id = self.table.add_scope(name, kind, location);
        let flags = &mut self.table.scopes[id.index()].flags;
        flags.nested = nested;
        flags.method = method;
        if let Some(key) = key {
            self.table.set_key(key, id);
        }
        id
    }

    /// Makes a scope and enters it (`symtable_enter_block`).
    pub(super) fn enter(
        &mut self,
        name: StrId,
        kind: ScopeKind,
        key: Option<NodeKey>,
        location: Location,
    ) -> Result {
        let scope = self.new_scope(name, kind, key, location);
        self.enter_new(scope);
        match kind {
            ScopeKind::Annotation | ScopeKind::TypeVariable | ScopeKind::TypeAlias => {
                self.add_def(known::DOT_FORMAT, SymbolFlags::PARAM | SymbolFlags::USE, location)
            }
            ScopeKind::Function | ScopeKind::Class | ScopeKind::Module | ScopeKind::TypeParameters => Ok(()),
        }
    }

    /// Enters a scope for the first time, which makes it a child of the current one.
    pub(super) fn enter_new(&mut self, scope: ScopeId) {
        let parent = self.current.scope;
        self.enter_again(scope);
        self.add_child(parent, scope, self.current.kind);
    }

    /// Makes a scope a child of another, but for stringified annotations: they must not affect the scopes around.
    pub(super) fn add_child(&mut self, parent: ScopeId, scope: ScopeId, kind: ScopeKind) {
        if !(kind == ScopeKind::Annotation && self.future.annotations()) {
            self.table.add_child(parent, scope);
        }
    }

    /// Enters a scope that has its place among the children already, or is to have none
    /// (`symtable_enter_existing_block`).
    pub(super) fn enter_again(&mut self, scope: ScopeId) {
        let kind = self.table.scopes[scope.index()].kind;
        let block = Block { iter_expr: self.current.iter_expr, ..Block::new(scope, kind) };
        self.inherit_mangling(scope, kind);
        self.enclosing.push(std::mem::replace(&mut self.current, block));
    }

    /// The names to mangle are those of the class around, in all but a class itself.
    pub(super) fn inherit_mangling(&mut self, scope: ScopeId, kind: ScopeKind) {
        if kind != ScopeKind::Class {
            self.table.scopes[scope.index()].mangled_only = self.scope().mangled_only;
        }
    }

    /// Leaves the current block (`symtable_exit_block`).
    pub(super) fn leave(&mut self) {
        self.current = self.enclosing.pop().expect("symtable: the module is never left");
    }

    /// Runs `visit` in a block that may not be executed (`ENTER_CONDITIONAL_BLOCK`).
    pub(super) fn conditionally(&mut self, visit: impl FnOnce(&mut Self) -> Result) -> Result {
        let outer = std::mem::replace(&mut self.current.conditional, true);
        visit(self)?;
        self.current.conditional = outer;
        Ok(())
    }

    /// `symtable_raise_if_annotation_block`
    pub(super) fn refuse_in_annotation(&self, what: &str, location: Location) -> Result {
        match not_allowed_in(self.current.kind, what, self.current.info) {
            Some(message) => Err(error(message, location)),
            None => Ok(()),
        }
    }

    /// Whether `await` may stand here although this is no function (`allows_top_level_await`).
    pub(super) fn allows_top_level_await(&self) -> bool {
        self.options.allow_top_level_await && self.current.kind == ScopeKind::Module
    }

    /// `IS_ASYNC_DEF`
    pub(super) fn is_async_def(&self) -> bool {
        self.current.kind == ScopeKind::Function && self.scope().flags.coroutine
    }
}
