//! The view of Python's module `symtable`, against that module.
//!
//! For each `inspect/NAME.py`, `NAME.listing.txt` is what `python -m symtable NAME.py` prints, and
//! `NAME.tables.txt` what the methods of its tables and symbols answer: for each table a line with type,
//! name, line and which of `is_optimized()`, `is_nested()`, `has_children()` hold; the tuples that are not
//! empty; and for each symbol the `is_*()` methods that hold and the lines of its namespaces.

use std::fs;
use std::path::{Path, PathBuf};

use pretty_assertions::assert_eq;
use pyast::Arena;
use pycode::{Interner, PyStr};
use pyfuture::FutureFeatures;
use pyparser::ParseOptions;
use pysymtable::inspect::{Symbol, Table, listing};
use pysymtable::{SymbolTable, SymbolTableOptions};

const PROGRAMS: [&str; 6] = ["module", "generics", "top", "class_in_function", "comprehensions", "future"];

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inspect").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(file(name)).expect(name)
}

fn with_table<T>(program: &str, look: impl FnOnce(&SymbolTable, &Interner) -> T) -> T {
    let source = read(&format!("{program}.py"));
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let parsed = pyparser::parse(source.as_bytes(), &arena, &mut strings, &ParseOptions::default());
    let module = parsed.expect("a valid program").module;
    let future = FutureFeatures::from_ast(module, &strings).expect("features that exist");
    let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default());
    look(&table.expect("a valid program"), &strings)
}

#[test]
fn listings_are_those_of_python_m_symtable() {
    for program in PROGRAMS {
        let ours =
            with_table(program, |table, strings| listing(table, strings, format!("{program}.py").as_str()));
        assert_eq!(ours, read(&format!("{program}.listing.txt")));
    }
}

#[test]
fn answers_are_those_of_symtable() {
    for program in PROGRAMS {
        let mut ours = String::new();
        with_table(program, |table, strings| describe(Table::of_module(table, strings), &mut ours));
        assert_eq!(ours, read(&format!("{program}.tables.txt")));
    }
}

#[test]
fn a_namespace_must_be_the_only_one() {
    with_table("top", |table, strings| {
        let module = Table::of_module(table, strings);
        let top = module.lookup("top").and_then(|symbol| symbol.namespace()).expect("one function");
        assert!(top.lookup("bound").is_some_and(|bound| bound.namespace().is_none()));
        assert!(top.lookup("declared").is_some_and(|declared| declared.namespace().is_none()));
        assert!(top.lookup("absent").is_none());
    });
}

fn describe(table: Table<'_>, out: &mut String) {
    let properties = [
        ("is_optimized", table.is_optimized()),
        ("is_nested", table.is_nested()),
        ("has_children", table.has_children()),
    ];
    let head = format!("{} {} {}", table.table_type().replace(' ', "_"), text(table.name()), table.lineno());
    *out += &(head + &which(&properties) + "\n");
    for (what, names) in tuples(table) {
        if !names.is_empty() {
            let names: Vec<String> = names.into_iter().map(text).collect();
            *out += &format!("  {what} {}\n", names.join(" "));
        }
    }
    for symbol in table.symbols() {
        *out += &describe_symbol(&symbol);
    }
    table.children().for_each(|child| describe(child, out));
}

/// What only functions, or only classes, can tell.
fn tuples(table: Table<'_>) -> Vec<(&'static str, Vec<PyStr<'_>>)> {
    match table.table_type() {
        "function" => vec![
            ("parameters", table.parameters()),
            ("locals", table.locals()),
            ("globals", table.globals()),
            ("nonlocals", table.nonlocals()),
            ("frees", table.frees()),
        ],
        "class" => vec![("methods", table.methods())],
        _ => Vec::new(),
    }
}

fn describe_symbol(symbol: &Symbol<'_>) -> String {
    let properties = [
        ("is_referenced", symbol.is_referenced()),
        ("is_parameter", symbol.is_parameter()),
        ("is_type_parameter", symbol.is_type_parameter()),
        ("is_global", symbol.is_global()),
        ("is_nonlocal", symbol.is_nonlocal()),
        ("is_declared_global", symbol.is_declared_global()),
        ("is_local", symbol.is_local()),
        ("is_annotated", symbol.is_annotated()),
        ("is_free", symbol.is_free()),
        ("is_free_class", symbol.is_free_class()),
        ("is_imported", symbol.is_imported()),
        ("is_assigned", symbol.is_assigned()),
        ("is_comp_iter", symbol.is_comp_iter()),
        ("is_comp_cell", symbol.is_comp_cell()),
        ("is_namespace", symbol.is_namespace()),
    ];
    let lines: String = symbol.namespaces().map(|table| format!(" {}", table.lineno())).collect();
    format!("  - {}{}{lines}\n", text(symbol.name()), which(&properties))
}

fn which(properties: &[(&str, bool)]) -> String {
    properties.iter().filter(|(_, holds)| *holds).map(|(name, _)| format!(" {name}")).collect()
}

fn text(name: PyStr<'_>) -> String {
    name.to_string_lossy()
}
