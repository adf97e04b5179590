//! Instructions written by hand, optimized and assembled: a `.pyc` that Python imports, without a source.
//!
//! `cargo run -p pyassemble --example hand_written -- adder.pyc && python3.14 -c 'import adder; print(adder.add_one(1))'`

use std::error::Error;

use pycode::{CodeFlags, Location, Object, ObjectId, Pool, known};
use pyflowgraph::Workspace;
use pyinstrseq::{InstructionSequence, SequenceBuilder, UnitMetadata};
use pymarshal::pyc::{self, PycHeader};
use pyopcode::{BinaryOp, Opcode};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: hand_written FILE.pyc")?;
    std::fs::write(path, module("adder.py", PycHeader::UncheckedHash([0; 8]))?)?;
    Ok(())
}

/// The `.pyc` of a module with one function.
fn module(filename: &str, header: PycHeader) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut pool = Pool::new();
    let filename = pool.name_of(filename);
    let [add_one, x] = ["add_one", "x"].map(|text| pool.strings_mut().intern(text));

    let function = UnitMetadata {
        argcount: 1,
        varnames: vec![x],
        flags: CodeFlags::OPTIMIZED | CodeFlags::NEWLOCALS,
        ..UnitMetadata::new(add_one, pool.name(add_one), 1)
    };
    let consts = vec![pool.merge(Object::Int(1))];
    let function = finish(&body_of_function(), &function, consts, filename, &mut pool)?;

    let name = known::MODULE;
    let module = UnitMetadata { names: vec![add_one], ..UnitMetadata::new(name, pool.name(name), 1) };
    let consts = vec![function, ObjectId::NONE];
    let module = finish(&body_of_module(), &module, consts, filename, &mut pool)?;
    Ok(pyc::write(header, &pool, module)?)
}

/// `return x + 1`
fn body_of_function() -> InstructionSequence {
    let mut code = SequenceBuilder::new();
    code.op(Opcode::Resume, Location::new(1, 1, 0, 0));
    code.op_arg(Opcode::LoadFast, 0, Location::new(2, 2, 11, 12));
    code.op_arg(Opcode::LoadConst, 0, Location::new(2, 2, 15, 16));
    code.op_arg(Opcode::BinaryOp, BinaryOp::Add as i32, Location::new(2, 2, 11, 16));
    code.op(Opcode::ReturnValue, Location::new(2, 2, 4, 16));
    code.finish()
}

/// `add_one = ` the function
fn body_of_module() -> InstructionSequence {
    let (def, mut code) = (Location::new(1, 2, 0, 16), SequenceBuilder::new());
    code.op(Opcode::Resume, Location::new(0, 1, 0, 0));
    code.op_arg(Opcode::LoadConst, 0, def);
    code.op(Opcode::MakeFunction, def);
    code.op_arg(Opcode::StoreName, 0, def);
    code.op_arg(Opcode::LoadConst, 1, Location::NONE);
    code.op(Opcode::ReturnValue, Location::NONE);
    code.finish()
}

/// From instructions to a code object.
fn finish(
    sequence: &InstructionSequence,
    metadata: &UnitMetadata,
    consts: Vec<ObjectId>,
    filename: ObjectId,
    pool: &mut Pool,
) -> Result<ObjectId, Box<dyn Error>> {
    let optimized = pyflowgraph::optimize(sequence, metadata, consts, pool, &mut Workspace::new())?;
    let code = pyassemble::assemble(optimized, metadata, filename, pool)?;
    // Equal code objects are one constant.
    Ok(pool.merge_id(code))
}

/// `golden/def_add_one` has a source of the same meaning, and what CPython makes of it.
#[test]
fn the_file_is_the_one_that_cpython_makes_of_a_source() {
    let header = PycHeader::Timestamp { mtime: 1_000_000_000, size: 33 };
    let file = module("def_add_one.py", header).expect("sound instructions");
    assert_eq!(file, include_bytes!("../../../golden/def_add_one/O0.pyc"));
}
