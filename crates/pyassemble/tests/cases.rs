//! The units of CPython's own tests of its assembler, against the code objects that it makes of them
//! (`cases/cpython.txt`, which `cargo xtask cases` writes).
//!
//! The tests hand in instructions of before the last passes of the flow graph, as CPython's entry point takes them.

use std::fmt::Write as _;

use pretty_assertions::assert_eq;
use pycode::{CodeObject, ObjectId, Pool};
use pyflowgraph::Workspace;
use pyinstrseq::UnitConst;
use pyinstrseq::text::{parse_units, print_const};

const OF_CPYTHON: &str = include_str!("cases/cpython.txt");

#[test]
fn the_units_of_cpythons_tests_are_assembled_as_in_cpython() {
    let cases: Vec<&str> = OF_CPYTHON.split("== ").skip(1).collect();
    assert!(!cases.is_empty());
    for case in cases {
        let (name, case) = case.split_once('\n').expect("a name");
        let (unit, expected) = case.split_once("out\n").expect("an outcome");
        let mut pool = Pool::new();
        let code = assembled(unit, &mut pool);
        assert_eq!(fields(pool.code(code).expect("a code object"), &pool), expected, "{name}");
    }
}

fn assembled(unit: &str, pool: &mut Pool) -> ObjectId {
    let mut units = parse_units(unit, pool).expect("a unit");
    let unit = &mut units[0];
    let consts = unit.resolve_consts(|child| panic!("{child:?} stands for no code object"));
    let lowered = pyflowgraph::lower(&unit.sequence, &unit.metadata, consts, pool, &mut Workspace::new());
    let lowered = lowered.expect("a well-formed sequence");
    pyassemble::assemble(lowered, &unit.metadata, ObjectId::EMPTY_STR, pool).expect("a well-formed sequence")
}

/// The fields that the assembler makes.
fn fields(code: &CodeObject, pool: &Pool) -> String {
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "{text}").expect("writing to a string");
    let shown = |id: ObjectId| print_const(UnitConst::Object(id), pool);
    line(format!("name {}", shown(code.name)));
    line(format!("qualname {}", shown(code.qualname)));
    line(format!("argcount {}", code.argcount));
    line(format!("posonlyargcount {}", code.posonlyargcount));
    line(format!("kwonlyargcount {}", code.kwonlyargcount));
    line(format!("firstlineno {}", code.firstlineno));
    line(format!("stacksize {}", code.stacksize));
    line(format!("nlocals {}", code.varnames(pool).count()));
    let members = |id| pool.tuple(id).unwrap_or_default().to_vec();
    let lists = [
        ("names", members(code.names)),
        ("varnames", code.varnames(pool).collect()),
        ("cellvars", code.cellvars(pool).collect()),
        ("freevars", code.freevars(pool).collect()),
        ("consts", members(code.consts)),
    ];
    for (field, ids) in lists {
        let ids = ids.into_iter().map(|id: ObjectId| format!(" {}", shown(id)));
        line(format!("{field}{}", ids.collect::<String>()));
    }
    let tables =
        [("code", code.code), ("linetable", code.linetable), ("exceptiontable", code.exceptiontable)];
    for (field, id) in tables {
        let bytes = pool.bytes(id).unwrap_or_default();
        line(format!("{field} {}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()));
    }
    out
}
