//! Names of blocks.

use std::fmt;
use std::hint::select_unpredictable;
use std::num::NonZeroU32;

/// A basic block of a [`Cfg`](crate::Cfg): dense from 0, in order of creation, not of layout.
///
/// Stored one higher than it counts, so that an `Option` of it takes no more room.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(NonZeroU32);

impl BlockId {
    /// The block with which control flow begins.
    pub const ENTRY: BlockId = BlockId(NonZeroU32::MIN);

    /// The block at a position.
    ///
    /// # Panics
    /// When there can be no such position.
    #[inline]
    pub fn from_index(index: usize) -> BlockId {
        let number = u32::try_from(index).ok().and_then(|index| index.checked_add(1));
        BlockId(number.and_then(NonZeroU32::new).expect("fewer than 2^32 - 1 blocks"))
    }

    /// The block at a position, if that is one. Takes no branch: whether it is one is hard to predict.
    #[inline]
    pub(crate) fn from_index_if(is_position: bool, index: u32) -> Option<BlockId> {
        let number = select_unpredictable(is_position, index.wrapping_add(1), 0);
        NonZeroU32::new(number).map(BlockId)
    }

    /// The position among the blocks: an index for side tables.
    #[inline]
    pub const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block{}", self.index())
    }
}

impl fmt::Debug for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
