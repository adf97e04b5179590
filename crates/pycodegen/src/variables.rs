//! Variables and attributes: which instruction reaches a name.
//!
//! C: `_PyCompile_ResolveNameop`, `_PyCompile_GetRefType`, `_PyCompile_LookupArg` of `Python/compile.c`;
//! `codegen_nameop`, `codegen_addop_name` of `Python/codegen.c`.

use pyast::{ExprContext, Location, StrId};
use pycode::known;
use pyopcode::Opcode;
use pysymtable::{Scope, SymScope, Symbol};

use crate::generator::Generator;
use crate::names::{Hidden, NameEntry, NameList};
use crate::unit::{Unit, UnitKind};

/// How a variable is reached (`_PyCompile_optype`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Fast,
    Global,
    Deref,
    Name,
}

/// How a variable is reached in the current unit.
#[derive(Clone, Copy)]
pub(crate) struct Resolved {
    access: Access,
    scope: SymScope,
    arg: i32,
}

/// An attribute instruction with what its argument says besides the name.
#[derive(Clone, Copy)]
pub(crate) enum AttributeOp {
    Load,
    LoadMethod,
    Store,
    Delete,
    LoadSuper,
    LoadSuperMethod,
    LoadZeroSuper,
    LoadZeroSuperMethod,
}

impl AttributeOp {
    /// The opcode and the argument, given the index of the attribute's name.
    fn encode(self, name: i32) -> (Opcode, i32) {
        match self {
            AttributeOp::Load => (Opcode::LoadAttr, name << 1),
            AttributeOp::LoadMethod => (Opcode::LoadAttr, name << 1 | 1),
            AttributeOp::Store => (Opcode::StoreAttr, name),
            AttributeOp::Delete => (Opcode::DeleteAttr, name),
            AttributeOp::LoadSuper => (Opcode::LoadSuperAttr, name << 2 | 2),
            AttributeOp::LoadSuperMethod => (Opcode::LoadSuperAttr, name << 2 | 3),
            AttributeOp::LoadZeroSuper => (Opcode::LoadSuperAttr, name << 2),
            AttributeOp::LoadZeroSuperMethod => (Opcode::LoadSuperAttr, name << 2 | 1),
        }
    }
}

