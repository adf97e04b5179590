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

use std::hint::select_unpredictable;

use pycode::Location;
use pyopcode::OpcodeFlags;

use super::Context;
use super::inline_small_or_no_lineno_blocks::has_no_lines;
use crate::cfg::{Block, View};
use crate::traits::Traits;
use crate::workspace::Scratch;
use crate::{BlockId, BlockTarget, Cfg, GraphError, Instr};

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    let Scratch { unlined: list, wanting, .. } = &mut *cx.scratch;
    let (mut unlined, several_ways) = find_unlined(cfg, list);
    if several_ways && unlined.iter().any(|it| is_shared_exit(cfg, it.id)) {
        cx.edges_changed |= copy_shared_exits(cfg);
        (unlined, _) = find_unlined(cfg, list);
    }
    wanting.clear();
    wanting.resize(cfg.block_count(), false);
    if give_lines_to_exits(cfg, unlined, wanting) {
        propagate(cfg.view(), wanting);
    } else {
        propagate_in_blocks(cfg.view(), unlined);
    }
    cfg.gather_traits();
    Ok(())
}

/// A block that may have instructions without line, or that has no instructions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unlined {
    id: BlockId,
    /// The block before it in the layout.
    before: BlockId,
}

/// Finds them, in the layout, and whether several ways lead to one.
///
/// Which blocks these are cannot be predicted: each is written, and kept or written over.
fn find_unlined<'l>(cfg: &Cfg, list: &'l mut Vec<Unlined>) -> (&'l [Unlined], bool) {
    let (mut count, mut before, mut several_ways) = (0, BlockId::ENTRY, false);
    if list.len() < cfg.block_count() {
        list.resize(cfg.block_count(), Unlined { id: before, before });
    }
    for id in cfg.layout() {
        let block = cfg.block(id);
        let is_unlined = block.traits.any(Traits::UNLINED);
        list[count] = Unlined { id, before };
        count += usize::from(is_unlined | block.is_empty());
        several_ways |= is_unlined & (block.predecessors > 1);
        before = id;
    }
    (&list[..count], several_ways)
}

/// Whether several ways lead to an exit without line.
fn is_shared_exit(cfg: &Cfg, id: BlockId) -> bool {
    cfg.block(id).predecessors > 1 && is_exit_or_eval_check_without_line(cfg, id)
}

/// Whether there are any that jumps lead to.
fn copy_shared_exits(cfg: &mut Cfg) -> bool {
    let mut any = false;
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        if let Some(&last) = cfg.last(id)
            && last.opcode.has_jump()
            && let Some(target) = cfg.skip_empty(Some(last.target()))
            && is_shared_exit(cfg, target)
        {
            let copy = copy_exit(cfg, target, last.location);
            any = true;
            if let Some(last) = cfg.last_mut(id) {
                last.set_target(copy);
            }
        }
        cursor = cfg.next(id);
    }
    any
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

/// The exits without line that are left are fallen into, by one block each. Notes which blocks want a location from the
/// one that leads there nevertheless, and gives whether there are any.
fn give_lines_to_exits(cfg: &mut Cfg, unlined: &[Unlined], wanting: &mut [bool]) -> bool {
    let mut any = false;
    for &Unlined { id, before } in unlined {
        let has_one_way = cfg.block(id).predecessors == 1;
        let is_wanting = match cfg.instrs(id).first() {
            Some(first) if first.has_line() => false,
            Some(_) => !is_given_line(cfg, id, before) && has_one_way,
            // Others are behind it.
            None => has_one_way,
        };
        wanting[id.index()] = is_wanting;
        any |= is_wanting;
    }
    any
}

/// Gives an exit without line that of the block that falls into it. Whether it has one then.
fn is_given_line(cfg: &mut Cfg, id: BlockId, before: BlockId) -> bool {
    if id != BlockId::ENTRY
        && is_exit_or_eval_check_without_line(cfg, id)
        && let Some(&last) = cfg.last(before)
        && last.opcode.falls_through()
    {
        cfg.instrs_mut(id)[0].location = last.location;
    }
    cfg.instrs(id)[0].location.lineno != Location::NONE.lineno
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
fn propagate(mut graph: View<'_>, wanting: &[bool]) {
    let is_wanting = |id: Option<BlockId>| wanting[id.unwrap_or(BlockId::ENTRY).index()];
    let mut cursor = Some(BlockId::ENTRY);
    while let Some(id) = cursor {
        let &Block { next, traits, .. } = graph.block(id);
        cursor = next;
        if traits.any(Traits::UNLINED) {
            propagate_in_block(&mut graph, id);
        }
        let Some(&last) = graph.last(id) else { continue };
        if is_wanting(next) | is_wanting(last.jump_target()) {
            propagate_from(&mut graph, next, last);
        }
    }
}

/// All that is to be done if no block wants a location from another one.
fn propagate_in_blocks(mut graph: View<'_>, unlined: &[Unlined]) {
    unlined.iter().for_each(|it| propagate_in_block(&mut graph, it.id));
}

fn propagate_from(graph: &mut View<'_>, next: Option<BlockId>, last: Instr) {
    if let Some(next) = next
        && last.opcode.falls_through()
    {
        propagate_to(graph, next, last.location);
    }
    if last.opcode.has_jump() {
        propagate_to_target(graph, last.target(), last.location);
    }
}

#[inline]
fn propagate_in_block(graph: &mut View<'_>, id: BlockId) {
    let instrs = graph.instrs_mut(id);
    let Some(first) = instrs.first_mut() else { return };
    if first.location.lineno == Location::NONE.lineno {
        first.location = Location::NONE;
    }
    let (mut from, mut lines) = (0, first.location.lineno);
    for i in 1..instrs.len() {
        let is_unlined = instrs[i].location.lineno == Location::NONE.lineno;
        from = select_unpredictable(is_unlined, from, i);
        let location = instrs[from].location;
        instrs[i].location = location;
        lines |= location.lineno;
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
