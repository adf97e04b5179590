//! Turns loads of locals into loads that only borrow, where the local outlives the loaded reference.
//!
//! * Does: follows in each block which entry of the stack came from which load. A load may borrow
//!   unless, while its reference is on the stack, the local is overwritten or deleted; or the
//!   reference is stored in a local; or it is still there at the end of the block.
//! * Requires: stack depths computed; pseudo-instructions converted, and nothing moved afterwards.
//! * Ensures: loads borrow only where they may.
//!
//! Only blocks that are reached by jumps and falling through from the entry are looked at. Handlers
//! are not, the block pushes that lead to them being gone; and in 3.14 neither is what is behind an
//! empty block, such as dead code leaves between a `try` and what follows it. 3.15 goes on there, and
//! lets go of the iterable of `GET_ITER`.
//!
//! CPython's counterpart: `optimize_load_fast`.

use pyopcode::Opcode;

use super::Context;
use crate::stack_effect::StackEffect;
use crate::traits::Traits;
use crate::workspace::Walk;
use crate::{BlockId, Cfg, GraphError, Instr};

/// An entry of the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference {
    /// The instruction of the block that made it.
    maker: u32,
    /// The local that it was loaded from.
    local: i32,
}

const NO_LOCAL: i32 = -1;

/// No local either, but the maker is one that did not make it.
const MISTAKEN: i32 = -2;

/// Made before the block.
const UNKNOWN: Reference = Reference { maker: u32::MAX, local: NO_LOCAL };

/// The stack at an instruction of a block. Loads before it borrow unless it is known that they may not.
struct Follower<'a> {
    instrs: &'a mut [Instr],
    stack: &'a mut Vec<Reference>,
    /// What counts as made by the first instruction without being so: [`MISTAKEN`], unless that instruction
    /// borrowed from the first.
    mistaken: i32,
}

impl Follower<'_> {
    /// A load, of `local`, that borrows for now.
    #[inline]
    fn load(&mut self, i: usize, local: i32) {
        self.instrs[i].opcode = Opcode::LoadFastBorrow;
        self.push(i, local);
    }

    #[inline]
    fn load_two(&mut self, i: usize, locals: i32) {
        self.instrs[i].opcode = Opcode::LoadFastBorrowLoadFastBorrow;
        self.push(i, locals >> 4);
        self.push(i, locals & 15);
    }

    #[inline]
    fn push(&mut self, maker: usize, local: i32) {
        self.stack.push(Reference { maker: maker as u32, local });
    }

    #[inline]
    fn push_made(&mut self, maker: usize, count: i32) {
        if count == 1 {
            return self.push(maker, NO_LOCAL);
        }
        for _ in 0..count {
            self.push(maker, NO_LOCAL);
        }
    }

    /// What takes some entries and makes others.
    #[inline]
    fn make(&mut self, i: usize, opcode: Opcode, oparg: i32) {
        let effect = StackEffect::of(opcode, oparg);
        self.drop(effect.popped);
        self.push_made(i, effect.pushed);
    }

    #[inline]
    fn pop(&mut self) -> Reference {
        self.stack.pop().unwrap_or(UNKNOWN)
    }

    #[inline]
    fn drop(&mut self, count: i32) {
        let len = self.stack.len().saturating_sub(count as usize);
        self.stack.truncate(len);
    }

    /// Who made a reference may not borrow. (A load that borrowed from the first goes on doing so: it is in a
    /// sequence that was optimized before.)
    #[inline]
    fn own(&mut self, reference: Reference) {
        if reference.local == NO_LOCAL {
            return;
        }
        let Some(maker) = self.instrs.get_mut(reference.maker as usize) else { return };
        match maker.opcode {
            Opcode::LoadFastBorrow => maker.opcode = Opcode::LoadFast,
            Opcode::LoadFastBorrowLoadFastBorrow => maker.opcode = Opcode::LoadFastLoadFast,
            _ => {}
        }
    }

    /// A local is overwritten or deleted (`kill_local`).
    #[inline]
    fn kill(&mut self, local: i32) {
        for i in 0..self.stack.len() {
            if self.stack[i].local == local {
                self.own(self.stack[i]);
            }
        }
    }

    /// `STORE_FAST` (`store_local`).
    #[inline]
    fn store(&mut self, local: i32) {
        let stored = self.pop();
        self.kill(local);
        self.own(stored);
    }

    /// The entry `depth` below the top, which is 1 below itself.
    fn below(&mut self, depth: i32) -> Option<&mut Reference> {
        let index = self.stack.len().checked_sub(depth as usize)?;
        self.stack.get_mut(index)
    }

    fn own_all(&mut self) {
        for i in 0..self.stack.len() {
            self.own(self.stack[i]);
        }
    }
}

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    let walk = &mut cx.scratch.walk;
    walk.reset(cfg.block_count());
    walk.visit(BlockId::ENTRY);
    while let Some(id) = walk.pop() {
        if cfg.traits(id).any(Traits::LOCALS) {
            follow_block(cfg, id, &mut cx.scratch.references);
        }
        visit_targets(cfg, walk, id);
        visit_next(cfg, walk, id);
    }
    Ok(())
}

