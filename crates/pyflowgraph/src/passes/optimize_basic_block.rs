//! Improves what stands next to each other in a block, instruction by instruction.
//!
//! * Does: folds operations on constants ([`fold_constants`](super::fold_constants)), threads jumps
//!   to jumps ([`thread_jumps`](super::thread_jumps)), fuses tests with conversions to bool, packs
//!   and unpacks tuples without making them, and shortens or avoids shuffling of the stack
//!   ([`swaps`](super::swaps)).
//! * Requires: the targets of reachable jumps are not empty.
//! * Ensures: every instruction that went away is a `NOP`.
//!
//! CPython's counterpart: `optimize_basic_block`.

use pyopcode::{Intrinsic1, Opcode, opcode_table};

use super::{Context, fold_constants, swaps, thread_jumps};
use crate::cfg::Block;
use crate::traits::Traits;
use crate::{BlockId, Cfg, GraphError, Instr};

/// What an instruction and those around it may become.
const CHANGED: Traits = Traits::NOPS.union(Traits::CONSTS).union(Traits::POPS).union(Traits::UNLINED);

/// The bit of the argument of `COMPARE_OP` that asks for a bool.
const COMPARE_TO_BOOL: i32 = 16;

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        let &Block { next, traits, .. } = cfg.block(id);
        cursor = next;
        let swaps = traits.any(Traits::IMPROVABLE) && optimize_block(cfg, id, cx);
        if traits.any(thread_jumps::CONCERNS) {
            thread_jumps::run(cfg, id, cx);
        }
        if swaps {
            let (instrs, handlers) = cfg.instrs_and_handlers_mut(id);
            swaps::run(instrs, handlers, &mut cx.scratch.indices);
            cfg.add_traits(id, Traits::NOPS);
        }
    }
    Ok(())
}

/// Whether there are swaps in it.
fn optimize_block(cfg: &mut Cfg, id: BlockId, cx: &mut Context<'_>) -> bool {
    let instrs = cfg.instrs_mut(id);
    let mut swaps = false;
    let mut changed = false;
    let mut start = 0;
    while let Some(i) = find_improvable(instrs, start) {
        let (opcode, behind) = (instrs[i].opcode, next(instrs, i));
        optimize_at(instrs, i, cx);
        swaps |= opcode == Opcode::Swap;
        changed |= instrs[i].opcode != opcode || next(instrs, i) != behind;
        start = i + 1;
    }
    if changed {
        cfg.add_traits(id, CHANGED);
    }
    swaps
}

/// The first instruction from one on that [`optimize_at`] may do something about.
#[inline]
fn find_improvable(instrs: &[Instr], start: usize) -> Option<usize> {
    let rest = instrs.get(start..)?;
    let improves = |pair: &[Instr]| Pairing::of(pair[0].opcode).improves_before(Pairing::of(pair[1].opcode));
    if let Some(found) = rest.windows(2).position(improves) {
        return Some(start + found);
    }
    let last = Pairing::of(rest.last()?.opcode);
    last.improves_before(Pairing::END).then_some(instrs.len() - 1)
}

// What pairs [`optimize_at`] does something about. One test for each instruction, since which opcodes
// stand where is hard to predict.
const ALONE: u8 = 1;
const STORED_TWICE: u8 = 1 << 1;
const CALLED: u8 = 1 << 2;
const TESTED: u8 = 1 << 3;
const CONVERTED_TWICE: u8 = 1 << 4;

/// What an opcode and the one behind it may become.
#[derive(Clone, Copy)]
pub(crate) struct Pairing {
    /// What behind the opcode makes it worth a look.
    with_next: u8,
    /// What the opcode is to the one before it.
    to_previous: u8,
}

impl Pairing {
    /// The end of a block.
    pub(crate) const END: Pairing = Pairing { with_next: 0, to_previous: ALONE };

    #[inline]
    pub(crate) const fn of(opcode: Opcode) -> Pairing {
        PAIRINGS[opcode as usize]
    }

    /// Whether there may be something to improve where `next` is behind it.
    #[inline]
    pub(crate) const fn improves_before(self, next: Pairing) -> bool {
        self.with_next & next.to_previous != 0
    }
}

/// Whether there may be something to improve in a row of instructions.
#[derive(Clone, Copy)]
pub(crate) struct Improvable {
    /// What behind the last instruction makes it worth a look.
    with_next: u8,
    found: u8,
}

impl Improvable {
    /// Before the first instruction.
    #[inline]
    pub(crate) const fn begin() -> Improvable {
        Improvable { with_next: 0, found: 0 }
    }

    /// The next instruction, or the end.
    #[inline]
    pub(crate) const fn follow(&mut self, next: Pairing) {
        self.found |= self.with_next & next.to_previous;
        self.with_next = next.with_next;
    }

    #[inline]
    pub(crate) const fn any(self) -> bool {
        self.found != 0
    }
}

/// By number.
static PAIRINGS: [Pairing; Opcode::NUMBERS] = opcode_table!(pairing_of, else Pairing::END);

const fn pairing_of(opcode: Opcode) -> Pairing {
    let to_previous = match opcode {
        Opcode::StoreFast => ALONE | STORED_TWICE,
        Opcode::PushNull => ALONE | CALLED,
        Opcode::ToBool => ALONE | TESTED | CONVERTED_TWICE,
        Opcode::UnaryNot => ALONE | TESTED,
        _ => ALONE,
    };
    Pairing { with_next: improves_with(opcode), to_previous }
}

