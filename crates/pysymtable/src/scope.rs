//! A block of code and what it holds.

use std::fmt;
use std::num::NonZeroU32;

use pycode::{Interner, Location, StrId};

use crate::table::ScopeRecord;
use crate::{SymScope, Symbol, SymbolFlags, SymbolTable, Symbols, mangle};

/// A scope of a [`SymbolTable`]. Scopes are numbered in the order in which CPython creates them; a scope's
/// number is higher than that of the scope around it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(
    /// The index plus one, so that an `Option` takes no more room.
    NonZeroU32,
);

impl ScopeId {
    /// The scope of the module.
    pub const MODULE: ScopeId = ScopeId(NonZeroU32::MIN);

    /// No scope of any table.
    pub(crate) const NOWHERE: ScopeId = ScopeId(NonZeroU32::MAX);

    pub(crate) const fn from_index(index: usize) -> ScopeId {
        assert!(index < u32::MAX as usize - 1, "symtable: more scopes than a source of 4 GiB can have");
        ScopeId(NonZeroU32::MIN.saturating_add(index as u32))
    }

    /// The position in the table, dense from 0.
    pub const fn index(self) -> usize {
        (self.0.get() - 1) as usize
    }
}

impl fmt::Display for ScopeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "scope{}", self.index())
    }
}

impl fmt::Debug for ScopeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What kind of block a scope is (`_Py_block_ty`). The discriminants are those of `_symtable`'s `type`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum ScopeKind {
    /// A function, lambda, comprehension or generator expression.
    Function = 0,
    /// The body of a class.
    Class = 1,
    /// A module, interactive input or expression.
    Module = 2,
    /// `__annotate__` (PEP 649).
    Annotation = 3,
    /// The value of a `type` statement.
    TypeAlias = 4,
    /// The type parameters of a def, class or `type` statement, and what may refer to them.
    TypeParameters = 5,
    /// A bound, the constraints or a default of a type parameter.
    TypeVariable = 6,
}

/// Which comprehension a [`ScopeKind::Function`] scope is (`_Py_comprehension_ty`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ComprehensionKind {
    List,
    Dict,
    Set,
    Generator,
}

/// A scope of a table: CPython's `PySTEntryObject`, read-only.
#[derive(Clone, Copy)]
pub struct Scope<'t> {
    table: &'t SymbolTable,
    id: ScopeId,
}

impl<'t> Scope<'t> {
    pub(crate) fn new(table: &'t SymbolTable, id: ScopeId) -> Self {
        Scope { table, id }
    }

