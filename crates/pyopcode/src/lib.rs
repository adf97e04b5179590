//! CPython's opcodes: numbers, names, flags, stack effects, inline caches, and the codes that appear as
//! arguments.
//!
//! * Takes nothing, depends on nothing: a leaf of generated tables (`data/opcodes.json`, `data/operands.json`,
//!   which come from Python's `_opcode`, `_opcode_metadata` and the headers).
//! * An [`Opcode`] is a real instruction, below 256, or a pseudo-instruction, which only the compiler knows
//!   ([`Opcode::is_pseudo`]). A byte that is no opcode of the table ([`Opcode::from_number`]) may be a
//!   specialized one ([`SPECIALIZED`]), which no file contains.
//! * What an opcode does to control flow is a predicate.
//!
//! CPython's counterparts: `Include/opcode_ids.h`, `Include/internal/pycore_opcode_metadata.h`,
//! `Include/internal/pycore_opcode_utils.h`.
//!
//! ```
//! use pyopcode::{BinaryOp, Opcode};
//! let add = Opcode::from_name("BINARY_OP").unwrap();
//! let oparg = BinaryOp::Add as i32;
//! assert_eq!((add.popped(oparg), add.pushed(oparg), add.caches()), (2, 1, 5));
//! assert_eq!(BinaryOp::Add.text(), "+");
//! assert!(Opcode::PopJumpIfNone.is_conditional_jump() && Opcode::SetupWith.is_pseudo());
//! ```

mod flags;
mod generated {
    pub(crate) mod opcode;
    pub(crate) mod operands;
}
mod predicates;
mod table;

pub use flags::OpcodeFlags;
pub use generated::opcode::{
    CACHE_FORMAT, HAVE_ARGUMENT, MIN_INSTRUMENTED, Opcode, PSEUDO_TARGETS, SPECIALIZED,
};
pub use generated::operands::{BinaryOp, COMPARE_OPS, CommonConstant, Intrinsic1, Intrinsic2, SpecialMethod};
