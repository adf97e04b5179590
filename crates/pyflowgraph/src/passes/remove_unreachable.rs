//! Empties the blocks that control never reaches, and counts the ways into the others.
//!
//! * Why: dead code costs space and would hold constants alive; the counts tell who may take on
//!   whose line.
//! * Requires: resolved targets; block pushes still in place, as the edges to handlers.
//! * Ensures: a block has instructions only if it is reachable; `predecessors` is exact until edges
//!   change.
//!
//! CPython's counterpart: `remove_unreachable`.

use super::Context;
use crate::cfg::{Block, View};
use crate::traits::Traits;
use crate::{BlockId, BlockTarget, Cfg, GraphError};

/// The count of predecessors of a block that was not reached yet when its turn came.
const PASSED_BY: u32 = u32::MAX;

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    if !cx.edges_changed {
        return Ok(());
    }
    count_edges(cfg, &mut cx.scratch.late);
    let mut emptied = Traits::NONE;
    for block in cfg.blocks_mut().iter_mut().filter(|block| matches!(block.predecessors, 0 | PASSED_BY)) {
        block.predecessors = 0;
        block.is_handler = false;
        emptied |= block.traits;
        block.clear();
    }
    cfg.gather_traits();
    cx.edges_changed = false;
    if emptied.any(Traits::CONSTS) {
        cx.consts.loads_changed();
    }
    Ok(())
}

fn count_edges(cfg: &mut Cfg, late: &mut Vec<BlockId>) {
    cfg.blocks_mut().iter_mut().for_each(|block| block.predecessors = 0);
    late.clear();
    let cursor = cfg.first();
    let mut edges = Edges { graph: cfg.view(), cursor, late };
    edges.count_to(BlockId::ENTRY);
    while let Some(id) = edges.next() {
        edges.count_from(id);
    }
}

struct Edges<'a> {
    graph: View<'a>,
    /// Where in the layout to go on.
    cursor: Option<BlockId>,
    /// Blocks that were reached after they had been passed by.
    late: &'a mut Vec<BlockId>,
}

impl Edges<'_> {
    /// A block that is reached. Hardly any comes before all that lead to it.
    #[inline]
    fn next(&mut self) -> Option<BlockId> {
        while let Some(id) = self.cursor {
            let block = self.graph.block_mut(id);
            self.cursor = block.next;
            if block.predecessors != 0 {
                return Some(id);
            }
            block.predecessors = PASSED_BY;
        }
        self.late.pop()
    }

    #[inline]
    fn count_from(&mut self, id: BlockId) {
        let &Block { next, traits, .. } = self.graph.block(id);
        if traits.any(Traits::BLOCKS) {
            self.count_to_handlers(id);
        }
        let Some(&last) = self.graph.last(id) else {
            return next.into_iter().for_each(|next| self.count_to(next));
        };
        if last.opcode.has_jump() {
            self.count_to(last.target());
        }
        if let Some(next) = next
            && last.opcode.falls_through()
        {
            self.count_to(next);
        }
    }

    #[inline(never)]
    fn count_to_handlers(&mut self, id: BlockId) {
        for position in self.graph.range(id) {
            let instr = self.graph.instr_at(position);
            if instr.opcode.is_block_push() {
                self.count_to(instr.target());
            }
        }
    }

    #[inline]
    fn count_to(&mut self, id: BlockId) {
        let predecessors = &mut self.graph.block_mut(id).predecessors;
        if *predecessors == PASSED_BY {
            *predecessors = 0;
            self.late.push(id);
        }
        *predecessors += 1;
    }
}
