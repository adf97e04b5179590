//! Building a sequence: instructions with labels.

use std::fmt;

use pycode::Location;
use pyopcode::Opcode;

use crate::{Instruction, InstructionSequence};

/// A place to jump to, within one [`SequenceBuilder`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Label(u32);

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "L{}", self.0)
    }
}

/// Where a label that was not placed points.
const UNPLACED: u32 = u32::MAX;

/// A sequence under construction: jumps refer to labels, which are placed at any time before
/// [`finish`](Self::finish).
///
/// ```
/// use pycode::Location;
/// use pyinstrseq::SequenceBuilder;
/// use pyopcode::Opcode;
/// let mut code = SequenceBuilder::new();
/// let end = code.new_label();
/// code.jump(Opcode::Jump, end, Location::NONE);
/// code.op(Opcode::Nop, Location::NONE);
/// code.place(end);
/// code.op_arg(Opcode::LoadConst, 0, Location::NONE);
/// assert_eq!(code.finish().instructions()[0].oparg, 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct SequenceBuilder {
    instructions: Vec<Instruction>,
    /// By label: where it is placed.
    labels: Vec<u32>,
    /// Where the instructions with targets are, in ascending order.
    jumps: Vec<u32>,
    /// Where the placeholder for annotations is.
    placeholder: Option<u32>,
    annotations: Option<Box<InstructionSequence>>,
}

impl SequenceBuilder {
    /// An empty sequence.
    pub fn new() -> Self {
        SequenceBuilder::default()
    }

    /// An empty sequence with room for some instructions.
    pub fn with_capacity(instructions: usize) -> Self {
        SequenceBuilder { instructions: Vec::with_capacity(instructions), ..SequenceBuilder::default() }
    }

    /// A label that is not placed yet.
    #[inline]
    pub fn new_label(&mut self) -> Label {
        self.labels.push(UNPLACED);
        Label(self.labels.len() as u32 - 1)
    }

    /// Places a label before the next instruction (`_PyInstructionSequence_UseLabel`).
    #[inline]
    pub fn place(&mut self, label: Label) {
        self.labels[label.0 as usize] = self.instructions.len() as u32;
    }

    /// Appends an instruction without argument; see [`op_arg`](Self::op_arg).
    #[inline]
    pub fn op(&mut self, opcode: Opcode, location: Location) {
        self.op_arg(opcode, 0, location);
    }

    /// Appends an instruction with an argument that is no target: [`jump`](Self::jump) appends those with targets, and
    /// [`annotations_placeholder`](Self::annotations_placeholder) that one.
    ///
    /// # Panics
    /// In builds with debug assertions, when it is one of those.
    #[inline]
    pub fn op_arg(&mut self, opcode: Opcode, oparg: i32, location: Location) {
        debug_assert!(!opcode.has_target(), "{opcode} has a target");
        debug_assert!(opcode != Opcode::AnnotationsPlaceholder, "nobody would know where {opcode} is");
        self.instructions.push(Instruction { opcode, oparg, location });
    }

    /// Appends an instruction with a target.
    ///
    /// # Panics
    /// In builds with debug assertions, when the opcode has none.
    #[inline]
    pub fn jump(&mut self, opcode: Opcode, target: Label, location: Location) {
        debug_assert!(opcode.has_target(), "{opcode} has no target");
        self.jumps.push(self.instructions.len() as u32);
        self.instructions.push(Instruction { opcode, oparg: target.0 as i32, location });
    }

    /// Inserts an instruction with a target before position `at`; labels behind it move along
    /// (`_PyInstructionSequence_InsertInstruction`).
    ///
    /// # Panics
    /// When there are fewer than `at` instructions.
    pub fn insert_jump(&mut self, at: usize, opcode: Opcode, target: Label, location: Location) {
        debug_assert!(opcode.has_target(), "{opcode} has no target");
        self.instructions.insert(at, Instruction { opcode, oparg: target.0 as i32, location });
        let placed = self.labels.iter_mut().filter(|place| **place != UNPLACED);
        for position in placed.chain(&mut self.jumps).chain(&mut self.placeholder) {
            *position += u32::from(*position as usize >= at);
        }
        let place = self.jumps.partition_point(|&jump| (jump as usize) < at);
        self.jumps.insert(place, at as u32);
    }

    /// How many instructions there are.
    pub fn len(&self) -> usize {
        self.instructions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.instructions.is_empty()
    }

    /// The instructions so far; targets are labels.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// Appends the `ANNOTATIONS_PLACEHOLDER`, and notes where it is.
    pub fn annotations_placeholder(&mut self, location: Location) {
        self.placeholder.get_or_insert(self.instructions.len() as u32);
        self.instructions.push(Instruction::new(Opcode::AnnotationsPlaceholder, 0, location));
    }

    /// Sets the code that goes in place of the `ANNOTATIONS_PLACEHOLDER`.
    pub fn set_annotations(&mut self, annotations: InstructionSequence) {
        self.annotations = Some(Box::new(annotations));
    }

    /// The sequence with labels replaced by the indices they stand for
    /// (`_PyInstructionSequence_ApplyLabelMap`). The builder is empty afterwards.
    ///
    /// # Panics
    /// When a jump's label was never placed.
    pub fn finish(&mut self) -> InstructionSequence {
        for &jump in &self.jumps {
            let instr = &mut self.instructions[jump as usize];
            let place = self.labels[instr.oparg as usize];
            assert!(place != UNPLACED, "label L{} of {} was never placed", instr.oparg, instr.opcode);
            instr.oparg = place as i32;
        }
        self.labels.clear();
        let instructions = std::mem::take(&mut self.instructions);
        let jumps = std::mem::take(&mut self.jumps);
        InstructionSequence::from_parts(instructions, jumps, self.placeholder.take(), self.annotations.take())
    }

    /// Gives an empty builder the memory of a sequence that is not needed any more.
    pub fn reuse(&mut self, sequence: InstructionSequence) {
        debug_assert!(self.is_empty(), "instructions would be lost");
        (self.instructions, self.jumps) = sequence.into_buffers();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As in `_PyInstructionSequence_InsertInstruction`: a label at the very place stays with what was there.
    #[test]
    fn labels_move_along_with_what_they_stand_before() {
        let mut code = SequenceBuilder::new();
        let [start, end] = [code.new_label(), code.new_label()];
        code.place(start);
        code.op(Opcode::Nop, Location::NONE);
        code.jump(Opcode::Jump, start, Location::NONE);
        code.place(end);
        code.insert_jump(0, Opcode::Jump, end, Location::NONE);
        let targets: Vec<i32> = code.finish().instructions().iter().map(|instr| instr.oparg).collect();
        assert_eq!(targets, [3, 0, 1]);
    }

    /// It is found where it stands, and by whoever lists the same instructions.
    #[test]
    fn the_placeholder_moves_along() {
        let mut code = SequenceBuilder::new();
        let end = code.new_label();
        code.op(Opcode::Nop, Location::NONE);
        code.annotations_placeholder(Location::NONE);
        code.insert_jump(0, Opcode::Jump, end, Location::NONE);
        code.place(end);
        let sequence = code.finish();
        assert_eq!(sequence.placeholder(), Some(2));
        assert_eq!(sequence, InstructionSequence::new(sequence.instructions().to_vec()));
        assert_eq!(code.finish().placeholder(), None);
    }
}
