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

/// What is known of the stack within a block.
#[derive(Clone, Debug, Default)]
pub(crate) struct References {
    stack: Vec<Reference>,
    /// For each instruction of the block, whether a reference that it made must be its own.
    owned: Vec<bool>,
}

/// An entry of the stack.
#[derive(Clone, Copy, Debug)]
struct Reference {
    /// The instruction of the block that made it.
    maker: u32,
    /// The local that it was loaded from.
    local: i32,
}

const NO_LOCAL: i32 = -1;

/// Made before the block.
const UNKNOWN: Reference = Reference { maker: u32::MAX, local: NO_LOCAL };

impl References {
    fn reset(&mut self, instrs: usize, depth: usize) {
        self.owned.clear();
        self.owned.resize(instrs, false);
        self.stack.clear();
        self.stack.resize(depth, UNKNOWN);
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

    #[inline]
    fn pop(&mut self) -> Reference {
        self.stack.pop().unwrap_or(UNKNOWN)
    }

    #[inline]
    fn drop(&mut self, count: i32) {
        let len = self.stack.len().saturating_sub(count as usize);
        self.stack.truncate(len);
    }

    fn own(&mut self, reference: Reference) {
        if let Some(owned) = self.owned.get_mut(reference.maker as usize) {
            *owned = true;
        }
    }

    /// A local is overwritten or deleted (`kill_local`).
    fn kill(&mut self, local: i32) {
        for i in 0..self.stack.len() {
            if self.stack[i].local == local {
                self.own(self.stack[i]);
            }
        }
    }

    /// `STORE_FAST` (`store_local`).
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
    let references = &mut cx.scratch.references;
    let walk = &mut cx.scratch.walk;
    walk.reset(cfg.block_count());
    walk.visit(BlockId::ENTRY);
    while let Some(id) = walk.pop() {
        if cfg.traits(id).any(Traits::LOCALS) {
            let depth = cfg.block(id).start_depth().unwrap_or(0);
            references.reset(cfg.len(id), depth as usize);
            for (i, instr) in cfg.instrs(id).iter().enumerate() {
                follow(references, i, instr);
            }
            references.own_all();
            borrow(cfg.instrs_mut(id), &references.owned);
        }
        visit_targets(cfg, walk, id);
        visit_next(cfg, walk, id);
    }
    Ok(())
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

fn borrow(instrs: &mut [Instr], owned: &[bool]) {
    for (instr, _) in instrs.iter_mut().zip(owned).filter(|(_, owned)| !**owned) {
        match instr.opcode {
            Opcode::LoadFast => instr.opcode = Opcode::LoadFastBorrow,
            Opcode::LoadFastLoadFast => instr.opcode = Opcode::LoadFastBorrowLoadFastBorrow,
            _ => {}
        }
    }
}

#[inline]
fn follow(refs: &mut References, i: usize, instr: &Instr) {
    let Instr { opcode, oparg, .. } = *instr;
    match opcode {
        Opcode::LoadFast => refs.push(i, oparg),
        Opcode::LoadFastLoadFast => {
            refs.push(i, oparg >> 4);
            refs.push(i, oparg & 15);
        }
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
        _ => follow_other(refs, i, opcode, oparg),
    }
}

/// A method call leaves the object on the stack.
#[inline]
fn load_attr(refs: &mut References, i: usize, oparg: i32) {
    let object = refs.pop();
    refs.push(i, NO_LOCAL);
    if oparg & 1 != 0 {
        refs.stack.push(object);
    }
}

fn shuffle(refs: &mut References, opcode: Opcode, oparg: i32) {
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

/// The instructions that leave something of what they take where it is, and all others.
fn follow_other(refs: &mut References, i: usize, opcode: Opcode, oparg: i32) {
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
            (0..net).for_each(|maker| refs.push(maker as usize, NO_LOCAL));
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
        _ => {
            let effect = StackEffect::of(opcode, oparg);
            refs.drop(effect.popped);
            refs.push_made(i, effect.pushed);
        }
    }
}
