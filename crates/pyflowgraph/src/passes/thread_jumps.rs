//! Jumps to where a jump to a jump ends up. A part of
//! [`optimize_basic_block`](super::optimize_basic_block).
//!
//! The old jump stays as a `NOP` with its line, the new one takes the line of the second jump, and has
//! no handler (as a rule: see `Cfg::push_in_place`).
//!
//! CPython's counterpart: `jump_thread` and the cases for jumps of `optimize_basic_block`.

use pyopcode::Opcode;

use super::Context;
use crate::traits::Traits;
use crate::{BlockId, BlockTarget, Cfg, Instr};

/// What a block contains that ends in a jump that can be threaded.
pub(super) const CONCERNS: Traits = Traits::union_of(&[Traits::JUMPS, Traits::BRANCHES, Traits::TESTS]);

/// What a block contains that begins with a jump to which others can lead on.
const LEADS_ON: Traits = Traits::JUMPS.union(Traits::TESTS);

/// Improves the jump at the end of a block.
pub(super) fn run(cfg: &mut Cfg, id: BlockId, cx: &mut Context<'_>) {
    // A longer chain of jumps would be a circle. CPython goes round it for ever, but no source makes one.
    for _ in 0..cfg.block_count() {
        if !thread(cfg, id) {
            return;
        }
        cx.edges_changed = true;
    }
}

/// Whether the jump changed, so that it is to be looked at again.
#[inline]
fn thread(cfg: &mut Cfg, id: BlockId) -> bool {
    let Some(&jump) = cfg.last(id).filter(|last| last.opcode.has_jump()) else { return false };
    cfg.traits(jump.target()).any(LEADS_ON) && thread_to(cfg, id, jump)
}

fn thread_to(cfg: &mut Cfg, id: BlockId, jump: Instr) -> bool {
    let Some(&at_target) = cfg.instrs(jump.target()).first() else { return false };
    match (jump.opcode, at_target.opcode) {
        (
            Opcode::PopJumpIfNone
            | Opcode::PopJumpIfNotNone
            | Opcode::PopJumpIfFalse
            | Opcode::PopJumpIfTrue
            | Opcode::JumpIfFalse
            | Opcode::JumpIfTrue,
            Opcode::Jump,
        )
        | (Opcode::JumpIfFalse, Opcode::JumpIfFalse)
        | (Opcode::JumpIfTrue, Opcode::JumpIfTrue)
        | (Opcode::Jump | Opcode::JumpNoInterrupt, Opcode::JumpNoInterrupt) => {
            replace(cfg, id, jump.opcode, &at_target)
        }
        (Opcode::Jump | Opcode::JumpNoInterrupt, Opcode::Jump) => replace(cfg, id, Opcode::Jump, &at_target),
        // The value is tested again, with the opposite sense: it will not jump.
        (Opcode::JumpIfFalse, Opcode::JumpIfTrue) | (Opcode::JumpIfTrue, Opcode::JumpIfFalse) => {
            let Some(next) = cfg.next(jump.target()) else { return false };
            if let Some(last) = cfg.last_mut(id) {
                last.set_target(next);
            }
            true
        }
        _ => false,
    }
}

/// `jump_thread`
fn replace(cfg: &mut Cfg, id: BlockId, opcode: Opcode, at_target: &Instr) -> bool {
    // Nothing would change, again and again.
    if cfg.last(id).is_none_or(|jump| jump.target() == at_target.target()) {
        return false;
    }
    cfg.nop_last(id);
    cfg.push_in_place(id, Instr::with_target(opcode, at_target.target(), at_target.location));
    true
}
