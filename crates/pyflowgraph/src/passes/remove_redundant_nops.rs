//! Takes out `NOP`s that stand for nothing, jumps to what follows anyway, and loads that are popped
//! at once.
//!
//! * Why: other passes leave `NOP`s behind, and code generation some of its own. A `NOP` may go if
//!   its line is that of an instruction before or behind it, so that tracing does not miss a line.
//! * Ensures: see the three entry points.
//!
//! CPython's counterparts: `basicblock_remove_redundant_nops`, `remove_redundant_nops`,
//! `remove_redundant_jumps`, `remove_redundant_nops_and_jumps`, `remove_redundant_nops_and_pairs`.

use pycode::Location;
use pyopcode::Opcode;

use super::Context;
use crate::cfg::Block;
use crate::consts::loads_const;
use crate::traits::Traits;
use crate::{BlockId, BlockTarget, Cfg, GraphError, Instr};

/// Ensures that no `NOP` and no jump can go.
pub(crate) fn nops_and_jumps(cfg: &mut Cfg, _: &mut Context<'_>) -> Result<(), GraphError> {
    remove_nops(cfg);
    // Each gives the other something to do: a jump leaves a `NOP`, and a block that gets empty is jumped over.
    while remove_jumps(cfg) && remove_nops(cfg) {}
    Ok(())
}

/// Ensures that no constant or copy of the top of the stack is pushed only to be popped.
pub(crate) fn nops_and_pairs(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    while sweep_pairs(cfg) {
        cx.consts.loads_changed();
    }
    Ok(())
}

/// Ensures that no `NOP` can go. Whether any went.
pub(super) fn remove_nops(cfg: &mut Cfg) -> bool {
    if !cfg.may_contain(Traits::NOPS) {
        return false;
    }
    let mut changed = false;
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        let &Block { next, traits, .. } = cfg.block(id);
        cursor = next;
        changed |= traits.any(Traits::NOPS) && compact(cfg, id);
    }
    cfg.gather_traits();
    changed
}

/// `basicblock_remove_redundant_nops`. Finds out too whether instructions without line are left.
///
/// Not a part of its callers: most blocks have no `NOP`, and passing them by is to be cheap.
#[inline(never)]
fn compact(cfg: &mut Cfg, id: BlockId) -> bool {
    // Only the last instruction can depend on what follows the block.
    let line_behind = match cfg.last(id) {
        Some(last) if last.opcode == Opcode::Nop => line_behind(cfg, id),
        _ => None,
    };
    let (instrs, handlers) = cfg.instrs_and_handlers_mut(id);
    let mut traits = Traits::NONE;
    let (first, mut lines) = before_nops(instrs);
    let mut line_before = first.checked_sub(1).map_or(Location::NONE.lineno, |i| instrs[i].location.lineno);
    let mut kept = first;
    for i in first..instrs.len() {
        let line = instrs[i].location.lineno;
        if instrs[i].opcode == Opcode::Nop {
            let redundant = line < 0 || line == line_before;
            if redundant || is_redundant(instrs[i], instrs.get_mut(i + 1), line_behind) {
                continue;
            }
            traits |= Traits::NOPS;
        }
        instrs.copy_within(i..i + 1, kept);
        if !handlers.is_empty() {
            handlers[kept] = handlers[i];
        }
        kept += 1;
        line_before = line;
        lines |= line;
    }
    traits |= Traits::unlined_if(lines < 0);
    let changed = kept < instrs.len();
    cfg.truncate(id, kept);
    cfg.remove_traits(id, Traits::NOPS | Traits::UNLINED);
    cfg.add_traits(id, traits);
    changed
}

/// How many instructions there are before the first `NOP`; their lines, by one of which being negative one has none.
#[inline]
fn before_nops(instrs: &[Instr]) -> (usize, i32) {
    let mut lines = 0;
    for (i, instr) in instrs.iter().enumerate() {
        if instr.opcode == Opcode::Nop {
            return (i, lines);
        }
        lines |= instr.location.lineno;
    }
    (instrs.len(), lines)
}

