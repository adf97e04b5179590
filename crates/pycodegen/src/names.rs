//! The names of a unit, by the arguments that refer to them.
//!
//! C: the dicts `u_names`, `u_varnames`, `u_cellvars`, `u_freevars`, `u_fasthidden` of
//! `_PyCompile_CodeUnitMetadata`; `_PyCompile_EnterScope`, `_PyCompile_DictAddObj`, `dictbytype` of
//! `Python/compile.c`.

use pyast::StrId;
use pycode::{Interner, known};
use pysymtable::{Scope, SymScope, Symbol, SymbolFlags};

use crate::generator::{Generator, Oparg};
use crate::variables::Resolved;

/// The names of a unit in the order of their indices.
#[derive(Default)]
pub(crate) struct NameLists {
    pub(crate) names: Vec<StrId>,
    pub(crate) varnames: Vec<StrId>,
    pub(crate) cellvars: Vec<StrId>,
    /// Their indices go on after those of the cell variables.
    pub(crate) freevars: Vec<StrId>,
    pub(crate) fasthidden: Vec<StrId>,
}

/// What is known of a name in the current unit.
pub(crate) struct NameEntry {
    /// Its symbol: that of the unit's scope, but within an inlined comprehension the one there.
    symbol: Option<Symbol>,
    /// Whether it is a fast local at the moment, in a scope that has none (`u_fasthidden`).
    hidden: Hidden,
    /// How the variable of this name is reached, once that was asked.
    pub(crate) resolved: Option<Resolved>,
    name: Index,
    local: Index,
    cell: Index,
    free: Index,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hidden {
    Never,
    Now,
    Before,
}

/// An index that may not be given yet.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Index(u32);

impl Index {
    const NONE: Index = Index(u32::MAX);

    fn of(index: usize) -> Self {
        Index(u32::try_from(index).expect("fewer than 2^32 names"))
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

impl NameEntry {
    fn new(symbol: Option<Symbol>) -> Self {
        let none = Index::NONE;
        let hidden = Hidden::Never;
        NameEntry { symbol, hidden, resolved: None, name: none, local: none, cell: none, free: none }
    }

    /// A name that the unit's scope does not mention: an attribute, or one that the compiler makes up.
    pub(crate) fn unknown() -> Self {
        NameEntry::new(None)
    }

    pub(crate) fn symbol(&self) -> Option<Symbol> {
        self.symbol
    }

    pub(crate) fn hidden(&self) -> Hidden {
        self.hidden
    }

    pub(crate) fn set_symbol(&mut self, symbol: Option<Symbol>) {
        self.symbol = symbol;
        self.resolved = None;
    }

    pub(crate) fn set_hidden(&mut self, hidden: Hidden) {
        self.hidden = hidden;
        self.resolved = None;
    }

    /// Where the name lives.
    #[inline]
    pub(crate) fn scope(&self) -> SymScope {
        self.symbol.map_or(SymScope::Unknown, Symbol::scope)
    }

    /// The index of the name in a list, where it is added unless it is there (`_PyCompile_DictAddObj`).
    #[inline]
    pub(crate) fn index_in(&mut self, list: NameList, lists: &mut NameLists, name: StrId) -> i32 {
        let (index, list) = match list {
            NameList::Names => (&mut self.name, &mut lists.names),
            NameList::Varnames => (&mut self.local, &mut lists.varnames),
            NameList::Cellvars => (&mut self.cell, &mut lists.cellvars),
            NameList::Freevars => (&mut self.free, &mut lists.freevars),
        };
        if *index == Index::NONE {
            *index = Index::of(list.len());
            list.push(name);
        }
        index.0.oparg()
    }
}

impl NameLists {
    /// Empty lists with room for the names of most units.
    pub(crate) fn with_room() -> Self {
        let (names, varnames) = (Vec::with_capacity(64), Vec::with_capacity(16));
        NameLists { names, varnames, ..NameLists::default() }
    }

    /// Empties the lists.
    pub(crate) fn clear(&mut self) {
        let NameLists { names, varnames, cellvars, freevars, fasthidden } = self;
        for list in [names, varnames, cellvars, freevars, fasthidden] {
            list.clear();
        }
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
        let entry = self.names.get_or_insert_with(name.index(), NameEntry::unknown);
        entry.index_in(list, &mut self.unit.names, name)
    }

    /// Makes entries for the symbols of the unit's scope and gives indices to parameters, cells and free
    /// variables (`_PyCompile_EnterScope`).
    pub(crate) fn open_names(&mut self, scope: Scope<'_>) {
        for symbol in scope.symbols() {
            let (name, flags) = (symbol.name, symbol.flags());
            let entry = self.names.get_or_insert_with(name.index(), || NameEntry::new(Some(symbol)));
            if flags.contains(SymbolFlags::PARAM) {
                entry.index_in(NameList::Varnames, &mut self.unit.names, name);
            }
            if symbol.scope() == SymScope::Cell || flags.contains(SymbolFlags::COMP_CELL) {
                self.unit.names.cellvars.push(name);
            }
            if symbol.scope() == SymScope::Free || flags.contains(SymbolFlags::FREE_CLASS) {
                self.unit.names.freevars.push(name);
            }
        }
        sort_names(&mut self.unit.names.cellvars, self.pool.strings());
        for index in 0..self.unit.names.cellvars.len() {
            let name = self.unit.names.cellvars[index];
            self.name_entry(name).cell = Index::of(index);
        }
        self.add_implicit_cells(scope);
        sort_names(&mut self.unit.names.freevars, self.pool.strings());
        let offset = self.unit.names.cellvars.len();
        for index in 0..self.unit.names.freevars.len() {
            let name = self.unit.names.freevars[index];
            self.name_entry(name).free = Index::of(offset + index);
        }
    }

    /// Adds the cells that no variable of the source stands for.
    fn add_implicit_cells(&mut self, scope: Scope<'_>) {
        let implicit_cells = [
            (scope.needs_class_closure(), known::CLASS),
            (scope.needs_classdict(), known::CLASSDICT),
            (scope.has_conditional_annotations(), known::CONDITIONAL_ANNOTATIONS),
        ];
        for (_, name) in implicit_cells.into_iter().filter(|(needed, _)| *needed) {
            self.name_index(NameList::Cellvars, name);
        }
    }
}

/// Sorts names by their texts: indices of cells must not depend on the order in which they were found.
fn sort_names(names: &mut [StrId], strings: &Interner) {
    // WTF-8 sorts by code point, as Python does.
    names.sort_unstable_by(|&a, &b| strings.get(a).cmp(&strings.get(b)));
}
