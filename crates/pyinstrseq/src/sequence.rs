//! A finished instruction sequence.

use pycode::Location;
use pyopcode::Opcode;

/// One instruction, real or pseudo.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instruction {
    /// What to do.
    pub opcode: Opcode,
    /// Its argument; 0 when it takes none. For an opcode that
    /// [has a target](Opcode::has_target): the index of the target instruction.
    pub oparg: i32,
    /// The source that it stands for.
    pub location: Location,
}

impl Instruction {
    /// An instruction.
    #[inline]
    pub const fn new(opcode: Opcode, oparg: i32, location: Location) -> Instruction {
        Instruction { opcode, oparg, location }
    }

    /// Becomes another instruction at the same location (`INSTR_SET_OP0`, `INSTR_SET_OP1`).
    #[inline]
    pub fn set(&mut self, opcode: Opcode, oparg: i32) {
        self.opcode = opcode;
        self.oparg = oparg;
    }

    /// Becomes a `NOP` that still stands for its line.
    #[inline]
    pub fn set_nop(&mut self) {
        self.set(Opcode::Nop, 0);
    }

    /// Becomes a `NOP` that stands for nothing (`nop_out`).
    #[inline]
    pub fn erase(&mut self) {
        self.set_nop();
        self.location = Location::NONE;
    }

    /// Whether it stands for a line (or, with [`Location::NEXT`], not even that).
    #[inline]
    pub fn has_line(&self) -> bool {
        self.location.lineno >= 0
    }
}

/// The instructions of one code unit, in order of generation. Targets are indices below
/// `instructions().len()` or equal to it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InstructionSequence {
    instructions: Vec<Instruction>,
    /// Where the instructions with targets are, in ascending order.
    jumps: Vec<u32>,
    /// Where the first `ANNOTATIONS_PLACEHOLDER` stands.
    placeholder: Option<u32>,
    annotations: Option<Box<InstructionSequence>>,
}

impl InstructionSequence {
    /// A sequence from instructions whose targets are indices.
    ///
    /// # Panics
    /// When a target lies outside.
    pub fn new(instructions: Vec<Instruction>) -> Self {
        let len = instructions.len();
        for (index, instr) in instructions.iter().enumerate() {
            assert!(
                !instr.opcode.has_target() || usize::try_from(instr.oparg).is_ok_and(|t| t <= len),
                "instruction {index} ({}) has its target {} outside of the sequence",
                instr.opcode,
                instr.oparg
            );
        }
        let has_target = |&(_, instr): &(u32, &Instruction)| instr.opcode.has_target();
        let jumps = (0..).zip(&instructions).filter(has_target).map(|(index, _)| index).collect();
        let is_placeholder = |instr: &Instruction| instr.opcode == Opcode::AnnotationsPlaceholder;
        let placeholder = instructions.iter().position(is_placeholder).map(|index| index as u32);
        InstructionSequence { instructions, jumps, placeholder, annotations: None }
    }

    /// A sequence whose targets are known to be inside, with the places of those that have them, in ascending order,
    /// and that of the placeholder for annotations.
    pub(crate) fn from_parts(
        instructions: Vec<Instruction>,
        jumps: Vec<u32>,
        placeholder: Option<u32>,
        annotations: Option<Box<InstructionSequence>>,
    ) -> Self {
        debug_assert!(jumps.is_sorted(), "places out of order");
        InstructionSequence { instructions, jumps, placeholder, annotations }
    }

    /// The sequence with annotations to be put where its `ANNOTATIONS_PLACEHOLDER` stands.
    #[must_use]
    pub fn with_annotations(self, annotations: InstructionSequence) -> Self {
        InstructionSequence { annotations: Some(Box::new(annotations)), ..self }
    }

    /// The instructions.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// The indices of the instructions that have [targets](Opcode::has_target), in ascending order.
    pub fn jumps(&self) -> &[u32] {
        &self.jumps
    }

    /// The index of the `ANNOTATIONS_PLACEHOLDER`: that of the first one, should there be more.
    pub fn placeholder(&self) -> Option<usize> {
        self.placeholder.map(|index| index as usize)
    }

    /// The code that sets up the deferred annotations of a module or class; it goes where the
    /// `ANNOTATIONS_PLACEHOLDER` stands.
    pub fn annotations(&self) -> Option<&InstructionSequence> {
        self.annotations.as_deref()
    }

    /// Empty lists with the memory of the instructions and of the places of jumps.
    pub(crate) fn into_buffers(mut self) -> (Vec<Instruction>, Vec<u32>) {
        self.instructions.clear();
        self.jumps.clear();
        (self.instructions, self.jumps)
    }

    /// Gives constants other indices: `map[old]` is the new one.
    pub(crate) fn renumber_consts(&mut self, map: &[u32]) {
        for instr in self.instructions.iter_mut().filter(|i| i.opcode.has_const()) {
            instr.oparg = map[instr.oparg as usize] as i32;
        }
        if let Some(annotations) = &mut self.annotations {
            annotations.renumber_consts(map);
        }
    }
}
