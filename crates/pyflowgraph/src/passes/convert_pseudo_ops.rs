//! Replaces the last pseudo-instructions but jumps.
//!
//! * Does: block pushes go; `LOAD_CLOSURE` and `STORE_FAST_MAYBE_NULL` become what they are at run
//!   time.
//! * Requires: stack depths computed, places of cells known.
//! * Ensures: the only pseudo-instructions are `JUMP` and `JUMP_NO_INTERRUPT`; no `NOP` or jump that
//!   can go.
//!
//! CPython's counterpart: `convert_pseudo_ops`.

use pyopcode::{Opcode, opcode_table};

use super::{Context, remove_redundant_nops};
use crate::traits::Traits;
use crate::{Cfg, GraphError};

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    if cfg.may_contain(Traits::BLOCKS | Traits::PSEUDO) {
        convert_all(cfg);
    }
    remove_redundant_nops::nops_and_jumps(cfg, cx)
}

fn convert_all(cfg: &mut Cfg) {
    for instr in cfg.arena_mut() {
        let real = &REAL[instr.opcode as usize];
        instr.opcode = real.opcode;
        instr.oparg &= real.argument;
    }
    let concerned = Traits::BLOCKS | Traits::PSEUDO;
    for block in cfg.blocks_mut().iter_mut().filter(|block| block.traits.any(concerned)) {
        block.traits = block.traits.without(concerned) | Traits::NOPS;
    }
    cfg.gather_traits();
}

/// What an instruction becomes.
#[derive(Clone, Copy)]
struct Real {
    opcode: Opcode,
    /// The bits of the argument that stay.
    argument: i32,
}

/// By number.
static REAL: [Real; Opcode::NUMBERS] = opcode_table!(real, else real(Opcode::Nop));

const fn real(pseudo: Opcode) -> Real {
    let (opcode, argument) = match pseudo {
        Opcode::SetupFinally | Opcode::SetupWith | Opcode::SetupCleanup => (Opcode::Nop, 0),
        Opcode::LoadClosure => (Opcode::LoadFast, !0),
        Opcode::StoreFastMaybeNull => (Opcode::StoreFast, !0),
        real => (real, !0),
    };
    Real { opcode, argument }
}
