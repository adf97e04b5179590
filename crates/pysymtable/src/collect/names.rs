//! Names: definitions, uses, declarations.

use pyast::{ExprContext, Location};
use pycode::{StrId, known};

use super::{Collector, Directive};
use crate::diagnostics::{self, DirectiveMessages, Error, Result, about_name, error};
use crate::{ScopeId, ScopeKind, SymbolFlags, mangle};

impl Collector<'_> {
    /// A name as the current block's symbols have it (`_Py_MaybeMangle`).
    #[inline]
    pub(super) fn mangled(&mut self, name: StrId) -> StrId {
        match self.private {
            Some(class) if self.strings.is_underscored(name) => self.mangled_in(class, name),
            _ => name,
        }
    }

    /// Whether that may be another name.
    #[inline]
    fn may_be_mangled(&self, name: StrId) -> bool {
        self.private.is_some() && self.strings.is_underscored(name)
    }

    #[cold]
    fn mangled_in(&mut self, class: StrId, name: StrId) -> StrId {
        if self.table.mangles(self.current.scope, name) { mangle(self.strings, class, name) } else { name }
    }

    /// What the current block did with a name so far (`symtable_lookup`).
    pub(super) fn flags_of(&mut self, name: StrId) -> SymbolFlags {
        self.flags_in(self.current.scope, name)
    }

    /// What an open block did with a name so far (`symtable_lookup_entry`).
    fn flags_in(&mut self, scope: ScopeId, name: StrId) -> SymbolFlags {
        // CPython asks the other block which names are mangled; the blocks in question agree, for they
        // are comprehensions and the function around them.
        let name = self.mangled(name);
        self.table.find(scope, name).map_or(SymbolFlags::default(), |index| self.table.flags(index))
    }

    /// Notes that the current block defines or uses a name (`symtable_add_def`).
    pub(super) fn add_def(&mut self, name: StrId, flag: SymbolFlags, location: Location) -> Result {
        let context = if flag == SymbolFlags::USE { ExprContext::Load } else { ExprContext::Store };
        self.add_def_ctx(name, flag, location, context)
    }

    /// `symtable_add_def_ctx`
    #[inline]
    pub(super) fn add_def_ctx(
        &mut self,
        name: StrId,
        flag: SymbolFlags,
        location: Location,
        context: ExprContext,
    ) -> Result {
        if flag.intersects(SymbolFlags::BOUND) {
            check_name(name, location, context)?;
        }
        if flag.contains(SymbolFlags::TYPE_PARAM) {
            self.table.note_type_param(self.current.scope, name, self.strings);
        }
        self.add_def_to(self.current.scope, name, flag, location)
    }

    /// Notes that an open block defines or uses a name (`symtable_add_def_helper`).
    #[inline]
    fn add_def_to(&mut self, scope: ScopeId, name: StrId, flag: SymbolFlags, location: Location) -> Result {
        if self.current.iter_target || flag.intersects(CHECKED) || self.may_be_mangled(name) {
            return self.add_checked_def(scope, name, flag, location);
        }
        self.table.define(scope, name, flag);
        Ok(())
    }

    /// The same for a name that may be mangled, for what may be refused, and for what concerns other blocks as well.
    #[inline(never)]
    fn add_checked_def(
        &mut self,
        scope: ScopeId,
        name: StrId,
        flag: SymbolFlags,
        location: Location,
    ) -> Result {
        let mangled = self.mangled(name);
        let index = self.table.find_or_add(scope, mangled);
        let old = self.table.flags(index);
        if flag.intersects(old & UNIQUE) {
            return Err(self.duplicate(name, flag, location));
        }
        let mut flags = old | flag;
        if self.current.iter_target && scope == self.current.scope {
            if flags.intersects(SymbolFlags::GLOBAL | SymbolFlags::NONLOCAL) {
                let message = diagnostics::NAMED_EXPR_COMP_INNER_LOOP_CONFLICT;
                return Err(about_name(message, name, self.strings, location));
            }
            flags |= SymbolFlags::COMP_ITER;
        }
        self.table.set_flags(index, flags);
        if flag.contains(SymbolFlags::GLOBAL) {
            self.table.define(ScopeId::MODULE, mangled, SymbolFlags::GLOBAL);
        }
        Ok(())
    }

    fn duplicate(&self, name: StrId, flag: SymbolFlags, location: Location) -> Error {
        let message = if flag.contains(SymbolFlags::PARAM) {
            diagnostics::DUPLICATE_PARAMETER
        } else {
            diagnostics::DUPLICATE_TYPE_PARAM
        };
        about_name(message, name, self.strings, location)
    }

    /// `global` or `nonlocal`, for one name.
    pub(super) fn declare(
        &mut self,
        name: StrId,
        flag: SymbolFlags,
        messages: &DirectiveMessages,
        location: Location,
    ) -> Result {
        if let Some(message) = misplaced(self.flags_of(name), messages) {
            return Err(about_name(message, name, self.strings, location));
        }
        self.add_directive(name, flag, location)
    }

    /// Makes a name global or nonlocal and remembers where (`symtable_record_directive`).
    fn add_directive(&mut self, name: StrId, flag: SymbolFlags, location: Location) -> Result {
        self.add_def(name, flag, location)?;
        let name = self.mangled(name);
        self.directives.push(Directive { scope: self.current.scope, name, location });
        Ok(())
    }

    /// Binds the target of a `:=` in a comprehension in the nearest block that can take it
    /// (`symtable_extend_namedexpr_scope`).
    pub(super) fn bind_outside_comprehensions(&mut self, name: StrId, location: Location) -> Result {
        let mut next = self.enclosing.len();
        let mut block = self.current;
        loop {
            match block.kind {
                _ if block.is_comprehension => self.check_iteration_variable(block.scope, name, location)?,
                ScopeKind::Function => return self.bind_in_function(block.scope, name, location),
                ScopeKind::Module => {
                    self.add_directive(name, SymbolFlags::GLOBAL, location)?;
                    return self.add_def_to(block.scope, name, SymbolFlags::GLOBAL, location);
                }
                ScopeKind::Class
                | ScopeKind::TypeParameters
                | ScopeKind::TypeAlias
                | ScopeKind::TypeVariable => {
                    return Err(error(diagnostics::named_expr_in(block.kind), location));
                }
                ScopeKind::Annotation => {}
            }
            next = next.checked_sub(1).expect("symtable: the outermost block is a module");
            block = self.enclosing[next];
        }
    }

    fn check_iteration_variable(&mut self, scope: ScopeId, name: StrId, location: Location) -> Result {
        let flags = self.flags_in(scope, name);
        if flags.contains(SymbolFlags::COMP_ITER | SymbolFlags::LOCAL) {
            let message = diagnostics::NAMED_EXPR_COMP_CONFLICT;
            return Err(about_name(message, name, self.strings, location));
        }
        Ok(())
    }

    fn bind_in_function(&mut self, function: ScopeId, name: StrId, location: Location) -> Result {
        let is_global = self.flags_in(function, name).contains(SymbolFlags::GLOBAL);
        let flag = if is_global { SymbolFlags::GLOBAL } else { SymbolFlags::NONLOCAL };
        self.add_directive(name, flag, location)?;
        self.add_def_to(function, name, SymbolFlags::LOCAL, location)
    }
}

