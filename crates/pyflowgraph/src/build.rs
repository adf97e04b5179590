//! From an instruction sequence to a graph: blocks begin at jump targets and after instructions
//! that end a block, and jumps get blocks for targets.
//!
//! The annotations of a module go where the placeholder for them stands. They contain no jumps.
//!
//! CPython's counterparts: `_PyCfg_FromInstructionSequence`, `cfg_builder_maybe_start_new_block` and
//! `translate_jump_labels_to_targets` in `Python/flowgraph.c`.

use pyinstrseq::{Instruction, InstructionSequence};
use pyopcode::{Opcode, opcode_table};

use crate::passes::calculate_stackdepth::MAX_STACK_DEPTH;
use crate::passes::prepare_localsplus::is_on_cell;
use crate::traits::Traits;
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

/// In the map of instructions: what stands before it runs into it, and into nothing else.
const INSIDE: u32 = 0;
/// A block begins here, no jump leads to it.
const UNLABELLED: u32 = u32::MAX - 1;
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
    let Scratch { map, spliced, indices, .. } = scratch;
    let mut instructions = sequence.instructions();
    if let Some(place) = mark_boundaries(instructions, map) {
        splice(sequence, place, spliced)?;
        instructions = spliced;
        mark_boundaries(instructions, map);
    }
    if instructions.is_empty() {
        return Err(GraphError::NoInstructions);
    }
    add_blocks(cfg, instructions, limits, map, indices)?;
    resolve_targets(cfg, map, indices);
    let last = cfg.layout().last().unwrap_or(BlockId::ENTRY);
    if cfg.falls_through(last) {
        return Err(GraphError::FallsOffTheEnd { block: last });
    }
    Ok(())
}

/// The instructions with annotations in the place of their placeholder.
fn splice(
    sequence: &InstructionSequence,
    place: usize,
    spliced: &mut Vec<Instruction>,
) -> Result<(), GraphError> {
    let instructions = sequence.instructions();
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
    Ok(())
}

