//! What a scope knows of a name.

use std::fmt;
use std::ops::{BitAnd, BitOr, BitOrAssign};

use pycode::StrId;

use crate::SymbolTable;
use crate::table::NO_SYMBOL;

/// What a block of code does with a name: the `DEF_*` bits and `USE` of `pycore_symtable.h`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SymbolFlags(pub u16);

impl SymbolFlags {
    /// `DEF_GLOBAL`: declared global, or the target of `:=` in a comprehension at module level.
    pub const GLOBAL: SymbolFlags = SymbolFlags(1);
    /// `DEF_LOCAL`: bound in the block.
    pub const LOCAL: SymbolFlags = SymbolFlags(1 << 1);
    /// `DEF_PARAM`: a parameter.
    pub const PARAM: SymbolFlags = SymbolFlags(1 << 2);
    /// `DEF_NONLOCAL`: declared nonlocal, or the target of `:=` in a comprehension in a function.
    pub const NONLOCAL: SymbolFlags = SymbolFlags(1 << 3);
    /// `USE`: read in the block.
    pub const USE: SymbolFlags = SymbolFlags(1 << 4);
    /// `DEF_FREE_CLASS`: free in a block within, and bound or used in this class (or annotation scope of
    /// a class) too.
    pub const FREE_CLASS: SymbolFlags = SymbolFlags(1 << 6);
    /// `DEF_IMPORT`: bound by an import.
    pub const IMPORT: SymbolFlags = SymbolFlags(1 << 7);
    /// `DEF_ANNOT`: annotated.
    pub const ANNOT: SymbolFlags = SymbolFlags(1 << 8);
    /// `DEF_COMP_ITER`: iteration variable of a comprehension.
    pub const COMP_ITER: SymbolFlags = SymbolFlags(1 << 9);
    /// `DEF_TYPE_PARAM`: a type parameter.
    pub const TYPE_PARAM: SymbolFlags = SymbolFlags(1 << 10);
    /// `DEF_COMP_CELL`: a cell of an inlined comprehension.
    pub const COMP_CELL: SymbolFlags = SymbolFlags(1 << 11);
    /// `DEF_BOUND`: bound in any way.
    pub const BOUND: SymbolFlags = SymbolFlags(Self::LOCAL.0 | Self::PARAM.0 | Self::IMPORT.0);

    /// Whether any bit of `other` is set.
    pub const fn intersects(self, other: SymbolFlags) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: SymbolFlags) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for SymbolFlags {
    type Output = SymbolFlags;
    fn bitor(self, other: SymbolFlags) -> SymbolFlags {
        SymbolFlags(self.0 | other.0)
    }
}

impl BitAnd for SymbolFlags {
    type Output = SymbolFlags;
    fn bitand(self, other: SymbolFlags) -> SymbolFlags {
        SymbolFlags(self.0 & other.0)
    }
}

impl BitOrAssign for SymbolFlags {
    fn bitor_assign(&mut self, other: SymbolFlags) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for SymbolFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [(SymbolFlags, &str); 11] = [
            (SymbolFlags::GLOBAL, "GLOBAL"),
            (SymbolFlags::LOCAL, "LOCAL"),
            (SymbolFlags::PARAM, "PARAM"),
            (SymbolFlags::NONLOCAL, "NONLOCAL"),
            (SymbolFlags::USE, "USE"),
            (SymbolFlags::FREE_CLASS, "FREE_CLASS"),
            (SymbolFlags::IMPORT, "IMPORT"),
            (SymbolFlags::ANNOT, "ANNOT"),
            (SymbolFlags::COMP_ITER, "COMP_ITER"),
            (SymbolFlags::TYPE_PARAM, "TYPE_PARAM"),
            (SymbolFlags::COMP_CELL, "COMP_CELL"),
        ];
        let names = NAMES.iter().filter(|(flag, _)| self.contains(*flag)).map(|(_, name)| *name);
        f.write_str(&names.collect::<Vec<_>>().join("|"))
    }
}

/// Where a name lives, seen from one scope. The discriminants are CPython's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum SymScope {
    /// The scope does not know the name, or was not analyzed.
    Unknown = 0,
    /// In this scope.
    Local = 1,
    /// In the module's globals, by a `global` declaration.
    GlobalExplicit = 2,
    /// In the module's globals or the builtins, since no scope around binds it.
    GlobalImplicit = 3,
    /// In a cell of a scope around.
    Free = 4,
    /// In this scope, in a cell, since a scope within refers to it.
    Cell = 5,
}

impl SymScope {
    pub(crate) const fn from_bits(bits: u16) -> SymScope {
        match bits {
            0 => SymScope::Unknown,
            1 => SymScope::Local,
            2 => SymScope::GlobalExplicit,
            3 => SymScope::GlobalImplicit,
            4 => SymScope::Free,
            5 => SymScope::Cell,
            _ => panic!("symtable: the scope bits of a symbol are broken"),
        }
    }
}

/// `SCOPE_OFFSET`: the scope lies above the flags.
pub(crate) const SCOPE_OFFSET: u32 = 12;
/// The flags of a symbol's bits.
pub(crate) const FLAGS_MASK: u16 = (1 << SCOPE_OFFSET) - 1;

/// A name as one scope sees it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Symbol {
    /// The name, mangled.
    pub name: StrId,
    pub(crate) bits: u16,
}

impl Symbol {
    /// What the block does with the name.
    #[inline]
    pub const fn flags(self) -> SymbolFlags {
        SymbolFlags(self.bits & FLAGS_MASK)
    }

    /// Where the name lives.
    #[inline]
    pub const fn scope(self) -> SymScope {
        SymScope::from_bits(self.bits >> SCOPE_OFFSET)
    }

    /// Flags and scope in one number: the value in `_symtable`'s `symbols` dict.
    #[inline]
    pub const fn bits(self) -> u16 {
        self.bits
    }
}

/// The symbols of a scope, in the order of their first mention.
#[derive(Clone, Debug)]
pub struct Symbols<'t> {
    pub(crate) table: &'t SymbolTable,
    pub(crate) next: u32,
}

impl Iterator for Symbols<'_> {
    type Item = Symbol;

    fn next(&mut self) -> Option<Symbol> {
        if self.next == NO_SYMBOL {
            return None;
        }
        let record = &self.table.symbols[self.next as usize];
        self.next = record.next;
        Some(Symbol { name: record.name, bits: record.bits })
    }
}
