//! Variables and attributes: which instruction reaches a name.
//!
//! CPython's counterparts: `_PyCompile_ResolveNameop`, `_PyCompile_GetRefType`, `_PyCompile_LookupArg` of
//! `Python/compile.c`; `codegen_nameop`, `codegen_addop_name` of `Python/codegen.c`.

use pyast::{ExprContext, Location, StrId};
use pycode::known;
use pyopcode::Opcode;
use pysymtable::{Scope, SymScope, Symbol};

use crate::generator::Generator;
use crate::names::{NameEntry, NameList};
use crate::unit::{Unit, UnitKind};

/// How a variable is reached (`_PyCompile_optype`, with the scope where that makes a difference).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    Fast,
    Cell,
    Free,
    GlobalImplicit,
    GlobalExplicit,
    Name,
}

impl Access {
    /// How a name is reached in a unit that works like a function or does not (`_PyCompile_ResolveNameop`).
    #[inline]
    pub(crate) fn of(scope: SymScope, function_like: bool) -> Access {
        ACCESSES[usize::from(function_like)][scope as usize]
    }

    /// The list that the argument refers to.
    #[inline]
    pub(crate) fn list(self) -> NameList {
        match self {
            Access::Fast => NameList::Varnames,
            Access::Cell => NameList::Cellvars,
            Access::Free => NameList::Freevars,
            Access::GlobalImplicit | Access::GlobalExplicit | Access::Name => NameList::Names,
        }
    }

    /// The instruction, where no class has a say.
    #[inline]
    fn opcode(self, context: ExprContext) -> Opcode {
        OPCODES[self as usize][context as usize]
    }
}

/// By [`SymScope`]: how a name is reached, first in other units, then in those that work like a function.
static ACCESSES: [[Access; 6]; 2] = [
    [Access::Name, Access::Name, Access::GlobalExplicit, Access::Name, Access::Free, Access::Cell],
    [Access::Name, Access::Fast, Access::GlobalExplicit, Access::GlobalImplicit, Access::Free, Access::Cell],
];

/// By [`Access`] and [`ExprContext`]: what loads, stores and deletes a variable. A table, since what comes next cannot be
/// predicted.
static OPCODES: [[Opcode; 3]; 6] = [
    [Opcode::LoadFast, Opcode::StoreFast, Opcode::DeleteFast],
    [Opcode::LoadDeref, Opcode::StoreDeref, Opcode::DeleteDeref],
    [Opcode::LoadDeref, Opcode::StoreDeref, Opcode::DeleteDeref],
    [Opcode::LoadGlobal, Opcode::StoreGlobal, Opcode::DeleteGlobal],
    [Opcode::LoadGlobal, Opcode::StoreGlobal, Opcode::DeleteGlobal],
    [Opcode::LoadName, Opcode::StoreName, Opcode::DeleteName],
];

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
        self.mangle_in_scope(name)
    }

    #[inline(never)]
    fn mangle_in_scope(&mut self, name: StrId) -> StrId {
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
    #[inline(never)]
    pub(crate) fn nameop(&mut self, location: Location, name: StrId, context: ExprContext) {
        self.access_variable(location, name, context);
    }

    /// [`nameop`](Self::nameop) for the one place from where most come.
    #[inline]
    pub(crate) fn access_variable(&mut self, location: Location, name: StrId, context: ExprContext) {
        let mangled = self.maybe_mangle(name);
        let (access, arg) = self.resolve(mangled);
        let mut opcode = access.opcode(context);
        if self.unit.consults_class && context == ExprContext::Load {
            opcode = self.load_opcode_in_class(location, access);
        }
        let shift = u32::from(opcode == Opcode::LoadGlobal);
        self.emit_arg(location, opcode, arg << shift);
    }

    /// What loads a variable in a scope that may look it up in the namespace of a class; loads that first.
    #[inline(never)]
    fn load_opcode_in_class(&mut self, location: Location, access: Access) -> Opcode {
        match access {
            Access::Cell | Access::Free if self.in_class_body() => {
                self.emit(location, Opcode::LoadLocals);
                Opcode::LoadFromDictOrDeref
            }
            Access::Cell | Access::Free if self.unit.sees_class_scope => {
                self.load_classdict(location);
                Opcode::LoadFromDictOrDeref
            }
            Access::GlobalImplicit if self.unit.sees_class_scope => {
                self.load_classdict(location);
                Opcode::LoadFromDictOrGlobals
            }
            Access::Name if self.unit.in_class_scope && self.unit.inlined_comprehensions > 0 => {
                Opcode::LoadGlobal
            }
            _ => access.opcode(ExprContext::Load),
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
