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

use pyopcode::{Opcode, opcode_table};

use super::Context;
use crate::stack_effect::StackEffect;
use crate::traits::Traits;
use crate::workspace::Walk;
use crate::{BlockId, BlockTarget, Cfg, GraphError, Instr};

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
    /// What the block put on the stack; below, as deep as one likes, there is what was made before the block.
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

    /// The locals of two halves of a byte.
    fn store_and_load(&mut self, i: usize, locals: i32) {
        self.store(locals >> 4);
        self.push(i, locals & 15);
    }

    fn store_two(&mut self, locals: i32) {
        self.store(locals >> 4);
        self.store(locals & 15);
    }

    fn load_and_clear(&mut self, i: usize, local: i32) {
        self.kill(local);
        self.push(i, local);
    }

    /// A method call leaves the object on the stack.
    fn load_attr(&mut self, i: usize, oparg: i32) {
        let object = self.pop();
        self.push(i, NO_LOCAL);
        if oparg & 1 != 0 {
            self.stack.push(object);
        }
    }

    fn load_super_attr(&mut self, i: usize, oparg: i32) {
        let object = self.pop();
        self.drop(2);
        self.stack.push(object);
        self.load_attr(i, oparg);
    }

    /// Pushes the entry `depth` below the top, which is 1 below itself, once more.
    fn copy(&mut self, depth: i32) {
        let index = self.stack.len().checked_sub(depth as usize);
        let copied = index.and_then(|index| self.stack.get(index)).copied();
        self.stack.push(copied.unwrap_or(UNKNOWN));
    }

    fn swap(&mut self, depth: i32) {
        let depth = usize::try_from(depth).unwrap_or(0).max(1);
        if depth > self.stack.len() {
            self.write_down_below(depth);
        }
        let top = self.stack.len() - 1;
        self.stack.swap(top + 1 - depth, top);
    }

    /// Puts entries of before the block at the bottom, for a stack of `depth`.
    #[cold]
    fn write_down_below(&mut self, depth: usize) {
        let missing = depth - self.stack.len();
        self.stack.splice(..0, std::iter::repeat_n(UNKNOWN, missing));
    }

    fn push_mistaken(&mut self, count: i32) {
        debug_assert!((0..=1).contains(&count), "an instruction that takes nothing pushes more than one");
        (0..count).for_each(|first| self.push(first as usize, self.mistaken));
    }

    fn take_below(&mut self) {
        let top = self.pop();
        self.pop();
        self.stack.push(top);
    }

    fn replace(&mut self, i: usize) {
        self.pop();
        self.push(i, NO_LOCAL);
    }

    fn push_below(&mut self, i: usize) {
        let top = self.pop();
        self.push(i, NO_LOCAL);
        self.stack.push(top);
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
    stack.clear();
    let instrs = cfg.instrs_mut(id);
    let mistaken = if instrs.first().is_some_and(borrows) { NO_LOCAL } else { MISTAKEN };
    let mut follower = Follower { instrs, stack, mistaken };
    for i in 0..follower.instrs.len() {
        let Instr { opcode, oparg, .. } = follower.instrs[i];
        follow(&mut follower, i, opcode, oparg);
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
        && let Some(next) = cfg.exits(id).next
    {
        walk.visit(next);
    }
}

/// What an opcode does to the references on the stack.
#[derive(Clone, Copy)]
enum Handling {
    /// Takes some and makes others.
    Plain,
    Load,
    LoadTwo,
    Store,
    StoreAndLoad,
    StoreTwo,
    Delete,
    LoadAndClear,
    LoadAttr,
    LoadSuperAttr,
    Copy,
    Swap,
    /// Takes nothing. What it pushes counts as made by the first instruction of the block, which then may not
    /// borrow if a local gets it: a slip of CPython's, mended after 3.14.
    PushMistaken,
    /// Takes nothing, pushes one.
    Push,
    /// Takes some, gives none.
    Take,
    /// Takes the one below the top.
    TakeBelow,
    /// Puts another in the place of the top.
    Replace,
    /// Puts one below the top.
    PushBelow,
    /// Does nothing unless something is raised.
    Nothing,
}

/// By number.
static HANDLING: [Handling; Opcode::NUMBERS] = opcode_table!(handling_of, else Handling::Plain);

const fn handling_of(opcode: Opcode) -> Handling {
    match opcode {
        Opcode::LoadFast => Handling::Load,
        Opcode::LoadFastLoadFast => Handling::LoadTwo,
        Opcode::StoreFast => Handling::Store,
        Opcode::StoreFastLoadFast => Handling::StoreAndLoad,
        Opcode::StoreFastStoreFast => Handling::StoreTwo,
        Opcode::DeleteFast => Handling::Delete,
        Opcode::LoadFastAndClear => Handling::LoadAndClear,
        Opcode::LoadAttr => Handling::LoadAttr,
        Opcode::LoadSuperAttr => Handling::LoadSuperAttr,
        Opcode::Copy => Handling::Copy,
        Opcode::Swap => Handling::Swap,
        Opcode::FormatSimple
        | Opcode::GetAnext
        | Opcode::GetLen
        | Opcode::GetYieldFromIter
        | Opcode::ImportFrom
        | Opcode::MatchKeys
        | Opcode::MatchMapping
        | Opcode::MatchSequence
        | Opcode::WithExceptStart => Handling::PushMistaken,
        Opcode::ForIter => Handling::Push,
        Opcode::DictMerge
        | Opcode::DictUpdate
        | Opcode::ListAppend
        | Opcode::ListExtend
        | Opcode::MapAdd
        | Opcode::Reraise
        | Opcode::SetAdd
        | Opcode::SetUpdate => Handling::Take,
        Opcode::EndSend | Opcode::SetFunctionAttribute => Handling::TakeBelow,
        Opcode::CheckExcMatch | Opcode::Send => Handling::Replace,
        Opcode::LoadSpecial | Opcode::PushExcInfo => Handling::PushBelow,
        _ if opcode.is_block_push() => Handling::Nothing,
        _ => Handling::Plain,
    }
}

#[inline]
fn follow(refs: &mut Follower<'_>, i: usize, opcode: Opcode, oparg: i32) {
    // Which opcode stands somewhere is hard to predict; that it is a load or plain is not.
    match HANDLING[opcode as usize] {
        Handling::Load => refs.load(i, oparg),
        Handling::Plain => refs.make(i, opcode, oparg),
        handling => follow_special(refs, i, opcode, oparg, handling),
    }
}

fn follow_special(refs: &mut Follower<'_>, i: usize, opcode: Opcode, oparg: i32, handling: Handling) {
    match handling {
        Handling::Plain => refs.make(i, opcode, oparg),
        Handling::Load => refs.load(i, oparg),
        Handling::LoadTwo => refs.load_two(i, oparg),
        Handling::Store => refs.store(oparg),
        Handling::StoreAndLoad => refs.store_and_load(i, oparg),
        Handling::StoreTwo => refs.store_two(oparg),
        Handling::Delete => refs.kill(oparg),
        Handling::LoadAndClear => refs.load_and_clear(i, oparg),
        Handling::LoadAttr => refs.load_attr(i, oparg),
        Handling::LoadSuperAttr => refs.load_super_attr(i, oparg),
        Handling::Copy => refs.copy(oparg),
        Handling::Swap => refs.swap(oparg),
        Handling::PushMistaken => refs.push_mistaken(StackEffect::net_of(opcode, oparg)),
        Handling::Push => refs.push(i, NO_LOCAL),
        Handling::Take => refs.drop(-StackEffect::net_of(opcode, oparg)),
        Handling::TakeBelow => refs.take_below(),
        Handling::Replace => refs.replace(i),
        Handling::PushBelow => refs.push_below(i),
        Handling::Nothing => {}
    }
}