/// Whether a `NOP` can go because of what is behind it; hands its location on to an instruction that
/// has none.
fn is_redundant(nop: Instr, next: Option<&mut Instr>, line_behind: Option<i32>) -> bool {
    let line = nop.location.lineno;
    match next {
        Some(next) if next.location.lineno == line => true,
        Some(next) if next.location.lineno < 0 => {
            next.location = nop.location;
            true
        }
        Some(_) => false,
        None => line_behind == Some(line),
    }
}

/// The line of what follows the block, apart from `NOP`s that will go.
fn line_behind(cfg: &Cfg, id: BlockId) -> Option<i32> {
    let next = cfg.skip_empty(cfg.next(id))?;
    let stays = |instr: &&Instr| instr.opcode != Opcode::Nop || instr.has_line();
    cfg.instrs(next).iter().find(stays).map(|instr| instr.location.lineno)
}

/// Makes jumps to what follows anyway `NOP`s. Whether there were any.
fn remove_jumps(cfg: &mut Cfg) -> bool {
    if !cfg.may_contain(Traits::JUMPS) {
        return false;
    }
    let mut changed = false;
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        cursor = cfg.next(id);
        if !cfg.traits(id).any(Traits::JUMPS) {
            continue;
        }
        let Some(last) = cfg.last(id) else { continue };
        if last.opcode.is_unconditional_jump()
            && cfg.skip_empty(Some(last.target())) == cfg.skip_empty(cursor)
        {
            cfg.nop_last(id);
            cfg.remove_traits(id, Traits::JUMPS);
            changed = true;
        }
    }
    changed
}

fn sweep_pairs(cfg: &mut Cfg) -> bool {
    if !cfg.may_contain(Traits::POPS) {
        remove_nops(cfg);
        return false;
    }
    let mut changed = false;
    // The last block before the one looked at that has instructions, if control comes from there only.
    let mut before: Option<BlockId> = None;
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        cursor = cfg.next(id);
        if cfg.traits(id).any(Traits::NOPS) {
            compact(cfg, id);
        }
        if cfg.block(id).labelled {
            before = None;
        }
        if cfg.traits(id).any(Traits::POPS) {
            let last = before.and_then(|before| always_before(cfg, before));
            changed |= remove_pairs_in_block(cfg, id, last);
        }
        if !cfg.is_empty(id) {
            before = Some(id);
        }
    }
    changed
}

/// The last instruction of a block, if what is behind the block always runs next.
fn always_before(cfg: &Cfg, id: BlockId) -> Option<(BlockId, usize)> {
    let at = cfg.range(id).next_back()?;
    let opcode = cfg.instr_at(at).opcode;
    (opcode.falls_through() && !opcode.has_jump()).then_some((id, at))
}

/// `before` is where the instruction is that always runs before the block, if there is one.
fn remove_pairs_in_block(cfg: &mut Cfg, id: BlockId, before: Option<(BlockId, usize)>) -> bool {
    let mut changed = false;
    if let Some((block, before)) = before
        && let Some(&first) = cfg.instrs(id).first()
        && is_popped(cfg.instr_at(before), &first)
    {
        cfg.instr_at_mut(before).set_nop();
        cfg.add_traits(block, Traits::NOPS);
        cfg.instrs_mut(id)[0].set_nop();
        changed = true;
    }
    let instrs = cfg.instrs_mut(id);
    for i in 1..instrs.len() {
        if let [push, pop] = &mut instrs[i - 1..=i]
            && is_popped(push, pop)
        {
            push.set_nop();
            pop.set_nop();
            changed = true;
        }
    }
    if changed {
        cfg.add_traits(id, Traits::NOPS);
    }
    changed
}

/// Whether two instructions that follow each other push something only to pop it.
#[inline]
fn is_popped(push: &Instr, pop: &Instr) -> bool {
    pop.opcode == Opcode::PopTop && is_pushed_without_effect(push)
}

#[inline]
fn is_pushed_without_effect(instr: &Instr) -> bool {
    loads_const(instr.opcode) || (instr.opcode == Opcode::Copy && instr.oparg == 1)
}
