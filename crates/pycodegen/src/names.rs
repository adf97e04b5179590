//! Names of a unit: their scopes, and the arguments that refer to them.
//!
//! C: `_PyCompile_ResolveNameop`, `_PyCompile_DictAddObj`, `dictbytype`, `_PyCompile_GetRefType` of
//! `Python/compile.c`; `codegen_nameop`, `codegen_addop_name` of `Python/codegen.c`.

use pyast::{ExprContext, Location, StrId};
use pycode::{Interner, known};
use pyopcode::Opcode;
use pysymtable::{Scope, ScopeKind, SymScope, Symbol};
use rustc_hash::FxHashMap;

use crate::generator::{Generator, Oparg};
use crate::unit::UnitKind;

/// The names of a unit. Each name is looked up in the symbol table once; after that it costs one look
/// into a small map to get its scope and its indices.
#[derive(Default)]
pub(crate) struct Names {
    entries: FxHashMap<StrId, NameEntry>,
    lists: NameLists,
}

/// The names of a unit by the arguments that refer to them.
#[derive(Default)]
pub(crate) struct NameLists {
    pub(crate) names: Vec<StrId>,
    pub(crate) varnames: Vec<StrId>,
    pub(crate) cellvars: Vec<StrId>,
    pub(crate) freevars: Vec<StrId>,
    pub(crate) fasthidden: Vec<StrId>,
}

/// What is known of a name in a unit.
#[derive(Clone, Copy)]
struct NameEntry {
    /// Its symbol: that of the unit's scope, but within an inlined comprehension the one there.
    symbol: Option<Symbol>,
    name: Index,
    local: Index,
    cell: Index,
    free: Index,
    /// Whether it is a fast local at the moment, in a scope that has none (`u_fasthidden`).
    hidden: Hidden,
}

/// An index that may not be given yet.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Index(u32);

impl Index {
    const NONE: Index = Index(u32::MAX);

    /// The index in `list`, where the name is added unless it is there.
    #[inline]
    fn or_add(&mut self, list: &mut Vec<StrId>, name: StrId) -> i32 {
        if *self == Index::NONE {
            *self = Index(list.len() as u32);
            list.push(name);
        }
        self.0.oparg()
    }

    fn given(self) -> i32 {
        assert!(self != Index::NONE, "a cell or free variable has an index");
        self.0.oparg()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hidden {
    Never,
    Now,
    Before,
}

impl NameEntry {
    fn new(symbol: Option<Symbol>) -> Self {
        let none = Index::NONE;
        NameEntry { symbol, name: none, local: none, cell: none, free: none, hidden: Hidden::Never }
    }

    fn scope(&self) -> SymScope {
        self.symbol.map_or(SymScope::Unknown, Symbol::scope)
    }
}

/// The lists that an instruction's name can be in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameList {
    Names,
    Varnames,
    Cellvars,
    Freevars,
}

impl Names {
    /// Begins with the parameters, cell and free variables of a scope (`_PyCompile_EnterScope`).
    pub(crate) fn open(&mut self, scope: Scope<'_>, strings: &Interner) {
        for parameter in scope.varnames() {
            self.add(scope, NameList::Varnames, parameter);
        }
        for name in scope.cell_names(strings) {
            self.add(scope, NameList::Cellvars, name);
        }
        let implicit_cells = [
            (scope.needs_class_closure(), known::CLASS),
            (scope.needs_classdict(), known::CLASSDICT),
            (scope.has_conditional_annotations(), known::CONDITIONAL_ANNOTATIONS),
        ];
        for (_, name) in implicit_cells.into_iter().filter(|(needed, _)| *needed) {
            self.add(scope, NameList::Cellvars, name);
        }
        let offset = self.lists.cellvars.len();
        for name in scope.free_names(strings) {
            let index = Index((offset + self.lists.freevars.len()) as u32);
            self.entry(scope, name).free = index;
            self.lists.freevars.push(name);
        }
    }

    /// Forgets all names.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// The lists, which become empty.
    pub(crate) fn take(&mut self) -> NameLists {
        std::mem::take(&mut self.lists)
    }

    /// The first parameter or local variable.
    pub(crate) fn first_local(&self) -> Option<StrId> {
        self.lists.varnames.first().copied()
    }

    /// The symbol of a name, without making an entry for it.
    pub(crate) fn symbol(&self, scope: Scope<'_>, name: StrId) -> Option<Symbol> {
        self.entries.get(&name).map_or_else(|| scope.lookup(name), |entry| entry.symbol)
    }

    /// Gives a name another symbol.
    pub(crate) fn set_symbol(&mut self, scope: Scope<'_>, name: StrId, symbol: Option<Symbol>) {
        self.entry(scope, name).symbol = symbol;
    }

    /// Makes a name a hidden fast local; whether it was none.
    pub(crate) fn hide(&mut self, scope: Scope<'_>, name: StrId) -> bool {
        let entry = self.entry(scope, name);
        let before = std::mem::replace(&mut entry.hidden, Hidden::Now);
        if before == Hidden::Never {
            self.lists.fasthidden.push(name);
        }
        before != Hidden::Now
    }

    /// Ends what [`hide`](Self::hide) began.
    pub(crate) fn unhide(&mut self, scope: Scope<'_>, name: StrId) {
        self.entry(scope, name).hidden = Hidden::Before;
    }

    /// The index of a cell variable.
    pub(crate) fn cell_index(&self, name: StrId) -> i32 {
        self.entries.get(&name).map_or(Index::NONE, |entry| entry.cell).given()
    }

