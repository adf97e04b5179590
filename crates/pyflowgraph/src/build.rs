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
use crate::passes::optimize_basic_block::Pairing;
use crate::passes::prepare_localsplus::is_on_cell;
use crate::traits::Traits;
use crate::workspace::Scratch;
use crate::{BlockId, Cfg, GraphError};

/// What arguments may refer to, and what will be needed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How many constants there are.
    pub consts: usize,
    /// How many cells and free variables there are.
    pub cells: usize,
    /// How many instructions will be inserted in front.
    pub prefix: usize,
    /// Whether blocks that nothing leads to may be left empty at once: [`remove_unreachable`] would empty them.
    ///
    /// [`remove_unreachable`]: crate::passes::remove_unreachable
    pub without_dead: bool,
}

/// Arguments beyond this are hostile: twice as many stack entries would overflow.
pub(crate) const MAX_ARGUMENT: usize = 1 << 29;

/// How much room a block that ends in a jump gets: for a threaded jump, or the two instructions that a
/// pseudo-jump expands to, and for `NOT_TAKEN`.
const ROOM_AFTER_JUMP: usize = 3;

/// Fills `cfg`, dropping what was in it.
pub(crate) fn build(
    cfg: &mut Cfg,
    sequence: &InstructionSequence,
    limits: Limits,
    scratch: &mut Scratch,
) -> Result<(), GraphError> {
    cfg.clear_all();
    let Scratch { boundaries, block_at, spliced, indices, .. } = scratch;
    let mut instructions = sequence.instructions();
    if let Some(place) = boundaries.find(instructions) {
        splice(sequence, place, spliced)?;
        instructions = spliced;
        boundaries.find(instructions);
    }
    if instructions.is_empty() {
        return Err(GraphError::NoInstructions);
    }
    add_blocks(cfg, instructions, limits, boundaries, block_at, indices)?;
    resolve_targets(cfg, block_at, indices);
    cfg.block_mut(BlockId::ENTRY).predecessors = 1;
    let falls_through = instructions.last().is_none_or(|last| last.opcode.falls_through());
    if falls_through || boundaries.is_target(instructions.len()) {
        let last = cfg.layout().last().unwrap_or(BlockId::ENTRY);
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

/// Where blocks begin: at the entry, at targets and behind terminators. A bit for each position, that behind the
/// last instruction included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Boundaries {
    starts: Vec<u64>,
    /// Those that are targets.
    targets: Vec<u64>,
}

impl Boundaries {
    /// Finds them (`cfg_builder_maybe_start_new_block`). Gives the place of the annotations, if there is one.
    fn find(&mut self, instructions: &[Instruction]) -> Option<usize> {
        let words = instructions.len() / 64 + 1;
        for bits in [&mut self.starts, &mut self.targets] {
            bits.clear();
            bits.resize(words, 0);
        }
        set_bit(&mut self.starts, instructions.len());
        let mut placeholder = None;
        for (at, instr) in instructions.iter().enumerate() {
            let role = FACTS[instr.opcode as usize].role;
            if matches!(role, Role::Plain) {
                continue;
            }
            if matches!(role, Role::Jump | Role::Exit) {
                set_bit(&mut self.starts, at + 1);
            }
            if matches!(role, Role::Jump | Role::BlockPush) {
                set_bit(&mut self.starts, instr.oparg as usize);
                set_bit(&mut self.targets, instr.oparg as usize);
            }
            if matches!(role, Role::Placeholder) && placeholder.is_none() {
                placeholder = Some(at);
            }
        }
        placeholder
    }

    /// Where the block that begins at a position ends.
    #[inline]
    fn end(&self, start: usize) -> usize {
        let mut word = (start + 1) / 64;
        let mut bits = self.starts[word] & u64::MAX << ((start + 1) % 64);
        while bits == 0 {
            word += 1;
            bits = self.starts[word];
        }
        64 * word + bits.trailing_zeros() as usize
    }

    #[inline]
    fn is_target(&self, at: usize) -> bool {
        self.targets[at / 64] >> (at % 64) & 1 != 0
    }
}

#[inline]
fn set_bit(bits: &mut [u64], at: usize) {
    bits[at / 64] |= 1 << (at % 64);
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
#[repr(align(8))]
struct Facts {
    traits: Traits,
    check: Check,
    role: Role,
    pairing: Pairing,
}

/// By number.
static FACTS: [Facts; Opcode::NUMBERS] = opcode_table!(facts_of, else facts_of(Opcode::Nop));

const fn facts_of(opcode: Opcode) -> Facts {
    let traits = Traits::of_opcode(opcode);
    Facts { traits, check: check_for(opcode), role: role_of(opcode), pairing: Pairing::of(opcode) }
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

/// Makes a block of each stretch between two boundaries, and notes which block begins at a target, and where in
/// the arena there are instructions with targets.
fn add_blocks(
    cfg: &mut Cfg,
    instructions: &[Instruction],
    limits: Limits,
    boundaries: &Boundaries,
    block_at: &mut Vec<u32>,
    with_targets: &mut Vec<u32>,
) -> Result<(), GraphError> {
    let bounds = Bounds::new(limits);
    let len = instructions.len();
    with_targets.clear();
    if block_at.len() <= len {
        block_at.resize(len + 1, 0);
    }
    let mut room = limits.prefix;
    let mut start = 0;
    while start < len {
        let end = boundaries.end(start);
        let block = &instructions[start..end];
        let traits = survey(block, &bounds)?;
        let labelled = boundaries.is_target(start);
        if limits.without_dead && !labelled && is_dead(&instructions[..start], traits) {
            cfg.add_block(&[], 0, Traits::NONE, false);
            start = end;
            continue;
        }
        note_targets(block, cfg.next_place(), traits, with_targets);
        let ends_in_jump = block.last().is_some_and(|last| last.opcode.has_jump());
        room += if ends_in_jump { ROOM_AFTER_JUMP } else { 0 };
        // What is behind the block fills its room.
        let with_room = &instructions[start..len.min(end + room)];
        let id = cfg.add_block(with_room, end - start, traits, labelled);
        if labelled {
            block_at[start] = id.index() as u32;
        }
        start = end;
        room = 0;
    }
    if boundaries.is_target(len) {
        block_at[len] = cfg.add_block(&[], 0, Traits::NONE, true).index() as u32;
    }
    Ok(())
}

/// Whether nothing leads to a block without label, but maybe another that is dead: it is behind the end of what runs
/// before it, as the `return` at the end of a function is that has one of its own. Handlers that it has are to be
/// marked as such nevertheless.
#[inline]
fn is_dead(before: &[Instruction], traits: Traits) -> bool {
    before.last().is_some_and(|last| !last.opcode.falls_through()) && !traits.any(Traits::BLOCKS)
}

/// What the instructions of a block are; refuses arguments that are out of bounds.
#[inline]
fn survey(block: &[Instruction], bounds: &Bounds) -> Result<Traits, GraphError> {
    let mut traits = Traits::NONE;
    let mut lines = 0;
    let mut is_sound = true;
    let mut improvable = false;
    let mut before = Pairing::END;
    for instr in block {
        let facts = &FACTS[instr.opcode as usize];
        improvable |= before.improves_before(facts.pairing);
        before = facts.pairing;
        traits |= facts.traits;
        lines |= instr.location.lineno;
        is_sound &= bounds.allow(facts.check, instr.oparg);
    }
    if !is_sound {
        return Err(bounds.first_error(block));
    }
    improvable |= before.improves_before(Pairing::END);
    Ok(traits | Traits::unlined_if(lines < 0) | Traits::improvable_if(improvable))
}

/// Notes where the instructions with targets of a block come to lie that begins at `place`.
#[inline]
fn note_targets(block: &[Instruction], place: u32, traits: Traits, with_targets: &mut Vec<u32>) {
    if traits.any(Traits::BLOCKS) {
        let pushes = (place..).zip(block).filter(|(_, instr)| instr.opcode.is_block_push());
        with_targets.extend(pushes.map(|(place, _)| place));
    }
    if block.last().is_some_and(|last| last.opcode.has_jump()) {
        with_targets.push(place + block.len() as u32 - 1);
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
fn resolve_targets(cfg: &mut Cfg, block_at: &[u32], with_targets: &[u32]) {
    for &position in with_targets {
        let instr = cfg.instr_at_mut(position as usize);
        instr.oparg = block_at[instr.oparg as usize] as i32;
    }
}
