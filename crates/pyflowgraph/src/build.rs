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

/// What arguments may refer to, and what will be needed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How many constants there are.
    pub consts: usize,
    /// How many cells and free variables there are.
    pub cells: usize,
    /// How many instructions will be inserted in front.
    pub prefix: usize,
}

/// Arguments beyond this are hostile: twice as many stack entries would overflow.
pub(crate) const MAX_ARGUMENT: usize = 1 << 29;

/// How much room a block that ends in a jump gets: for a threaded jump, or the two instructions that a
/// pseudo-jump expands to, and for `NOT_TAKEN`.
const ROOM_AFTER_JUMP: usize = 3;

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
    let Scratch { map, spliced, .. } = scratch;
    let instructions = splice(sequence, spliced)?;
    if instructions.is_empty() {
        return Err(GraphError::NoInstructions);
    }
    mark_targets(instructions, map);
    add_blocks(cfg, instructions, limits, map)?;
    resolve_targets(cfg, map);
    let last = cfg.layout().last().unwrap_or(BlockId::ENTRY);
    if cfg.falls_through(last) {
        return Err(GraphError::FallsOffTheEnd { block: last });
    }
    Ok(())
}

/// The instructions with annotations in the place of their placeholder.
fn splice<'a>(
    sequence: &'a InstructionSequence,
    spliced: &'a mut Vec<Instruction>,
) -> Result<&'a [Instruction], GraphError> {
    let instructions = sequence.instructions();
    let is_placeholder = |instr: &Instruction| instr.opcode == Opcode::AnnotationsPlaceholder;
    let Some(place) = instructions.iter().position(is_placeholder) else {
        return Ok(instructions);
    };
    let annotations = sequence.annotations().map_or(&[][..], InstructionSequence::instructions);
    if let Some(instr) = annotations.iter().find(|instr| instr.opcode.has_target()) {
        return Err(GraphError::UnexpectedOpcode { opcode: instr.opcode });
    }
    spliced.clear();
    spliced.extend_from_slice(&instructions[..place]);
    spliced.extend_from_slice(annotations);
    spliced.extend_from_slice(&instructions[place + 1..]);
    for instr in spliced.iter_mut().filter(|instr| instr.opcode.has_target()) {
        if instr.oparg as usize > place {
            instr.oparg = instr.oparg - 1 + annotations.len() as i32;
        }
    }
    Ok(spliced)
}

fn mark_targets(instructions: &[Instruction], map: &mut Vec<u32>) {
    map.clear();
    map.resize(instructions.len() + 1, NO_TARGET);
    for instr in instructions.iter().filter(|instr| instr.opcode.has_target()) {
        map[instr.oparg as usize] = TARGET;
    }
}

/// What the argument of an opcode must be.
#[derive(Clone, Copy)]
enum Check {
    /// Not too large.
    Argument,
    /// The index of an instruction; sequences see to that.
    Target,
    /// The index of a constant.
    Const,
    /// The index of a cell.
    Cell,
    /// A depth in the stack, from 1.
    Depth,
    /// The opcode may not occur.
    Never,
}

/// What building needs to know of an opcode, by number.
static FACTS: [(Check, Traits); OPCODE_NUMBERS] = {
    let mut table = [(Check::Argument, Traits::NONE); OPCODE_NUMBERS];
    let mut i = 0;
    while i < Opcode::ALL.len() {
        let opcode = Opcode::ALL[i];
        table[opcode as usize] = (check_for(opcode), Traits::of_opcode(opcode));
        i += 1;
    }
    table
};

const fn check_for(opcode: Opcode) -> Check {
    match opcode {
        Opcode::ExtendedArg | Opcode::Cache | Opcode::AnnotationsPlaceholder => Check::Never,
        Opcode::Swap | Opcode::Copy => Check::Depth,
        _ if opcode.is_assembler_opcode() => Check::Never,
        _ if opcode.has_target() => Check::Target,
        _ if opcode.has_const() => Check::Const,
        _ if is_on_cell(opcode) => Check::Cell,
        _ => Check::Argument,
    }
}

/// Cuts the sequence before targets and behind terminators (`cfg_builder_maybe_start_new_block`).
fn add_blocks(
    cfg: &mut Cfg,
    instructions: &[Instruction],
    limits: Limits,
    map: &mut [u32],
) -> Result<(), GraphError> {
    let mut room = limits.prefix;
    let mut start = 0;
    while start < instructions.len() {
        let labelled = map[start] == TARGET;
        let (len, traits) = measure_block(&instructions[start..], &map[start + 1..], limits)?;
        let end = start + len;
        if instructions[end - 1].opcode.has_jump() {
            room += ROOM_AFTER_JUMP;
        }
        let instrs = instructions[start..end].iter();
        let instrs = instrs.map(|instr| Instr::new(instr.opcode, instr.oparg, instr.location));
        let id = cfg.add_block(instrs, traits, labelled, room);
        if labelled {
            map[start] = id.index() as u32 + 1;
        }
        start = end;
        room = 0;
    }
    if map[start] == TARGET {
        let id = cfg.add_block(std::iter::empty(), Traits::NONE, true, 0);
        map[start] = id.index() as u32 + 1;
    }
    Ok(())
}

/// How many instructions belong to the block that begins here, and what they are. `targets_behind`
/// tells for each instruction about the next one.
#[inline]
fn measure_block(
    instructions: &[Instruction],
    targets_behind: &[u32],
    limits: Limits,
) -> Result<(usize, Traits), GraphError> {
    let mut traits = Traits::NONE;
    for (at, (instr, &behind)) in instructions.iter().zip(targets_behind).enumerate() {
        let (check, of_opcode) = FACTS[instr.opcode as usize];
        traits |= of_opcode;
        if instr.location.lineno < 0 {
            traits |= Traits::UNLINED;
        }
        let is_plain = matches!(check, Check::Argument) && (instr.oparg as u32 as usize) < MAX_ARGUMENT;
        if !is_plain {
            check_argument(instr, check, limits)?;
        }
        if behind == TARGET || instr.opcode.is_terminator() {
            return Ok((at + 1, traits));
        }
    }
    Ok((instructions.len(), traits))
}

#[inline]
fn check_argument(instr: &Instruction, check: Check, limits: Limits) -> Result<(), GraphError> {
    let Instruction { opcode, oparg, .. } = *instr;
    let limit = match check {
        Check::Argument => MAX_ARGUMENT,
        Check::Target => return Ok(()),
        Check::Const => limits.consts,
        Check::Cell => limits.cells,
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

/// `translate_jump_labels_to_targets`
fn resolve_targets(cfg: &mut Cfg, map: &[u32]) {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        for position in cfg.edges(id) {
            let instr = cfg.instr_at_mut(position);
            if instr.opcode.has_target() {
                instr.oparg = map[instr.oparg as usize] as i32 - 1;
            }
        }
        cursor = cfg.next(id);
    }
}
