//! A tree built by hand, compiled: `print("twice", double(21))` and the function for it.
//!
//! `cargo run -p pycompile --example hand_built_tree` shows the bytecode;
//! `pymarshal::pyc::write` or `Compiled::to_pyc` would make a `.pyc` of it.

use std::error::Error;
use std::io::{self, Write};

use pyast::{Arena, Operator, TreeBuilder};
use pycode::Interner;
use pycompile::{Options, compile_ast};
use pydis::DisOptions;

fn main() -> Result<(), Box<dyn Error>> {
    io::stdout().write_all(listing()?.as_bytes())?;
    Ok(())
}

fn listing() -> Result<String, Box<dyn Error>> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let b = TreeBuilder::new(&arena, &mut strings);
    let double = b.bin_op(b.name("x"), Operator::Mult, b.int(2));
    let module = b.module(&[
        b.function("double", &["x"], &[b.return_(Some(double))]),
        b.expr(b.call(b.name("print"), &[b.str("twice"), b.call(b.name("double"), &[b.int(21)])])),
    ]);
    let compiled = compile_ast(module, strings, "<tree>", &Options::default())?;
    Ok(pydis::disassemble_to_string(&compiled.pool, compiled.root, &DisOptions::default())?)
}

#[test]
fn the_tree_becomes_bytecode() {
    let listing = listing().expect("a sound tree");
    for part in ["MAKE_FUNCTION", "('twice')", "BINARY_OP                5 (*)"] {
        assert!(listing.contains(part), "{listing}");
    }
}
