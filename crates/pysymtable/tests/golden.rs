//! Every tree under `golden/`, against the symbol table that CPython makes of it.

use std::fs;
use std::path::Path;

use pretty_assertions::assert_eq;
use pyast::Arena;
use pycode::Interner;
use pyfuture::FutureFeatures;
use pysymtable::{SymbolTable, SymbolTableOptions, dump};

fn dump_of(tree: &str) -> String {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let module = pyast::load_mod(tree, &arena, &mut strings).expect("a dump of a tree");
    let future = FutureFeatures::from_ast(module, &strings).expect("features that exist");
    let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default());
    dump(&table.expect("a valid module"), &strings)
}

#[test]
fn symbol_tables_are_cpythons() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden");
    let mut compared = 0;
    for entry in fs::read_dir(golden).expect("the folder golden") {
        let folder = entry.expect("a folder").path();
        let Ok(expected) = fs::read_to_string(folder.join("symtable.txt")) else { continue };
        let tree = fs::read_to_string(folder.join("ast.txt")).expect("the tree of the same input");
        assert_eq!(dump_of(&tree), expected, "{}", folder.display());
        compared += 1;
    }
    assert!(compared > 100, "only {compared} inputs");
}
