//! Gives instructions without line the line of what runs before them.
//!
//! * Why: PEP 626 wants the line of a frame to be right when it ends, so every exit needs one. Exits
//!   that several jumps share are copied, so that each has one way in and one line to take.
//! * Requires: exact predecessor counts.
//! * Ensures: an exit, or a block where other threads may run, that is reached by a jump has a line
//!   if the jump has. Predecessor counts stay exact.
//!
//! CPython's counterparts: `resolve_line_numbers`, `duplicate_exits_without_lineno`,
//! `propagate_line_numbers`.

use pycode::Location;
use pyopcode::OpcodeFlags;

use super::Context;
use super::inline_small_or_no_lineno_blocks::has_no_lines;
use crate::cfg::{Block, View};
use crate::traits::Traits;
use crate::{BlockId, BlockTarget, Cfg, GraphError, Instr};

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    let mut exits = cfg.layout().filter(|&id| is_exit_or_eval_check_without_line(cfg, id)).peekable();
    if exits.peek().is_some() {
        if exits.any(|id| cfg.block(id).predecessors > 1) {
            copy_shared_exits(cfg, cx);
        }
        give_lines_to_exits(cfg);
    }
    propagate(cfg.view());
    cfg.gather_traits();
    Ok(())
}

fn copy_shared_exits(cfg: &mut Cfg, cx: &mut Context<'_>) {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        if let Some(&last) = cfg.last(id)
            && last.opcode.has_jump()
            && let Some(target) = cfg.skip_empty(Some(last.target()))
            && cfg.block(target).predecessors > 1
            && is_exit_or_eval_check_without_line(cfg, target)
        {
            let copy = copy_exit(cfg, target, last.location);
            cx.edges_changed = true;
            if let Some(last) = cfg.last_mut(id) {
                last.set_target(copy);
            }
        }
        cursor = cfg.next(id);
    }
}

fn copy_exit(cfg: &mut Cfg, target: BlockId, location: Location) -> BlockId {
    let copy = cfg.new_block();
    cfg.append_copy(copy, target);
    cfg.instrs_mut(copy)[0].location = location;
    cfg.block_mut(target).predecessors -= 1;
    let block = cfg.block_mut(copy);
    block.predecessors = 1;
    block.labelled = true;
    cfg.insert_after(target, copy);
    copy
}

/// The exits without line that are left are fallen into, by one block each.
fn give_lines_to_exits(cfg: &mut Cfg) {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        cursor = cfg.next(id);
        if let Some(next) = cursor
            && is_exit_or_eval_check_without_line(cfg, next)
            && let Some(&last) = cfg.last(id)
            && last.opcode.falls_through()
        {
            cfg.instrs_mut(next)[0].location = last.location;
        }
    }
}

/// `is_exit_or_eval_check_without_lineno`; such a block is not empty.
#[inline]
fn is_exit_or_eval_check_without_line(cfg: &Cfg, id: BlockId) -> bool {
    // Most blocks have lines, and passing them by is to be cheap.
    cfg.traits(id).any(Traits::UNLINED) && has_no_lines(cfg, id) && is_exit_or_eval_check(cfg.instrs(id))
}

#[inline(never)]
fn is_exit_or_eval_check(instrs: &[Instr]) -> bool {
    instrs.last().is_some_and(|last| last.opcode.is_scope_exit()) || has_eval_break(instrs)
}

/// `basicblock_has_eval_break`
fn has_eval_break(instrs: &[Instr]) -> bool {
    instrs.iter().any(|instr| instr.opcode.flags().contains(OpcodeFlags::EVAL_BREAK))
}

/// `propagate_line_numbers`
fn propagate(mut graph: View<'_>) {
    let mut cursor = Some(BlockId::ENTRY);
    while let Some(id) = cursor {
        let &Block { next, traits, .. } = graph.block(id);
        cursor = next;
        if traits.any(Traits::UNLINED) {
            propagate_in_block(&mut graph, id);
        }
        let Some(last) = graph.last(id) else { continue };
        let (opcode, location) = (last.opcode, last.location);
        let target = opcode.has_jump().then(|| last.target());
        if let Some(next) = next
            && opcode.falls_through()
        {
            propagate_to(&mut graph, next, location);
        }
        if let Some(target) = target {
            propagate_to_target(&mut graph, target, location);
        }
    }
}

#[inline]
fn propagate_in_block(graph: &mut View<'_>, id: BlockId) {
    let instrs = graph.instrs_mut(id);
    let Some(first) = instrs.first_mut() else { return };
    if first.location.lineno == Location::NONE.lineno {
        first.location = Location::NONE;
    }
    let mut lines = first.location.lineno;
    for i in 1..instrs.len() {
        if let [before, instr] = &mut instrs[i - 1..=i] {
            if instr.location.lineno == Location::NONE.lineno {
                instr.location = before.location;
            }
            lines |= instr.location.lineno;
        }
    }
    let traits = &mut graph.block_mut(id).traits;
    *traits = traits.without(Traits::UNLINED) | Traits::unlined_if(lines < 0);
}

/// A jump leads to what is behind empty blocks.
#[inline]
fn propagate_to_target(graph: &mut View<'_>, mut target: BlockId, location: Location) {
    while graph.block(target).is_empty()
        && graph.block(target).predecessors == 1
        && let Some(next) = graph.block(target).next
    {
        target = next;
    }
    propagate_to(graph, target, location);
}

/// Gives the first instruction of a block a location if it has none and no other way leads there.
#[inline]
fn propagate_to(graph: &mut View<'_>, id: BlockId, location: Location) {
    let block = graph.block(id);
    if !block.traits.any(Traits::UNLINED) || block.predecessors != 1 {
        return;
    }
    if let Some(first) = graph.instrs_mut(id).first_mut()
        && first.location.lineno == Location::NONE.lineno
    {
        first.location = location;
    }
}
