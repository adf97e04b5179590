//! Operations on constants and what CPython folds them to (`folding/folding.txt`, by `folding/regenerate.py`;
//! `cargo xtask cases` writes it).

use pycode::{Location, ObjectId, Pool};
use pyflowgraph::{Workspace, optimize_cfg};
use pyinstrseq::text::{parse_const, print_const};
use pyinstrseq::{SequenceBuilder, UnitConst};
use pyopcode::{BinaryOp, Intrinsic1, Opcode};

const FOLDING: &str = include_str!("folding/folding.txt");

fn object(text: &str, pool: &mut Pool) -> ObjectId {
    match parse_const(text, pool).expect(text) {
        UnitConst::Object(id) => id,
        UnitConst::Unit(_) => panic!("no code objects here"),
    }
}

fn operation(operator: &str) -> (Opcode, i32) {
    match operator {
        "neg" => (Opcode::UnaryNegative, 0),
        "invert" => (Opcode::UnaryInvert, 0),
        "not" => (Opcode::UnaryNot, 0),
        "pos" => (Opcode::CallIntrinsic1, Intrinsic1::UnaryPositive as i32),
        _ => {
            let op = BinaryOp::ALL.iter().find(|op| op.text() == operator).expect(operator);
            (Opcode::BinaryOp, *op as i32)
        }
    }
}

fn fold(operator: &str, operands: Vec<ObjectId>, pool: &mut Pool, workspace: &mut Workspace) -> String {
    let line = Location::new(1, 1, 0, 0);
    let mut code = SequenceBuilder::new();
    for index in 0..operands.len() {
        code.op_arg(Opcode::LoadConst, index as i32, line);
    }
    let (opcode, oparg) = operation(operator);
    code.op_arg(opcode, oparg, line);
    code.op(Opcode::ReturnValue, line);
    let optimized = optimize_cfg(&code.finish(), operands, 0, pool, workspace).expect("a sound sequence");
    match &optimized.instructions[..] {
        [load, _] if load.opcode == Opcode::LoadSmallInt => load.oparg.to_string(),
        [load, _] if load.opcode == Opcode::LoadConst => {
            print_const(UnitConst::Object(optimized.consts[load.oparg as usize]), pool)
        }
        _ => "-".to_owned(),
    }
}

#[test]
fn constants_are_folded_as_in_cpython() {
    let (mut pool, mut workspace) = (Pool::new(), Workspace::new());
    for line in FOLDING.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [operator, operands @ .., expected] = &fields[..] else { panic!("{line}") };
        let operands = operands.iter().map(|text| object(text, &mut pool)).collect();
        // Read and printed, so that a number has one spelling.
        let expected = match *expected {
            "-" => "-".to_owned(),
            text => print_const(UnitConst::Object(object(text, &mut pool)), &pool),
        };
        assert_eq!(fold(operator, operands, &mut pool, &mut workspace), expected, "{line}");
    }
}
