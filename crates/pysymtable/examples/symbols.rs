//! From source to the symbol table: for each scope its names, and where they live.
//!
//! `cargo run -p pysymtable --example symbols -- golden/def_add_one/input.py`

use std::error::Error;
use std::io::{self, Write};

use pyast::Arena;
use pycode::Interner;
use pyfuture::FutureFeatures;
use pyparser::ParseOptions;
use pysymtable::inspect::{Symbol, Table};
use pysymtable::{SymbolTable, SymbolTableOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: symbols FILE.py")?;
    show_symbols(&std::fs::read(path)?, &mut io::stdout().lock())
}

fn show_symbols(source: &[u8], out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let module = pyparser::parse(source, &arena, &mut strings, &ParseOptions::default())?.module;
    let future = FutureFeatures::from_ast(module, &strings)?;
    let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default())?;
    show(Table::of_module(&table, &strings), 0, out)?;
    Ok(())
}

fn show(table: Table<'_>, depth: usize, out: &mut impl Write) -> io::Result<()> {
    let indent = "  ".repeat(depth);
    writeln!(out, "{indent}{} {}", table.table_type(), table.name())?;
    for symbol in table.symbols() {
        writeln!(out, "{indent}  {}: {}", symbol.name(), place(symbol))?;
    }
    table.children().try_for_each(|child| show(child, depth + 1, out))
}

fn place(symbol: Symbol<'_>) -> &'static str {
    match symbol {
        _ if symbol.is_parameter() => "parameter",
        _ if symbol.is_free() => "of a function around",
        _ if symbol.is_global() => "global",
        _ => "local",
    }
}

#[test]
fn names_live_where_python_finds_them() {
    let mut out = Vec::new();
    let source = b"def f(a):\n    b = a\n    return lambda: print(b)\n";
    show_symbols(source, &mut out).expect("a sound program");
    let expected = "\
module top
  f: global
  annotation __annotate__
    .format: parameter
  function f
    a: parameter
    b: local
    function lambda
      print: global
      b: of a function around
";
    assert_eq!(String::from_utf8_lossy(&out), expected);
}
