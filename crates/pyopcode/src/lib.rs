//! CPython's opcodes: numbers, names, flags, stack effects, inline caches, and the codes that appear as
//! arguments.
//!
//! A leaf crate of generated tables (`data/opcodes.json`, `data/operands.json`) with the predicates of
//! `Include/internal/pycore_opcode_utils.h` on top.

mod flags;
mod generated {
    pub(crate) mod opcode;
    pub(crate) mod operands;
}
mod predicates;

pub use flags::OpcodeFlags;
pub use generated::opcode::{
    CACHE_FORMAT, HAVE_ARGUMENT, MIN_INSTRUMENTED, Opcode, PSEUDO_TARGETS, SPECIALIZED,
};
pub use generated::operands::{BinaryOp, COMPARE_OPS, CommonConstant, Intrinsic1, Intrinsic2, SpecialMethod};
