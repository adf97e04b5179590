//! What the flow graph hands to the assembler.

use pycode::{CodeFlags, Location, ObjectId};
use pyopcode::Opcode;

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

/// A real instruction with all that the assembler needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OptimizedInstruction {
    /// What to do; never a pseudo-instruction, except `JUMP` and `JUMP_NO_INTERRUPT`, whose direction
    /// the assembler decides.
    pub opcode: Opcode,
    /// Its argument; for a jump the index of the target instruction.
    pub oparg: i32,
    /// The source that it stands for.
    pub location: Location,
    /// The handler, if one is active here.
    pub handler: Option<ExceptHandlerInfo>,
}

/// An optimized unit: the input of the assembler.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptimizedSequence {
    /// The instructions in their final order.
    pub instructions: Vec<OptimizedInstruction>,
    /// `co_consts`, those that are used.
    pub consts: Vec<ObjectId>,
    /// `co_stacksize`
    pub stacksize: u32,
    /// `co_flags`
    pub flags: CodeFlags,
    /// `nlocalsplus` as the flow graph computed it, cells that are parameters counted once.
    pub nlocalsplus: u32,
}