const fn improves_with(opcode: Opcode) -> u8 {
    match opcode {
        Opcode::StoreFast => STORED_TWICE,
        Opcode::LoadGlobal => CALLED,
        Opcode::CompareOp | Opcode::ContainsOp | Opcode::IsOp => TESTED,
        Opcode::ToBool => CONVERTED_TWICE,
        Opcode::BuildTuple
        | Opcode::BuildList
        | Opcode::BuildSet
        | Opcode::ListAppend
        | Opcode::SetAdd
        | Opcode::Swap
        | Opcode::UnaryNot
        | Opcode::UnaryInvert
        | Opcode::UnaryNegative
        | Opcode::CallIntrinsic1
        | Opcode::BinaryOp => ALONE,
        _ => 0,
    }
}

/// Not a part of its caller, which is to be quick about what does not concern it.
#[inline(never)]
fn optimize_at(instrs: &mut [Instr], i: usize, cx: &mut Context<'_>) {
    let Instr { opcode, oparg, .. } = instrs[i];
    match opcode {
        Opcode::BuildTuple => build_tuple(instrs, i, cx),
        Opcode::BuildList | Opcode::BuildSet => fold_constants::lists_and_sets(instrs, i, cx),
        Opcode::ListAppend | Opcode::SetAdd if oparg == 1 && is_iterated_or_searched(instrs, i) => {
            fold_constants::sequence(instrs, i, cx);
        }
        Opcode::StoreFast => store_twice(instrs, i),
        Opcode::Swap if oparg == 1 => instrs[i].set_nop(),
        Opcode::LoadGlobal => push_null(instrs, i),
        Opcode::CompareOp | Opcode::ContainsOp | Opcode::IsOp => test(instrs, i),
        Opcode::ToBool if next(instrs, i) == Some(Opcode::ToBool) => instrs[i].set_nop(),
        Opcode::UnaryNot => unary_not(instrs, i, cx),
        Opcode::UnaryInvert | Opcode::UnaryNegative => fold_constants::unary(instrs, i, cx),
        Opcode::CallIntrinsic1 => intrinsic(instrs, i, cx),
        Opcode::BinaryOp => fold_constants::binary(instrs, i, cx),
        _ => {}
    }
}

#[inline]
fn next(instrs: &[Instr], i: usize) -> Option<Opcode> {
    instrs.get(i + 1).map(|instr| instr.opcode)
}

/// Whether the value made here is only iterated over or searched.
pub(super) fn is_iterated_or_searched(instrs: &[Instr], i: usize) -> bool {
    matches!(next(instrs, i), Some(Opcode::GetIter | Opcode::ContainsOp))
}

/// A tuple of up to three that is unpacked at once is a matter of order on the stack.
fn build_tuple(instrs: &mut [Instr], i: usize, cx: &mut Context<'_>) {
    let size = instrs[i].oparg;
    let unpacked = instrs.get(i + 1).is_some_and(|n| n.opcode == Opcode::UnpackSequence && n.oparg == size);
    match size {
        1 if unpacked => {
            instrs[i].set_nop();
            instrs[i + 1].set_nop();
        }
        2 | 3 if unpacked => {
            instrs[i].set_nop();
            instrs[i + 1].opcode = Opcode::Swap;
        }
        _ => fold_constants::tuple(instrs, i, cx),
    }
}

/// `a, a = x` on one line needs one store only.
fn store_twice(instrs: &mut [Instr], i: usize) {
    let Some(next) = instrs.get(i + 1) else { return };
    let same = next.opcode == Opcode::StoreFast
        && next.oparg == instrs[i].oparg
        && next.location.lineno == instrs[i].location.lineno;
    if same {
        instrs[i].set(Opcode::PopTop, 0);
    }
}

/// The lowest bit of `LOAD_GLOBAL` asks for the `NULL` of a call.
fn push_null(instrs: &mut [Instr], i: usize) {
    let oparg = instrs[i].oparg;
    if oparg & 1 == 0 && next(instrs, i) == Some(Opcode::PushNull) {
        instrs[i].oparg = oparg | 1;
        instrs[i + 1].set_nop();
    }
}

/// Tests give bools, and some can be negated.
fn test(instrs: &mut [Instr], i: usize) {
    let Instr { opcode, oparg, .. } = instrs[i];
    let oparg = match next(instrs, i) {
        Some(Opcode::ToBool) if opcode == Opcode::CompareOp => oparg | COMPARE_TO_BOOL,
        Some(Opcode::ToBool) => oparg,
        Some(Opcode::UnaryNot) if opcode != Opcode::CompareOp => oparg ^ 1,
        _ => return,
    };
    instrs[i].set_nop();
    instrs[i + 1].set(opcode, oparg);
}

fn unary_not(instrs: &mut [Instr], i: usize, cx: &mut Context<'_>) {
    match next(instrs, i) {
        Some(Opcode::ToBool) => {
            instrs[i].set_nop();
            instrs[i + 1].set(Opcode::UnaryNot, 0);
        }
        Some(Opcode::UnaryNot) => {
            instrs[i].set_nop();
            instrs[i + 1].set_nop();
        }
        _ => fold_constants::unary(instrs, i, cx),
    }
}

fn intrinsic(instrs: &mut [Instr], i: usize, cx: &mut Context<'_>) {
    let oparg = instrs[i].oparg;
    if oparg == Intrinsic1::ListToTuple as i32 {
        fold_constants::sequence(instrs, i, cx);
        if instrs[i].opcode == Opcode::CallIntrinsic1 && next(instrs, i) == Some(Opcode::GetIter) {
            instrs[i].set_nop();
        }
    } else if oparg == Intrinsic1::UnaryPositive as i32 {
        fold_constants::unary(instrs, i, cx);
    }
}
