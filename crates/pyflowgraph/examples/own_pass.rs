//! A pass over the flow graph: `x * 2` becomes `x + x`.
//!
//! `cargo run -p pyflowgraph --example own_pass` makes the graph of `print(length * 2)`, changes it, shows
//! what changed, and optimizes it like any other.

use std::error::Error;
use std::io::{self, Write};

use pycode::{Interner, Location, Object, ObjectId, Pool, known};
use pyflowgraph::{BlockId, Cfg, Changes, Workspace};
use pyinstrseq::{InstructionSequence, SequenceBuilder, UnitMetadata};
use pyopcode::{BinaryOp, Opcode};

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout().lock())
}

fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut strings = Interner::new();
    let names = ["print", "length"].map(|name| strings.intern(name)).to_vec();
    let mut pool = Pool::with_strings(strings);
    let consts = vec![ObjectId::NONE, pool.merge(Object::Int(2))];
    let qualname = pool.name(known::MODULE);
    let metadata = UnitMetadata { names, ..UnitMetadata::new(known::MODULE, qualname, 1) };

    let mut cfg = Cfg::from_sequence(&print_twice_the_length())?;
    let before = cfg.clone();
    let blocks: Vec<BlockId> = cfg.layout().collect();
    for block in blocks {
        double_by_adding(&mut cfg, block, &pool, &consts);
    }

    writeln!(out, "{}", Changes::between(&before, &cfg))?;
    let optimized =
        pyflowgraph::optimize(&cfg.to_sequence(), &metadata, consts, &mut pool, &mut Workspace::new())?;
    for instruction in &optimized.instructions {
        writeln!(out, "{} {}", instruction.opcode, instruction.oparg)?;
    }
    Ok(())
}

/// `LOAD_CONST 2; BINARY_OP *` becomes `COPY 1; BINARY_OP +`.
fn double_by_adding(cfg: &mut Cfg, block: BlockId, pool: &Pool, consts: &[ObjectId]) {
    let instrs = cfg.edit(block);
    for at in 1..instrs.len() {
        let (load, multiply) = (instrs[at - 1], instrs[at]);
        let is_two = load.opcode == Opcode::LoadConst
            && matches!(pool.get(consts[load.oparg as usize]), Object::Int(2));
        let is_product = multiply.opcode == Opcode::BinaryOp && multiply.oparg == BinaryOp::Multiply as i32;
        if is_two && is_product {
            instrs[at - 1].set(Opcode::Copy, 1);
            instrs[at].set(Opcode::BinaryOp, BinaryOp::Add as i32);
        }
    }
}

/// `print(length * 2)`, as code generation leaves it.
fn print_twice_the_length() -> InstructionSequence {
    let mut code = SequenceBuilder::new();
    let line = Location::new(1, 1, 0, 17);
    code.op_arg(Opcode::Resume, 0, line);
    code.op_arg(Opcode::LoadName, 0, line);
    code.op(Opcode::PushNull, line);
    code.op_arg(Opcode::LoadName, 1, line);
    code.op_arg(Opcode::LoadConst, 1, line);
    code.op_arg(Opcode::BinaryOp, BinaryOp::Multiply as i32, line);
    code.op_arg(Opcode::Call, 1, line);
    code.op(Opcode::PopTop, line);
    code.op_arg(Opcode::LoadConst, 0, line);
    code.op(Opcode::ReturnValue, line);
    code.finish()
}

#[test]
fn the_product_becomes_a_sum() {
    let mut out = Vec::new();
    run(&mut out).expect("a sound sequence");
    let text = String::from_utf8(out).expect("text");
    assert!(text.contains("+   COPY 1 @1:0-1:17\n"), "{text}");
    assert!(text.contains("\nCOPY 1\nBINARY_OP 0\n"), "{text}");
}
