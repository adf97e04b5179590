//! Buffers that live from unit to unit, so that a unit costs no allocation.

use pycode::ObjectId;
use pyinstrseq::{Instruction, OptimizedSequence, Protected};

use crate::build::Targets;
use crate::consts::ConstBuffers;
use crate::passes::add_checks_for_loads::OnEntry;
use crate::passes::label_exception_targets::ExceptStacks;
use crate::passes::optimize_load_fast::References;
use crate::passes::resolve_line_numbers::Unlined;
use crate::{BlockId, Cfg, linearize};

/// The buffers of [`optimize`](crate::optimize). Holds nothing of value between calls.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    pub(crate) cfg: Cfg,
    pub(crate) scratch: Scratch,
    /// Memory for the next [`OptimizedSequence`].
    pub(crate) spare: Spare,
}

/// Lists whose memory is to be used.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spare {
    pub instructions: Vec<Instruction>,
    pub protected: Vec<Protected>,
}

impl Workspace {
    /// Empty buffers.
    pub fn new() -> Workspace {
        Workspace::default()
    }

    /// Takes back the memory of a sequence that is not needed any more, for the next one; gives that of its
    /// constants, for [`resolve_consts_into`](pyinstrseq::CodeUnit::resolve_consts_into).
    pub fn recycle(&mut self, sequence: OptimizedSequence) -> Vec<ObjectId> {
        let OptimizedSequence { instructions, protected, consts, .. } = sequence;
        self.spare = Spare { instructions, protected };
        consts
    }
}

/// What passes need besides the graph. Each pass may find anything in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    pub targets: Targets,
    /// Blocks by the position at which they begin in the sequence.
    pub block_at: Vec<u32>,
    /// A map from positions or numbers to positions or numbers.
    pub map: Vec<u32>,
    /// The instructions of a unit with its annotations in their place.
    pub spliced: Vec<Instruction>,
    /// Indices, in some order.
    pub indices: Vec<u32>,
    /// Blocks still to be looked at.
    pub walk: Walk,
    /// Blocks that are to be looked at after the layout.
    pub late: Vec<BlockId>,
    pub unlined: Vec<Unlined>,
    /// By block: whether it wants a location.
    pub wanting: Vec<bool>,
    pub unbound: Vec<OnEntry>,
    pub except_stacks: ExceptStacks,
    pub references: References,
    pub consts: ConstBuffers,
    pub linear: linearize::Buffers,
}

/// A traversal of the graph: a stack of blocks to visit and the set of blocks that were ever on it
/// (`make_cfg_traversal_stack` and `b_visited`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Walk {
    stack: Vec<BlockId>,
    /// The last traversal in which each block was seen: so nothing is to be cleared.
    seen_in: Vec<u32>,
    traversal: u32,
}

impl Walk {
    /// Begins anew, for a graph of so many blocks.
    pub(crate) fn reset(&mut self, blocks: usize) {
        self.stack.clear();
        if self.seen_in.len() < blocks {
            self.seen_in.resize(blocks, 0);
        }
        if self.traversal == u32::MAX {
            self.seen_in.fill(0);
            self.traversal = 0;
        }
        self.traversal += 1;
    }

    /// Puts a block on the stack, unless it was there before. Whether it did.
    #[inline]
    pub(crate) fn visit(&mut self, id: BlockId) -> bool {
        let seen_in = &mut self.seen_in[id.index()];
        if *seen_in == self.traversal {
            return false;
        }
        *seen_in = self.traversal;
        self.stack.push(id);
        true
    }

    /// Takes the next block off the stack.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<BlockId> {
        self.stack.pop()
    }
}
