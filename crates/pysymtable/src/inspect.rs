//! The table as Python's module `symtable` shows it: questions about tables and symbols, and the text of
//! `python -m symtable`.
//!
//! Method names are Python's without `get_`. Where `Lib/symtable.py` surprises, so does this: every table
//! of the name `top`, a function `top` too, counts as that of a module.

use std::fmt::Write as _;

use pycode::{Interner, PyStr, known, repr_str};

use crate::{ComprehensionKind, Scope, ScopeKind, SymScope, SymbolFlags, SymbolTable};

/// A block of code and its symbols: `symtable.SymbolTable`, `Function` and `Class`.
///
/// ```
/// use pyast::{Arena, ExprContext, Location};
/// use pycode::Interner;
/// use pyfuture::FutureFeatures;
/// use pysymtable::{SymbolTable, SymbolTableOptions, inspect::Table};
///
/// let (arena, mut strings) = (Arena::new(), Interner::new());
/// let spam = arena.expr_name(Location::NONE, strings.intern("spam"), ExprContext::Load);
/// let module = arena.mod_module(arena.list(&[arena.stmt_expr(Location::NONE, spam)]), &[]);
/// let options = SymbolTableOptions::default();
/// let table = SymbolTable::build(module, &FutureFeatures::default(), &mut strings, options)?;
///
/// let module = Table::of_module(&table, &strings);
/// let spam = module.lookup("spam").expect("spam is mentioned");
/// assert!(spam.is_referenced() && spam.is_global() && !spam.is_assigned());
/// # Ok::<(), pyast::SyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Table<'t> {
    scope: Scope<'t>,
    strings: &'t Interner,
}

impl<'t> Table<'t> {
    /// The table of the module (`symtable.symtable`). `strings` are those that the table was built with.
    pub fn of_module(table: &'t SymbolTable, strings: &'t Interner) -> Self {
        Table { scope: table.module(), strings }
    }

    /// The scope behind it.
    pub fn scope(self) -> Scope<'t> {
        self.scope
    }

    /// `get_type()`: `module`, `function`, `class`, `annotation`, `type alias`, `type parameters` or
    /// `type variable`.
    pub fn table_type(self) -> &'static str {
        match self.scope.kind() {
            ScopeKind::Function => "function",
            ScopeKind::Class => "class",
            ScopeKind::Module => "module",
            ScopeKind::Annotation => "annotation",
            ScopeKind::TypeAlias => "type alias",
            ScopeKind::TypeParameters => "type parameters",
            ScopeKind::TypeVariable => "type variable",
        }
    }

    /// `get_name()`
    pub fn name(self) -> PyStr<'t> {
        self.strings.get(self.scope.name())
    }

    /// `get_lineno()`: the first line of the block, from 1; 0 for the module.
    pub fn lineno(self) -> i32 {
        self.scope.location().lineno
    }

    /// `is_optimized()`: whether it is a function.
    pub fn is_optimized(self) -> bool {
        self.scope.kind() == ScopeKind::Function
    }

    /// `is_nested()`: whether it is within a function.
    pub fn is_nested(self) -> bool {
        self.scope.nested()
    }

    /// `has_children()`
    pub fn has_children(self) -> bool {
        self.scope.children().next().is_some()
    }

    /// `get_children()`
    pub fn children(self) -> impl Iterator<Item = Table<'t>> {
        self.scope.children().map(move |scope| Table { scope, ..self })
    }

    /// `get_identifiers()`: the names of its symbols.
    pub fn identifiers(self) -> impl Iterator<Item = PyStr<'t>> {
        self.symbols().map(|symbol| symbol.name())
    }

    /// `get_symbols()`
    pub fn symbols(self) -> impl Iterator<Item = Symbol<'t>> {
        self.scope.symbols().map(move |symbol| Symbol { symbol, table: self })
    }

    /// `lookup()`: the symbol of a name, which is mangled if it is private.
    pub fn lookup(self, name: &str) -> Option<Symbol<'t>> {
        let symbol = self.scope.lookup(self.strings.lookup(name)?)?;
        Some(Symbol { symbol, table: self })
    }

    /// `Function.get_parameters()`
    pub fn parameters(self) -> Vec<PyStr<'t>> {
        self.names(|symbol| symbol.is_parameter())
    }

    /// `Function.get_locals()`
    pub fn locals(self) -> Vec<PyStr<'t>> {
        self.names(|symbol| matches!(symbol.symbol.scope(), SymScope::Local | SymScope::Cell))
    }

    /// `Function.get_globals()`
    pub fn globals(self) -> Vec<PyStr<'t>> {
        self.names(|symbol| symbol.has_global_scope())
    }

    /// `Function.get_nonlocals()`
    pub fn nonlocals(self) -> Vec<PyStr<'t>> {
        self.names(|symbol| symbol.is_nonlocal())
    }

    /// `Function.get_frees()`
    pub fn frees(self) -> Vec<PyStr<'t>> {
        self.names(|symbol| symbol.is_free())
    }

    fn names(self, test: impl Fn(&Symbol<'t>) -> bool) -> Vec<PyStr<'t>> {
        self.symbols().filter(|symbol| test(symbol)).map(|symbol| symbol.name()).collect()
    }

    /// `Class.get_methods()`: the functions of a class that are bound to their own name, each once.
    pub fn methods(self) -> Vec<PyStr<'t>> {
        let mut methods = Vec::new();
        for child in self.scope.children() {
            let name = child.name();
            if self.scope.resolve(name) == SymScope::Local && is_method(child) && !methods.contains(&name) {
                methods.push(name);
            }
        }
        methods.into_iter().map(|name| self.strings.get(name)).collect()
    }
}

