//! Reads a `.pyc` and lists its instructions: offset, line, opcode, and what the argument stands for.
//!
//! `cargo run -p pydis --example list_pyc -- crates/pydis/tests/data/module.pyc`

use std::error::Error;
use std::io::{self, Write};

use pycode::{CodeObject, Pool};
use pydis::Instructions;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: list_pyc FILE.pyc")?;
    list(&std::fs::read(path)?, &mut io::stdout().lock())
}

fn list(file: &[u8], out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut pool = Pool::new();
    let (_, loaded) = pymarshal::pyc::read(file, &mut pool)?;
    for (_, code) in pool.code_objects(loaded.root) {
        list_code(&pool, code, out)?;
    }
    Ok(())
}

fn list_code(pool: &Pool, code: &CodeObject, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}:", pool.text(code.qualname).unwrap_or_default())?;
    for instruction in Instructions::new(pool, code) {
        let line = instruction.line_number.map_or_else(|| "-".to_owned(), |line| line.to_string());
        let meaning = &instruction.argrepr;
        writeln!(out, "{:6} {line:>5} {} {meaning}", instruction.offset, instruction.opname)?;
    }
    Ok(())
}

#[test]
fn all_code_objects_are_listed() {
    let mut out = Vec::new();
    list(include_bytes!("../tests/data/module.pyc"), &mut out).expect("a sound file");
    let text = String::from_utf8(out).expect("text");
    assert!(text.starts_with("<module>:\n     0     0 RESUME"), "{text}");
    let functions = text.lines().filter(|line| line.ends_with(':')).count();
    let listings = include_str!("../tests/data/module.dis.txt").matches("Disassembly of").count();
    assert_eq!(functions, listings + 1);
}
