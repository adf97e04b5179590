//! From the graph back to a sequence: blocks one after the other, jumps to positions.
//!
//! CPython's counterpart: `_PyCfg_ToInstructionSequence`.

use pycode::{CodeFlags, ObjectId};
use pyinstrseq::{ExceptHandlerInfo, OptimizedSequence, Protected};

use crate::traits::Traits;
use crate::workspace::Spare;
use crate::{BlockId, Cfg};

/// What else belongs to an optimized sequence.
pub(crate) struct Totals {
    pub consts: Vec<ObjectId>,
    pub stacksize: u32,
    pub flags: CodeFlags,
    pub nlocalsplus: u32,
}

/// `spare` is empty lists whose memory is used, `starts` a buffer.
pub(crate) fn linearize(cfg: &Cfg, totals: Totals, spare: Spare, starts: &mut Vec<u32>) -> OptimizedSequence {
    let Spare { mut instructions, mut protected } = spare;
    instructions.reserve(find_starts(cfg, starts));
    for id in cfg.layout().filter(|&id| !cfg.is_empty(id)) {
        let instrs = cfg.instrs(id);
        instructions.extend_from_slice(instrs);
        // What a block ends in, `NOT_TAKEN` included, if there are no block pushes.
        let count = if cfg.traits(id).any(Traits::BLOCKS) { instrs.len() } else { instrs.len().min(2) };
        for instr in instructions.iter_mut().rev().take(count).filter(|instr| instr.opcode.has_target()) {
            instr.oparg = starts[instr.oparg as usize] as i32;
        }
    }
    if cfg.has_handlers() {
        find_protected(cfg, starts, &mut protected);
    }
    let Totals { consts, stacksize, flags, nlocalsplus } = totals;
    OptimizedSequence { instructions, protected, consts, stacksize, flags, nlocalsplus }
}

/// Handlers come in runs.
#[inline(never)]
fn find_protected(cfg: &Cfg, starts: &[u32], protected: &mut Vec<Protected>) {
    for id in cfg.layout().filter(|&id| cfg.traits(id).any(Traits::HANDLED)) {
        let mut start = starts[id.index()];
        for run in cfg.handlers(id).chunk_by(|a, b| a == b) {
            let end = start + run.len() as u32;
            if let Some(handler) = run[0] {
                protect(protected, start, end, handler_info(cfg, handler, starts));
            }
            start = end;
        }
    }
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
