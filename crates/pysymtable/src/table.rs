//! The table: all scopes of a module and all their symbols, in a few flat vectors.
//!
//! A symbol is a record in one vector for the whole table, found by a hash of its scope's and its name's
//! number; the records of a scope are linked in the order of their creation. So a scope may grow while
//! scopes within it are open, and no scope allocates memory of its own.

use pyast::{Location, Mod, NodeKey, RecursionLimit, SyntaxError};
use pycode::{Interner, StrId};
use pyfuture::FutureFeatures;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyze::{Notes, analyze};
use crate::collect::collect;
use crate::{ComprehensionKind, Scope, ScopeId, ScopeKind};

/// What the caller decides about a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SymbolTableOptions {
    /// Whether `await` is legal outside functions (`PyCF_ALLOW_TOP_LEVEL_AWAIT`).
    pub allow_top_level_await: bool,
    /// How deep statements, expressions and patterns may nest before it gives up with a `RecursionError`.
    pub recursion: RecursionLimit,
}

/// The scopes and names of a module.
///
/// ```
/// use pyast::{Arena, NodeKey, Stmt};
/// use pycode::Interner;
/// use pyfuture::FutureFeatures;
/// use pysymtable::{SymScope, SymbolTable, SymbolTableOptions};
///
/// // def f(): return x
/// let tree = "Module(body=[FunctionDef(name='f', args=arguments(), body=[Return(value=Name(id='x'))])])";
/// let (arena, mut strings) = (Arena::new(), Interner::new());
/// let module = pyast::load_mod(tree, &arena, &mut strings)?;
/// let future = FutureFeatures::from_ast(module, &strings)?;
/// let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default())?;
///
/// let pyast::Mod::Module(module) = module else { unreachable!() };
/// let Stmt::FunctionDef(def) = module.body[0] else { unreachable!() };
/// let scope = table.scope_of(NodeKey::of(def));
/// assert!(scope.is_function_like() && scope.returns_value());
/// assert_eq!(scope.resolve(strings.intern("x")), SymScope::GlobalImplicit);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SymbolTable {
    pub(crate) scopes: Vec<ScopeRecord>,
    pub(crate) symbols: Vec<SymbolRecord>,
    /// Open addressing, linear probing; a slot holds an index into `symbols` plus one, 0 is free. The
    /// length is a power of two and at least twice the number of symbols.
    pub(crate) slots: Vec<u32>,
    pub(crate) by_node: FxHashMap<NodeKey, ScopeId>,
    /// For each type parameter scope of a class: its type parameters that mangling concerns, unmangled.
    pub(crate) mangled_type_params: FxHashSet<(ScopeId, StrId)>,
}

/// "No symbol" in a link between symbols.
pub(crate) const NO_SYMBOL: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
pub(crate) struct SymbolRecord {
    /// [`ScopeId::NOWHERE`] if the symbol was removed.
    pub(crate) scope: ScopeId,
    pub(crate) name: StrId,
    /// The next symbol of the same scope.
    pub(crate) next: u32,
    /// Flags, with the scope above them.
    pub(crate) bits: u16,
}

#[derive(Clone, Debug)]
pub(crate) struct ScopeRecord {
    pub(crate) name: StrId,
    pub(crate) kind: ScopeKind,
    pub(crate) comprehension: Option<ComprehensionKind>,
    pub(crate) flags: ScopeFlags,
    pub(crate) location: Location,
    pub(crate) first_symbol: u32,
    pub(crate) last_symbol: u32,
    pub(crate) first_child: Option<ScopeId>,
    pub(crate) last_child: Option<ScopeId>,
    pub(crate) next_sibling: Option<ScopeId>,
    pub(crate) annotation_block: Option<ScopeId>,
    /// The type parameter scope of a class whose type parameters are the only names to mangle
    /// (`ste_mangled_names`).
    pub(crate) mangled_only: Option<ScopeId>,
}

/// The one-bit members of `PySTEntryObject`; see the methods of [`Scope`].
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub(crate) struct ScopeFlags {
    pub(crate) nested: bool,
    pub(crate) generator: bool,
    pub(crate) coroutine: bool,
    pub(crate) annotations_used: bool,
    pub(crate) varargs: bool,
    pub(crate) varkeywords: bool,
    pub(crate) returns_value: bool,
    pub(crate) needs_class_closure: bool,
    pub(crate) needs_classdict: bool,
    pub(crate) comp_inlined: bool,
    pub(crate) can_see_class_scope: bool,
    pub(crate) has_docstring: bool,
    pub(crate) method: bool,
    pub(crate) has_conditional_annotations: bool,
}