/// Whether a child of a class is a function, possibly a generic one, or lambda of that class.
fn is_method(scope: Scope<'_>) -> bool {
    match scope.kind() {
        ScopeKind::Function => scope.comprehension() != Some(ComprehensionKind::Generator),
        ScopeKind::TypeParameters => {
            scope.children().any(|inner| inner.kind() == ScopeKind::Function && inner.name() == scope.name())
        }
        ScopeKind::Class
        | ScopeKind::Module
        | ScopeKind::Annotation
        | ScopeKind::TypeAlias
        | ScopeKind::TypeVariable => false,
    }
}

/// A name of a table: `symtable.Symbol`.
#[derive(Clone, Copy, Debug)]
pub struct Symbol<'t> {
    symbol: crate::Symbol,
    table: Table<'t>,
}

impl<'t> Symbol<'t> {
    /// `get_name()`
    pub fn name(&self) -> PyStr<'t> {
        self.table.strings.get(self.symbol.name)
    }

    /// `is_referenced()`: whether the block reads it.
    pub fn is_referenced(&self) -> bool {
        self.has(SymbolFlags::USE)
    }

    /// `is_parameter()`
    pub fn is_parameter(&self) -> bool {
        self.has(SymbolFlags::PARAM)
    }

    /// `is_type_parameter()`
    pub fn is_type_parameter(&self) -> bool {
        self.has(SymbolFlags::TYPE_PARAM)
    }

    /// `is_global()`: global by declaration, for want of another binding, or bound at module level.
    pub fn is_global(&self) -> bool {
        self.has_global_scope() || self.is_bound_in_module()
    }

    /// `is_nonlocal()`: declared nonlocal.
    pub fn is_nonlocal(&self) -> bool {
        self.has(SymbolFlags::NONLOCAL)
    }

    /// `is_declared_global()`
    pub fn is_declared_global(&self) -> bool {
        self.symbol.scope() == SymScope::GlobalExplicit
    }

    /// `is_local()`: bound in the block.
    pub fn is_local(&self) -> bool {
        matches!(self.symbol.scope(), SymScope::Local | SymScope::Cell) || self.is_bound_in_module()
    }

    /// `is_annotated()`
    pub fn is_annotated(&self) -> bool {
        self.has(SymbolFlags::ANNOT)
    }

    /// `is_free()`: bound in a function around.
    pub fn is_free(&self) -> bool {
        self.symbol.scope() == SymScope::Free
    }

    /// `is_free_class()`: in a class, free from the perspective of a method.
    pub fn is_free_class(&self) -> bool {
        self.has(SymbolFlags::FREE_CLASS)
    }

    /// `is_imported()`
    pub fn is_imported(&self) -> bool {
        self.has(SymbolFlags::IMPORT)
    }

    /// `is_assigned()`
    pub fn is_assigned(&self) -> bool {
        self.has(SymbolFlags::LOCAL)
    }

    /// `is_comp_iter()`: whether it is the variable of a comprehension.
    pub fn is_comp_iter(&self) -> bool {
        self.has(SymbolFlags::COMP_ITER)
    }

    /// `is_comp_cell()`: whether it is a cell in an inlined comprehension.
    pub fn is_comp_cell(&self) -> bool {
        self.has(SymbolFlags::COMP_CELL)
    }

    /// `is_namespace()`: whether a class or function in the block has this name.
    pub fn is_namespace(&self) -> bool {
        self.namespaces().next().is_some()
    }

    /// `get_namespaces()`: the tables of the classes and functions in the block that have this name.
    pub fn namespaces(&self) -> impl Iterator<Item = Table<'t>> + use<'t> {
        let name = self.symbol.name;
        self.table.children().filter(move |child| child.scope.name() == name)
    }

    /// `get_namespace()`: the one table of this name; `None` if there is none or more than one.
    pub fn namespace(&self) -> Option<Table<'t>> {
        let mut namespaces = self.namespaces();
        namespaces.next().filter(|_| namespaces.next().is_none())
    }

    fn has(&self, flag: SymbolFlags) -> bool {
        self.symbol.flags().contains(flag)
    }

    fn has_global_scope(&self) -> bool {
        matches!(self.symbol.scope(), SymScope::GlobalImplicit | SymScope::GlobalExplicit)
    }

    fn is_bound_in_module(&self) -> bool {
        self.table.scope.name() == known::TOP && self.symbol.flags().intersects(SymbolFlags::BOUND)
    }
}

