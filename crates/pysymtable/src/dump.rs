//! The text of a table, for people and for comparison with CPython's.

use std::fmt::Write as _;

use pycode::{Interner, StrId};

use crate::{Scope, ScopeKind, SymScope, Symbol, SymbolFlags, SymbolTable};

/// Scopes in pre-order, indented by depth; below each its parameters, then its names in the order in
/// which the table holds them, each with its scope and flags.
///
/// Names that a scope only passes on to those within it have no order in CPython; they come last here,
/// sorted.
///
/// ```
/// use pyast::{Arena, Location};
/// use pycode::Interner;
/// use pyfuture::FutureFeatures;
/// use pysymtable::{SymbolTable, SymbolTableOptions, dump};
/// let (arena, mut strings) = (Arena::new(), Interner::new());
/// let statement = arena.stmt_global(Location::new(1, 1, 0, 8), arena.list(&[strings.intern("x")]));
/// let module = arena.mod_module(arena.list(&[statement]), &[]);
/// let table = SymbolTable::build(module, &FutureFeatures::default(), &mut strings, SymbolTableOptions::default())?;
/// assert_eq!(dump(&table, &strings), "module top line 0\n  - x: GLOBAL_EXPLICIT DEF_GLOBAL\n");
/// # Ok::<(), pyast::SyntaxError>(())
/// ```
pub fn dump(table: &SymbolTable, strings: &Interner) -> String {
    let mut out = String::new();
    let mut stack = vec![(table.module(), 0)];
    while let Some((scope, depth)) = stack.pop() {
        write_scope(&mut out, scope, depth * 2, strings);
        let below = stack.len();
        stack.extend(scope.children().map(|child| (child, depth + 1)));
        stack[below..].reverse();
    }
    out
}

fn write_scope(out: &mut String, scope: Scope<'_>, indent: usize, strings: &Interner) {
    let name = text(scope.name(), strings);
    let nested = if scope.nested() { " nested" } else { "" };
    let line = scope.location().lineno;
    writeln!(out, "{:indent$}{} {name} line {line}{nested}", "", kind_name(scope.kind()))
        .expect("writing to a string");
    let parameters: Vec<String> = scope.varnames().map(|name| text(name, strings)).collect();
    if !parameters.is_empty() {
        writeln!(out, "{:indent$}  parameters {}", "", parameters.join(" ")).expect("writing to a string");
    }
    let passed_on =
        |symbol: &Symbol| symbol.scope() == SymScope::Free && symbol.flags() == SymbolFlags::default();
    let (mut free, own): (Vec<Symbol>, Vec<Symbol>) = scope.symbols().partition(passed_on);
    free.sort_by_key(|symbol| strings.get(symbol.name));
    for symbol in own.into_iter().chain(free) {
        write_symbol(out, symbol, indent, strings);
    }
}

fn write_symbol(out: &mut String, symbol: Symbol, indent: usize, strings: &Interner) {
    let flags: Vec<String> = format!("{:?}", symbol.flags())
        .split('|')
        .map(|flag| if matches!(flag, "USE" | "") { flag.to_owned() } else { format!("DEF_{flag}") })
        .collect();
    let (name, scope) = (text(symbol.name, strings), scope_name(symbol.scope()));
    writeln!(out, "{:indent$}  - {name}: {scope} {}", "", flags.join("|")).expect("writing to a string");
}

fn text(name: StrId, strings: &Interner) -> String {
    strings.get(name).to_string_lossy()
}

fn kind_name(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Function => "function",
        ScopeKind::Class => "class",
        ScopeKind::Module => "module",
        ScopeKind::Annotation => "annotation",
        ScopeKind::TypeAlias => "type_alias",
        ScopeKind::TypeParameters => "type_parameters",
        ScopeKind::TypeVariable => "type_variable",
    }
}

fn scope_name(scope: SymScope) -> &'static str {
    match scope {
        SymScope::Unknown => "NONE",
        SymScope::Local => "LOCAL",
        SymScope::GlobalExplicit => "GLOBAL_EXPLICIT",
        SymScope::GlobalImplicit => "GLOBAL_IMPLICIT",
        SymScope::Free => "FREE",
        SymScope::Cell => "CELL",
    }
}
