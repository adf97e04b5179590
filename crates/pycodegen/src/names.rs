//! The names of a unit, by the arguments that refer to them.
//!
//! CPython's counterparts: the dicts `u_names`, `u_varnames`, `u_cellvars`, `u_freevars`, `u_fasthidden` of
//! `_PyCompile_CodeUnitMetadata`; `_PyCompile_EnterScope`, `_PyCompile_DictAddObj`, `dictbytype` of
//! `Python/compile.c`.

use pyast::StrId;
use pycode::{Interner, known};
use pyinstrseq::UnitMetadata;
use pysymtable::{Scope, SymScope, Symbol, SymbolFlags};

use crate::generator::Generator;
use crate::variables::Access;

/// What is known of a name in the current unit.
#[derive(Debug)]
pub(crate) struct NameEntry {
    /// Where it lives: as the unit's scope says, but within an inlined comprehension as that does.
    scope: SymScope,
    /// Whether it is a fast local at the moment, in a scope that has none (`u_fasthidden`).
    hidden: Hidden,
    /// How the variable of this name is reached.
    access: Access,
    /// Its index in the list of that access, once that was asked.
    arg: Index,
    /// Its index in each [`NameList`].
    indices: [Index; 4],
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hidden {
    Never,
    Now,
    Before,
}

/// An index as an argument; negative as long as it is not given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Index(i32);

impl Index {
    const NONE: Index = Index(-1);

    fn of(index: usize) -> Self {
        Index(i32::try_from(index).expect("fewer than 2^31 names"))
    }
}

/// The lists that an instruction's name can be in. The indices of free variables go on after those of the cells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameList {
    Names,
    Varnames,
    Cellvars,
    Freevars,
}

impl NameList {
    fn of(self, metadata: &mut UnitMetadata) -> &mut Vec<StrId> {
        match self {
            NameList::Names => &mut metadata.names,
            NameList::Varnames => &mut metadata.varnames,
            NameList::Cellvars => &mut metadata.cellvars,
            NameList::Freevars => &mut metadata.freevars,
        }
    }
}

impl NameEntry {
    #[inline]
    fn new(scope: SymScope, function_like: bool) -> Self {
        let access = Access::of(scope, function_like);
        NameEntry { scope, hidden: Hidden::Never, access, arg: Index::NONE, indices: [Index::NONE; 4] }
    }

    /// A name that the unit's scope does not mention: an attribute, or one that the compiler makes up.
    pub(crate) fn unknown() -> Self {
        NameEntry::new(SymScope::Unknown, false)
    }

    pub(crate) fn hidden(&self) -> Hidden {
        self.hidden
    }

    /// Makes the name live elsewhere, in a unit that works like a function or does not.
    pub(crate) fn set_scope(&mut self, scope: SymScope, function_like: bool) {
        self.scope = scope;
        self.decide_access(function_like);
    }

    /// Makes the name a fast local, or no longer one.
    pub(crate) fn set_hidden(&mut self, hidden: Hidden, function_like: bool) {
        self.hidden = hidden;
        self.decide_access(function_like);
    }

    fn decide_access(&mut self, function_like: bool) {
        let has_fast_locals = function_like || self.hidden == Hidden::Now;
        self.access = match self.scope {
            SymScope::Local if has_fast_locals => Access::Fast,
            scope => Access::of(scope, function_like),
        };
        self.arg = Index::NONE;
    }

    /// Where the name lives.
    #[inline]
    pub(crate) fn scope(&self) -> SymScope {
        self.scope
    }

    /// The index of the name in a list, where it is added unless it is there (`_PyCompile_DictAddObj`).
    #[inline]
    pub(crate) fn index_in(&mut self, list: NameList, metadata: &mut UnitMetadata, name: StrId) -> i32 {
        let index = &mut self.indices[list as usize];
        if *index == Index::NONE {
            let list = list.of(metadata);
            *index = Index::of(list.len());
            list.push(name);
        }
        index.0
    }
}

impl Generator<'_, '_> {
    /// What is known of a name in the current unit.
    #[inline]
    pub(crate) fn name_entry(&mut self, name: StrId) -> &mut NameEntry {
        // The names of the scope have their entries from the beginning.
        self.names.get_or_insert_with(name.index(), NameEntry::unknown)
    }

    /// The index of a name in a list of the current unit, where it is added unless it is there.
    #[inline]
    pub(crate) fn name_index(&mut self, list: NameList, name: StrId) -> i32 {
        match self.names.get(name.index()) {
            Some(entry) if entry.indices[list as usize] != Index::NONE => entry.indices[list as usize].0,
            _ => self.add_name(list, name),
        }
    }

