//! Sequences that cannot be assembled.

use pyopcode::Opcode;

/// Why a sequence is not one that a flow graph produces. Such a sequence was made by hand, or a pass
/// of the flow graph is wrong: no Python source leads here.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AssembleError {
    /// The instruction at `index` exists in the compiler only.
    #[error("instruction {index}: {opcode} is a pseudo-instruction")]
    Pseudo {
        /// Its place in the sequence.
        index: usize,
        /// What it is.
        opcode: Opcode,
    },
    /// The instruction at `index` has an argument that it does not take, or a negative one.
    #[error("instruction {index}: {opcode} cannot have the argument {oparg}")]
    Argument {
        /// Its place in the sequence.
        index: usize,
        /// What it is.
        opcode: Opcode,
        /// The argument.
        oparg: i32,
    },
    /// A jump or handler leads out of the sequence.
    #[error("instruction {index}: target {target} lies outside of the sequence")]
    Target {
        /// The place of the instruction that jumps or is protected.
        index: usize,
        /// Where it leads.
        target: i64,
    },
    /// A jump leads in a direction that its opcode cannot take.
    #[error("instruction {index}: {opcode} cannot jump to {target}")]
    Direction {
        /// Its place in the sequence.
        index: usize,
        /// What it is.
        opcode: Opcode,
        /// The index of its target.
        target: usize,
    },
    /// A handler's stack depth leaves no room for what it unwinds to.
    #[error("instruction {index}: its handler starts at stack depth {depth}, which is too low")]
    HandlerDepth {
        /// The place of the instruction that is protected.
        index: usize,
        /// The depth on entry to the handler.
        depth: u32,
    },
    /// The sequence was made for another number of locals than the unit has.
    #[error("the sequence has {sequence} locals, cells and free variables, the unit {unit}")]
    Locals {
        /// What the sequence says.
        sequence: u32,
        /// What the unit's names come to.
        unit: usize,
    },
}