/// Makes one table after the other in the same memory.
///
/// ```
/// use pyast::{Arena, load_mod};
/// use pyfuture::FutureFeatures;
/// use pysymtable::{SymbolTableOptions, Workspace};
/// let (arena, mut strings, mut workspace) = (Arena::new(), pycode::Interner::new(), Workspace::new());
/// for (text, symbols) in [("Expression(body=Name(id='x'))", 1), ("Module(body=[])", 0)] {
///     let (tree, future) = (load_mod(text, &arena, &mut strings)?, FutureFeatures::default());
///     let table = workspace.build(tree, &future, &mut strings, SymbolTableOptions::default())?;
///     assert_eq!(table.module().symbols().count(), symbols);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The table before, or one [without scopes](SymbolTable::without_scopes).
    table: SymbolTable,
    notes: Notes,
}

impl Default for Workspace {
    fn default() -> Self {
        Workspace { table: SymbolTable::without_scopes(), notes: Notes::default() }
    }
}

impl Workspace {
    /// A workspace without memory.
    pub fn new() -> Workspace {
        Workspace::default()
    }

    /// [`SymbolTable::build`], in place of the table before.
    ///
    /// # Errors
    /// As there.
    pub fn build(
        &mut self,
        module: Mod<'_>,
        future: &FutureFeatures,
        strings: &mut Interner,
        options: SymbolTableOptions,
    ) -> Result<&SymbolTable, SyntaxError> {
        let old = std::mem::replace(&mut self.table, SymbolTable::without_scopes());
        let collected = collect(old, module, future, strings, options);
        let table = collected.and_then(|collected| analyze(collected, &mut self.notes, strings));
        self.table = table.map_err(|error| *error)?;
        Ok(&self.table)
    }
}

impl SymbolTable {
    /// The table of a module (`_PySymtable_Build`). Mangled names are added to `strings`.
    ///
    /// # Errors
    /// The `SyntaxError` that CPython raises; a `RecursionError` when the tree is deeper than
    /// [`SymbolTableOptions::recursion`].
    pub fn build(
        module: Mod<'_>,
        future: &FutureFeatures,
        strings: &mut Interner,
        options: SymbolTableOptions,
    ) -> Result<SymbolTable, SyntaxError> {
        let mut workspace = Workspace::new();
        workspace.build(module, future, strings, options)?;
        Ok(workspace.table)
    }

    /// The scope of the module.
    pub fn module(&self) -> Scope<'_> {
        self.scope(ScopeId::MODULE)
    }

    /// The scope that a node opens (`_PySymtable_Lookup`); for the keys see the [crate](crate).
    ///
    /// # Panics
    /// When no scope has that key: the node is not of the tree of this table, or opens no scope.
    #[track_caller]
    pub fn scope_of(&self, key: NodeKey) -> Scope<'_> {
        self.find_scope(key).expect("symtable: the node opens no scope of this table")
    }

    /// The scope that a node opens, if it opens one (`_PySymtable_LookupOptional`).
    pub fn find_scope(&self, key: NodeKey) -> Option<Scope<'_>> {
        self.by_node.get(&key).map(|&id| self.scope(id))
    }

    /// The scope of that number.
    pub fn scope(&self, id: ScopeId) -> Scope<'_> {
        Scope::new(self, id)
    }

    /// All scopes, by number.
    pub fn scopes(&self) -> impl Iterator<Item = Scope<'_>> {
        (0..self.scopes.len()).map(|index| self.scope(ScopeId::from_index(index)))
    }

    /// Whether a scope mangles a private name at all.
    pub(crate) fn mangles(&self, scope: ScopeId, name: StrId) -> bool {
        match self.scopes[scope.index()].mangled_only {
            Some(type_params) => self.mangled_type_params.contains(&(type_params, name)),
            None => true,
        }
    }

    /// The index of a symbol in `symbols`.
    #[inline]
    pub(crate) fn find(&self, scope: ScopeId, name: StrId) -> Option<u32> {
        self.find_or_slot(scope, name).ok()
    }

    /// The index of a symbol in `symbols`, or the free slot where it belongs.
    #[inline]
    pub(crate) fn find_or_slot(&self, scope: ScopeId, name: StrId) -> Result<u32, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = slot_of(scope, name) & mask;
        while let Some(index) = self.slots.get(slot).and_then(|index| index.checked_sub(1)) {
            let symbol = &self.symbols[index as usize];
            if symbol.name == name && symbol.scope == scope {
                return Ok(index);
            }
            slot = (slot + 1) & mask;
        }
        Err(slot)
    }
}

/// Where to look for a symbol first, modulo the number of slots. Scopes and names are small numbers: a
/// multiplication spreads them, and the upper half of the product has all bits of both.
#[inline]
pub(crate) fn slot_of(scope: ScopeId, name: StrId) -> usize {
    let key = (scope.index() as u64) << 32 | name.index() as u64;
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}