    /// How a mangled name is reached as a variable, with its index (`_PyCompile_ResolveNameop`).
    #[inline]
    pub(crate) fn resolve(&mut self, name: StrId) -> (Access, i32) {
        match self.names.get(name.index()) {
            Some(entry) if entry.arg != Index::NONE => (entry.access, entry.arg.0),
            _ => self.resolve_first(name),
        }
    }

    #[inline(never)]
    fn resolve_first(&mut self, name: StrId) -> (Access, i32) {
        let entry = self.names.get_or_insert_with(name.index(), NameEntry::unknown);
        entry.arg = Index(entry.index_in(entry.access.list(), &mut self.unit.output.metadata, name));
        (entry.access, entry.arg.0)
    }

    #[inline(never)]
    fn add_name(&mut self, list: NameList, name: StrId) -> i32 {
        let entry = self.names.get_or_insert_with(name.index(), NameEntry::unknown);
        entry.index_in(list, &mut self.unit.output.metadata, name)
    }

    /// Makes entries for the symbols of the unit's scope and gives indices to parameters, cells and free
    /// variables (`_PyCompile_EnterScope`).
    pub(crate) fn open_names(&mut self, scope: Scope<'_>) {
        let function_like = self.unit.function_like;
        for symbol in scope.symbols() {
            let mut entry = NameEntry::new(symbol.scope(), function_like);
            if is_listed_at_once(symbol) {
                list_at_once(symbol, &mut entry, &mut self.unit.output.metadata);
            }
            self.names.insert(symbol.name.index(), entry);
        }
        self.open_cells();
        self.add_implicit_cells(scope);
        self.open_freevars();
    }

    fn open_cells(&mut self) {
        sort_names(&mut self.unit.output.metadata.cellvars, self.pool.strings());
        for index in 0..self.unit.output.metadata.cellvars.len() {
            let name = self.unit.output.metadata.cellvars[index];
            self.name_entry(name).indices[NameList::Cellvars as usize] = Index::of(index);
        }
    }

    fn open_freevars(&mut self) {
        sort_names(&mut self.unit.output.metadata.freevars, self.pool.strings());
        let offset = self.unit.output.metadata.cellvars.len();
        for index in 0..self.unit.output.metadata.freevars.len() {
            let name = self.unit.output.metadata.freevars[index];
            self.name_entry(name).indices[NameList::Freevars as usize] = Index::of(offset + index);
        }
    }

    /// Adds the cells that no variable of the source stands for.
    fn add_implicit_cells(&mut self, scope: Scope<'_>) {
        if scope.needs_class_closure() {
            self.name_index(NameList::Cellvars, known::CLASS);
        }
        if scope.needs_classdict() {
            self.name_index(NameList::Cellvars, known::CLASSDICT);
        }
        if scope.has_conditional_annotations() {
            self.name_index(NameList::Cellvars, known::CONDITIONAL_ANNOTATIONS);
        }
    }
}

/// Whether a name has an index before any instruction refers to it: parameters, cells, free variables.
#[inline]
fn is_listed_at_once(symbol: Symbol) -> bool {
    const LISTED: SymbolFlags =
        SymbolFlags(SymbolFlags::PARAM.0 | SymbolFlags::COMP_CELL.0 | SymbolFlags::FREE_CLASS.0);
    symbol.flags().intersects(LISTED) || matches!(symbol.scope(), SymScope::Free | SymScope::Cell)
}

fn list_at_once(symbol: Symbol, entry: &mut NameEntry, unit: &mut UnitMetadata) {
    let (name, flags) = (symbol.name, symbol.flags());
    if flags.contains(SymbolFlags::PARAM) {
        entry.index_in(NameList::Varnames, unit, name);
    }
    // These get their indices when all are known.
    if symbol.scope() == SymScope::Cell || flags.contains(SymbolFlags::COMP_CELL) {
        unit.cellvars.push(name);
    }
    if symbol.scope() == SymScope::Free || flags.contains(SymbolFlags::FREE_CLASS) {
        unit.freevars.push(name);
    }
}

/// Sorts names by their texts: indices of cells must not depend on the order in which they were found.
fn sort_names(names: &mut [StrId], strings: &Interner) {
    if names.len() < 2 {
        return;
    }
    // WTF-8 sorts by code point, as Python does.
    names.sort_unstable_by(|&a, &b| strings.get(a).cmp(&strings.get(b)));
}
