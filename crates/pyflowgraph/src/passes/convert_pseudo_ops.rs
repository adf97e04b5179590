//! Replaces the last pseudo-instructions but jumps.
//!
//! * Does: block pushes go; `LOAD_CLOSURE` and `STORE_FAST_MAYBE_NULL` become what they are at run
//!   time.
//! * Requires: stack depths computed, places of cells known.
//! * Ensures: the only pseudo-instructions are `JUMP` and `JUMP_NO_INTERRUPT`; no `NOP` or jump that
//!   can go.
//!
//! CPython's counterpart: `convert_pseudo_ops`.

use pyopcode::Opcode;

use super::{Context, remove_redundant_nops};
use crate::traits::Traits;
use crate::{Cfg, GraphError, Instr};

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    if cfg.may_contain(Traits::BLOCKS | Traits::PSEUDO) {
        convert_all(cfg);
    }
    remove_redundant_nops::nops_and_jumps(cfg, cx)
}

fn convert_all(cfg: &mut Cfg) {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        if cfg.traits(id).any(Traits::BLOCKS | Traits::PSEUDO) {
            cfg.instrs_mut(id).iter_mut().for_each(convert);
            cfg.remove_traits(id, Traits::BLOCKS | Traits::PSEUDO);
            cfg.add_traits(id, Traits::NOPS);
        }
        cursor = cfg.next(id);
    }
}

#[inline]
fn convert(instr: &mut Instr) {
    match instr.opcode {
        Opcode::SetupFinally | Opcode::SetupWith | Opcode::SetupCleanup => instr.set_nop(),
        Opcode::LoadClosure => instr.opcode = Opcode::LoadFast,
        Opcode::StoreFastMaybeNull => instr.opcode = Opcode::StoreFast,
        _ => {}
    }
}
