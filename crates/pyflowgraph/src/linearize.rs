//! From the graph back to a sequence: blocks one after the other, jumps to positions.
//!
//! CPython's counterpart: `_PyCfg_ToInstructionSequence`.

use pycode::{CodeFlags, ObjectId};
use pyinstrseq::{ExceptHandlerInfo, OptimizedInstruction, OptimizedSequence};

use crate::traits::Traits;
use crate::{BlockId, Cfg, Instr};

/// What else belongs to an optimized sequence.
pub(crate) struct Totals {
    pub consts: Vec<ObjectId>,
    pub stacksize: u32,
    pub flags: CodeFlags,
    pub nlocalsplus: u32,
}

/// `instructions` is an empty list whose memory is used, `starts` a buffer.
pub(crate) fn linearize(
    cfg: &Cfg,
    totals: Totals,
    mut instructions: Vec<OptimizedInstruction>,
    starts: &mut Vec<u32>,
) -> OptimizedSequence {
    instructions.reserve(find_starts(cfg, starts));
    for id in cfg.layout() {
        if cfg.traits(id).any(Traits::HANDLED) {
            append_handled(&mut instructions, cfg, id, starts);
        } else {
            instructions.extend(cfg.instrs(id).iter().map(|instr| optimized(instr, None)));
        }
        // What a block ends in, `NOT_TAKEN` included, if there are no block pushes.
        let first = if cfg.traits(id).any(Traits::BLOCKS) { 0 } else { cfg.len(id).saturating_sub(2) };
        let rest = instructions.len() - cfg.len(id) + first;
        for instr in instructions[rest..].iter_mut().filter(|instr| instr.opcode.has_target()) {
            instr.oparg = starts[instr.oparg as usize] as i32;
        }
    }
    let Totals { consts, stacksize, flags, nlocalsplus } = totals;
    OptimizedSequence { instructions, consts, stacksize, flags, nlocalsplus }
}

fn append_handled(instructions: &mut Vec<OptimizedInstruction>, cfg: &Cfg, id: BlockId, starts: &[u32]) {
    // Handlers come in runs.
    for run in cfg.instrs(id).chunk_by(|a, b| a.handler == b.handler) {
        let handler = run[0].handler.map(|handler| handler_info(cfg, handler, starts));
        instructions.extend(run.iter().map(|instr| optimized(instr, handler)));
    }
}

#[inline]
fn optimized(instr: &Instr, handler: Option<ExceptHandlerInfo>) -> OptimizedInstruction {
    let Instr { opcode, oparg, location, .. } = *instr;
    OptimizedInstruction { opcode, oparg, location, handler }
}

/// The position of each block's first instruction; how many instructions there are.
fn find_starts(cfg: &Cfg, starts: &mut Vec<u32>) -> usize {
    starts.clear();
    starts.resize(cfg.block_count(), 0);
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
