//! Good inputs: the golden files of the repository, and files that a caller names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use pyast::Arena;
use pycode::Pool;
use pyfuture::FutureFeatures;
use pyinstrseq::UnitId;
use pyinstrseq::text::print_unit;
use pymarshal::pyc::PycHeader;
use pysymtable::{SymbolTable, SymbolTableOptions};

use crate::targets::VERIFIED;

/// What the inputs of a target are made of.
#[derive(Debug)]
pub struct Seeds {
    /// Good inputs.
    pub inputs: Vec<Vec<u8>>,
    /// Parts of inputs.
    pub pieces: Vec<&'static [u8]>,
}

/// What marshal data consists of: all type codes, with and without the flag, some with a count.
const MARSHAL: &[&[u8]] = &[
    b"0",
    b"N",
    b"F",
    b"T",
    b"S",
    b".",
    b"i",
    b"I",
    b"l",
    b"f",
    b"g",
    b"x",
    b"y",
    b"s",
    b"u",
    b"t",
    b"a",
    b"A",
    b"z",
    b"Z",
    b"(",
    b")",
    b"[",
    b"{",
    b"<",
    b">",
    b":",
    b"c",
    b"r",
    b"\xa9",
    b"\xa8",
    b"\xdb",
    b"\xfb",
    b"\xbc",
    b"\xbe",
    b"\xba",
    b"\xe3",
    b"\xe9",
    b"\xf3",
    b"\xf5",
    b"\xda",
    b"r\x00\x00\x00\x00",
    b"r\x01\x00\x00\x00",
    b"r\x02\x00\x00\x00",
    b"\xa9\x02",
    b")\x02",
    b"l\x03\x00\x00\x00",
    b"{NN0",
    b"<\x02\x00\x00\x00",
];

/// What Python is made of.
const PYTHON: &[&[u8]] = &[
    b"(",
    b")",
    b"[",
    b"]",
    b"{",
    b"}",
    b":",
    b",",
    b";",
    b"\n",
    b"\n    ",
    b"\t",
    b"\\\n",
    b"\r",
    b"\x0c",
    b"#",
    b"\"",
    b"'",
    b"\"\"\"",
    b"f\"",
    b"t'",
    b"f\"{x!r:{y}}\"",
    b"{{",
    b"0x",
    b"1_0",
    b"1e",
    b"...",
    b"->",
    b":=",
    b"**",
    b"=",
    b"==",
    b"@",
    b"\xc3\xa9",
    b"\xff",
    b"\0",
    b"lambda ",
    b"yield ",
    b"await ",
    b"async ",
    b"def f():",
    b"class A:",
    b"if x:",
    b"else:",
    b"try:",
    b"except* E:",
    b"finally:",
    b"for x in y:",
    b"match x:",
    b"case _:",
    b"with a as b:",
    b"return ",
    b"global x",
    b"nonlocal x",
    b"import a",
    b"from . import *",
    b"type X = 1",
    b"[T: int = str]",
    b"*args",
    b"__debug__",
    b"# coding: latin-1\n",
    b"None",
    b"(((((((",
    b"- - - - ",
];

/// What sequences, units and graphs are made of.
const SEQUENCE: &[&[u8]] = &[
    b"\n",
    b" ",
    b"0: ",
    b" -> 0",
    b" -> block0",
    b" @1:0-1:1",
    b" @none",
    b" @next",
    b" @?:?-?:?",
    b" !block0",
    b"block0:",
    b"block1: labelled preds=1",
    b" handler",
    b" depth=3",
    b"unit0 \"a\" \"b\"\n",
    b"code {\n",
    b"}\n",
    b"const None\n",
    b"const (1, \"a\", b\"\\x00\")\n",
    b"names \"x\"\n",
    b"varnames \"x\"\n",
    b"annotations {\n",
    b"JUMP",
    b"SETUP_FINALLY -> 1",
    b"POP_BLOCK\n",
    b"LOAD_CONST 0\n",
    b"LOAD_FAST 0\n",
    b"SWAP 2\n",
    b"COPY 1\n",
    b"BUILD_TUPLE 3\n",
    b"UNPACK_SEQUENCE 3\n",
    b"RETURN_VALUE\n",
    b"FOR_ITER -> 0\n",
    b"POP_JUMP_IF_FALSE -> 2\n",
    b"2147483647",
    b"-1",
    b"4294967296",
];

/// The seeds of a target. `more` are files, or folders of files, to take besides the golden ones.
///
/// # Errors
/// When a file cannot be read.
pub fn of_target(target: &str, more: &[PathBuf]) -> Result<Seeds> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    let (extension, pieces) = match target {
        "marshal" | "dis" | "verify" => ("pyc", MARSHAL),
        "source" => ("py", PYTHON),
        _ => ("py", SEQUENCE),
    };
    for path in more {
        collect(path, &mut files)?;
    }
    files.retain(|path| path.extension().is_some_and(|e| e == extension));
    let mut inputs: Vec<Vec<u8>> = files.iter().map(fs::read).collect::<Result<_, _>>()?;
    if target == "sequence" {
        inputs = inputs.iter().filter_map(|source| units(source)).collect();
    }
    if target == "verify" {
        // Most of what differs from everything else would be refused at the first instruction.
        let own = verified()?;
        inputs.iter_mut().step_by(2).for_each(|input| input.clone_from(&own));
    }
    Ok(Seeds { inputs, pieces: pieces.to_vec() })
}

/// The `.pyc` file that the target `verify` finds nothing wrong with.
fn verified() -> Result<Vec<u8>> {
    let compiled = pycompile::compile(VERIFIED, "a.py", &pycompile::Options::default())?;
    Ok(compiled.to_pyc(PycHeader::UncheckedHash([0; 8]))?)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(path).with_context(|| format!("reading {}", path.display()))?;
    let mut entries = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| collect(entry, files))
}

/// The units of a program as text.
fn units(source: &[u8]) -> Option<Vec<u8>> {
    let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
    let module = pyparser::parse(source, &arena, &mut strings, &Default::default()).ok()?.module;
    let future = FutureFeatures::from_ast(module, &strings).ok()?;
    let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default()).ok()?;
    let mut pool = Pool::with_strings(strings);
    let units =
        pycodegen::generate(module, &table, &future, &mut pool, &mut Vec::new(), Default::default()).ok()?;
    let numbered = units.iter().zip(0..);
    Some(numbered.flat_map(|(unit, n)| print_unit(UnitId(n), unit, &pool).into_bytes()).collect())
}
