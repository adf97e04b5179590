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
use crate::passes::optimize_basic_block::{Improvable, Pairing};
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
    /// Whether blocks that nothing leads to may be left empty at once: the pass `remove_unreachable` would empty them.
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
    let Scratch { targets, block_at, spliced, indices, map, .. } = scratch;
    let buffers = Buffers { targets, block_at, with_targets: indices };
    match sequence.placeholder() {
        None => build_of(cfg, sequence.instructions(), sequence.jumps(), limits, buffers),
        Some(place) => {
            splice(sequence, place, spliced, map)?;
            build_of(cfg, spliced, map, limits, buffers)
        }
    }
}

/// What is noted on the way.
struct Buffers<'b> {
    targets: &'b mut Targets,
    /// Blocks by the position at which they begin.
    block_at: &'b mut Vec<u32>,
    /// Where in the arena there are instructions with targets.
    with_targets: &'b mut Vec<u32>,
}

impl Buffers<'_> {
    fn begin(&mut self, len: usize) {
        self.with_targets.clear();
        if self.block_at.len() <= len {
            self.block_at.resize(len + 1, 0);
        }
    }
}

/// `jumps` are the positions of the instructions with targets.
fn build_of(
    cfg: &mut Cfg,
    instructions: &[Instruction],
    jumps: &[u32],
    limits: Limits,
    mut buffers: Buffers<'_>,
) -> Result<(), GraphError> {
    cfg.clear_all();
    let Some(last) = instructions.last() else {
        return Err(GraphError::NoInstructions);
    };
    buffers.begin(instructions.len());
    buffers.targets.find(instructions, jumps);
    add_blocks(cfg, instructions, jumps, limits, &mut buffers)?;
    resolve_targets(cfg, buffers.block_at, buffers.with_targets);
    cfg.block_mut(BlockId::ENTRY).predecessors = 1;
    if last.opcode.falls_through() || buffers.targets.end {
        let last = cfg.layout().last().unwrap_or(BlockId::ENTRY);
        return Err(GraphError::FallsOffTheEnd { block: last });
    }
    Ok(())
}

/// The instructions with annotations in the place of their placeholder, and where among them those with targets are.
#[cold]
fn splice(
    sequence: &InstructionSequence,
    place: usize,
    spliced: &mut Vec<Instruction>,
    jumps: &mut Vec<u32>,
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
    let moved = |at: u32| if at as usize > place { at - 1 + annotations.len() as u32 } else { at };
    jumps.clear();
    jumps.extend(sequence.jumps().iter().map(|&at| moved(at)));
    for &jump in &*jumps {
        let target = &mut spliced[jump as usize].oparg;
        *target = moved(*target as u32) as i32;
    }
    Ok(())
}

/// The targets of instructions: a bit for each position. That behind the last instruction counts as one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Targets {
    bits: Vec<u64>,
    /// Whether the position behind the last instruction is a target.
    end: bool,
    /// Whether there are block pushes.
    pushes: bool,
}

impl Targets {
    /// Finds those of the instructions at `jumps`.
    fn find(&mut self, instructions: &[Instruction], jumps: &[u32]) {
        self.bits.clear();
        self.bits.resize(instructions.len() / 64 + 1, 0);
        self.pushes = false;
        for &at in jumps {
            let Instruction { opcode, oparg, .. } = instructions[at as usize];
            self.set(oparg as usize);
            self.pushes |= opcode.is_block_push();
        }
        self.end = self.contain(instructions.len());
        self.set(instructions.len());
    }

    #[inline]
    fn set(&mut self, at: usize) {
        self.bits[at / 64] |= 1 << (at % 64);
    }

    /// The first one behind a position.
    #[inline]
    fn next(&self, at: usize) -> usize {
        let mut word = (at + 1) / 64;
        let mut bits = self.bits[word] & u64::MAX << ((at + 1) % 64);
        while bits == 0 {
            word += 1;
            bits = self.bits[word];
        }
        64 * word + bits.trailing_zeros() as usize
    }

