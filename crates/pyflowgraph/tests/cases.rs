//! Sequences and what CPython makes of them: those made by hand (`cases/cases.txt`, by `cases/regenerate.py`), and
//! those of CPython's own tests of its flow graph (`cases/cpython.txt`). `cargo xtask cases` writes both.

use pycode::{Object, ObjectId, Pool};
use pyflowgraph::{Workspace, optimize_cfg};
use pyinstrseq::text::{parse_const, parse_sequence, print_const};
use pyinstrseq::{InstructionSequence, OptimizedSequence, UnitConst};

const CASES: &str = include_str!("cases/cases.txt");
const OF_CPYTHON: &str = include_str!("cases/cpython.txt");

struct Case {
    name: String,
    nlocals: u32,
    consts: Vec<ObjectId>,
    sequence: InstructionSequence,
    /// The text of the outcome: instructions and constants, or an error.
    expected: String,
}

fn cases(text: &str, pool: &mut Pool) -> Vec<Case> {
    text.split("== ").skip(1).map(|text| case(text, pool)).collect()
}

fn case(text: &str, pool: &mut Pool) -> Case {
    let (head, rest) = text.split_once("\nin\n").expect("a case has an input");
    let mut head = head.lines();
    let name = head.next().expect("a case has a name").to_owned();
    let nlocals = head.next().and_then(|line| line.strip_prefix("nlocals ")).expect("a number of locals");
    let consts = head.map(|line| constant(line.strip_prefix("const ").expect("a constant"), pool)).collect();
    let at = rest.find("out\n").or_else(|| rest.find("error ")).expect("a case has an outcome");
    let (input, expected) = rest.split_at(at);
    Case {
        name,
        nlocals: nlocals.parse().expect("a number"),
        consts,
        sequence: parse_sequence(input).expect("a sequence"),
        expected: expected.trim().trim_start_matches("out\n").to_owned(),
    }
}

fn constant(text: &str, pool: &mut Pool) -> ObjectId {
    match parse_const(text, pool).expect(text) {
        UnitConst::Object(id) => id,
        UnitConst::Unit(_) => panic!("a case has no nested units"),
    }
}

/// The members of sets have no order.
fn shown(id: ObjectId, pool: &Pool) -> String {
    let Object::FrozenSet(members) = pool.get(id) else {
        return print_const(UnitConst::Object(id), pool);
    };
    let mut members: Vec<String> = members.iter().map(|&member| shown(member, pool)).collect();
    members.sort();
    format!("frozenset({})", members.join(", "))
}

fn outcome(sequence: &OptimizedSequence, pool: &Pool) -> String {
    let instructions = sequence.instructions.iter().enumerate();
    let instructions = instructions.map(|(index, instr)| format!("{index}: {instr}"));
    let consts = sequence.consts.iter().map(|&id| format!("const {}", shown(id, pool)));
    instructions.chain(consts).collect::<Vec<_>>().join("\n")
}

#[test]
fn graphs_are_optimized_as_in_cpython() {
    check(CASES);
}

#[test]
fn the_graphs_of_cpythons_tests_are_optimized_as_in_cpython() {
    check(OF_CPYTHON);
}

fn check(text: &str) {
    let (mut pool, mut workspace) = (Pool::new(), Workspace::new());
    for Case { name, nlocals, consts, sequence, expected } in cases(text, &mut pool) {
        // CPython's optimizer does not know the constants that it is given.
        pool.forget_merged();
        match optimize_cfg(&sequence, consts, nlocals, &mut pool, &mut workspace) {
            Ok(optimized) => assert_eq!(outcome(&optimized, &pool), expected, "{name}"),
            Err(error) => {
                let expected = expected.strip_prefix("error ").unwrap_or_else(|| panic!("{name}: {error}"));
                assert!(error.to_string().starts_with(expected), "{name}: {error}");
            }
        }
    }
}
