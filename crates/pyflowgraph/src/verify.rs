//! What a sound graph is.
//!
//! * The layout begins with the entry block, is finite, and names blocks that exist.
//! * The blocks' instructions do not overlap.
//! * A jump or exit is the last instruction of its block, but that `NOT_TAKEN` may follow a
//!   conditional jump.
//! * Targets and handlers are blocks of the layout.
//! * The last block of the layout does not fall through, unless it is empty.
//! * A block says what it may contain (`Traits`): nothing else is in it.
//! * Instructions that only the assembler may emit do not occur.
//!
//! Runs after each pass in builds with debug assertions, and on graphs that are read from text.

use std::ops::Range;

use pyopcode::Opcode;

use crate::traits::Traits;
use crate::{BlockId, Cfg, GraphError, Instr};

/// Checks all invariants that hold between any two passes.
///
/// # Errors
/// The first one that is broken.
///
/// # Panics
/// When the layout names a block that is not there, or one twice, when two blocks share instructions, or when a block
/// is wrong about what it contains: no function of this crate makes such a graph.
pub fn check(cfg: &Cfg) -> Result<(), GraphError> {
    let Some(first) = cfg.first() else {
        return Err(GraphError::NoInstructions);
    };
    let laid_out = layout(cfg, first);
    check_ranges(cfg);
    let mut last = first;
    for id in cfg.layout() {
        check_block(cfg, id, &laid_out)?;
        last = id;
    }
    if cfg.falls_through(last) && !cfg.is_empty(last) {
        return Err(GraphError::FallsOffTheEnd { block: last });
    }
    Ok(())
}

/// Which blocks the layout has.
fn layout(cfg: &Cfg, first: BlockId) -> Vec<bool> {
    let mut laid_out = vec![false; cfg.block_count()];
    let mut cursor = Some(first);
    while let Some(id) = cursor {
        let seen = &mut laid_out[id.index()];
        assert!(!*seen, "{id} is laid out twice");
        *seen = true;
        cursor = cfg.next(id);
    }
    laid_out
}

/// Whether each instruction is in one block only.
fn check_ranges(cfg: &Cfg) {
    let mut ranges: Vec<Range<usize>> = cfg.layout().map(|id| cfg.range(id)).collect();
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| range.start);
    assert!(ranges.is_sorted_by(|a, b| a.end <= b.start), "two blocks share instructions");
}

fn check_block(cfg: &Cfg, id: BlockId, laid_out: &[bool]) -> Result<(), GraphError> {
    let instrs = cfg.instrs(id);
    let traits = cfg.traits(id);
    for (i, instr) in instrs.iter().enumerate() {
        let Instr { opcode, oparg, .. } = *instr;
        let handler = cfg.handlers(id).get(i).copied().flatten();
        let is = Traits::of(instr) | Traits::handled_if(handler.is_some());
        assert!(!is.without(traits).any(Traits::ALL), "{id} says that it has no {opcode}");
        if opcode.is_assembler_opcode() {
            return Err(GraphError::UnexpectedOpcode { opcode });
        }
        let before_not_taken = opcode.is_conditional_jump()
            && matches!(&instrs[i + 1..], [next] if next.opcode == Opcode::NotTaken);
        if opcode.is_terminator() && i + 1 < instrs.len() && !before_not_taken {
            return Err(GraphError::Malformed { block: id, opcode });
        }
        let has_target = opcode.has_target().then_some(oparg as usize);
        let handler = handler.map(BlockId::index);
        for index in has_target.into_iter().chain(handler) {
            if !laid_out.get(index).is_some_and(|&laid_out| laid_out) {
                return Err(GraphError::ArgumentOutOfRange { opcode, oparg });
            }
        }
    }
    Ok(())
}
