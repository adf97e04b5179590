//! Reads a `.pyc` and lists its instructions: offset, line, opcode, and what the argument stands for.
//!
//! `cargo run -p pydis --example list_pyc -- crates/pydis/tests/data/module.pyc`

use std::error::Error;
use std::io::{self, Write};

use pycode::{ObjectId, Pool};
use pydis::Instructions;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: list_pyc FILE.pyc")?;
    list(&std::fs::read(path)?, &mut io::stdout().lock())
}

fn list(file: &[u8], out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut pool = Pool::new();
    let (_, loaded) = pymarshal::pyc::read(file, &mut pool)?;
    // The last one is next. A code object that occurs twice is listed once.
    let (mut pending, mut seen) = (vec![loaded.root], vec![false; pool.len()]);
    while let Some(id) = pending.pop() {
        if !std::mem::replace(&mut seen[id.index()], true) {
            pending.extend(list_code(&pool, id, out)?.iter().rev());
        }
    }
    Ok(())
}

/// Lists one code object; gives its constants.
fn list_code<'a>(pool: &'a Pool, id: ObjectId, out: &mut impl Write) -> io::Result<&'a [ObjectId]> {
    let Some(code) = pool.code(id) else {
        return Ok(&[]);
    };
    writeln!(out, "{}:", pool.text(code.qualname).map_or_else(String::new, |name| name.to_string_lossy()))?;
    for instruction in Instructions::new(pool, code) {
        let line = instruction.line_number.map_or_else(|| "-".to_owned(), |line| line.to_string());
        let meaning = &instruction.argrepr;
        writeln!(out, "{:6} {line:>5} {} {meaning}", instruction.offset, instruction.opname)?;
    }
    Ok(pool.tuple(code.consts).unwrap_or_default())
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