fn follow_block(cfg: &mut Cfg, id: BlockId, stack: &mut Vec<Reference>) {
    let depth = cfg.block(id).start_depth().unwrap_or(0);
    stack.clear();
    stack.resize(depth as usize, UNKNOWN);
    let instrs = cfg.instrs_mut(id);
    let mistaken = if instrs.first().is_some_and(borrows) { NO_LOCAL } else { MISTAKEN };
    let mut follower = Follower { instrs, stack, mistaken };
    for i in 0..follower.instrs.len() {
        let Instr { opcode, oparg, .. } = follower.instrs[i];
        match opcode {
            Opcode::LoadFast => follower.load(i, oparg),
            _ if IS_PLAIN[opcode as usize] => follower.make(i, opcode, oparg),
            _ => follow(&mut follower, i, opcode, oparg),
        }
    }
    follower.own_all();
}

/// Whether it is a load that borrows: before the pass, one of a sequence that was optimized before.
fn borrows(instr: &Instr) -> bool {
    matches!(instr.opcode, Opcode::LoadFastBorrow | Opcode::LoadFastBorrowLoadFastBorrow)
}

/// A jump may have a `NOT_TAKEN` behind it; block pushes may be anywhere, but are gone as a rule.
fn visit_targets(cfg: &Cfg, walk: &mut Walk, id: BlockId) {
    let instrs = cfg.instrs(id);
    let first = match cfg.traits(id).any(Traits::BLOCKS) {
        true => 0,
        false => instrs.len().saturating_sub(2),
    };
    for instr in instrs[first..].iter().filter(|instr| instr.opcode.has_target()) {
        walk.visit(instr.target());
    }
}

/// An empty block leads nowhere here, so what is behind it may stay as it is.
fn visit_next(cfg: &Cfg, walk: &mut Walk, id: BlockId) {
    if !cfg.is_empty(id)
        && cfg.falls_through(id)
        && let Some(next) = cfg.next(id)
    {
        walk.visit(next);
    }
}

#[inline]
fn follow(refs: &mut Follower<'_>, i: usize, opcode: Opcode, oparg: i32) {
    match opcode {
        Opcode::LoadFastLoadFast => refs.load_two(i, oparg),
        Opcode::StoreFast => refs.store(oparg),
        Opcode::StoreFastLoadFast => {
            refs.store(oparg >> 4);
            refs.push(i, oparg & 15);
        }
        Opcode::StoreFastStoreFast => {
            refs.store(oparg >> 4);
            refs.store(oparg & 15);
        }
        Opcode::DeleteFast => refs.kill(oparg),
        Opcode::LoadFastAndClear => {
            refs.kill(oparg);
            refs.push(i, oparg);
        }
        Opcode::LoadAttr => load_attr(refs, i, oparg),
        Opcode::Copy | Opcode::Swap => shuffle(refs, opcode, oparg),
        _ => follow_rare(refs, i, opcode, oparg),
    }
}

/// A method call leaves the object on the stack.
#[inline]
fn load_attr(refs: &mut Follower<'_>, i: usize, oparg: i32) {
    let object = refs.pop();
    refs.push(i, NO_LOCAL);
    if oparg & 1 != 0 {
        refs.stack.push(object);
    }
}

