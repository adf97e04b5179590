//! One block with the blocks within (`analyze_block`, `analyze_child_block`).

use pycode::{StrId, known};

use super::Analysis;
use super::name::Site;
use super::visible::Outer;
use crate::diagnostics::Result;
use crate::table::NO_SYMBOL;
use crate::{ComprehensionKind, ScopeId, ScopeKind};

impl Analysis<'_> {
    /// Analyzes a block and those within; leaves the names that are free in it on top of `free`, each
    /// once. `class` is the class whose names the block sees.
    ///
    /// The recursion is as deep as blocks nest, which the first pass has limited.
    pub(super) fn analyze_block(&mut self, scope: ScopeId, class: Option<ScopeId>) -> Result {
        let record = &self.table.scopes[scope.index()];
        let (kind, is_leaf) = (record.kind, record.first_child.is_none());
        let site = Site { scope, is_function_like: kind.is_function_like(), is_leaf, class };
        let mark = self.notes.visible.mark();
        let own = self.notes.free.len();
        self.analyze_names(site)?;
        if is_leaf {
            // What is free in it is on `free` already, each name once, since it has one symbol.
            return Ok(());
        }
        if kind == ScopeKind::Class {
            self.show_class_names();
        }
        let of_children = self.notes.free.len();
        let comp_cells = self.analyze_children(site)?;
        self.splice_inlined(scope);
        self.notes.visible.return_to(mark);
        self.settle_free(site, own, of_children, &comp_cells);
        Ok(())
    }

    fn analyze_names(&mut self, site: Site) -> Result {
        let mut next = self.table.scopes[site.scope.index()].first_symbol;
        while next != NO_SYMBOL {
            self.analyze_name(site, next)?;
            next = self.table.symbols[next as usize].next;
        }
        Ok(())
    }

    /// What the interpreter keeps for a class: blocks within may refer to it.
    fn show_class_names(&mut self) {
        for name in [known::CLASS, known::CLASSDICT, known::CONDITIONAL_ANNOTATIONS] {
            self.notes.visible.set(name, Outer { bound: true, ..self.notes.visible.get(name) });
        }
    }

    /// Analyzes the blocks within and inlines comprehensions; gives the names that are cells in an inlined
    /// comprehension.
    fn analyze_children(&mut self, site: Site) -> Result<Vec<StrId>> {
        let mut comp_cells = Vec::new();
        let mut next = self.table.scopes[site.scope.index()].first_child;
        while let Some(child) = next {
            let free_of_child = self.notes.free.len();
            self.analyze_block(child, self.class_seen_by(child, site))?;
            if self.is_inlined(child, site.scope) {
                self.table.scopes[child.index()].flags.comp_inlined = true;
                self.inline_comprehension(site.scope, child, free_of_child, &mut comp_cells);
            }
            next = self.table.scopes[child.index()].next_sibling;
        }
        Ok(comp_cells)
    }

    fn class_seen_by(&self, child: ScopeId, parent: Site) -> Option<ScopeId> {
        if !self.table.scopes[child.index()].flags.can_see_class_scope {
            return None;
        }
        match self.table.scopes[parent.scope.index()].kind {
            ScopeKind::Class => Some(parent.scope),
            _ => parent.class,
        }
    }

    /// Comprehensions are inlined, but not generator expressions, nor those in an annotation scope of a
    /// class.
    fn is_inlined(&self, child: ScopeId, parent: ScopeId) -> bool {
        let sees_class = self.table.scopes[parent.index()].flags.can_see_class_scope;
        match self.table.scopes[child.index()].comprehension {
            None | Some(ComprehensionKind::Generator) => false,
            Some(ComprehensionKind::List | ComprehensionKind::Dict | ComprehensionKind::Set) => !sees_class,
        }
    }
}