    #[inline]
    fn contain(&self, at: usize) -> bool {
        self.bits[at / 64] >> (at % 64) & 1 != 0
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

/// What building needs to know of an opcode.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Facts {
    traits: Traits,
    check: Check,
    /// Whether a block ends behind it.
    ends_block: bool,
    pairing: Pairing,
}

/// By number.
static FACTS: [Facts; Opcode::NUMBERS] = opcode_table!(facts_of, else facts_of(Opcode::Nop));

const fn facts_of(opcode: Opcode) -> Facts {
    let traits = Traits::of_opcode(opcode);
    let ends_block = opcode.is_terminator();
    Facts { traits, check: check_for(opcode), ends_block, pairing: Pairing::of(opcode) }
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

/// Makes blocks of the instructions (`cfg_builder_maybe_start_new_block`), and notes which block begins at a target, and
/// where in the arena there are instructions with targets.
fn add_blocks(
    cfg: &mut Cfg,
    instructions: &[Instruction],
    mut jumps: &[u32],
    limits: Limits,
    buffers: &mut Buffers<'_>,
) -> Result<(), GraphError> {
    let Buffers { targets, block_at, with_targets } = buffers;
    let bounds = Bounds::new(limits);
    let len = instructions.len();
    cfg.make_room(len + limits.prefix + ROOM_AFTER_JUMP * jumps.len());
    let mut room = limits.prefix;
    let mut start = 0;
    while start < len {
        let next_target = targets.next(start);
        let (block_len, traits) = survey(&instructions[start..next_target], cfg.next_instrs(), &bounds)?;
        let end = start + block_len;
        let labelled = targets.contain(start);
        if limits.without_dead && !labelled && is_dead(&instructions[..start], traits) {
            add_dead(cfg, targets);
            // At most its last instruction is a jump.
            jumps = &jumps[usize::from(jumps.first().is_some_and(|&jump| jump as usize + 1 == end))..];
            start = end;
            continue;
        }
        let moved_by = cfg.next_place().wrapping_sub(start as u32);
        let ends_in_jump = note_targets(&mut jumps, end, moved_by, with_targets);
        room += if ends_in_jump { ROOM_AFTER_JUMP } else { 0 };
        let id = cfg.add_block(block_len, room, traits, labelled);
        if labelled {
            block_at[start] = id.index() as u32;
        }
        start = end;
        room = 0;
    }
    if targets.end {
        block_at[len] = cfg.add_block(0, 0, Traits::NONE, true).index() as u32;
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

/// Leaves a block that is [dead](is_dead) empty, or out: where nothing will ever run into it, no pass needs to see it.
/// That may not be so where code is to be moved to the end: what then is before the block may run on, and there are
/// passes to which it matters that an empty block follows.
#[inline]
fn add_dead(cfg: &mut Cfg, targets: &Targets) {
    if targets.pushes || !cfg.ends_for_good() {
        cfg.add_block(0, 0, Traits::NONE, false);
    }
}

/// Copies instructions, none of which but the first is a target, up to the end of the block. How many these are, and
/// what they are; refuses arguments that are out of bounds.
#[inline]
fn survey(
    instructions: &[Instruction],
    room: &mut [Instruction],
    bounds: &Bounds,
) -> Result<(usize, Traits), GraphError> {
    let mut len = 0;
    let mut traits = Traits::NONE;
    let mut lines = 0;
    let mut is_sound = true;
    let mut improvable = Improvable::begin();
    for (instr, place) in instructions.iter().zip(room) {
        let facts = &FACTS[instr.opcode as usize];
        *place = *instr;
        len += 1;
        improvable.follow(facts.pairing);
        traits |= facts.traits;
        lines |= instr.location.lineno;
        is_sound &= bounds.allow(facts.check, instr.oparg);
        if facts.ends_block {
            break;
        }
    }
    if !is_sound {
        return Err(bounds.first_error(&instructions[..len]));
    }
    improvable.follow(Pairing::END);
    Ok((len, traits | Traits::unlined_if(lines < 0) | Traits::improvable_if(improvable.any())))
}

/// Notes where in the arena, `moved_by` behind where they were, the instructions with targets before a position come to
/// lie, and goes on to those behind. Whether there is one right before it.
#[inline]
fn note_targets(jumps: &mut &[u32], end: usize, moved_by: u32, with_targets: &mut Vec<u32>) -> bool {
    let mut behind_last = None;
    while let &[jump, ref others @ ..] = *jumps
        && (jump as usize) < end
    {
        with_targets.push(jump.wrapping_add(moved_by));
        behind_last = Some(jump as usize + 1);
        *jumps = others;
    }
    behind_last == Some(end)
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
