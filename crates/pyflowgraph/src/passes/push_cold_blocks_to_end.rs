//! Moves the code that runs only after an exception behind the rest.
//!
//! * Requires: handlers marked; block pushes still in place are no edges here.
//! * Ensures: in the layout no warm block is behind a cold one; blocks that fell into another one
//!   still reach it, by a jump if need be; no `NOP` or jump that can go, if anything moved.
//!
//! CPython's counterparts: `push_cold_blocks_to_end`, `mark_warm`, `mark_cold`.

use pycode::Location;
use pyopcode::Opcode;

use super::{Context, remove_redundant_nops};
use crate::cfg::Exits;
use crate::{BlockId, BlockTarget, Cfg, GraphError, Instr};

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    if !cfg.layout().any(|id| cfg.block(id).is_handler) {
        return Ok(());
    }
    mark_warm(cfg, cx);
    mark_cold(cfg, cx);
    jump_from_cold_to_warm(cfg);
    if move_cold(cfg) {
        remove_redundant_nops::nops_and_jumps(cfg, cx)?;
    }
    Ok(())
}

/// Marks what is reached from the entry without an exception.
fn mark_warm(cfg: &mut Cfg, cx: &mut Context<'_>) {
    let walk = &mut cx.scratch.walk;
    walk.reset(cfg.block_count());
    walk.visit(BlockId::ENTRY);
    while let Some(id) = walk.pop() {
        cfg.block_mut(id).warm = true;
        let Exits { next, target } = cfg.exits(id);
        for exit in [next, target].into_iter().flatten() {
            walk.visit(exit);
        }
    }
}

/// Marks handlers, and what is reached only from them.
fn mark_cold(cfg: &mut Cfg, cx: &mut Context<'_>) {
    let walk = &mut cx.scratch.walk;
    walk.reset(cfg.block_count());
    cfg.layout().filter(|&id| cfg.block(id).is_handler).for_each(|id| {
        walk.visit(id);
    });
    while let Some(id) = walk.pop() {
        cfg.block_mut(id).cold = true;
        let Exits { next, target } = cfg.exits(id);
        for exit in [next, target].into_iter().flatten().filter(|&exit| !cfg.block(exit).warm) {
            walk.visit(exit);
        }
    }
}

/// A cold block that falls into a warm one will not be before it any more.
fn jump_from_cold_to_warm(cfg: &mut Cfg) {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        if cfg.block(id).cold
            && let Some(next) = cfg.exits(id).next
            && cfg.block(next).warm
        {
            let jump = cfg.new_block();
            let jump_to_next = Instr::with_target(Opcode::JumpNoInterrupt, next, Location::NONE);
            cfg.push(jump, jump_to_next, None);
            cfg.block_mut(jump).cold = true;
            cfg.block_mut(jump).predecessors = 1;
            cfg.block_mut(next).labelled = true;
            cfg.insert_after(id, jump);
        }
        cursor = cfg.next(id);
    }
}

/// Whether there are any.
fn move_cold(cfg: &mut Cfg) -> bool {
    let mut last_warm = BlockId::ENTRY;
    let mut cold: Option<(BlockId, BlockId)> = None;
    let mut cursor = cfg.next(last_warm);
    while let Some(id) = cursor {
        cursor = cfg.next(id);
        if !cfg.block(id).cold {
            cfg.block_mut(last_warm).next = Some(id);
            last_warm = id;
        } else if let Some((_, last_cold)) = &mut cold {
            cfg.block_mut(*last_cold).next = Some(id);
            *last_cold = id;
        } else {
            cold = Some((id, id));
        }
    }
    cfg.block_mut(last_warm).next = cold.map(|(first, _)| first);
    if let Some((_, last)) = cold {
        cfg.block_mut(last).next = None;
    }
    cold.is_some()
}
