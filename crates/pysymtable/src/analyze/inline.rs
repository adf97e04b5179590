//! Comprehensions that become part of the block around them (PEP 709).

use pycode::{StrId, known};

use super::Analysis;
use crate::table::NO_SYMBOL;
use crate::{ScopeId, ScopeKind, SymScope, SymbolFlags};

/// What is free in a class's comprehension but not through the class.
const CLASS_NAMES: [StrId; 3] = [known::CLASS, known::CLASSDICT, known::CONDITIONAL_ANNOTATIONS];

impl Analysis<'_> {
    /// Merges the names of a comprehension into the block around (`inline_comprehension`).
    ///
    /// `free_of_comp` is where the names free in the comprehension begin on `free`; `comp_cells` gets those
    /// for which it needs cells.
    pub(super) fn inline_comprehension(
        &mut self,
        scope: ScopeId,
        comp: ScopeId,
        free_of_comp: usize,
        comp_cells: &mut Vec<StrId>,
    ) {
        let in_class = self.table.scopes[scope.index()].kind == ScopeKind::Class;
        self.drop_what_the_block_has(scope, comp, in_class, free_of_comp);
        let mut next = self.table.scopes[comp.index()].first_symbol;
        while next != NO_SYMBOL {
            // The parameter `.0` is the comprehension's own.
            if !self.table.flags(next).contains(SymbolFlags::PARAM) {
                self.merge_name(scope, next, in_class, comp_cells);
            }
            next = self.table.symbols[next as usize].next;
        }
        if in_class {
            self.hide_class_names(comp);
        }
    }

    /// Takes off `free` what the comprehension no longer needs from outside.
    fn drop_what_the_block_has(&mut self, scope: ScopeId, comp: ScopeId, in_class: bool, start: usize) {
        if start == self.notes.free.len() {
            return;
        }
        self.mark_free_in_children(comp);
        let mut kept = start;
        for position in start..self.notes.free.len() {
            let name = self.notes.free[position];
            if !self.block_has(scope, comp, in_class, name) {
                self.notes.free[kept] = name;
                kept += 1;
            }
        }
        self.notes.free.truncate(kept);
    }

    /// A local of the block simply is the comprehension's name, unless a block within the comprehension
    /// needs it in a cell. A class has no fast locals, and its special names are not free through it.
    fn block_has(&self, scope: ScopeId, comp: ScopeId, in_class: bool, name: StrId) -> bool {
        if in_class {
            return CLASS_NAMES.contains(&name)
                && self.scope_in(comp, name) == SymScope::Free
                && !self.is_free_in_any_child(comp, name);
        }
        let Some(index) = self.table.find(scope, name) else { return false };
        self.table.flags(index).intersects(SymbolFlags::BOUND) && !self.is_free_in_any_child(comp, name)
    }

    fn merge_name(&mut self, scope: ScopeId, symbol: u32, in_class: bool, comp_cells: &mut Vec<StrId>) {
        let name = self.table.symbols[symbol as usize].name;
        let (flags, inner) = (self.table.flags(symbol), self.table.sym_scope(symbol));
        if inner == SymScope::Cell || flags.contains(SymbolFlags::COMP_CELL) {
            comp_cells.push(name);
        }
        if let Some(existing) = self.table.find(scope, name) {
            if inner == SymScope::Free && !in_class {
                self.table.add_flags(existing, flags & SymbolFlags::USE);
            }
            return;
        }
        let is_class_name = in_class && inner == SymScope::Free && CLASS_NAMES.contains(&name);
        let merged = self.table.find_or_add(scope, name);
        self.table.set_flags(merged, flags);
        self.table.set_sym_scope(merged, if is_class_name { SymScope::GlobalImplicit } else { inner });
    }

    fn hide_class_names(&mut self, comp: ScopeId) {
        for name in CLASS_NAMES {
            if self.scope_in(comp, name) == SymScope::Free {
                self.table.remove_symbol(comp, name);
            }
        }
    }

    fn scope_in(&self, scope: ScopeId, name: StrId) -> SymScope {
        self.table.find(scope, name).map_or(SymScope::Unknown, |index| self.table.sym_scope(index))
    }

    /// Prepares [`is_free_in_any_child`](Self::is_free_in_any_child) for a comprehension: a look at each name of each
    /// child, rather than at each child for each name.
    fn mark_free_in_children(&mut self, comp: ScopeId) {
        let Analysis { table, notes, .. } = self;
        for child in table.scope(comp).children() {
            for symbol in child.symbols().filter(|symbol| symbol.scope() == SymScope::Free) {
                notes.free_in_child[symbol.name.index()] = comp;
            }
        }
    }

    /// `is_free_in_any_child`, of a comprehension whose children have been looked at.
    fn is_free_in_any_child(&self, comp: ScopeId, name: StrId) -> bool {
        self.notes.free_in_child[name.index()] == comp
    }

    /// Puts the children of inlined comprehensions in the place of the comprehensions.
    pub(super) fn splice_inlined(&mut self, scope: ScopeId) {
        let scopes = &mut self.table.scopes;
        let mut next = scopes[scope.index()].first_child.take();
        let mut last: Option<ScopeId> = None;
        while let Some(child) = next {
            next = scopes[child.index()].next_sibling;
            let record = &scopes[child.index()];
            let (first_of, last_of) = match record.flags.comp_inlined {
                true => (record.first_child, record.last_child),
                false => (Some(child), Some(child)),
            };
            let Some(first_of) = first_of else { continue };
            match last {
                Some(last) => scopes[last.index()].next_sibling = Some(first_of),
                None => scopes[scope.index()].first_child = Some(first_of),
            }
            last = last_of;
        }
        scopes[scope.index()].last_child = last;
        if let Some(last) = last {
            scopes[last.index()].next_sibling = None;
        }
    }
}
