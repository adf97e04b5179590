//! Replaces jumps to small exits, and to exits or jumps without line, by copies of the target.
//!
//! * Why: a return costs no more than a jump to one; and code without line takes on the line of the
//!   place that it is reached from, for which each such place needs its own copy.
//! * Requires: resolved targets.
//! * Ensures: no unconditional jump leads to a block of up to four instructions that exits, nor to
//!   one without lines that does not fall through.
//!
//! CPython's counterpart: `inline_small_or_no_lineno_blocks`. It never ends on a jump without line
//! to itself, which no source gives; here such a jump stays.

use pyopcode::Opcode;

use super::Context;
use crate::traits::Traits;
use crate::{BlockId, BlockTarget, Cfg, GraphError, Instr};

/// `MAX_COPY_SIZE`
const MAX_COPY_SIZE: usize = 4;

pub(crate) fn run(cfg: &mut Cfg, _: &mut Context<'_>) -> Result<(), GraphError> {
    // Every change takes out a jump, so this comes to an end.
    while sweep(cfg) {}
    Ok(())
}

fn sweep(cfg: &mut Cfg) -> bool {
    let mut changed = false;
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        changed |= inline_target(cfg, id);
        cursor = cfg.next(id);
    }
    changed
}

/// `basicblock_inline_small_or_no_lineno_blocks`
fn inline_target(cfg: &mut Cfg, id: BlockId) -> bool {
    if !cfg.traits(id).any(Traits::JUMPS) {
        return false;
    }
    let Some(&jump) = cfg.last(id).filter(|last| last.opcode.is_unconditional_jump()) else {
        return false;
    };
    let target = jump.target();
    let small_exit = cfg.exits_scope(target) && cfg.len(target) <= MAX_COPY_SIZE;
    let without_lines = has_no_lines(cfg, target) && !cfg.falls_through(target);
    if !(small_exit || without_lines) || jumps_to_itself(cfg, target) {
        return false;
    }
    cfg.nop_last(id);
    cfg.append_copy(id, target);
    if without_lines
        && jump.opcode == Opcode::Jump
        && let Some(last) = cfg.last_mut(id)
        && last.opcode.is_unconditional_jump()
    {
        // The jump that went away let other threads run; the one that is left has to.
        last.opcode = Opcode::Jump;
    }
    let predecessors = &mut cfg.block_mut(target).predecessors;
    *predecessors = predecessors.saturating_sub(1);
    true
}

fn jumps_to_itself(cfg: &Cfg, id: BlockId) -> bool {
    cfg.last(id).is_some_and(|last| last.opcode.is_unconditional_jump() && last.target() == id)
}

/// `basicblock_has_no_lineno`
#[inline]
pub(super) fn has_no_lines(cfg: &Cfg, id: BlockId) -> bool {
    if !cfg.traits(id).any(Traits::UNLINED) {
        return cfg.is_empty(id);
    }
    !cfg.instrs(id).iter().any(Instr::has_line)
}