/// Marks where blocks begin: at targets and behind terminators (`cfg_builder_maybe_start_new_block`).
/// Gives the place of the annotations, if there is one.
fn mark_boundaries(instructions: &[Instruction], map: &mut Vec<u32>) -> Option<usize> {
    map.clear();
    map.resize(instructions.len() + 1, INSIDE);
    let mut placeholder = None;
    for (at, instr) in instructions.iter().enumerate() {
        let role = FACTS[instr.opcode as usize].role;
        if matches!(role, Role::Plain) {
            continue;
        }
        if matches!(role, Role::Jump | Role::Exit) && map[at + 1] == INSIDE {
            map[at + 1] = UNLABELLED;
        }
        if matches!(role, Role::Jump | Role::BlockPush) {
            map[instr.oparg as usize] = TARGET;
        }
        if matches!(role, Role::Placeholder) && placeholder.is_none() {
            placeholder = Some(at);
        }
    }
    placeholder
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

/// What an opcode is to the cutting of blocks.
#[derive(Clone, Copy)]
enum Role {
    Plain,
    /// Ends a block and has a target.
    Jump,
    /// Ends a block.
    Exit,
    /// Has a target.
    BlockPush,
    /// Where annotations go.
    Placeholder,
}

/// What building needs to know of an opcode.
#[derive(Clone, Copy)]
struct Facts {
    traits: Traits,
    check: Check,
    role: Role,
}

/// By number.
static FACTS: [Facts; Opcode::NUMBERS] = opcode_table!(facts_of, else facts_of(Opcode::Nop));

const fn facts_of(opcode: Opcode) -> Facts {
    Facts { traits: Traits::of_opcode(opcode), check: check_for(opcode), role: role_of(opcode) }
}

const fn role_of(opcode: Opcode) -> Role {
    match opcode {
        Opcode::AnnotationsPlaceholder => Role::Placeholder,
        _ if opcode.has_jump() => Role::Jump,
        _ if opcode.is_block_push() => Role::BlockPush,
        _ if opcode.is_terminator() => Role::Exit,
        _ => Role::Plain,
    }
}

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

/// Makes a block of each stretch between two boundaries, and notes where in the arena there are
/// instructions with targets.
fn add_blocks(
    cfg: &mut Cfg,
    instructions: &[Instruction],
    limits: Limits,
    map: &mut [u32],
    with_targets: &mut Vec<u32>,
) -> Result<(), GraphError> {
    let bounds = Bounds::new(limits);
    with_targets.clear();
    let mut room = limits.prefix;
    let mut start = 0;
    while start < instructions.len() {
        let behind = &map[start + 1..];
        let len = 1 + behind.iter().position(|&mark| mark != INSIDE).unwrap_or(behind.len() - 1);
        let block = &instructions[start..start + len];
        let last = FACTS[block[len - 1].opcode as usize].role;
        room += if matches!(last, Role::Jump) { ROOM_AFTER_JUMP } else { 0 };
        let labelled = map[start] == TARGET;
        let (id, is_sound) = add_block(cfg, block, labelled, room, &bounds);
        if !is_sound {
            return Err(bounds.first_error(block));
        }
        if labelled {
            map[start] = id.index() as u32 + 1;
        }
        note_targets(cfg, id, matches!(last, Role::Jump), with_targets);
        start += len;
        room = 0;
    }
    if map[start] == TARGET {
        let id = cfg.add_block(std::iter::empty(), true, 0);
        map[start] = id.index() as u32 + 1;
    }
    Ok(())
}

/// Copies a block; whether all arguments are in bounds.
#[inline]
fn add_block(
    cfg: &mut Cfg,
    block: &[Instruction],
    labelled: bool,
    room: usize,
    bounds: &Bounds,
) -> (BlockId, bool) {
    let mut traits = Traits::NONE;
    let mut is_sound = true;
    let instrs = block.iter().map(|instr| {
        let Instruction { opcode, oparg, location } = *instr;
        let facts = FACTS[opcode as usize];
        traits |= facts.traits | Traits::unlined_if(location.lineno < 0);
        is_sound &= bounds.allow(facts.check, oparg);
        Instr::new(opcode, oparg, location)
    });
    let id = cfg.add_block(instrs, labelled, room);
    cfg.add_traits(id, traits);
    (id, is_sound)
}

#[inline]
fn note_targets(cfg: &Cfg, id: BlockId, ends_in_jump: bool, with_targets: &mut Vec<u32>) {
    if cfg.traits(id).any(Traits::BLOCKS) {
        let pushes = cfg.range(id).filter(|&position| cfg.instr_at(position).opcode.is_block_push());
        with_targets.extend(pushes.map(|position| position as u32));
    }
    if ends_in_jump {
        with_targets.push(cfg.range(id).end as u32 - 1);
    }
}

/// By [`Check`]: the least argument, and how many there are from it on. A negative argument is beyond any
/// bound.
struct Bounds([(i32, u32); Check::Never as usize + 1]);

impl Bounds {
    fn new(limits: Limits) -> Bounds {
        let mut bounds = [(0, 0); Check::Never as usize + 1];
        bounds[Check::Argument as usize].1 = MAX_ARGUMENT as u32;
        bounds[Check::Target as usize].1 = u32::MAX;
        bounds[Check::Const as usize].1 = limits.consts as u32;
        bounds[Check::Cell as usize].1 = limits.cells as u32;
        bounds[Check::Depth as usize] = (1, MAX_STACK_DEPTH as u32);
        Bounds(bounds)
    }

    #[inline]
    fn allow(&self, check: Check, oparg: i32) -> bool {
        let (least, count) = self.0[check as usize];
        (oparg.wrapping_sub(least) as u32) < count
    }

    #[cold]
    fn first_error(&self, block: &[Instruction]) -> GraphError {
        let check = |instr: &Instruction| FACTS[instr.opcode as usize].check;
        let wrong = block.iter().find(|instr| !self.allow(check(instr), instr.oparg));
        let Instruction { opcode, oparg, .. } = *wrong.expect("an instruction was refused");
        match check_for(opcode) {
            Check::Never => GraphError::UnexpectedOpcode { opcode },
            _ => GraphError::ArgumentOutOfRange { opcode, oparg },
        }
    }
}

/// `translate_jump_labels_to_targets`
fn resolve_targets(cfg: &mut Cfg, map: &[u32], with_targets: &[u32]) {
    for &position in with_targets {
        let instr = cfg.instr_at_mut(position as usize);
        instr.oparg = map[instr.oparg as usize] as i32 - 1;
    }
}
