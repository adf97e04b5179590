//! Spells out the jumps that test a value and leave it on the stack.
//!
//! * Does: `JUMP_IF_FALSE` becomes `COPY`, `TO_BOOL`, `POP_JUMP_IF_FALSE`, and so for true.
//! * Requires: jumps threaded: the pseudo-jump is what threading understands.
//! * Ensures: no `JUMP_IF_FALSE`, no `JUMP_IF_TRUE`.
//!
//! CPython's counterpart: `convert_pseudo_conditional_jumps`.

use pyopcode::Opcode;

use super::Context;
use crate::{BlockId, Cfg, GraphError, Instr};

pub(crate) fn run(cfg: &mut Cfg, _: &mut Context<'_>) -> Result<(), GraphError> {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        let jump = match cfg.last(id).map(|last| last.opcode) {
            Some(Opcode::JumpIfFalse) => Some(Opcode::PopJumpIfFalse),
            Some(Opcode::JumpIfTrue) => Some(Opcode::PopJumpIfTrue),
            _ => None,
        };
        if let Some(jump) = jump {
            convert_last(cfg, id, jump);
        }
        cursor = cfg.next(id);
    }
    Ok(())
}

fn convert_last(cfg: &mut Cfg, id: BlockId, opcode: Opcode) {
    let at = cfg.len(id) - 1;
    let jump = cfg.instrs(id)[at];
    let handler = cfg.handlers(id).get(at).copied().flatten();
    cfg.instrs_mut(id)[at].set(Opcode::Copy, 1);
    cfg.push(id, Instr { opcode: Opcode::ToBool, oparg: 0, ..jump }, handler);
    cfg.push(id, Instr { opcode, ..jump }, handler);
}
