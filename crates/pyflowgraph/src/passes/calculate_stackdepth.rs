//! Computes the stack depth on entry to each block, and the greatest depth of all.
//!
//! * Requires: no pseudo-jumps but `JUMP` and `JUMP_NO_INTERRUPT`; block pushes still in place, since
//!   they tell how deep handlers begin.
//! * Ensures: `start_depth` is known for all blocks that are reachable.
//!
//! `END_ASYNC_FOR` is a jump for `sys.monitoring` only: its target is known from elsewhere.
//!
//! CPython's counterparts: `calculate_stackdepth`, `stackdepth_push`.

use pyopcode::Opcode;

use super::Context;
use crate::cfg::UNKNOWN_DEPTH;
use crate::stack_effect::StackEffect;
use crate::workspace::Walk;
use crate::{BlockId, Cfg, GraphError, Instr};

/// No code of a file that fits into memory needs more; sequences that do are hostile.
pub(crate) const MAX_STACK_DEPTH: i32 = 1 << 24;

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    for block in cfg.blocks_mut() {
        block.start_depth = UNKNOWN_DEPTH;
    }
    let walk = &mut cx.scratch.walk;
    walk.reset(cfg.block_count());
    enter(cfg, walk, BlockId::ENTRY, 0)?;
    let mut max_depth = 0;
    while let Some(id) = walk.pop() {
        max_depth = max_depth.max(follow(cfg, walk, id)?);
    }
    cx.stacksize = max_depth as u32;
    Ok(())
}

/// The greatest depth before an instruction of the block.
fn follow(cfg: &mut Cfg, walk: &mut Walk, id: BlockId) -> Result<i32, GraphError> {
    let mut depth = cfg.block(id).start_depth;
    let mut max_depth = 0;
    for position in cfg.range(id) {
        let Instr { opcode, oparg, .. } = *cfg.instr_at(position);
        max_depth = max_depth.max(depth);
        let mut net = StackEffect::net_of(opcode, oparg);
        if opcode.has_target() {
            if opcode != Opcode::EndAsyncFor {
                enter(cfg, walk, BlockId::from_index(oparg as usize), depth + net)?;
            }
            // A block push has its effect on the way to the handler only.
            net = if opcode.is_block_push() { 0 } else { net };
        }
        depth += net;
        if depth as u32 > MAX_STACK_DEPTH as u32 {
            return Err(bad_depth(depth, cfg.instr_at(position).location.lineno));
        }
    }
    if cfg.falls_through(id)
        && let Some(next) = cfg.next(id)
    {
        enter(cfg, walk, next, depth)?;
    }
    Ok(max_depth)
}

#[cold]
fn bad_depth(depth: i32, line: i32) -> GraphError {
    if depth < 0 {
        GraphError::StackUnderflow { line }
    } else {
        GraphError::StackTooDeep { limit: MAX_STACK_DEPTH }
    }
}

/// `stackdepth_push`
fn enter(cfg: &mut Cfg, walk: &mut Walk, id: BlockId, depth: i32) -> Result<(), GraphError> {
    if depth < 0 {
        return Err(GraphError::StackUnderflow { line: -1 });
    }
    let block = cfg.block_mut(id);
    if block.start_depth == UNKNOWN_DEPTH {
        block.start_depth = depth;
        walk.visit(id);
    } else if block.start_depth != depth {
        return Err(GraphError::InconsistentStackDepth {
            block: id,
            expected: block.start_depth,
            found: depth,
        });
    }
    Ok(())
}
