//! What becomes of the names that are free in the blocks within (`analyze_cells`, `drop_class_free`,
//! `update_symbols`).

use pycode::{StrId, known};

use super::Analysis;
use super::name::Site;
use crate::{ScopeId, ScopeKind, SymScope, SymbolFlags};

impl Analysis<'_> {
    /// Makes cells for the names that blocks within need and this block binds; passes the others on.
    ///
    /// On `free` lie from `own` on the block's own free names, from `of_children` on those of the blocks
    /// within. What the block needs from outside replaces both, each name once. `comp_cells` are names that
    /// are cells in an inlined comprehension.
    pub(super) fn settle_free(&mut self, site: Site, own: usize, of_children: usize, comp_cells: &[StrId]) {
        for &name in comp_cells {
            self.note_comp_cell(site, name);
        }
        let mut end = of_children;
        for position in of_children..self.notes.free.len() {
            let name = self.notes.free[position];
            if self.is_first_seen(site.scope, name) && !self.is_provided(site, name) {
                self.pass_on(site.scope, name);
                self.notes.free[end] = name;
                end += 1;
            }
        }
        self.notes.free.truncate(end);
        self.drop_repeated(site.scope, own, of_children);
    }

    /// Drops those of the block's own free names that blocks within need as well.
    fn drop_repeated(&mut self, scope: ScopeId, own: usize, of_children: usize) {
        let mut end = own;
        for position in own..of_children {
            let name = self.notes.free[position];
            if self.is_first_seen(scope, name) {
                self.notes.free[end] = name;
                end += 1;
            }
        }
        self.notes.free.copy_within(of_children.., end);
        self.notes.free.truncate(self.notes.free.len() - (of_children - end));
    }

    fn is_first_seen(&mut self, scope: ScopeId, name: StrId) -> bool {
        std::mem::replace(&mut self.notes.seen[name.index()], scope) != scope
    }

    fn note_comp_cell(&mut self, site: Site, name: StrId) {
        let index = self.table.find_or_add(site.scope, name);
        self.table.add_flags(index, SymbolFlags::COMP_CELL);
        if self.becomes_cell(site, index) {
            self.notes.seen[name.index()] = site.scope;
        }
    }

    /// Whether blocks within find the name here, so that it is not needed from outside.
    fn is_provided(&mut self, site: Site, name: StrId) -> bool {
        if self.table.scopes[site.scope.index()].kind == ScopeKind::Class {
            return self.is_provided_by_class(site.scope, name);
        }
        self.table.find(site.scope, name).is_some_and(|index| self.becomes_cell(site, index))
    }

    /// Turns a local of a function into a cell.
    fn becomes_cell(&mut self, site: Site, index: u32) -> bool {
        let is_local = site.is_function_like && self.table.sym_scope(index) == SymScope::Local;
        if is_local {
            self.table.set_sym_scope(index, SymScope::Cell);
        }
        is_local
    }

    /// `drop_class_free`
    fn is_provided_by_class(&mut self, class: ScopeId, name: StrId) -> bool {
        let flags = &mut self.table.scopes[class.index()].flags;
        match name {
            known::CLASS => flags.needs_class_closure = true,
            known::CLASSDICT => flags.needs_classdict = true,
            known::CONDITIONAL_ANNOTATIONS => flags.has_conditional_annotations = true,
            _ => return false,
        }
        // The class's own use of the name means that of a function around.
        self.notes.seen[name.index()] = ScopeId::NOWHERE;
        true
    }

    /// Notes in the block's symbols that a name goes through it.
    fn pass_on(&mut self, scope: ScopeId, name: StrId) {
        let record = &self.table.scopes[scope.index()];
        let is_class = record.kind == ScopeKind::Class || record.flags.can_see_class_scope;
        match self.table.find(scope, name) {
            // The block's own name of that spelling is another variable.
            Some(index) if is_class => self.table.add_flags(index, SymbolFlags::FREE_CLASS),
            Some(_) => {}
            None if scope == ScopeId::MODULE || self.notes.visible.get(name).bound => {
                let index = self.table.find_or_add(scope, name);
                self.table.set_sym_scope(index, SymScope::Free);
            }
            None => {}
        }
    }
}
