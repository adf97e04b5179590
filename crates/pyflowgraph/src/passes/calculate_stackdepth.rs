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
use crate::cfg::{Exits, UNKNOWN_DEPTH};
use crate::stack_effect::StackEffect;
use crate::traits::Traits;
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
    let start = cfg.block(id).start_depth;
    let depths = match cfg.traits(id).any(Traits::BLOCKS) {
        true => follow_with_pushes(cfg, walk, id, start)?,
        false => follow_plain(cfg.instrs(id), start),
    };
    if depths.min < 0 || depths.max.max(depths.end) > i64::from(MAX_STACK_DEPTH) {
        return Err(bad_depth(cfg.instrs(id), start));
    }
    let Exits { next, target } = cfg.exits(id);
    let target = target.filter(|_| cfg.last(id).is_some_and(|last| last.opcode != Opcode::EndAsyncFor));
    for exit in [target, next].into_iter().flatten() {
        enter(cfg, walk, exit, depths.end)?;
    }
    Ok(depths.max as i32)
}

/// Depths in a block. No sum of effects leaves the range of the type.
struct Depths {
    /// The least after an instruction.
    min: i64,
    /// The greatest before an instruction.
    max: i64,
    end: i64,
}

impl Depths {
    fn at(start: i32) -> Depths {
        Depths { min: i64::from(start), max: 0, end: i64::from(start) }
    }
}

/// Without block pushes only the last instruction can lead elsewhere.
fn follow_plain(instrs: &[Instr], start: i32) -> Depths {
    let Depths { mut min, mut max, mut end } = Depths::at(start);
    for instr in instrs {
        max = max.max(end);
        end += i64::from(StackEffect::net_of(instr.opcode, instr.oparg));
        min = min.min(end);
    }
    Depths { min, max, end }
}

/// A block push has its effect on the way to the handler only.
fn follow_with_pushes(cfg: &mut Cfg, walk: &mut Walk, id: BlockId, start: i32) -> Result<Depths, GraphError> {
    let mut depths = Depths::at(start);
    for position in cfg.range(id) {
        let Instr { opcode, oparg, .. } = *cfg.instr_at(position);
        depths.max = depths.max.max(depths.end);
        let behind = depths.end + i64::from(StackEffect::net_of(opcode, oparg));
        if opcode.is_block_push() {
            enter(cfg, walk, BlockId::from_index(oparg as usize), behind)?;
        } else {
            depths.end = behind;
        }
        depths.min = depths.min.min(depths.end);
    }
    Ok(depths)
}

/// What is wrong with the first depth that is.
#[cold]
fn bad_depth(instrs: &[Instr], mut depth: i32) -> GraphError {
    for instr in instrs.iter().filter(|instr| !instr.opcode.is_block_push()) {
        depth = depth.saturating_add(StackEffect::net_of(instr.opcode, instr.oparg));
        if depth < 0 {
            return GraphError::StackUnderflow { line: instr.location.lineno };
        }
        if depth > MAX_STACK_DEPTH {
            break;
        }
    }
    GraphError::StackTooDeep { limit: MAX_STACK_DEPTH }
}

/// `stackdepth_push`
fn enter(cfg: &mut Cfg, walk: &mut Walk, id: BlockId, depth: i64) -> Result<(), GraphError> {
    let depth = i32::try_from(depth).map_err(|_| GraphError::StackTooDeep { limit: MAX_STACK_DEPTH })?;
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
