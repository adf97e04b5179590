//! What the flow graph hands to the assembler.

use pycode::{CodeFlags, ObjectId};

use crate::Instruction;

/// The handler that is active at an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExceptHandlerInfo {
    /// The index of the handler's first instruction.
    pub target: u32,
    /// The stack depth on entry to the handler, with the exception on the stack, and below it the offset
    /// of the instruction that raised if that is wanted.
    pub start_depth: u32,
    /// Whether the handler wants the offset of the instruction that raised.
    pub preserve_lasti: bool,
}

/// Instructions in a row with the same handler.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Protected {
    /// The index of the first.
    pub start: u32,
    /// The index behind the last.
    pub end: u32,
    /// What is active at them.
    pub handler: ExceptHandlerInfo,
}

/// An optimized unit: the input of the assembler.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptimizedSequence {
    /// The instructions in their final order. No pseudo-instructions, except `JUMP` and `JUMP_NO_INTERRUPT`,
    /// whose direction the assembler decides.
    pub instructions: Vec<Instruction>,
    /// Which of them have a handler, in their order.
    pub protected: Vec<Protected>,
    /// `co_consts`, those that are used.
    pub consts: Vec<ObjectId>,
    /// `co_stacksize`
    pub stacksize: u32,
    /// `co_flags`
    pub flags: CodeFlags,
    /// `nlocalsplus` as the flow graph computed it, cells that are parameters counted once.
    pub nlocalsplus: u32,
}
