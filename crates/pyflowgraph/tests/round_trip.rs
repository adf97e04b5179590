//! The graph of whatever sequence, after whatever pass: its text reads back as the same graph. Before
//! the first pass the graph becomes a sequence again that has the same graph.

use proptest::collection::vec;
use proptest::prelude::*;
use pycode::{CodeFlags, Location, ObjectId, Pool, known};
use pyflowgraph::{Cfg, Changes, Workspace};
use pyinstrseq::{Instruction, InstructionSequence, UnitMetadata};
use pyopcode::Opcode;

/// What random sequences consist of, so that they get past the first pass now and then.
const OPCODES: &[Opcode] = &[
    Opcode::LoadConst,
    Opcode::LoadSmallInt,
    Opcode::LoadFast,
    Opcode::StoreFast,
    Opcode::DeleteFast,
    Opcode::Nop,
    Opcode::Jump,
    Opcode::PopJumpIfFalse,
    Opcode::JumpIfTrue,
    Opcode::SetupFinally,
    Opcode::PopBlock,
    Opcode::ReturnValue,
];

fn sequence() -> impl Strategy<Value = InstructionSequence> {
    let line = prop_oneof![
        Just(Location::NONE),
        Just(Location::NEXT),
        (1..4, 0..3).prop_map(|(line, column)| Location::new(line, line, column, -1)),
    ];
    let instruction = (prop::sample::select(OPCODES), 0..3i32, any::<u32>(), line);
    vec(instruction, 1..24).prop_map(|parts| {
        let len = parts.len() as u32;
        let instruction = |(opcode, oparg, target, location): (Opcode, i32, u32, Location)| {
            let oparg = if opcode.has_target() { (target % len) as i32 } else { oparg };
            Instruction { opcode, oparg, location }
        };
        let mut instructions: Vec<Instruction> = parts.into_iter().map(instruction).collect();
        instructions[len as usize - 1] =
            Instruction { opcode: Opcode::ReturnValue, oparg: 0, location: Location::NONE };
        InstructionSequence::new(instructions)
    })
}

fn metadata() -> UnitMetadata {
    UnitMetadata {
        argcount: 1,
        flags: CodeFlags::GENERATOR,
        varnames: vec![known::SELF, known::NAME, known::VALUE],
        cellvars: vec![known::NAME],
        ..UnitMetadata::new(known::MODULE, ObjectId::EMPTY_STR, 1)
    }
}

fn check(pass: &str, cfg: &Cfg) {
    let text = cfg.to_string();
    let read: Cfg = text.parse().unwrap_or_else(|error| panic!("after {pass}: {error}\n{text}"));
    let changes = Changes::between(cfg, &read);
    assert!(changes.is_empty(), "after {pass}:\n{changes}");
    assert_eq!(read.to_string(), text, "after {pass}");
}

proptest! {
    #[test]
    fn graphs(sequence in sequence()) {
        let mut pool = Pool::new();
        let consts = vec![ObjectId::NONE, ObjectId::TRUE, ObjectId::EMPTY_STR];
        // Most sequences fail at some pass; the graphs until then count.
        let _ = pyflowgraph::trace(&sequence, &metadata(), consts, &mut pool, &mut Workspace::new(), check);
    }

    #[test]
    fn sequences(sequence in sequence()) {
        if let Ok(cfg) = Cfg::from_sequence(&sequence) {
            let again = Cfg::from_sequence(&cfg.to_sequence()).expect("the sequence of a graph");
            prop_assert_eq!(again.to_string(), cfg.to_string());
            prop_assert_eq!(cfg.to_sequence(), sequence);
        }
    }
}
