//! A basic block: what a graph knows of it besides its instructions.

use std::ops::Range;

use crate::BlockId;
use crate::traits::Traits;

/// The stack depth on entry to a block that no pass computed, or that is never entered.
pub(crate) const UNKNOWN_DEPTH: i32 = i32::MIN;

/// A basic block: control enters at the top only, and leaves at the bottom or by an exception.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Where in the arena it begins, how long it is, and how long it may become where it is.
    pub(super) first: u32,
    pub(super) len: u32,
    pub(super) capacity: u32,
    /// What the instructions may be.
    pub(crate) traits: Traits,
    pub(crate) next: Option<BlockId>,
    pub(crate) predecessors: u32,
    pub(crate) start_depth: i32,
    /// Whether it ever was the target of a jump. Stays when the last such jump goes.
    pub(crate) labelled: bool,
    pub(crate) is_handler: bool,
    pub(crate) preserve_lasti: bool,
    pub(crate) cold: bool,
    pub(crate) warm: bool,
}

impl Block {
    pub(super) fn new(first: u32) -> Block {
        Block {
            first,
            len: 0,
            capacity: 0,
            traits: Traits::NONE,
            next: None,
            predecessors: 0,
            start_depth: UNKNOWN_DEPTH,
            labelled: false,
            is_handler: false,
            preserve_lasti: false,
            cold: false,
            warm: false,
        }
    }

    #[inline]
    pub(crate) fn range(&self) -> Range<usize> {
        self.first as usize..(self.first + self.len) as usize
    }

    /// Where the last instruction lies in the arena.
    #[inline]
    pub(super) fn last(&self) -> Option<usize> {
        (self.len > 0).then(|| (self.first + self.len) as usize - 1)
    }

    /// Whether it has no instructions.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes out all instructions.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.len = 0;
        self.traits = Traits::NONE;
    }

    /// The block laid out behind it.
    pub fn next(&self) -> Option<BlockId> {
        self.next
    }

    /// How many edges lead here, since unreachable blocks were last removed.
    pub fn predecessors(&self) -> u32 {
        self.predecessors
    }

    /// The stack depth on entry, once it is computed and if the block is ever entered.
    pub fn start_depth(&self) -> Option<u32> {
        u32::try_from(self.start_depth).ok()
    }

    /// Whether it ever was the target of a jump.
    pub fn is_labelled(&self) -> bool {
        self.labelled
    }

    /// Whether it is an exception handler.
    pub fn is_handler(&self) -> bool {
        self.is_handler
    }

    /// Whether, as a handler, it wants the offset of the instruction that raised.
    pub fn preserves_lasti(&self) -> bool {
        self.preserve_lasti
    }

    /// Whether it runs only after an exception.
    pub fn is_cold(&self) -> bool {
        self.cold
    }

    /// Whether it is reached without an exception.
    pub fn is_warm(&self) -> bool {
        self.warm
    }
}