impl<'c> Generator<'c, '_> {
    /// The scope of the current unit.
    #[inline]
    pub(crate) fn scope(&self) -> Scope<'c> {
        self.symtable.scope(self.unit.scope)
    }

    /// The name that a name stands for in the current class (`_PyCompile_MaybeMangle`).
    #[inline]
    pub(crate) fn maybe_mangle(&mut self, name: StrId) -> StrId {
        if self.unit.private.is_none() || !self.pool.strings().is_underscored(name) {
            return name;
        }
        self.scope().mangle(self.pool.strings_mut(), self.unit.private, name)
    }

    /// The name that a name stands for in the current class, whatever the scope (`_PyCompile_Mangle`).
    pub(crate) fn mangle(&mut self, name: StrId) -> StrId {
        match self.unit.private {
            Some(class) => pysymtable::mangle(self.pool.strings_mut(), class, name),
            None => name,
        }
    }

    /// Where a mangled name lives, as seen from the current unit (`_PyST_GetScope`).
    pub(crate) fn name_scope(&self, name: StrId) -> SymScope {
        self.names.get(name.index()).map_or(SymScope::Unknown, NameEntry::scope)
    }

    /// The symbol of a name in the module (`_PyST_GetSymbol` of `st_top`).
    pub(crate) fn module_symbol(&self, name: StrId) -> Option<Symbol> {
        self.symbol_in(self.stack.first().unwrap_or(&self.unit), name)
    }

    /// The symbol of a mangled name as seen from a unit that may not be the current one: another one than
    /// the scope has while an inlined comprehension of the unit is generated.
    pub(crate) fn symbol_in(&self, unit: &Unit<'_>, name: StrId) -> Option<Symbol> {
        match unit.tweaked.iter().rfind(|tweaked| tweaked.name == name) {
            Some(tweaked) => Some(tweaked.inner),
            None => self.symtable.scope(unit.scope).lookup(name),
        }
    }

    /// Adds an instruction with the index of a name, which is not mangled (`ADDOP_N`).
    pub(crate) fn emit_plain_name(
        &mut self,
        location: Location,
        opcode: Opcode,
        list: NameList,
        name: StrId,
    ) {
        let arg = self.name_index(list, name);
        self.emit_arg(location, opcode, arg);
    }

    /// Adds an instruction with the index of a mangled name (`ADDOP_NAME`).
    pub(crate) fn emit_name(&mut self, location: Location, opcode: Opcode, list: NameList, name: StrId) {
        let mangled = self.maybe_mangle(name);
        self.emit_plain_name(location, opcode, list, mangled);
    }

    /// Adds an attribute instruction (`ADDOP_NAME`).
    #[inline]
    pub(crate) fn emit_attribute(&mut self, location: Location, op: AttributeOp, name: StrId) {
        let mangled = self.maybe_mangle(name);
        let (opcode, arg) = op.encode(self.name_index(NameList::Names, mangled));
        self.emit_arg(location, opcode, arg);
    }

    /// Loads, stores or deletes a variable (`codegen_nameop`).
    pub(crate) fn nameop(&mut self, location: Location, name: StrId, context: ExprContext) {
        let mangled = self.maybe_mangle(name);
        let resolved = self.resolve(mangled);
        let opcode = match resolved.access {
            Access::Fast => fast_opcode(context),
            Access::Deref => self.deref_opcode(location, context),
            Access::Global => self.global_opcode(location, context, resolved.scope),
            Access::Name => self.name_opcode(context),
        };
        let shift = u32::from(opcode == Opcode::LoadGlobal);
        self.emit_arg(location, opcode, resolved.arg << shift);
    }

    /// How a mangled name is reached (`_PyCompile_ResolveNameop`).
    #[inline]
    fn resolve(&mut self, name: StrId) -> Resolved {
        let entry = self.names.get_or_insert_with(name.index(), NameEntry::unknown);
        match entry.resolved {
            Some(resolved) => resolved,
            None => self.resolve_first(name),
        }
    }

    fn resolve_first(&mut self, name: StrId) -> Resolved {
        let function_like = self.unit.function_like;
        let entry = self.names.get_or_insert_with(name.index(), NameEntry::unknown);
        let scope = entry.scope();
        let (access, list) = match scope {
            SymScope::Free => (Access::Deref, NameList::Freevars),
            SymScope::Cell => (Access::Deref, NameList::Cellvars),
            SymScope::Local if function_like || entry.hidden() == Hidden::Now => {
                (Access::Fast, NameList::Varnames)
            }
            SymScope::GlobalImplicit if function_like => (Access::Global, NameList::Names),
            SymScope::GlobalExplicit => (Access::Global, NameList::Names),
            SymScope::Local | SymScope::GlobalImplicit | SymScope::Unknown => (Access::Name, NameList::Names),
        };
        let arg = entry.index_in(list, &mut self.unit.names, name);
        let resolved = Resolved { access, scope, arg };
        entry.resolved = Some(resolved);
        resolved
    }

    fn deref_opcode(&mut self, location: Location, context: ExprContext) -> Opcode {
        match context {
            ExprContext::Load if self.in_class_body() => {
                self.emit(location, Opcode::LoadLocals);
                Opcode::LoadFromDictOrDeref
            }
            ExprContext::Load if self.unit.sees_class_scope => {
                self.load_classdict(location);
                Opcode::LoadFromDictOrDeref
            }
            ExprContext::Load => Opcode::LoadDeref,
            ExprContext::Store => Opcode::StoreDeref,
            ExprContext::Del => Opcode::DeleteDeref,
        }
    }

    fn global_opcode(&mut self, location: Location, context: ExprContext, scope: SymScope) -> Opcode {
        match context {
            ExprContext::Load if scope == SymScope::GlobalImplicit && self.unit.sees_class_scope => {
                self.load_classdict(location);
                Opcode::LoadFromDictOrGlobals
            }
            ExprContext::Load => Opcode::LoadGlobal,
            ExprContext::Store => Opcode::StoreGlobal,
            ExprContext::Del => Opcode::DeleteGlobal,
        }
    }

    fn name_opcode(&self, context: ExprContext) -> Opcode {
        match context {
            ExprContext::Load if self.unit.in_class_scope && self.unit.inlined_comprehensions > 0 => {
                Opcode::LoadGlobal
            }
            ExprContext::Load => Opcode::LoadName,
            ExprContext::Store => Opcode::StoreName,
            ExprContext::Del => Opcode::DeleteName,
        }
    }

    /// Whether instructions run in a class namespace: in a class, but not in an inlined comprehension.
    pub(crate) fn in_class_body(&self) -> bool {
        self.unit.in_class_scope && self.unit.inlined_comprehensions == 0
    }

    /// `codegen_load_classdict_freevar`
    fn load_classdict(&mut self, location: Location) {
        self.emit_plain_name(location, Opcode::LoadDeref, NameList::Freevars, known::CLASSDICT);
    }

    /// The argument of the `LOAD_CLOSURE` that hands a variable to an inner function
    /// (`_PyCompile_LookupArg`).
    ///
    /// A class may have a variable of its own by the name of a free variable of a method; the closure
    /// then gets the free one.
    pub(crate) fn closure_arg(&mut self, name: StrId) -> i32 {
        let list = if self.is_cell(name) { NameList::Cellvars } else { NameList::Freevars };
        self.name_index(list, name)
    }

    /// Whether a name is a cell variable of the current unit (`_PyCompile_GetRefType`).
    pub(crate) fn is_cell(&self, name: StrId) -> bool {
        let implicit = [known::CLASS, known::CLASSDICT, known::CONDITIONAL_ANNOTATIONS];
        let class_cell = self.unit.kind == UnitKind::Class && implicit.contains(&name);
        class_cell || self.name_scope(name) == SymScope::Cell
    }
}

fn fast_opcode(context: ExprContext) -> Opcode {
    match context {
        ExprContext::Load => Opcode::LoadFast,
        ExprContext::Store => Opcode::StoreFast,
        ExprContext::Del => Opcode::DeleteFast,
    }
}
