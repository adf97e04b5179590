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
use crate::cfg::{Block, View};
use crate::stack_effect::{Count, StackEffect};
use crate::traits::Traits;
use crate::workspace::Walk;
use crate::{BlockId, BlockTarget, Cfg, GraphError, Instr};

/// An entry of the stack.
#[derive(Clone, Copy, Debug)]
struct Reference {
    /// The instruction of the block that made it.
    maker: u32,
    /// The local that it was loaded from.
    local: i32,
}

const NO_LOCAL: i32 = -1;

/// No local either, but the maker is one that did not make it.
const MISTAKEN: i32 = -2;

/// Not loaded from a local: that it was made in the block does not matter.
const NO_LOAD: Reference = Reference { maker: u32::MAX, local: NO_LOCAL };

/// Made before the block.
const UNKNOWN: Reference = NO_LOAD;

/// What the block put on the stack; below, as deep as one likes, there is what was made before the block.
#[derive(Clone, Debug, Default)]
pub(crate) struct References {
    /// The entries, and behind them some of no meaning.
    entries: Vec<Reference>,
    depth: usize,
}

impl References {
    #[cold]
    fn grow(&mut self) {
        self.entries.resize(2 * self.depth + 16, UNKNOWN);
    }

    /// Makes room for so many entries more.
    #[inline]
    fn make_room(&mut self, count: usize) {
        if self.entries.len() - self.depth < count {
            self.entries.resize(self.depth + count, UNKNOWN);
        }
    }

    #[inline]
    fn push(&mut self, reference: Reference) {
        if self.depth == self.entries.len() {
            self.grow();
        }
        self.entries[self.depth] = reference;
        self.depth += 1;
    }

    #[inline]
    fn pop(&mut self) -> Reference {
        let Some(depth) = self.depth.checked_sub(1) else { return UNKNOWN };
        self.depth = depth;
        self.entries[depth]
    }

    #[inline]
    fn drop(&mut self, count: i32) {
        self.depth = self.depth.saturating_sub(count as usize);
    }

    /// The entry `depth` below the top, which is 1 below itself.
    fn peek(&self, depth: usize) -> Reference {
        let index = self.depth.checked_sub(depth);
        index.and_then(|index| self.entries[..self.depth].get(index)).copied().unwrap_or(UNKNOWN)
    }

    fn swap(&mut self, depth: usize) {
        if depth > self.depth {
            self.write_down_below(depth);
        }
        let top = self.depth - 1;
        self.entries.swap(top + 1 - depth, top);
    }

    /// Puts entries of before the block at the bottom, for a stack of `depth`.
    #[cold]
    fn write_down_below(&mut self, depth: usize) {
        let missing = depth - self.depth;
        self.make_room(missing);
        self.entries.copy_within(..self.depth, missing);
        self.entries[..missing].fill(UNKNOWN);
        self.depth = depth;
    }
}

/// The stack at an instruction of a block. Loads before it borrow unless it is known that they may not.
struct Follower<'a> {
    instrs: &'a mut [Instr],
    stack: &'a mut References,
    /// What counts as made by the first instruction without being so: [`MISTAKEN`], unless that instruction
    /// borrowed from the first.
    mistaken: i32,
}

