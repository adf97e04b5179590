//! From the graph back to a sequence: blocks one after the other, jumps to positions.
//!
//! CPython's counterpart: `_PyCfg_ToInstructionSequence`.

use pycode::{CodeFlags, ObjectId};
use pyinstrseq::{ExceptHandlerInfo, OptimizedInstruction, OptimizedSequence};

use crate::{BlockId, Cfg, Instr};

/// What else belongs to an optimized sequence.
pub(crate) struct Totals {
    pub consts: Vec<ObjectId>,
    pub stacksize: u32,
    pub flags: CodeFlags,
    pub nlocalsplus: u32,
}

/// `starts` is a buffer.
pub(crate) fn linearize(cfg: &Cfg, totals: Totals, starts: &mut Vec<u32>) -> OptimizedSequence {
    let len = find_starts(cfg, starts);
    let mut instructions = Vec::with_capacity(len);
    // Handlers come in runs.
    let mut run: (Option<BlockId>, Option<ExceptHandlerInfo>) = (None, None);
    for id in cfg.layout() {
        instructions.extend(cfg.instrs(id).iter().map(|instr| {
            if instr.handler != run.0 {
                run = (instr.handler, instr.handler.map(|handler| handler_info(cfg, handler, starts)));
            }
            let Instr { opcode, location, .. } = *instr;
            let oparg = match opcode.has_target() {
                true => starts[instr.target().index()] as i32,
                false => instr.oparg,
            };
            OptimizedInstruction { opcode, oparg, location, handler: run.1 }
        }));
    }
    let Totals { consts, stacksize, flags, nlocalsplus } = totals;
    OptimizedSequence { instructions, consts, stacksize, flags, nlocalsplus }
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