    /// The index of a name in a list, where it is added unless it is there (`_PyCompile_DictAddObj`).
    #[inline]
    pub(crate) fn add(&mut self, scope: Scope<'_>, list: NameList, name: StrId) -> i32 {
        let entry = self.entries.entry(name).or_insert_with(|| NameEntry::new(scope.lookup(name)));
        let lists = &mut self.lists;
        match list {
            NameList::Names => entry.name.or_add(&mut lists.names, name),
            NameList::Varnames => entry.local.or_add(&mut lists.varnames, name),
            NameList::Cellvars => entry.cell.or_add(&mut lists.cellvars, name),
            NameList::Freevars => entry.free.or_add(&mut lists.freevars, name),
        }
    }

    /// What kind of variable a name is, and its index (`_PyCompile_ResolveNameop`).
    #[inline]
    fn resolve(&mut self, scope: Scope<'_>, function_like: bool, name: StrId) -> Resolved {
        let entry = self.entries.entry(name).or_insert_with(|| NameEntry::new(scope.lookup(name)));
        let lists = &mut self.lists;
        let name_scope = entry.scope();
        let access = match name_scope {
            SymScope::Free => {
                let arg = entry.free.or_add(&mut lists.freevars, name);
                return Resolved { access: Access::Deref, name_scope, arg };
            }
            SymScope::Cell => {
                let arg = entry.cell.or_add(&mut lists.cellvars, name);
                return Resolved { access: Access::Deref, name_scope, arg };
            }
            SymScope::Local if function_like || entry.hidden == Hidden::Now => {
                let arg = entry.local.or_add(&mut lists.varnames, name);
                return Resolved { access: Access::Fast, name_scope, arg };
            }
            SymScope::GlobalImplicit if function_like => Access::Global,
            SymScope::GlobalExplicit => Access::Global,
            SymScope::Local | SymScope::GlobalImplicit | SymScope::Unknown => Access::Name,
        };
        Resolved { access, name_scope, arg: entry.name.or_add(&mut lists.names, name) }
    }

    fn entry(&mut self, scope: Scope<'_>, name: StrId) -> &mut NameEntry {
        self.entries.entry(name).or_insert_with(|| NameEntry::new(scope.lookup(name)))
    }
}

/// How a variable is reached (`_PyCompile_optype`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Fast,
    Global,
    Deref,
    Name,
}

struct Resolved {
    access: Access,
    name_scope: SymScope,
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
        if self.unit.private.is_none() {
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
        let symbol = self.unit.names.symbol(self.scope(), name);
        symbol.map_or(SymScope::Unknown, Symbol::scope)
    }

    /// The symbol of a name in the module (`_PyST_GetSymbol` of `st_top`), which is another one while an
    /// inlined comprehension of the module is generated.
    pub(crate) fn module_symbol(&self, name: StrId) -> Option<Symbol> {
        let module = self.stack.first().unwrap_or(&self.unit);
        module.names.symbol(self.symtable.module(), name)
    }

    /// Adds an instruction with the index of a name, which is not mangled (`ADDOP_N`).
    pub(crate) fn emit_plain_name(
        &mut self,
        location: Location,
        opcode: Opcode,
        list: NameList,
        name: StrId,
    ) {
        let scope = self.scope();
        let arg = self.unit.names.add(scope, list, name);
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
        let scope = self.scope();
        let (opcode, arg) = op.encode(self.unit.names.add(scope, NameList::Names, mangled));
        self.emit_arg(location, opcode, arg);
    }

    /// Loads, stores or deletes a variable (`codegen_nameop`).
    pub(crate) fn nameop(&mut self, location: Location, name: StrId, context: ExprContext) {
        let mangled = self.maybe_mangle(name);
        let scope = self.scope();
        let resolved = self.unit.names.resolve(scope, self.unit.function_like, mangled);
        let opcode = match resolved.access {
            Access::Fast => fast_opcode(context),
            Access::Deref => self.deref_opcode(location, context),
            Access::Global => self.global_opcode(location, context, resolved.name_scope),
            Access::Name => self.name_opcode(context),
        };
        let shift = u32::from(opcode == Opcode::LoadGlobal);
        self.emit_arg(location, opcode, resolved.arg << shift);
    }

    fn deref_opcode(&mut self, location: Location, context: ExprContext) -> Opcode {
        match context {
            ExprContext::Load if self.in_class_body() => {
                self.emit(location, Opcode::LoadLocals);
                Opcode::LoadFromDictOrDeref
            }
            ExprContext::Load if self.scope().can_see_class_scope() => {
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
            ExprContext::Load if scope == SymScope::GlobalImplicit && self.scope().can_see_class_scope() => {
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
            ExprContext::Load
                if self.scope().kind() == ScopeKind::Class && self.unit.inlined_comprehensions > 0 =>
            {
                Opcode::LoadGlobal
            }
            ExprContext::Load => Opcode::LoadName,
            ExprContext::Store => Opcode::StoreName,
            ExprContext::Del => Opcode::DeleteName,
        }
    }

    /// Whether instructions run in a class namespace: in a class, but not in an inlined comprehension.
    pub(crate) fn in_class_body(&self) -> bool {
        self.scope().kind() == ScopeKind::Class && self.unit.inlined_comprehensions == 0
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
        let scope = self.scope();
        let list = if self.is_cell(name) { NameList::Cellvars } else { NameList::Freevars };
        self.unit.names.add(scope, list, name)
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
