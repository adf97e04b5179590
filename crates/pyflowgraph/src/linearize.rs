//! From the graph back to a sequence: blocks one after the other, jumps to positions.
//!
//! CPython's counterpart: `_PyCfg_ToInstructionSequence`.

use std::hint::select_unpredictable;

use pycode::{CodeFlags, ObjectId};
use pyinstrseq::{ExceptHandlerInfo, OptimizedSequence, Protected};
use pyopcode::Opcode;

use crate::cfg::{FILLER, PIECE};
use crate::traits::Traits;
use crate::workspace::Spare;
use crate::{BlockId, Cfg, Instr};

/// What else belongs to an optimized sequence.
pub(crate) struct Totals {
    pub consts: Vec<ObjectId>,
    pub stacksize: u32,
    pub flags: CodeFlags,
    pub nlocalsplus: u32,
}

/// What is reused from unit to unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffers {
    /// The position of each block's first instruction.
    starts: Vec<u32>,
    changes: Vec<Change>,
}

/// `spare` is lists whose memory is used.
pub(crate) fn linearize(
    cfg: &mut Cfg,
    totals: Totals,
    spare: Spare,
    buffers: &mut Buffers,
) -> OptimizedSequence {
    let Spare { mut instructions, mut protected } = spare;
    let Buffers { starts, changes } = buffers;
    let len = find_starts(cfg, starts);
    copy_blocks(cfg, starts, len, &mut instructions);
    protected.clear();
    if cfg.has_handlers() {
        find_protected(cfg, starts, len, changes, &mut protected);
    }
    let Totals { consts, stacksize, flags, nlocalsplus } = totals;
    OptimizedSequence { instructions, protected, consts, stacksize, flags, nlocalsplus }
}

/// Makes `instructions` those of all blocks, so many.
fn copy_blocks(cfg: &mut Cfg, starts: &[u32], len: usize, instructions: &mut Vec<Instr>) {
    cfg.make_room(PIECE);
    if instructions.len() < len + PIECE {
        instructions.resize(len + PIECE, FILLER);
    }
    for id in cfg.layout().filter(|&id| !cfg.is_empty(id)) {
        let first = starts[id.index()] as usize;
        cfg.copy_pieces(id, &mut instructions[first..]);
        let block = &mut instructions[first..first + cfg.len(id)];
        if cfg.traits(id).any(Traits::BLOCKS) {
            block.iter_mut().for_each(|instr| resolve(instr, starts));
        } else {
            let last = block.len() - 1;
            let jump = last.saturating_sub(usize::from(block[last].opcode == Opcode::NotTaken));
            resolve(&mut block[jump], starts);
        }
    }
    instructions.truncate(len);
}

/// Makes the target of an instruction, if it has one, a position.
#[inline]
fn resolve(instr: &mut Instr, starts: &[u32]) {
    // Whether it has one is hard to predict.
    let has_target = instr.opcode.has_target();
    let start = starts[select_unpredictable(has_target, instr.oparg as usize, 0)];
    instr.oparg = select_unpredictable(has_target, start as i32, instr.oparg);
}

/// Another handler than before is active from a position on.
#[derive(Clone, Copy, Debug)]
struct Change {
    at: u32,
    handler: Option<BlockId>,
}

/// Handlers come in runs.
#[inline(never)]
fn find_protected(
    cfg: &Cfg,
    starts: &[u32],
    len: usize,
    changes: &mut Vec<Change>,
    protected: &mut Vec<Protected>,
) {
    for pair in find_changes(cfg, starts, len, changes).windows(2) {
        if let [Change { at: start, handler: Some(handler) }, Change { at: end, .. }] = *pair {
            protect(protected, start, end, handler_info(cfg, handler, starts));
        }
    }
}

/// All changes of the handler, and one at the end.
///
/// Where they are cannot be predicted: each instruction is written, and kept or written over.
fn find_changes<'c>(cfg: &Cfg, starts: &[u32], len: usize, changes: &'c mut Vec<Change>) -> &'c [Change] {
    let end = Change { at: len as u32, handler: None };
    if changes.len() <= len {
        changes.resize(len + 1, end);
    }
    let (mut count, mut active) = (0, None);
    let mut note = |at, handler| {
        changes[count] = Change { at, handler };
        count += usize::from(handler != active);
        active = handler;
    };
    for id in cfg.layout().filter(|&id| !cfg.is_empty(id)) {
        let start = starts[id.index()];
        if cfg.traits(id).any(Traits::HANDLED) {
            cfg.handlers(id).iter().zip(start..).for_each(|(&handler, at)| note(at, handler));
        } else {
            note(start, None);
        }
    }
    changes[count] = end;
    &changes[..=count]
}

/// What goes on from one block to the next is one stretch.
fn protect(protected: &mut Vec<Protected>, start: u32, end: u32, handler: ExceptHandlerInfo) {
    match protected.last_mut() {
        Some(last) if last.end == start && last.handler.target == handler.target => last.end = end,
        _ => protected.push(Protected { start, end, handler }),
    }
}

/// The position of each block's first instruction; how many instructions there are.
fn find_starts(cfg: &Cfg, starts: &mut Vec<u32>) -> usize {
    if starts.len() < cfg.block_count() {
        starts.resize(cfg.block_count(), 0);
    }
    let mut position = 0;
    for id in cfg.layout() {
        starts[id.index()] = position;
        position += cfg.len(id) as u32;
    }
    position as usize
}

fn handler_info(cfg: &Cfg, handler: BlockId, starts: &[u32]) -> ExceptHandlerInfo {
    let block = cfg.block(handler);
    ExceptHandlerInfo {
        target: starts[handler.index()],
        start_depth: block.start_depth().unwrap_or(0),
        preserve_lasti: block.preserves_lasti(),
    }
}