fn shuffle(refs: &mut Follower<'_>, opcode: Opcode, oparg: i32) {
    if opcode == Opcode::Copy {
        let copied = refs.below(oparg).map_or(UNKNOWN, |below| *below);
        refs.stack.push(copied);
    } else if let (Some(top), Some(_)) = (refs.stack.last().copied(), refs.below(oparg))
        && let Some(below) = refs.below(oparg)
    {
        let swapped = std::mem::replace(below, top);
        if let Some(top) = refs.stack.last_mut() {
            *top = swapped;
        }
    }
}

/// By number: whether all of an opcode is that it takes entries and makes others. Which it is that stands
/// somewhere is hard to predict; that it is plain is not.
static IS_PLAIN: [bool; Opcode::NUMBERS] = {
    let mut table = [false; Opcode::NUMBERS];
    let mut i = 0;
    while i < Opcode::ALL.len() {
        table[Opcode::ALL[i] as usize] = is_plain(Opcode::ALL[i]);
        i += 1;
    }
    table
};

const fn is_plain(opcode: Opcode) -> bool {
    !matches!(
        opcode,
        Opcode::LoadFast
            | Opcode::LoadFastLoadFast
            | Opcode::StoreFast
            | Opcode::StoreFastLoadFast
            | Opcode::StoreFastStoreFast
            | Opcode::DeleteFast
            | Opcode::LoadFastAndClear
            | Opcode::LoadAttr
            | Opcode::Copy
            | Opcode::Swap
            | Opcode::FormatSimple
            | Opcode::GetAnext
            | Opcode::GetLen
            | Opcode::GetYieldFromIter
            | Opcode::ImportFrom
            | Opcode::MatchKeys
            | Opcode::MatchMapping
            | Opcode::MatchSequence
            | Opcode::WithExceptStart
            | Opcode::DictMerge
            | Opcode::DictUpdate
            | Opcode::ListAppend
            | Opcode::ListExtend
            | Opcode::MapAdd
            | Opcode::Reraise
            | Opcode::SetAdd
            | Opcode::SetUpdate
            | Opcode::EndSend
            | Opcode::SetFunctionAttribute
            | Opcode::CheckExcMatch
            | Opcode::ForIter
            | Opcode::LoadSuperAttr
            | Opcode::LoadSpecial
            | Opcode::PushExcInfo
            | Opcode::Send
    ) && !opcode.is_block_push()
}

/// The instructions that leave something of what they take where it is, or count it as made elsewhere.
fn follow_rare(refs: &mut Follower<'_>, i: usize, opcode: Opcode, oparg: i32) {
    match opcode {
        // Take nothing. What they push counts as made by the first instruction of the block, which
        // then may not borrow if a local gets it: a slip of CPython's, mended after 3.14.
        Opcode::FormatSimple
        | Opcode::GetAnext
        | Opcode::GetLen
        | Opcode::GetYieldFromIter
        | Opcode::ImportFrom
        | Opcode::MatchKeys
        | Opcode::MatchMapping
        | Opcode::MatchSequence
        | Opcode::WithExceptStart => {
            let net = StackEffect::net_of(opcode, oparg);
            debug_assert!((0..=1).contains(&net), "{opcode} pushes more than one");
            (0..net).for_each(|first| refs.push(first as usize, refs.mistaken));
        }
        // Take something, give nothing.
        Opcode::DictMerge
        | Opcode::DictUpdate
        | Opcode::ListAppend
        | Opcode::ListExtend
        | Opcode::MapAdd
        | Opcode::Reraise
        | Opcode::SetAdd
        | Opcode::SetUpdate => refs.drop(-StackEffect::net_of(opcode, oparg)),
        Opcode::EndSend | Opcode::SetFunctionAttribute => {
            let top = refs.pop();
            refs.pop();
            refs.stack.push(top);
        }
        Opcode::CheckExcMatch => {
            refs.pop();
            refs.push(i, NO_LOCAL);
        }
        Opcode::ForIter => refs.push(i, NO_LOCAL),
        Opcode::LoadSuperAttr => {
            let object = refs.pop();
            refs.drop(2);
            refs.stack.push(object);
            load_attr(refs, i, oparg);
        }
        Opcode::LoadSpecial | Opcode::PushExcInfo => {
            let top = refs.pop();
            refs.push(i, NO_LOCAL);
            refs.stack.push(top);
        }
        Opcode::Send => {
            refs.pop();
            refs.push(i, NO_LOCAL);
        }
        _ if opcode.is_block_push() => {}
        _ => panic!("{opcode} is plain"),
    }
}
