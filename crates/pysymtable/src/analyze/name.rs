//! One name of a block (`analyze_name`).

use pycode::StrId;

use super::Analysis;
use super::visible::Outer;
use crate::diagnostics::{self, Error, Result, about_name};
use crate::{ScopeId, SymScope, SymbolFlags};

/// The block whose names are analyzed.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) scope: ScopeId,
    /// Its bindings are visible in the blocks within.
    pub(super) is_function_like: bool,
    /// There are none: it does not matter what they would see, and nothing is undone.
    pub(super) is_leaf: bool,
    /// The class whose names this annotation scope sees.
    pub(super) class: Option<ScopeId>,
}

impl Analysis<'_> {
    /// Decides where a name lives; tells [`Visible`](super::Visible) what the blocks within see.
    pub(super) fn analyze_name(&mut self, site: Site, index: u32) -> Result {
        let (name, flags) = (self.table.symbols[index as usize].name, self.table.flags(index));
        let outer = self.notes.visible.get(name);
        let scope = if flags.contains(SymbolFlags::GLOBAL) {
            self.analyze_global(site, name, flags)?
        } else if flags.contains(SymbolFlags::NONLOCAL) {
            self.check_nonlocal(site, name, outer)?;
            SymScope::Free
        } else if flags.intersects(SymbolFlags::BOUND) {
            if !site.is_leaf {
                self.analyze_bound(site, name, outer, flags);
            }
            SymScope::Local
        } else if let Some(scope) = self.analyze_in_class(site, name) {
            scope
        } else if outer.bound {
            SymScope::Free
        } else {
            SymScope::GlobalImplicit
        };
        if scope == SymScope::Free {
            self.notes.free.push(name);
        }
        self.table.set_sym_scope(index, scope);
        Ok(())
    }

    fn analyze_global(&mut self, site: Site, name: StrId, flags: SymbolFlags) -> Result<SymScope> {
        if flags.contains(SymbolFlags::NONLOCAL) {
            return Err(self.error_at_directive(site.scope, name, diagnostics::NONLOCAL_AND_GLOBAL));
        }
        if site.is_function_like && !site.is_leaf {
            self.notes.visible.set(name, Outer { bound: false, ..self.notes.visible.get(name) });
        }
        Ok(SymScope::GlobalExplicit)
    }

    fn check_nonlocal(&self, site: Site, name: StrId, outer: Outer) -> Result {
        let message = if site.scope == ScopeId::MODULE {
            diagnostics::NONLOCAL_AT_MODULE_LEVEL
        } else if !outer.bound {
            diagnostics::NO_BINDING_FOR_NONLOCAL
        } else if outer.type_param {
            diagnostics::NONLOCAL_TYPE_PARAM
        } else {
            return Ok(());
        };
        Err(self.error_at_directive(site.scope, name, message))
    }

    /// A class keeps its bindings to itself, but they do end what is known of a type parameter.
    fn analyze_bound(&mut self, site: Site, name: StrId, outer: Outer, flags: SymbolFlags) {
        let bound = outer.bound || site.is_function_like;
        self.notes.visible.set(name, Outer { bound, type_param: flags.contains(SymbolFlags::TYPE_PARAM) });
    }

    /// In an annotation scope of a class a name of the class is looked up in the class's namespace, then
    /// in the globals, past the functions around; a name that the class declares global is global.
    fn analyze_in_class(&self, site: Site, name: StrId) -> Option<SymScope> {
        let flags = self.table.flags(self.table.find(site.class?, name)?);
        if flags.contains(SymbolFlags::GLOBAL) {
            Some(SymScope::GlobalExplicit)
        } else if flags.intersects(SymbolFlags::BOUND) && !flags.contains(SymbolFlags::NONLOCAL) {
            Some(SymScope::GlobalImplicit)
        } else {
            None
        }
    }

    /// `error_at_directive`: the declaration is to blame.
    fn error_at_directive(&self, scope: ScopeId, name: StrId, message: &str) -> Error {
        let directive = self.directives.iter().find(|it| it.scope == scope && it.name == name);
        let directive = directive.expect("symtable: a global or nonlocal name has its declaration");
        about_name(message, name, self.strings, directive.location)
    }
}