impl Follower<'_> {
    /// Follows regular instructions from one on. Gives the first that is none.
    ///
    /// Which opcode stands somewhere is hard to predict; that it is a regular one is not.
    fn follow_regular(&mut self, start: usize) -> Option<usize> {
        // What a block of no others can put on the stack, with room for an entry that does not stay.
        self.stack.make_room(2 * (self.instrs.len() - start) + 2);
        let entries = &mut *self.stack.entries;
        let mut depth = self.stack.depth;
        let mut special = None;
        for (i, instr) in self.instrs.iter_mut().enumerate().skip(start) {
            let effect = &EFFECTS[instr.opcode as usize];
            if !matches!(effect.handling, Handling::Regular) {
                special = Some(i);
                break;
            }
            instr.opcode = BORROWING[instr.opcode as usize];
            depth = depth.saturating_sub(effect.popped.at(instr.oparg) as usize);
            let local = instr.oparg | i32::from(effect.not_local);
            let made = [Reference { maker: i as u32, local }, NO_LOAD];
            entries[depth..depth + 2].copy_from_slice(&made);
            depth += usize::from(effect.pushed) + (instr.oparg as usize & usize::from(effect.pushed_if_odd));
        }
        self.stack.depth = depth;
        special
    }

    /// Not a part of its caller, which is to be quick.
    #[inline(never)]
    fn follow_special(&mut self, i: usize) {
        let Instr { opcode, oparg, .. } = self.instrs[i];
        match EFFECTS[opcode as usize].handling {
            Handling::Regular | Handling::Irregular => self.make(i, opcode, oparg),
            Handling::LoadTwo => self.load_two(i, oparg),
            Handling::Store => self.store(oparg),
            Handling::StoreAndLoad => self.store_and_load(i, oparg),
            Handling::StoreTwo => self.store_two(oparg),
            Handling::Delete => self.kill(oparg),
            Handling::LoadAndClear => self.load_and_clear(i, oparg),
            Handling::LoadAttr => self.load_attr(i, oparg),
            Handling::LoadSuperAttr => self.load_super_attr(i, oparg),
            Handling::Copy => self.copy(oparg),
            Handling::Swap => self.swap(oparg),
            Handling::PushMistaken => self.push_mistaken(StackEffect::net_of(opcode, oparg)),
            Handling::TakeBelow => self.take_below(),
            Handling::PushBelow => self.push_below(i),
        }
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

    /// What takes some entries and makes others.
    fn make(&mut self, i: usize, opcode: Opcode, oparg: i32) {
        let effect = StackEffect::of(opcode, oparg);
        self.stack.drop(effect.popped);
        for _ in 0..effect.pushed {
            self.push(i, NO_LOCAL);
        }
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
        for i in 0..self.stack.depth {
            let reference = self.stack.entries[i];
            if reference.local == local {
                self.own(reference);
            }
        }
    }

    /// `STORE_FAST` (`store_local`).
    #[inline]
    fn store(&mut self, local: i32) {
        let stored = self.stack.pop();
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
        let object = self.stack.pop();
        self.push(i, NO_LOCAL);
        if oparg & 1 != 0 {
            self.stack.push(object);
        }
    }

    fn load_super_attr(&mut self, i: usize, oparg: i32) {
        let object = self.stack.pop();
        self.stack.drop(2);
        self.stack.push(object);
        self.load_attr(i, oparg);
    }

    /// Pushes the entry `depth` below the top, which is 1 below itself, once more.
    fn copy(&mut self, depth: i32) {
        let copied = self.stack.peek(depth as usize);
        self.stack.push(copied);
    }

    fn swap(&mut self, depth: i32) {
        self.stack.swap(usize::try_from(depth).unwrap_or(0).max(1));
    }

    fn push_mistaken(&mut self, count: i64) {
        debug_assert!((0..=1).contains(&count), "an instruction that takes nothing pushes more than one");
        (0..count).for_each(|first| self.push(first as usize, self.mistaken));
    }

    fn take_below(&mut self) {
        let top = self.stack.pop();
        self.stack.pop();
        self.stack.push(top);
    }

    fn push_below(&mut self, i: usize) {
        let top = self.stack.pop();
        self.push(i, NO_LOCAL);
        self.stack.push(top);
    }

    fn own_all(&mut self) {
        for i in 0..self.stack.depth {
            self.own(self.stack.entries[i]);
        }
    }
}

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    let walk = &mut cx.scratch.walk;
    walk.reset(cfg.block_count());
    walk.visit(BlockId::ENTRY);
    let mut graph = cfg.view();
    while let Some(id) = walk.pop() {
        if graph.block(id).traits.any(Traits::LOCALS) {
            follow_block(graph.instrs_mut(id), &mut cx.scratch.references);
        }
        visit_exits(&graph, walk, id);
    }
    Ok(())
}

#[inline(never)]
fn follow_block(instrs: &mut [Instr], stack: &mut References) {
    stack.depth = 0;
    let mistaken = if instrs.first().is_some_and(borrows) { NO_LOCAL } else { MISTAKEN };
    // Before the first load nothing is on the stack that matters.
    let Some(mut i) = instrs.iter().position(|instr| LOADS[instr.opcode as usize]) else { return };
    let mut follower = Follower { instrs, stack, mistaken };
    while let Some(special) = follower.follow_regular(i) {
        // Those that there are most of take no detour.
        match follower.instrs[special] {
            Instr { opcode: Opcode::StoreFast, oparg, .. } => follower.store(oparg),
            Instr { opcode: Opcode::LoadAttr, oparg, .. } => follower.load_attr(special, oparg),
            _ => follower.follow_special(special),
        }
        i = special + 1;
    }
    follower.own_all();
}

/// Whether it is a load that borrows: before the pass, one of a sequence that was optimized before.
fn borrows(instr: &Instr) -> bool {
    matches!(instr.opcode, Opcode::LoadFastBorrow | Opcode::LoadFastBorrowLoadFastBorrow)
}

/// An empty block leads nowhere here, so what is behind it may stay as it is.
#[inline]
fn visit_exits(graph: &View<'_>, walk: &mut Walk, id: BlockId) {
    let instrs = graph.instrs(id);
    let Some(last) = instrs.last() else { return };
    let jump = match instrs {
        [.., jump, _] if last.opcode == Opcode::NotTaken => jump,
        _ => last,
    };
    if jump.opcode.has_jump() {
        walk.visit(jump.target());
    }
    let &Block { traits, next, .. } = graph.block(id);
    if traits.any(Traits::BLOCKS) {
        visit_handlers(instrs, walk);
    }
    if let Some(next) = next
        && last.opcode.falls_through()
    {
        walk.visit(next);
    }
}

