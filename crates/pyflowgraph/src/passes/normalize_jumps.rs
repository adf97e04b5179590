//! Makes all conditional jumps go forward, with `NOT_TAKEN` behind them.
//!
//! * Does: a conditional jump backward becomes the opposite jump over an unconditional one.
//! * Requires: the layout is final.
//! * Ensures: only `JUMP` and `JUMP_NO_INTERRUPT` go backward, and what the virtual machine itself
//!   knows to. Blocks with conditional jumps end in `NOT_TAKEN`: from here on a jump need not be the
//!   last of its block.
//!
//! CPython's counterparts: `normalize_jumps`, `normalize_jumps_in_block`.

use pyopcode::Opcode;

use super::Context;
use crate::traits::Traits;
use crate::{BlockId, BlockTarget, Cfg, GraphError, Instr};

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    const NOT_SEEN: u32 = 0;
    let seen = &mut cx.scratch.map;
    seen.clear();
    seen.resize(cfg.block_count(), NOT_SEEN);
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        // Blocks that are made here come up too; they have no conditional jump.
        if let Some(seen) = seen.get_mut(id.index()) {
            *seen = 1;
        }
        if cfg.traits(id).any(Traits::BRANCHES)
            && let Some(&last) = cfg.last(id).filter(|last| last.opcode.is_conditional_jump())
        {
            if seen[last.target().index()] == NOT_SEEN {
                cfg.push_in_place(id, Instr::new(Opcode::NotTaken, 0, last.location));
            } else {
                jump_around(cfg, id, last);
            }
        }
        cursor = cfg.next(id);
    }
    Ok(())
}

fn jump_around(cfg: &mut Cfg, id: BlockId, backward: Instr) {
    let Some(next) = cfg.next(id) else { return };
    let target = backward.target();
    let jump = cfg.new_block();
    cfg.push(jump, Instr::new(Opcode::NotTaken, 0, backward.location), None);
    cfg.push(jump, Instr::with_target(Opcode::Jump, target, backward.location), None);
    cfg.block_mut(jump).start_depth = cfg.block(target).start_depth;
    cfg.block_mut(jump).cold = cfg.block(id).cold;
    if let Some(last) = cfg.last_mut(id) {
        last.opcode = opposite(last.opcode);
        last.set_target(next);
    }
    cfg.insert_after(id, jump);
}

fn opposite(opcode: Opcode) -> Opcode {
    match opcode {
        Opcode::PopJumpIfNotNone => Opcode::PopJumpIfNone,
        Opcode::PopJumpIfNone => Opcode::PopJumpIfNotNone,
        Opcode::PopJumpIfFalse => Opcode::PopJumpIfTrue,
        Opcode::PopJumpIfTrue => Opcode::PopJumpIfFalse,
        other => panic!("{other} is no conditional jump"),
    }
}
