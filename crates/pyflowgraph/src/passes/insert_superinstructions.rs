//! Joins pairs of loads and stores of the first 16 locals on one line into one instruction.
//!
//! * Requires: `LOAD_FAST_CHECK` in place: those loads are not joined.
//! * Ensures: no `NOP` that can go.
//!
//! CPython's counterparts: `insert_superinstructions`, `make_super_instruction`.

use pyopcode::Opcode;

use super::{Context, remove_redundant_nops};
use crate::traits::Traits;
use crate::{Cfg, GraphError, Instr};

pub(crate) fn run(cfg: &mut Cfg, _: &mut Context<'_>) -> Result<(), GraphError> {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        if cfg.traits(id).any(Traits::LOCALS) && join_in_block(cfg.instrs_mut(id)) {
            cfg.add_traits(id, Traits::NOPS);
        }
        cursor = cfg.next(id);
    }
    remove_redundant_nops::remove_nops(cfg);
    Ok(())
}

fn join_in_block(instrs: &mut [Instr]) -> bool {
    let mut changed = false;
    for i in 1..instrs.len() {
        if let [first, second] = &mut instrs[i - 1..=i]
            && let Some(joined) = joined(first.opcode, second.opcode)
        {
            changed |= join(first, second, joined);
        }
    }
    changed
}

#[inline]
fn joined(first: Opcode, second: Opcode) -> Option<Opcode> {
    match (first, second) {
        (Opcode::LoadFast, Opcode::LoadFast) => Some(Opcode::LoadFastLoadFast),
        (Opcode::StoreFast, Opcode::LoadFast) => Some(Opcode::StoreFastLoadFast),
        (Opcode::StoreFast, Opcode::StoreFast) => Some(Opcode::StoreFastStoreFast),
        _ => None,
    }
}

/// `make_super_instruction`: two locals of four bits each.
fn join(first: &mut Instr, second: &mut Instr, joined: Opcode) -> bool {
    let on_two_lines =
        first.has_line() && second.has_line() && first.location.lineno != second.location.lineno;
    if on_two_lines || first.oparg >= 16 || second.oparg >= 16 {
        return false;
    }
    first.set(joined, first.oparg << 4 | second.oparg);
    second.set_nop();
    true
}
