//! From an instruction sequence to a graph: blocks begin at jump targets and after instructions
//! that end a block, and jumps get blocks for targets.
//!
//! The annotations of a module go where the placeholder for them stands. They contain no jumps.
//!
//! CPython's counterparts: `_PyCfg_FromInstructionSequence`, `cfg_builder_maybe_start_new_block` and
//! `translate_jump_labels_to_targets` in `Python/flowgraph.c`.

use pyinstrseq::{Instruction, InstructionSequence};
use pyopcode::Opcode;

use crate::passes::calculate_stackdepth::MAX_STACK_DEPTH;
use crate::passes::prepare_localsplus::is_on_cell;
use crate::traits::{OPCODE_NUMBERS, Traits};
use crate::workspace::Scratch;
use crate::{BlockId, Cfg, GraphError, Instr};

/// What arguments may refer to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How many constants there are.
    pub consts: usize,
    /// How many cells and free variables there are.
    pub cells: usize,
}

/// Arguments beyond this are hostile: twice as many stack entries would overflow.
pub(crate) const MAX_ARGUMENT: usize = 1 << 29;

/// What the argument of an opcode must be.
#[derive(Clone, Copy)]
enum Check {
    /// Not too large.
    Argument,
    /// The index of a constant.
    Const,
    /// The index of a cell.
    Cell,
    /// A depth in the stack, from 1.
    Depth,
    /// The opcode may not occur.
    Never,
}

const CHECKS: [Check; OPCODE_NUMBERS] = {
    let mut table = [Check::Argument; OPCODE_NUMBERS];
    let mut i = 0;
    while i < Opcode::ALL.len() {
        let opcode = Opcode::ALL[i];
        table[opcode as usize] = match opcode {
            Opcode::ExtendedArg | Opcode::Cache => Check::Never,
            Opcode::Swap | Opcode::Copy => Check::Depth,
            _ if opcode.is_assembler_opcode() => Check::Never,
            _ if opcode.has_const() => Check::Const,
            _ if is_on_cell(opcode) => Check::Cell,
            _ => Check::Argument,
        };
        i += 1;
    }
    table
};

/// Not the target of a jump.
const NO_TARGET: u32 = 0;
/// The target of a jump, block not known yet; later one more than the index of the block.
const TARGET: u32 = u32::MAX;

/// Fills `cfg`, dropping what was in it.
pub(crate) fn build(
    cfg: &mut Cfg,
    sequence: &InstructionSequence,
    limits: Limits,
    scratch: &mut Scratch,
) -> Result<(), GraphError> {
    cfg.clear_all();
    let instructions = sequence.instructions();
    if instructions.is_empty() {
        return Err(GraphError::NoInstructions);
    }
    mark_targets(instructions, scratch);
    let mut builder = Builder::new(cfg, limits);
    for (index, instr) in instructions.iter().enumerate() {
        if instr.opcode == Opcode::AnnotationsPlaceholder {
            builder.splice(sequence.annotations())?;
            continue;
        }
        if scratch.map[index] == TARGET {
            scratch.map[index] = builder.start_labelled_block();
        }
        builder.push(instr)?;
    }
    if scratch.map[instructions.len()] == TARGET {
        scratch.map[instructions.len()] = builder.start_labelled_block();
    }
    builder.finish();
    resolve_targets(cfg, scratch)
}

fn mark_targets(instructions: &[Instruction], scratch: &mut Scratch) {
    scratch.map.clear();
    scratch.map.resize(instructions.len() + 1, NO_TARGET);
    for instr in instructions.iter().filter(|instr| instr.opcode.has_target()) {
        scratch.map[instr.oparg as usize] = TARGET;
    }
}

struct Builder<'a> {
    cfg: &'a mut Cfg,
    limits: Limits,
    block: BlockId,
    is_empty: bool,
    is_terminated: bool,
    ends_in_jump: bool,
    traits: Traits,
}

impl<'a> Builder<'a> {
    fn new(cfg: &'a mut Cfg, limits: Limits) -> Self {
        let block = cfg.new_block();
        Builder {
            cfg,
            limits,
            block,
            is_empty: true,
            is_terminated: false,
            ends_in_jump: false,
            traits: Traits::NONE,
        }
    }

    /// The block, unless it is empty and a new one otherwise; one more than its index.
    fn start_labelled_block(&mut self) -> u32 {
        if !self.is_empty {
            self.start_block();
        }
        self.cfg.block_mut(self.block).labelled = true;
        self.block.index() as u32 + 1
    }

    fn start_block(&mut self) {
        self.cfg.build_end(self.traits, self.ends_in_jump);
        let next = self.cfg.new_block();
        self.cfg.block_mut(self.block).next = Some(next);
        self.block = next;
        self.is_empty = true;
        self.is_terminated = false;
        self.ends_in_jump = false;
        self.traits = Traits::NONE;
    }

    fn push(&mut self, instr: &Instruction) -> Result<(), GraphError> {
        self.check(instr)?;
        if self.is_terminated {
            self.start_block();
        }
        let copy = Instr::new(instr.opcode, instr.oparg, instr.location);
        self.traits |= Traits::of(&copy);
        self.cfg.build_push(copy);
        self.is_empty = false;
        if instr.opcode.is_terminator() {
            self.is_terminated = true;
            self.ends_in_jump = instr.opcode.has_jump();
        }
        Ok(())
    }

    fn splice(&mut self, annotations: Option<&InstructionSequence>) -> Result<(), GraphError> {
        for instr in annotations.map_or(&[][..], InstructionSequence::instructions) {
            if instr.opcode.has_target() {
                return Err(GraphError::UnexpectedOpcode { opcode: instr.opcode });
            }
            self.push(instr)?;
        }
        Ok(())
    }

    #[inline]
    fn check(&self, instr: &Instruction) -> Result<(), GraphError> {
        let Instruction { opcode, oparg, .. } = *instr;
        let limit = match CHECKS[opcode as usize] {
            Check::Argument => MAX_ARGUMENT,
            Check::Const => self.limits.consts,
            Check::Cell => self.limits.cells,
            Check::Depth if oparg > 0 => MAX_STACK_DEPTH as usize,
            Check::Depth => 0,
            Check::Never => return Err(GraphError::UnexpectedOpcode { opcode }),
        };
        // A negative argument is beyond any limit.
        if (oparg as u32 as usize) < limit {
            return Ok(());
        }
        Err(GraphError::ArgumentOutOfRange { opcode, oparg })
    }

    fn finish(self) {
        self.cfg.build_end(self.traits, self.ends_in_jump);
    }
}

/// `translate_jump_labels_to_targets`
fn resolve_targets(cfg: &mut Cfg, scratch: &Scratch) -> Result<(), GraphError> {
    let mut last = BlockId::ENTRY;
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        for instr in cfg.instrs_mut(id) {
            if instr.opcode.has_target() {
                let block = scratch.map[instr.oparg as usize];
                // The placeholder for annotations is no place to jump to.
                if block == TARGET {
                    return Err(GraphError::ArgumentOutOfRange { opcode: instr.opcode, oparg: instr.oparg });
                }
                instr.oparg = block as i32 - 1;
            }
        }
        last = id;
        cursor = cfg.next(id);
    }
    if cfg.falls_through(last) {
        return Err(GraphError::FallsOffTheEnd { block: last });
    }
    Ok(())
}
