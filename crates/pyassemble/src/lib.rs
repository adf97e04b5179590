//! From an optimized sequence to a code object.
//!
//! * Takes an [`OptimizedSequence`] (what the flow graph made of a unit) and the unit's
//!   [`UnitMetadata`].
//! * Gives a code object in the [`Pool`]: bytecode with inline caches and `EXTENDED_ARG`s, line table,
//!   exception table, names of locals with their kinds.
//! * Tables and tuples are merged in the pool as CPython's constant cache does, so that marshal finds
//!   the same objects shared.
//!
//! CPython's counterpart: `Python/assemble.c`.
//!
//! ```
//! use pyassemble::assemble;
//! use pycode::{CodeFlags, Location, ObjectId, Pool, known};
//! use pyinstrseq::{OptimizedInstruction, OptimizedSequence, UnitMetadata};
//! use pyopcode::Opcode;
//!
//! let mut pool = Pool::new();
//! let location = Location::new(1, 1, 0, 4);
//! let op = |opcode, oparg| OptimizedInstruction { opcode, oparg, location, handler: None };
//! let sequence = OptimizedSequence {
//!     instructions: vec![op(Opcode::Resume, 0), op(Opcode::LoadConst, 0), op(Opcode::ReturnValue, 0)],
//!     consts: vec![ObjectId::NONE],
//!     stacksize: 1,
//!     flags: CodeFlags::default(),
//!     nlocalsplus: 0,
//! };
//! let name = pool.name(known::MODULE);
//! let metadata = UnitMetadata {
//!     name: known::MODULE,
//!     qualname: name,
//!     argcount: 0,
//!     posonlyargcount: 0,
//!     kwonlyargcount: 0,
//!     firstlineno: 1,
//!     flags: CodeFlags::default(),
//!     names: vec![],
//!     varnames: vec![],
//!     cellvars: vec![],
//!     freevars: vec![],
//!     fasthidden: vec![],
//!     own_locals: false,
//! };
//! let filename = pool.name(known::EMPTY);
//! let code = assemble(sequence, &metadata, filename, &mut pool)?;
//! let code = pool.code(code).expect("a code object");
//! assert_eq!(pool.bytes(code.code), Some(&[128, 0, 82, 0, 35, 0][..]));
//! # Ok::<(), pyassemble::AssembleError>(())
//! ```

mod bytecode;
mod error;
mod exception_table;
mod jumps;
mod line_table;
mod localsplus;

use pycode::{CodeObject, Object, ObjectId, Pool, known};
use pyinstrseq::{OptimizedSequence, UnitMetadata};

pub use error::AssembleError;

/// Assembles a unit into a code object in the pool, and gives its id
/// (`_PyAssemble_MakeCodeObject`).
///
/// `filename` is a string object. The constants of the sequence must be objects of `pool`.
///
/// # Errors
/// When the sequence is not one that a flow graph produces: see [`AssembleError`].
pub fn assemble(
    mut sequence: OptimizedSequence,
    metadata: &UnitMetadata,
    filename: ObjectId,
    pool: &mut Pool,
) -> Result<ObjectId, AssembleError> {
    jumps::resolve_directions(&mut sequence.instructions)?;
    let offsets = jumps::resolve_offsets(&mut sequence.instructions)?;
    let locals = localsplus::compute(metadata, sequence.flags, sequence.nlocalsplus)?;
    let code = bytecode::emit(&sequence.instructions, &offsets);
    let lines = line_table::emit(&mut sequence.instructions, metadata.firstlineno);
    let handlers = exception_table::emit(&sequence.instructions, &offsets)?;

    // The order of `assemble_emit` and `makecode`: the first of equal objects is the one that is kept.
    let exceptiontable = pool.merge(Object::Bytes(handlers.into()));
    let linetable = pool.merge(Object::Bytes(lines.into()));
    let code = pool.add(Object::Bytes(code.into()));
    let names = metadata.names.iter().map(|&name| pool.name(name)).collect();
    let names = pool.merge(Object::Tuple(names));
    let consts = pool.merge(Object::Tuple(sequence.consts.into()));
    let localsplusnames = locals.names.iter().map(|&name| pool.name(name)).collect();
    let localsplusnames = pool.merge(Object::Tuple(localsplusnames));
    let localsplusnames =
        if metadata.own_locals { show_format(localsplusnames, pool) } else { localsplusnames };
    let localspluskinds = pool.add(Object::Bytes(locals.kinds.into()));
    let name = pool.name(metadata.name);
    Ok(pool.new_code(CodeObject {
        argcount: metadata.posonlyargcount + metadata.argcount,
        posonlyargcount: metadata.posonlyargcount,
        kwonlyargcount: metadata.kwonlyargcount,
        // A frame has room for one entry at least (`_PyCode_New`).
        stacksize: sequence.stacksize.max(1),
        flags: sequence.flags,
        code,
        consts,
        names,
        localsplusnames,
        localspluskinds,
        filename,
        name,
        qualname: metadata.qualname,
        firstlineno: metadata.firstlineno,
        linetable,
        exceptiontable,
    }))
}

/// The parameter of `__annotate__` shows as `format`, in a tuple that no other code object shares
/// (`codegen_leave_annotations_scope` in `Python/codegen.c`).
fn show_format(names: ObjectId, pool: &mut Pool) -> ObjectId {
    let mut members = pool.tuple(names).unwrap_or_default().to_vec();
    if let Some(first) = members.first_mut() {
        *first = pool.name(known::FORMAT);
    }
    pool.add(Object::Tuple(members.into()))
}