/// Block pushes are gone as a rule.
#[cold]
fn visit_handlers(instrs: &[Instr], walk: &mut Walk) {
    for push in instrs.iter().filter(|instr| instr.opcode.is_block_push()) {
        walk.visit(push.target());
    }
}

/// What an opcode does to the references on the stack.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Effect {
    handling: Handling,
    /// How many entries a regular one takes.
    popped: Count,
    /// How many it makes: one more if the lowest bit of the argument is set, for some.
    pushed: u8,
    pushed_if_odd: u8,
    /// Whether they are loaded from the local that is its argument: then 0, else all bits are set.
    not_local: i8,
}

#[derive(Clone, Copy)]
enum Handling {
    /// Takes some and makes up to two.
    Regular,
    /// Takes some and makes more.
    Irregular,
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
    /// Takes the one below the top.
    TakeBelow,
    /// Puts one below the top.
    PushBelow,
}

/// What regular instructions become, by number: all loads borrow until it is known that they may not.
static BORROWING: [Opcode; Opcode::NUMBERS] = opcode_table!(borrowing, else Opcode::Nop);

const fn borrowing(opcode: Opcode) -> Opcode {
    match opcode {
        Opcode::LoadFast => Opcode::LoadFastBorrow,
        _ => opcode,
    }
}

/// Which opcodes put a reference to a local on the stack, by number.
static LOADS: [bool; Opcode::NUMBERS] = opcode_table!(loads, else false);

const fn loads(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::LoadFast | Opcode::LoadFastLoadFast | Opcode::StoreFastLoadFast | Opcode::LoadFastAndClear
    )
}

/// By number.
static EFFECTS: [Effect; Opcode::NUMBERS] = opcode_table!(effect_of, else effect_of(Opcode::Nop));

const fn effect_of(opcode: Opcode) -> Effect {
    match opcode {
        Opcode::LoadFast => Effect { not_local: 0, ..regular(Count::constant(0), 1, 0) },
        Opcode::LoadFastLoadFast => special(Handling::LoadTwo),
        Opcode::StoreFast => special(Handling::Store),
        Opcode::StoreFastLoadFast => special(Handling::StoreAndLoad),
        Opcode::StoreFastStoreFast => special(Handling::StoreTwo),
        Opcode::DeleteFast => special(Handling::Delete),
        Opcode::LoadFastAndClear => special(Handling::LoadAndClear),
        Opcode::LoadAttr => special(Handling::LoadAttr),
        Opcode::LoadSuperAttr => special(Handling::LoadSuperAttr),
        Opcode::Copy => special(Handling::Copy),
        Opcode::Swap => special(Handling::Swap),
        Opcode::FormatSimple
        | Opcode::GetAnext
        | Opcode::GetLen
        | Opcode::GetYieldFromIter
        | Opcode::ImportFrom
        | Opcode::MatchKeys
        | Opcode::MatchMapping
        | Opcode::MatchSequence
        | Opcode::WithExceptStart => special(Handling::PushMistaken),
        // These are followed as if they left alone what they look at.
        Opcode::ForIter => regular(Count::constant(0), 1, 0),
        Opcode::DictMerge
        | Opcode::DictUpdate
        | Opcode::ListAppend
        | Opcode::ListExtend
        | Opcode::MapAdd
        | Opcode::Reraise
        | Opcode::SetAdd
        | Opcode::SetUpdate => regular(Count::shrinking_of(opcode), 0, 0),
        Opcode::EndSend | Opcode::SetFunctionAttribute => special(Handling::TakeBelow),
        Opcode::CheckExcMatch | Opcode::Send => regular(Count::constant(1), 1, 0),
        Opcode::LoadSpecial | Opcode::PushExcInfo => special(Handling::PushBelow),
        // Nothing unless something is raised.
        _ if opcode.is_block_push() => regular(Count::constant(0), 0, 0),
        _ => effect_by_counts(opcode),
    }
}

const fn effect_by_counts(opcode: Opcode) -> Effect {
    let popped = Count::popped_of(opcode);
    let pushed = Count::pushed_of(opcode);
    let by_parity = !pushed.is_irregular() && pushed.at(2) == pushed.at(0);
    if popped.is_irregular() || !by_parity || pushed.at(1) > 2 {
        return special(Handling::Irregular);
    }
    regular(popped, pushed.at(0) as u8, (pushed.at(1) - pushed.at(0)) as u8)
}

const fn regular(popped: Count, pushed: u8, pushed_if_odd: u8) -> Effect {
    Effect { handling: Handling::Regular, popped, pushed, pushed_if_odd, not_local: -1 }
}

const fn special(handling: Handling) -> Effect {
    Effect { handling, ..regular(Count::constant(0), 0, 0) }
}
