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
use crate::{BlockId, BlockTarget, Cfg, GraphError};

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    if !cx.edges_changed {
        return Ok(());
    }
    for block in cfg.blocks_mut() {
        block.predecessors = 0;
    }
    count_edges(cfg, cx);
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        if cfg.block(id).predecessors == 0 {
            cfg.clear(id);
            cfg.block_mut(id).is_handler = false;
        }
        cursor = cfg.next(id);
    }
    cx.edges_changed = false;
    cx.consts.loads_changed();
    cfg.gather_traits();
    Ok(())
}

fn count_edges(cfg: &mut Cfg, cx: &mut Context<'_>) {
    let walk = &mut cx.scratch.walk;
    walk.reset(cfg.block_count());
    cfg.block_mut(BlockId::ENTRY).predecessors = 1;
    walk.visit(BlockId::ENTRY);
    while let Some(id) = walk.pop() {
        if let Some(next) = cfg.exits(id).next {
            walk.visit(next);
            cfg.block_mut(next).predecessors += 1;
        }
        for position in cfg.edges(id) {
            let instr = *cfg.instr_at(position);
            if instr.opcode.has_target() {
                walk.visit(instr.target());
                cfg.block_mut(instr.target()).predecessors += 1;
            }
        }
    }
}
