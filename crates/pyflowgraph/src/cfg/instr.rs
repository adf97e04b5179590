//! An instruction of a block: its target is a block.

use pycode::Location;
use pyopcode::Opcode;

use crate::BlockId;

/// An instruction in a block: one of a sequence, but that targets are blocks ([`BlockTarget`]).
pub use pyinstrseq::Instruction as Instr;

/// Instructions whose argument, for an opcode that [has a target](Opcode::has_target), is the target's
/// [`BlockId::index`].
pub trait BlockTarget {
    /// A jump or block push.
    fn with_target(opcode: Opcode, target: BlockId, location: Location) -> Self;

    /// The block that it jumps to, or that it makes the handler.
    fn target(&self) -> BlockId;

    /// The block that it jumps to; none if it does not jump.
    fn jump_target(&self) -> Option<BlockId>;

    /// Jumps elsewhere.
    fn set_target(&mut self, target: BlockId);
}

impl BlockTarget for Instr {
    #[inline]
    fn with_target(opcode: Opcode, target: BlockId, location: Location) -> Instr {
        Instr::new(opcode, target.index() as i32, location)
    }

    #[inline]
    fn target(&self) -> BlockId {
        debug_assert!(self.opcode.has_target(), "{} has no target", self.opcode);
        BlockId::from_index(self.oparg as usize)
    }

    #[inline]
    fn jump_target(&self) -> Option<BlockId> {
        BlockId::from_index_if(self.opcode.has_jump(), self.oparg as u32)
    }

    #[inline]
    fn set_target(&mut self, target: BlockId) {
        debug_assert!(self.opcode.has_target(), "{} has no target", self.opcode);
        self.oparg = target.index() as i32;
    }
}
