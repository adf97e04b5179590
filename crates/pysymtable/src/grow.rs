//! How the two passes build and change a table.

use pyast::{Location, NodeKey};
use pycode::{Interner, StrId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::mangle::is_private;
use crate::symbol::{FLAGS_MASK, SCOPE_OFFSET};
use crate::table::{NO_SYMBOL, ScopeFlags, ScopeRecord, SymbolRecord, slot_of};
use crate::{ScopeId, ScopeKind, SymScope, SymbolFlags, SymbolTable};

impl SymbolTable {
    /// A table that is not one yet: it lacks even the scope of the module.
    pub(crate) fn without_scopes() -> SymbolTable {
        SymbolTable {
            scopes: Vec::new(),
            symbols: Vec::new(),
            slots: Vec::new(),
            by_node: FxHashMap::default(),
            mangled_type_params: FxHashSet::default(),
        }
    }

    /// Forgets all scopes and symbols, keeps the memory, and makes room for the symbols of a module that has so many
    /// strings: most of its names are in one scope only.
    pub(crate) fn restart(&mut self, strings: usize) {
        let SymbolTable { scopes, symbols, slots, by_node, mangled_type_params } = self;
        scopes.clear();
        scopes.reserve(strings / 2);
        symbols.clear();
        symbols.reserve(strings * 2);
        slots.clear();
        slots.resize((strings * 4).next_power_of_two(), 0);
        by_node.clear();
        by_node.reserve(strings / 2);
        mangled_type_params.clear();
    }

    pub(crate) fn add_scope(&mut self, name: StrId, kind: ScopeKind, location: Location) -> ScopeId {
        let id = ScopeId::from_index(self.scopes.len());
        self.scopes.push(ScopeRecord {
            name,
            kind,
            comprehension: None,
            flags: ScopeFlags::default(),
            location,
            first_symbol: NO_SYMBOL,
            last_symbol: NO_SYMBOL,
            first_child: None,
            last_child: None,
            next_sibling: None,
            annotation_block: None,
            mangled_only: None,
        });
        id
    }

    pub(crate) fn set_key(&mut self, key: NodeKey, scope: ScopeId) {
        self.by_node.insert(key, scope);
    }

    /// Appends a scope to the children of another.
    pub(crate) fn add_child(&mut self, parent: ScopeId, child: ScopeId) {
        let record = &mut self.scopes[parent.index()];
        match record.last_child.replace(child) {
            Some(last) => self.scopes[last.index()].next_sibling = Some(child),
            None => record.first_child = Some(child),
        }
    }

    /// Notes a type parameter of a class for mangling; scopes elsewhere, and other names, need no note.
    pub(crate) fn note_type_param(&mut self, scope: ScopeId, name: StrId, strings: &Interner) {
        if let Some(class) = self.scopes[scope.index()].mangled_only
            && is_private(strings.get(name))
        {
            self.mangled_type_params.insert((class, name));
        }
    }

    /// The index of a name's symbol in a scope; a new one has no flags.
    #[inline]
    pub(crate) fn find_or_add(&mut self, scope: ScopeId, name: StrId) -> u32 {
        match self.find_or_slot(scope, name) {
            Ok(index) => index,
            Err(slot) => self.add_symbol(scope, name, slot, SymbolFlags::default()),
        }
    }

    /// Adds flags to a name's symbol in a scope, neither of which has been analyzed; a new one has no others.
    #[inline]
    pub(crate) fn define(&mut self, scope: ScopeId, name: StrId, flags: SymbolFlags) {
        match self.find_or_slot(scope, name) {
            Ok(index) => self.symbols[index as usize].bits |= flags.0,
            Err(slot) => {
                self.add_symbol(scope, name, slot, flags);
            }
        }
    }

    /// Appends a symbol that the scope does not have, and that belongs in this free slot.
    #[inline(never)]
    fn add_symbol(&mut self, scope: ScopeId, name: StrId, slot: usize, flags: SymbolFlags) -> u32 {
        let index = self.symbols.len() as u32;
        self.symbols.push(SymbolRecord { scope, name, next: NO_SYMBOL, bits: flags.0 });
        let record = &mut self.scopes[scope.index()];
        match std::mem::replace(&mut record.last_symbol, index) {
            NO_SYMBOL => record.first_symbol = index,
            last => self.symbols[last as usize].next = index,
        }
        if self.symbols.len() * 2 > self.slots.len() {
            self.grow_slots();
        } else {
            self.slots[slot] = index + 1;
        }
        index
    }

    fn grow_slots(&mut self) {
        let length = (self.slots.len() * 2).max(256);
        self.slots.clear();
        self.slots.resize(length, 0);
        for index in 0..self.symbols.len() {
            self.fill_slot(index as u32);
        }
    }

    fn fill_slot(&mut self, index: u32) {
        let symbol = &self.symbols[index as usize];
        let mask = self.slots.len() - 1;
        let mut slot = slot_of(symbol.scope, symbol.name) & mask;
        while self.slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = index + 1;
    }

    /// Takes a name out of a scope. The record stays where it is, of no scope.
    pub(crate) fn remove_symbol(&mut self, scope: ScopeId, name: StrId) {
        let Some(removed) = self.find(scope, name) else { return };
        let (mut previous, mut index) = (NO_SYMBOL, self.scopes[scope.index()].first_symbol);
        while index != removed {
            (previous, index) = (index, self.symbols[index as usize].next);
        }
        let next = self.symbols[removed as usize].next;
        self.symbols[removed as usize].scope = ScopeId::NOWHERE;
        let record = &mut self.scopes[scope.index()];
        if record.last_symbol == removed {
            record.last_symbol = previous;
        }
        match previous {
            NO_SYMBOL => record.first_symbol = next,
            previous => self.symbols[previous as usize].next = next,
        }
    }

    pub(crate) fn flags(&self, index: u32) -> SymbolFlags {
        SymbolFlags(self.symbols[index as usize].bits & FLAGS_MASK)
    }

    /// Sets the flags of a symbol that has no scope yet.
    pub(crate) fn set_flags(&mut self, index: u32, flags: SymbolFlags) {
        self.symbols[index as usize].bits = flags.0;
    }

    /// Adds flags to a symbol.
    pub(crate) fn add_flags(&mut self, index: u32, flags: SymbolFlags) {
        self.symbols[index as usize].bits |= flags.0;
    }

    pub(crate) fn sym_scope(&self, index: u32) -> SymScope {
        SymScope::from_bits(self.symbols[index as usize].bits >> SCOPE_OFFSET)
    }

    pub(crate) fn set_sym_scope(&mut self, index: u32, scope: SymScope) {
        let bits = &mut self.symbols[index as usize].bits;
        *bits = *bits & FLAGS_MASK | (scope as u16) << SCOPE_OFFSET;
    }
}