    fn record(self) -> &'t ScopeRecord {
        &self.table.scopes[self.id.index()]
    }

    /// The number of the scope.
    pub fn id(self) -> ScopeId {
        self.id
    }

    /// The table it belongs to.
    pub fn table(self) -> &'t SymbolTable {
        self.table
    }

    /// What kind of block it is (`ste_type`).
    pub fn kind(self) -> ScopeKind {
        self.record().kind
    }

    /// Whether names are resolved as in a function: all but classes and modules (`_PyST_IsFunctionLike`).
    pub fn is_function_like(self) -> bool {
        self.kind().is_function_like()
    }

    /// The name of the class, function, type alias or type parameter; `top`, `lambda`, `listcomp`,
    /// `__annotate__`... (`ste_name`). The code object of a lambda has another name, `<lambda>`.
    pub fn name(self) -> StrId {
        self.record().name
    }

    /// Where the node stands that opens it; all zero for the module (`ste_loc`).
    pub fn location(self) -> Location {
        self.record().location
    }

    /// Which comprehension it is, if one (`ste_comprehension`).
    pub fn comprehension(self) -> Option<ComprehensionKind> {
        self.record().comprehension
    }

    /// The symbol of a *mangled* name.
    #[inline]
    pub fn lookup(self, name: StrId) -> Option<Symbol> {
        let index = self.table.find(self.id, name)?;
        Some(Symbol { name, bits: self.table.symbols[index as usize].bits })
    }

    /// Where a *mangled* name lives; [`SymScope::Unknown`] when the scope does not mention it
    /// (`_PyST_GetScope`).
    #[inline]
    pub fn resolve(self, name: StrId) -> SymScope {
        self.lookup(name).map_or(SymScope::Unknown, Symbol::scope)
    }

    /// All symbols, in the order of their first mention (`ste_symbols`).
    pub fn symbols(self) -> Symbols<'t> {
        Symbols { table: self.table, next: self.record().first_symbol }
    }

    /// The parameters: positional ones, keyword-only ones, `*args`, `**kwargs` (`ste_varnames`).
    pub fn varnames(self) -> impl Iterator<Item = StrId> + use<'t> {
        self.symbols().filter(|symbol| symbol.flags().contains(SymbolFlags::PARAM)).map(|symbol| symbol.name)
    }

    /// The names for which a unit of this scope makes a cell, sorted: cells of its own and of the
    /// comprehensions inlined into it (`dictbytype` with `CELL` and `DEF_COMP_CELL`).
    pub fn cell_names(self, strings: &Interner) -> Vec<StrId> {
        self.names_by(SymScope::Cell, SymbolFlags::COMP_CELL, strings)
    }

    /// The names for which a unit of this scope needs a cell from around, sorted (`dictbytype` with `FREE`
    /// and `DEF_FREE_CLASS`).
    pub fn free_names(self, strings: &Interner) -> Vec<StrId> {
        self.names_by(SymScope::Free, SymbolFlags::FREE_CLASS, strings)
    }

    fn names_by(self, scope: SymScope, flag: SymbolFlags, strings: &Interner) -> Vec<StrId> {
        let wanted = |symbol: &Symbol| symbol.scope() == scope || symbol.flags().contains(flag);
        let mut names: Vec<StrId> = self.symbols().filter(wanted).map(|symbol| symbol.name).collect();
        // Python sorts strings by code points, which is the order of their (W)UTF-8 bytes.
        names.sort_unstable_by(|&a, &b| strings.get(a).as_bytes().cmp(strings.get(b).as_bytes()));
        names
    }

    /// The scopes directly within, in the order of the source, those of inlined comprehensions included
    /// and inlined comprehensions themselves not (`ste_children`).
    pub fn children(self) -> Children<'t> {
        let record = self.record();
        Children { table: self.table, next: record.first_child, last: record.last_child }
    }

    /// The `__annotate__` scope of the variables annotated in this module, class or function, if any is
    /// (`ste_annotation_block`).
    pub fn annotation_block(self) -> Option<Scope<'t>> {
        self.record().annotation_block.map(|id| self.table.scope(id))
    }

    /// A name as the symbols of this scope have it (`_Py_MaybeMangle`): mangled with the name of the class
    /// around, but among the type parameters of a class only the type parameters themselves are.
    pub fn mangle(self, strings: &mut Interner, private: Option<StrId>, name: StrId) -> StrId {
        match private {
            Some(private) if self.table.mangles(self.id, name) => mangle(strings, private, name),
            _ => name,
        }
    }

    /// Whether a function's variables may outlive it in a scope around: it is within a function
    /// (`ste_nested`).
    pub fn nested(self) -> bool {
        self.record().flags.nested
    }

    /// Whether it yields or is a generator expression (`ste_generator`).
    pub fn generator(self) -> bool {
        self.record().flags.generator
    }

    /// Whether it is an `async def` or awaits (`ste_coroutine`).
    pub fn coroutine(self) -> bool {
        self.record().flags.coroutine
    }

    /// Whether a variable, parameter or result is annotated (`ste_annotations_used`).
    pub fn annotations_used(self) -> bool {
        self.record().flags.annotations_used
    }

    /// Whether it has a parameter `*args` (`ste_varargs`).
    pub fn varargs(self) -> bool {
        self.record().flags.varargs
    }

    /// Whether it has a parameter `**kwargs` (`ste_varkeywords`).
    pub fn varkeywords(self) -> bool {
        self.record().flags.varkeywords
    }

    /// Whether it has a `return` with a value (`ste_returns_value`).
    pub fn returns_value(self) -> bool {
        self.record().flags.returns_value
    }

    /// Whether a method of this class refers to `__class__` or `super` (`ste_needs_class_closure`).
    pub fn needs_class_closure(self) -> bool {
        self.record().flags.needs_class_closure
    }

    /// Whether an annotation or type parameter scope in this class reads its namespace
    /// (`ste_needs_classdict`).
    pub fn needs_classdict(self) -> bool {
        self.record().flags.needs_classdict
    }

    /// Whether this comprehension is inlined into the scope around it (`ste_comp_inlined`).
    pub fn comp_inlined(self) -> bool {
        self.record().flags.comp_inlined
    }

    /// Whether it is an annotation scope that sees the names of the class around it
    /// (`ste_can_see_class_scope`).
    pub fn can_see_class_scope(self) -> bool {
        self.record().flags.can_see_class_scope
    }

    /// Whether its body begins with a docstring (`ste_has_docstring`).
    pub fn has_docstring(self) -> bool {
        self.record().flags.has_docstring
    }

    /// Whether it is a function directly in a class (`ste_method`).
    pub fn method(self) -> bool {
        self.record().flags.method
    }

    /// Whether it is a module or class with annotations that may not be reached
    /// (`ste_has_conditional_annotations`).
    pub fn has_conditional_annotations(self) -> bool {
        self.record().flags.has_conditional_annotations
    }
}

impl fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symbols: Vec<Symbol> = self.symbols().collect();
        f.debug_struct("Scope")
            .field("id", &self.id)
            .field("record", self.record())
            .field("symbols", &symbols)
            .finish_non_exhaustive()
    }
}

impl ScopeKind {
    /// See [`Scope::is_function_like`].
    pub const fn is_function_like(self) -> bool {
        !matches!(self, ScopeKind::Class | ScopeKind::Module)
    }
}

/// The scopes directly within a scope.
#[derive(Clone, Debug)]
pub struct Children<'t> {
    table: &'t SymbolTable,
    next: Option<ScopeId>,
    /// Where to stop: an inlined comprehension's children are part of a longer list.
    last: Option<ScopeId>,
}

impl<'t> Iterator for Children<'t> {
    type Item = Scope<'t>;

    fn next(&mut self) -> Option<Scope<'t>> {
        let id = self.next?;
        self.next = if self.last == Some(id) { None } else { self.table.scopes[id.index()].next_sibling };
        Some(self.table.scope(id))
    }
}
