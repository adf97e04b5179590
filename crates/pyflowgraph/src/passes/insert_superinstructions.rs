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
    if cfg.may_contain(Traits::LOCALS) {
        join_in_blocks(cfg);
    }
    remove_redundant_nops::remove_nops(cfg);
    Ok(())
}

fn join_in_blocks(cfg: &mut Cfg) {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        if cfg.traits(id).any(Traits::LOCALS) && join_in_block(cfg.instrs_mut(id)) {
            cfg.add_traits(id, Traits::NOPS);
        }
        cursor = cfg.next(id);
    }
}

fn join_in_block(instrs: &mut [Instr]) -> bool {
    let mut changed = false;
    let mut start = 0;
    while let Some(found) = instrs[start..].windows(2).position(may_join) {
        let first = start + found;
        if let [first, second, ..] = &mut instrs[first..] {
            changed |= join(first, second);
        }
        start = first + 1;
    }
    changed
}

#[inline]
fn may_join(pair: &[Instr]) -> bool {
    JOINS_NEXT[pair[0].opcode as usize] & JOINS_PREVIOUS[pair[1].opcode as usize] != 0
}

const LOAD: u8 = 1;
const STORE: u8 = 1 << 1;

/// What an opcode, by number, can be joined with behind it. One test for each pair, since which
/// opcodes stand where is hard to predict.
static JOINS_NEXT: [u8; Opcode::NUMBERS] = {
    let mut table = [0; Opcode::NUMBERS];
    table[Opcode::LoadFast as usize] = LOAD;
    table[Opcode::StoreFast as usize] = LOAD | STORE;
    table
};

/// What an opcode, by number, is to the one before it.
static JOINS_PREVIOUS: [u8; Opcode::NUMBERS] = {
    let mut table = [0; Opcode::NUMBERS];
    table[Opcode::LoadFast as usize] = LOAD;
    table[Opcode::StoreFast as usize] = STORE;
    table
};

fn joined(first: Opcode, second: Opcode) -> Opcode {
    match (first, second) {
        (Opcode::LoadFast, _) => Opcode::LoadFastLoadFast,
        (_, Opcode::LoadFast) => Opcode::StoreFastLoadFast,
        _ => Opcode::StoreFastStoreFast,
    }
}

/// `make_super_instruction`: two locals of four bits each.
fn join(first: &mut Instr, second: &mut Instr) -> bool {
    let on_two_lines =
        first.has_line() && second.has_line() && first.location.lineno != second.location.lineno;
    if on_two_lines || first.oparg >= 16 || second.oparg >= 16 {
        return false;
    }
    first.set(joined(first.opcode, second.opcode), first.oparg << 4 | second.oparg);
    second.set_nop();
    true
}
