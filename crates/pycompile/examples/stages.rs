//! The stages one by one: each line one crate, each value one type.
//!
//! `cargo run --example stages -- golden/def_add_one/input.py` prints the listing of a file.

use std::error::Error;
use std::io::{self, Write};

use pyast::{Arena, PreprocessOptions};
use pycode::{Interner, Object, Pool};
use pydis::DisOptions;
use pyflowgraph::Workspace;
use pyfuture::FutureFeatures;
use pymarshal::DumpOptions;
use pyparser::ParseOptions;
use pysymtable::{SymbolTable, SymbolTableOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "golden/def_add_one/input.py".to_owned());
    let source = std::fs::read(&path)?;
    let (arena, mut strings, mut warnings) = (Arena::new(), Interner::new(), Vec::new());

    let parsed = pyparser::parse(&source, &arena, &mut strings, &ParseOptions::default())?;
    let future = FutureFeatures::from_ast(parsed.module, &strings)?;
    let options =
        PreprocessOptions { future_annotations: future.annotations(), ..PreprocessOptions::default() };
    let module = pyast::preprocess(parsed.module, &arena, &mut strings, &options, &mut warnings)?;
    let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default())?;

    let mut pool = Pool::with_strings(strings);
    let options = pycodegen::Options::default();
    let units = pycodegen::generate(module, &table, &future, &mut pool, &mut warnings, options)?;

    let text = pool.strings_mut().intern(&path);
    let filename = pool.add(Object::Str { text, interned: false });
    let (mut codes, mut workspace) = (Vec::new(), Workspace::new());
    for mut unit in units {
        let consts = unit.resolve_consts(|child| codes[child.index()]);
        let optimized =
            pyflowgraph::optimize(&unit.sequence, &unit.metadata, consts, &mut pool, &mut workspace)?;
        let code = pyassemble::assemble(optimized, &unit.metadata, filename, &mut pool)?;
        codes.push(pool.merge_id(code)); // equal code objects are one
    }
    let root = *codes.last().ok_or("a module has a unit")?; // children come before their parents

    let bytes = pymarshal::dumps(&pool, root, &DumpOptions::default())?;
    let listing = pydis::disassemble_to_string(&pool, root, &DisOptions::default())?;
    writeln!(io::stdout(), "{listing}\n{} bytes of marshal data", bytes.len())?;
    Ok(())
}