/// What a name may be only once in a scope.
const UNIQUE: SymbolFlags = SymbolFlags(SymbolFlags::PARAM.0 | SymbolFlags::TYPE_PARAM.0);

/// What is more than a flag.
const CHECKED: SymbolFlags = SymbolFlags(UNIQUE.0 | SymbolFlags::GLOBAL.0);

/// `check_name`: `__debug__` cannot be bound.
#[inline(always)]
pub(super) fn check_name(name: StrId, location: Location, context: ExprContext) -> Result {
    if name == known::DEBUG { check_debug(location, context) } else { Ok(()) }
}

#[cold]
fn check_debug(location: Location, context: ExprContext) -> Result {
    match context {
        ExprContext::Load => Ok(()),
        ExprContext::Store => Err(error(diagnostics::ASSIGN_DEBUG, location)),
        ExprContext::Del => Err(error(diagnostics::DELETE_DEBUG, location)),
    }
}

/// Why a name with these flags can no longer be declared global or nonlocal.
fn misplaced(flags: SymbolFlags, messages: &DirectiveMessages) -> Option<&'static str> {
    if flags.contains(SymbolFlags::PARAM) {
        Some(messages.parameter)
    } else if flags.contains(SymbolFlags::USE) {
        Some(messages.after_use)
    } else if flags.contains(SymbolFlags::ANNOT) {
        Some(messages.annotated)
    } else if flags.contains(SymbolFlags::LOCAL) {
        Some(messages.after_assignment)
    } else {
        None
    }
}