/// What `python -m symtable FILE` prints. The file name may hold lone surrogates, which stand for bytes that are not
/// UTF-8.
pub fn listing<'n>(table: &SymbolTable, strings: &Interner, filename: impl Into<PyStr<'n>>) -> String {
    let filename = filename.into();
    let mut out = String::new();
    let mut open = vec![(Table::of_module(table, strings), 0)];
    while let Some((table, level)) = open.pop() {
        write_table(&mut out, table, level, filename);
        let below = open.len();
        open.extend(table.children().map(|child| (child, level + 1)));
        open[below..].reverse();
    }
    out
}

fn write_table(out: &mut String, table: Table<'_>, level: usize, filename: PyStr<'_>) {
    let indent = "    ".repeat(level);
    let nested = if table.is_nested() { "nested " } else { "" };
    write!(out, "{indent}symbol table for {nested}{} ", table.table_type()).expect(INFALLIBLE);
    match table.scope.kind() {
        ScopeKind::Module => {
            out.push_str("from file ");
            repr_str(filename, out);
        }
        _ => repr_str(table.name(), out),
    }
    out.push_str(":\n");
    for symbol in table.symbols() {
        write!(out, "    {indent}{} symbol ", scope_name(symbol.symbol.scope())).expect(INFALLIBLE);
        repr_str(symbol.name(), out);
        writeln!(out, ": {}", flag_names(symbol.symbol.flags()).join(", ")).expect(INFALLIBLE);
    }
    out.push('\n');
}

const INFALLIBLE: &str = "writing to a string cannot fail";

const fn scope_name(scope: SymScope) -> &'static str {
    match scope {
        SymScope::Unknown => "0",
        SymScope::Local => "local",
        SymScope::GlobalExplicit => "global_explicit",
        SymScope::GlobalImplicit => "global_implicit",
        SymScope::Free => "free",
        SymScope::Cell => "cell",
    }
}

/// In the order of `Lib/symtable.py`; `def_bound` stands for all of its three bits at once.
fn flag_names(flags: SymbolFlags) -> Vec<&'static str> {
    const NAMES: [(SymbolFlags, &str); 12] = [
        (SymbolFlags::USE, "use"),
        (SymbolFlags::GLOBAL, "def_global"),
        (SymbolFlags::NONLOCAL, "def_nonlocal"),
        (SymbolFlags::LOCAL, "def_local"),
        (SymbolFlags::PARAM, "def_param"),
        (SymbolFlags::TYPE_PARAM, "def_type_param"),
        (SymbolFlags::FREE_CLASS, "def_free_class"),
        (SymbolFlags::IMPORT, "def_import"),
        (SymbolFlags::BOUND, "def_bound"),
        (SymbolFlags::ANNOT, "def_annot"),
        (SymbolFlags::COMP_ITER, "def_comp_iter"),
        (SymbolFlags::COMP_CELL, "def_comp_cell"),
    ];
    NAMES.iter().filter(|(flag, _)| flags.contains(*flag)).map(|(_, name)| *name).collect()
}
