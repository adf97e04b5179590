//! From an optimized sequence to a code object.
//!
//! * Takes an [`OptimizedSequence`] (what the flow graph made of a unit) and the unit's
//!   [`UnitMetadata`].
//! * Gives a code object in the [`Pool`]: bytecode with inline caches and `EXTENDED_ARG`s, line table,
//!   exception table, names of locals with their kinds.
//! * Tables and tuples are merged in the pool as CPython's constant cache does, so that marshal finds
//!   the same objects shared.
//!
//! [`CodeBuilder`] makes code objects from bytecode that is there already, and refuses what Python's
//! `types.CodeType` refuses. What is encoded here, `pycode` decodes again: `CodeObject::line_table` gives
//! positions and lines, `exception_table` handlers, `localsplus` names and kinds.
//!
//! `examples/hand_written.rs` makes a `.pyc` of instructions written by hand.
//!
//! CPython's counterpart: `Python/assemble.c`.
//!
//! ```
//! use pyassemble::Assembler;
//! use pycode::{CodeFlags, Location, ObjectId, Pool, known};
//! use pyinstrseq::{Instruction, OptimizedSequence, UnitMetadata};
//! use pyopcode::Opcode;
//!
//! let mut pool = Pool::new();
//! let location = Location::new(1, 1, 0, 4);
//! let op = |opcode, oparg| Instruction { opcode, oparg, location };
//! let mut sequence = OptimizedSequence {
//!     instructions: vec![op(Opcode::Resume, 0), op(Opcode::LoadConst, 0), op(Opcode::ReturnValue, 0)],
//!     protected: Vec::new(),
//!     consts: vec![ObjectId::NONE],
//!     stacksize: 1,
//!     flags: CodeFlags::default(),
//!     nlocalsplus: 0,
//! };
//! let name = pool.name(known::MODULE);
//! let metadata = UnitMetadata::new(known::MODULE, name, 1);
//! let filename = pool.name(known::EMPTY);
//! let code = Assembler::new().assemble(&mut sequence, &metadata, filename, &mut pool)?;
//! let code = pool.code(code).expect("a code object");
//! assert_eq!(pool.bytes(code.code), Some(&[128, 0, 82, 0, 35, 0][..]));
//! # Ok::<(), pyassemble::AssembleError>(())
//! ```

mod assembler;
mod builder;
mod bytecode;
mod error;
mod exception_table;
mod jumps;
mod line_table;
mod localsplus;

use pycode::{ObjectId, Pool};
use pyinstrseq::{OptimizedSequence, UnitMetadata};

pub use assembler::Assembler;
pub use builder::{BuildError, CodeBuilder};
pub use error::AssembleError;

/// Assembles one unit; see [`Assembler::assemble`], which needs less memory for many.
///
/// # Errors
/// As for [`Assembler::assemble`].
pub fn assemble(
    mut sequence: OptimizedSequence,
    metadata: &UnitMetadata,
    filename: ObjectId,
    pool: &mut Pool,
) -> Result<ObjectId, AssembleError> {
    Assembler::new().assemble(&mut sequence, metadata, filename, pool)
}
