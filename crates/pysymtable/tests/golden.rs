//! Whole tables, against those that CPython makes: of every tree under `golden/`, and of the programs in
//! `scopes.txt`, which are about what is subtle. There each program is followed by its table in a comment, in
//! the form of the golden files.

use std::fs;
use std::path::Path;

use pretty_assertions::assert_eq;
use pyast::{Arena, Mod};
use pycode::Interner;
use pyfuture::FutureFeatures;
use pyparser::ParseOptions;
use pysymtable::{SymbolTable, SymbolTableOptions, dump};

fn dump_of(module: Mod<'_>, strings: &mut Interner) -> String {
    let future = FutureFeatures::from_ast(module, strings).expect("features that exist");
    let table = SymbolTable::build(module, &future, strings, SymbolTableOptions::default());
    dump(&table.expect("a valid module"), strings)
}

fn dump_of_tree(tree: &str) -> String {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let module = pyast::load_mod(tree, &arena, &mut strings).expect("a dump of a tree");
    dump_of(module, &mut strings)
}

fn dump_of_program(source: &str) -> String {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let parsed = pyparser::parse(source.as_bytes(), &arena, &mut strings, &ParseOptions::default());
    dump_of(parsed.expect("a valid program").module, &mut strings)
}

#[test]
fn symbol_tables_are_cpythons() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden");
    let mut compared = 0;
    for entry in fs::read_dir(golden).expect("the folder golden") {
        let folder = entry.expect("a folder").path();
        let Ok(expected) = fs::read_to_string(folder.join("symtable.txt")) else { continue };
        let tree = fs::read_to_string(folder.join("ast.txt")).expect("the tree of the same input");
        assert_eq!(dump_of_tree(&tree), expected, "{}", folder.display());
        compared += 1;
    }
    assert!(compared > 100, "only {compared} inputs");
}

#[test]
fn subtle_scopes_are_cpythons() {
    let mut compared = 0;
    for case in include_str!("scopes.txt").split("\n\n") {
        let (table, program): (Vec<&str>, Vec<&str>) = case.lines().partition(|line| line.starts_with("# "));
        let expected: String = table.iter().map(|line| format!("{}\n", &line[2..])).collect();
        let program = program.join("\n") + "\n";
        assert_eq!(dump_of_program(&program), expected, "{program}");
        compared += 1;
    }
    assert!(compared > 60, "only {compared} programs");
}
