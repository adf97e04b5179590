//! A graph as most passes look at it.

use std::ops::Range;

use super::{Block, Instr};
use crate::BlockId;

/// A graph that neither grows nor loses blocks: for passes that go from block to block, since it is quicker to
/// look into than a [`Cfg`](crate::Cfg), whose lists may move.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(super) instrs: &'a mut [Instr],
    pub(super) blocks: &'a mut [Block],
}

impl View<'_> {
    /// The facts of a block.
    #[inline]
    pub(crate) fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    #[inline]
    pub(crate) fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.index()]
    }

    /// The instructions of a block.
    #[inline]
    pub(crate) fn instrs(&self, id: BlockId) -> &[Instr] {
        &self.instrs[self.blocks[id.index()].range()]
    }

    /// The instructions of a block; as for [`Cfg::instrs_mut`](crate::Cfg::instrs_mut).
    #[inline]
    pub(crate) fn instrs_mut(&mut self, id: BlockId) -> &mut [Instr] {
        &mut self.instrs[self.blocks[id.index()].range()]
    }

    /// Where a block's instructions lie, which [`instr_at`](Self::instr_at) indexes: for a pass that changes blocks as
    /// it goes along the instructions.
    #[inline]
    pub(crate) fn range(&self, id: BlockId) -> Range<usize> {
        self.blocks[id.index()].range()
    }

    #[inline]
    pub(crate) fn instr_at(&self, position: usize) -> &Instr {
        &self.instrs[position]
    }

    /// The last instruction of a block.
    #[inline]
    pub(crate) fn last(&self, id: BlockId) -> Option<&Instr> {
        let position = self.blocks[id.index()].last()?;
        Some(&self.instrs[position])
    }
}
