//! Turns loads of local variables that may be unbound into loads that check.
//!
//! * Does: follows which of the first 64 locals may be unbound, from the entry, where all but the
//!   parameters are, and from `DELETE_FAST` and its like, along all paths until nothing changes.
//!   Locals beyond that are followed within a block only.
//! * Requires: handlers on the instructions: an exception may leave a block anywhere.
//! * Ensures: a `LOAD_FAST` never meets an unbound local.
//!
//! CPython's counterparts: `add_checks_for_loads_of_uninitialized_variables`, `scan_block_for_locals`,
//! `fast_scan_many_locals`.

use pyopcode::Opcode;

use super::Context;
use crate::cfg::Exits;
use crate::traits::Traits;
use crate::{BlockId, Cfg, GraphError, Instr};

/// How many locals are followed from block to block: one bit each.
const TRACKED: u32 = u64::BITS;

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    let locals = cx.locals.count;
    if locals == 0 {
        return Ok(());
    }
    if locals > TRACKED {
        check_untracked(cfg, locals, &mut cx.scratch.map);
    }
    let on_entry = bits_below(locals) & !bits_below(cx.locals.params);
    if on_entry == 0 && !cfg.may_contain(Traits::UNBINDS) {
        return Ok(());
    }
    let cursor = cfg.first();
    let mut flow = Flow { blocks: &mut cx.scratch.unbound, cursor, late: &mut cx.scratch.late };
    flow.blocks.clear();
    flow.blocks.resize(cfg.block_count(), OnEntry { unbound: 0, is_new: true });
    flow.blocks[BlockId::ENTRY.index()].unbound = on_entry;
    flow.late.clear();
    while let Some(id) = flow.next(cfg) {
        flow.scan(cfg, id);
    }
    Ok(())
}

fn bits_below(count: u32) -> u64 {
    u64::MAX.checked_shr(TRACKED - count.min(TRACKED)).unwrap_or(0)
}

/// What is known of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnEntry {
    /// The locals that may be unbound on entry.
    unbound: u64,
    /// Whether the block was not looked at since that changed.
    is_new: bool,
}

struct Flow<'a> {
    blocks: &'a mut Vec<OnEntry>,
    /// Where in the layout to go on.
    cursor: Option<BlockId>,
    /// Blocks about which something new is known since they were looked at.
    late: &'a mut Vec<BlockId>,
}

impl Flow<'_> {
    /// A block to look at: a local may be deleted anywhere, so each has its turn once, then those about which there is
    /// something new.
    #[inline]
    fn next(&mut self, cfg: &Cfg) -> Option<BlockId> {
        let Some(id) = self.cursor else { return self.late.pop() };
        self.cursor = cfg.next(id);
        Some(id)
    }

    /// A block is entered with locals unbound (`maybe_push`).
    #[inline]
    fn enter(&mut self, id: BlockId, unbound: u64) {
        let known = &mut self.blocks[id.index()];
        if known.unbound | unbound != known.unbound {
            known.unbound |= unbound;
            if !known.is_new {
                known.is_new = true;
                self.late.push(id);
            }
        }
    }

    /// `scan_block_for_locals`
    fn scan(&mut self, cfg: &mut Cfg, id: BlockId) {
        let known = &mut self.blocks[id.index()];
        known.is_new = false;
        let mut unbound = known.unbound;
        let traits = cfg.traits(id);
        let concerns = if unbound == 0 { Traits::UNBINDS } else { Traits::LOCALS | Traits::HANDLED };
        if traits.any(concerns) {
            let (instrs, handlers) = cfg.instrs_and_handlers_mut(id);
            unbound = match traits.any(Traits::HANDLED) {
                true => self.scan_handled(instrs, handlers, unbound),
                false => scan_instrs(instrs, unbound),
            };
        }
        if unbound == 0 {
            return;
        }
        let Exits { next, target } = cfg.exits(id);
        if let Some(next) = next {
            self.enter(next, unbound);
        }
        if let Some(target) = target {
            self.enter(target, unbound);
        }
    }

    /// What may be unbound behind instructions with handlers.
    fn scan_handled(&mut self, instrs: &mut [Instr], handlers: &[Option<BlockId>], mut unbound: u64) -> u64 {
        // Most instructions do and have what the one before them does and has.
        let mut entered = (None, 0);
        for (instr, &handler) in instrs.iter_mut().zip(handlers) {
            if let Some(to) = handler
                && entered != (handler, unbound)
            {
                self.enter(to, unbound);
                entered = (handler, unbound);
            }
            unbound = behind(instr, unbound);
        }
        unbound
    }
}

/// What may be unbound behind the instructions.
fn scan_instrs(instrs: &mut [Instr], unbound: u64) -> u64 {
    instrs.iter_mut().fold(unbound, |unbound, instr| behind(instr, unbound))
}

/// What may be unbound behind an instruction, which checks if need be.
#[inline]
fn behind(instr: &mut Instr, unbound: u64) -> u64 {
    // What an instruction is to a local is hard to predict: no branches but rare ones.
    let effect = &EFFECTS[instr.opcode as usize];
    let local = instr.oparg as u32;
    if local >= TRACKED {
        return unbound;
    }
    if unbound & effect.loads << local != 0 {
        instr.opcode = Opcode::LoadFastCheck;
    }
    unbound & effect.leaves_unbound.rotate_left(local) | effect.unbinds << local
}

/// What an opcode does to the local that is its argument, as if that were the first.
#[derive(Clone, Copy)]
struct Effect {
    /// It is loaded without a check.
    loads: u64,
    /// Those that are unbound afterwards if they were before: it is not among them if it is bound.
    leaves_unbound: u64,
    /// It is unbound afterwards.
    unbinds: u64,
}

/// By number.
static EFFECTS: [Effect; Opcode::NUMBERS] = {
    const FIRST: u64 = 1;
    let mut table = [Effect { loads: 0, leaves_unbound: u64::MAX, unbinds: 0 }; Opcode::NUMBERS];
    table[Opcode::LoadFast as usize] = Effect { loads: FIRST, leaves_unbound: !FIRST, unbinds: 0 };
    table[Opcode::LoadFastCheck as usize].leaves_unbound = !FIRST;
    table[Opcode::StoreFast as usize].leaves_unbound = !FIRST;
    table[Opcode::DeleteFast as usize].unbinds = FIRST;
    table[Opcode::LoadFastAndClear as usize].unbinds = FIRST;
    table[Opcode::StoreFastMaybeNull as usize].unbinds = FIRST;
    table
};

/// `fast_scan_many_locals`: a local is bound if it was loaded or stored in the same block.
fn check_untracked(cfg: &mut Cfg, locals: u32, bound_in: &mut Vec<u32>) {
    const NOWHERE: u32 = 0;
    bound_in.clear();
    bound_in.resize((locals - TRACKED) as usize, NOWHERE);
    let mut block = NOWHERE;
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        block += 1;
        for instr in cfg.instrs_mut(id) {
            let Some(index) = (instr.oparg as u32).checked_sub(TRACKED) else { continue };
            let Some(bound_in) = bound_in.get_mut(index as usize) else { continue };
            match instr.opcode {
                Opcode::DeleteFast | Opcode::LoadFastAndClear | Opcode::StoreFastMaybeNull => {
                    *bound_in = NOWHERE;
                }
                Opcode::StoreFast => *bound_in = block,
                Opcode::LoadFast => {
                    if *bound_in != block {
                        instr.opcode = Opcode::LoadFastCheck;
                    }
                    *bound_in = block;
                }
                _ => {}
            }
        }
        cursor = cfg.next(id);
    }
}
