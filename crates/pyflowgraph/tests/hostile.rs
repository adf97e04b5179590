//! Sequences that no code generator makes give a result or an error, never a panic. In test builds the
//! verifier also looks at the graph after each pass.

use pycode::{CodeFlags, Location, Object, ObjectId, Pool, known};
use pyflowgraph::{Workspace, optimize, optimize_cfg};
use pyinstrseq::{Instruction, InstructionSequence, UnitMetadata};
use pyopcode::Opcode;

/// Numbers that look random and are the same in every run (an LCG, constants of Knuth's MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// Opcodes on which passes act, so that random sequences get past the first check now and then.
const FREQUENT: &[Opcode] = &[
    Opcode::LoadConst,
    Opcode::LoadConst,
    Opcode::LoadSmallInt,
    Opcode::LoadFast,
    Opcode::StoreFast,
    Opcode::Nop,
    Opcode::Copy,
    Opcode::Swap,
    Opcode::PopTop,
    Opcode::BinaryOp,
    Opcode::BuildTuple,
    Opcode::ToBool,
    Opcode::Jump,
    Opcode::JumpNoInterrupt,
    Opcode::PopJumpIfFalse,
    Opcode::JumpIfTrue,
    Opcode::ForIter,
    Opcode::SetupFinally,
    Opcode::SetupWith,
    Opcode::PopBlock,
    Opcode::ReturnValue,
    Opcode::Reraise,
];

fn instruction(random: &mut Random, len: usize) -> Instruction {
    let opcode = match random.below(5) {
        0 => random.pick(Opcode::ALL),
        _ => random.pick(FREQUENT),
    };
    let oparg = match random.below(20) {
        _ if opcode.has_target() => random.below(len + 1) as i32,
        0 => random.pick(&[-1, i32::MAX, i32::MIN, 1 << 29, (1 << 29) - 1, 1 << 24, 70]),
        _ => random.below(4) as i32,
    };
    let lines = [Location::NONE, Location::NEXT, Location::new(1, 1, 0, 0), Location::new(2, 3, 4, 5)];
    Instruction { opcode, oparg, location: random.pick(&lines) }
}

fn sequence(random: &mut Random) -> InstructionSequence {
    let len = 1 + random.below(24);
    let mut instructions: Vec<Instruction> = (0..len).map(|_| instruction(random, len)).collect();
    if random.below(4) > 0 {
        instructions[len - 1].opcode = Opcode::ReturnValue;
    }
    InstructionSequence::new(instructions)
}

fn metadata() -> UnitMetadata {
    UnitMetadata {
        argcount: 1,
        flags: CodeFlags::GENERATOR,
        varnames: vec![known::SELF, known::NAME, known::VALUE],
        cellvars: vec![known::CLASS, known::NAME],
        freevars: vec![known::TYPE],
        ..UnitMetadata::new(known::MODULE, ObjectId::EMPTY_STR, 1)
    }
}

#[test]
fn random_sequences_give_a_result_or_an_error() {
    let (mut pool, mut workspace) = (Pool::new(), Workspace::new());
    let text = pool.strings_mut().intern("text");
    let consts =
        vec![ObjectId::NONE, pool.merge(Object::Int(1000)), pool.merge_str(text), ObjectId::EMPTY_TUPLE];
    let (mut random, metadata) = (Random(314), metadata());
    let mut optimized = 0;
    for _ in 0..30_000 {
        let sequence = sequence(&mut random);
        let nlocals = random.below(70) as u32;
        let graph = optimize_cfg(&sequence, consts.clone(), nlocals, &mut pool, &mut workspace);
        let unit = optimize(&sequence, &metadata, consts.clone(), &mut pool, &mut workspace);
        optimized += usize::from(graph.is_ok()) + usize::from(unit.is_ok());
    }
    assert!(optimized > 1000, "most sequences should not fail the first check: {optimized}");
}
