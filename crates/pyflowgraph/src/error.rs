//! What can be wrong with a graph that did not come from this project's code generator.

use pyopcode::Opcode;
use thiserror::Error;

use crate::BlockId;

/// Why a sequence of instructions has no optimized form.
///
/// Code generation never causes one; a sequence written by hand can. The first three are errors of
/// CPython's flow graph too (`SystemError` and `ValueError`); on the others it would crash.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum GraphError {
    /// A jump or exit stands inside of a block.
    #[error("malformed control flow graph: {opcode} is not the last instruction of {block}")]
    Malformed {
        /// The block.
        block: BlockId,
        /// The instruction.
        opcode: Opcode,
    },
    /// A block is reached with different stack depths.
    #[error("Invalid CFG, inconsistent stackdepth: {block} is entered with {expected} and with {found}")]
    InconsistentStackDepth {
        /// The block.
        block: BlockId,
        /// The depth on the path seen first.
        expected: i32,
        /// The other depth.
        found: i32,
    },
    /// An instruction takes more from the stack than there is.
    #[error("Invalid CFG, stack underflow at line {line}")]
    StackUnderflow {
        /// The line of the instruction, -1 if it has none.
        line: i32,
    },
    /// There are no instructions.
    #[error("Invalid CFG, no instructions")]
    NoInstructions,
    /// Control runs off the end of the code.
    #[error("Invalid CFG, control falls off the end of {block}")]
    FallsOffTheEnd {
        /// The last block.
        block: BlockId,
    },
    /// An instruction that only the assembler may emit, or that this stage makes itself.
    #[error("Invalid CFG, unexpected opcode {opcode}")]
    UnexpectedOpcode {
        /// The instruction.
        opcode: Opcode,
    },
    /// An argument that is an index into nothing.
    #[error("Invalid CFG, the argument of {opcode} {oparg} is out of range")]
    ArgumentOutOfRange {
        /// The instruction.
        opcode: Opcode,
        /// Its argument.
        oparg: i32,
    },
    /// The stack would grow beyond all reason.
    #[error("Invalid CFG, the stack grows deeper than {limit}")]
    StackTooDeep {
        /// How deep it may be.
        limit: i32,
    },
    /// A block is popped that was never pushed.
    #[error("Invalid CFG, POP_BLOCK without a block in {block}")]
    PopWithoutPush {
        /// Where.
        block: BlockId,
    },
}
