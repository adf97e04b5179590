//! Programs of very many parts: constants, names, locals and jumps on both sides of what an argument of one byte and
//! of two can tell, gaps of a million lines and columns.
//!
//! `large/programs.txt`, which `cargo xtask cases` writes, tells how to make each program, and size and hash of what
//! CPython makes of it.

use pretty_assertions::assert_eq;
use pycompile::Options;
use pymarshal::DumpOptions;

const PROGRAMS: &str = include_str!("large/programs.txt");

#[test]
fn programs_of_very_many_parts_are_compiled_as_by_cpython() {
    let programs: Vec<&str> = PROGRAMS.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(!programs.is_empty());
    for line in programs {
        let line = line.replace("\\n", "\n");
        let [name, before, part, count, after, size, hash] = fields(&line);
        let parts = (0..number(count)).map(|index| part.replace('#', &index.to_string()));
        let source = format!("{before}{}{after}", parts.collect::<String>());
        let code = compiled(&source);
        assert_eq!(
            (code.len(), hex(&pymarshal::pyc::source_hash(&code))),
            (number(size), hash.to_owned()),
            "{name}"
        );
    }
}

fn fields(line: &str) -> [&str; 7] {
    let fields: Vec<&str> = line.split('\t').collect();
    fields.try_into().expect("seven fields")
}

fn number(text: &str) -> usize {
    text.parse().expect("a number")
}

/// The marshalled code object.
fn compiled(source: &str) -> Vec<u8> {
    let compiled =
        pycompile::compile(source.as_bytes(), "x.py", &Options::default()).expect("a valid program");
    pymarshal::dumps(&compiled.pool, compiled.root, &DumpOptions::default()).expect("a code object")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
