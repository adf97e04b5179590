//! Jumps: from target instructions to distances in code units.

use pyinstrseq::Instruction;
use pyopcode::{Opcode, opcode_table};

use crate::AssembleError;
use crate::bytecode::{Bytecode, extended_args, size_in_units};

/// How far before the target of `END_ASYNC_FOR`'s argument the `SEND` stands: monitoring looks for the
/// `END_SEND` (`END_SEND_OFFSET`).
const END_SEND_OFFSET: i64 = 5;

/// Where the instructions of a unit are, and which of them jump.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// The offset of each instruction in code units, with the total size at the end.
    offsets: Vec<u32>,
    jumps: Vec<Jump>,
}

/// A jump and its target, both as indices of instructions.
#[derive(Clone, Copy, Debug)]
struct Jump {
    index: u32,
    target: u32,
}

impl Layout {
    /// The offset of each instruction in code units, with the total size at the end.
    pub(crate) fn offsets(&self) -> &[u32] {
        &self.offsets
    }

    /// Replaces the targets of jumps by distances, finds the offsets (`resolve_jump_offsets`) and writes the
    /// bytecode.
    ///
    /// A longer distance may need another `EXTENDED_ARG`, which moves everything behind it: repeated until
    /// nothing moves. As in CPython, a jump starts out with the size that its target's *index* would need.
    pub(crate) fn resolve(
        &mut self,
        instructions: &mut [Instruction],
        code: &mut Bytecode,
    ) -> Result<(), AssembleError> {
        self.begin(instructions, code)?;
        let mut moved = false;
        while self.set_distances(instructions)? {
            self.place(instructions);
            moved = true;
        }
        if moved {
            self.write_all(instructions, code);
        } else {
            self.write_jumps(instructions, code);
        }
        code.finish(self.offsets.last().copied().unwrap_or(0));
        Ok(())
    }

    /// Places and writes all instructions, lists the jumps among them, and checks that they are real.
    // Not inlined: a loop of its own has all registers.
    #[inline(never)]
    fn begin(&mut self, instructions: &mut [Instruction], code: &mut Bytecode) -> Result<(), AssembleError> {
        let len = instructions.len();
        code.begin(len);
        self.jumps.clear();
        self.offsets.resize(len + 1, 0);
        let mut offset = 0;
        for ((index, instr), slot) in instructions.iter_mut().enumerate().zip(&mut self.offsets) {
            *slot = offset;
            let Plain { most, mut units } = PLAIN[instr.opcode as usize];
            if i64::from(instr.oparg as u32) > most {
                if most < 0 {
                    self.jumps.push(jump(index, instr, len)?);
                    units = PLAIN[instr.opcode as usize].units;
                } else {
                    check_argument(index, instr)?;
                }
                offset = code.write_extended_args(offset, instr.oparg);
            }
            code.write_unit(offset, instr.opcode, instr.oparg);
            offset += units;
        }
        self.offsets[len] = offset;
        Ok(())
    }

    /// Gives each jump its distance; whether one has another size than before.
    fn set_distances(&self, instructions: &mut [Instruction]) -> Result<bool, AssembleError> {
        let mut moved = false;
        for &Jump { index, target } in &self.jumps {
            let (index, target) = (index as usize, target as usize);
            let Instruction { opcode, oparg, .. } = instructions[index];
            let (end, to) = (self.offsets[index + 1], self.offsets[target]);
            let distance = distance(opcode, i64::from(end), i64::from(to))
                .ok_or(AssembleError::Direction { index, opcode, target })?;
            moved |= extended_args(distance) != extended_args(oparg);
            instructions[index].oparg = distance;
        }
        Ok(moved)
    }

    /// Writes the distances of jumps, when nothing has moved.
    fn write_jumps(&self, instructions: &[Instruction], code: &mut Bytecode) {
        for &Jump { index, .. } in &self.jumps {
            let Instruction { opcode, oparg, .. } = instructions[index as usize];
            code.overwrite(self.offsets[index as usize], opcode, oparg);
        }
    }

    fn write_all(&self, instructions: &[Instruction], code: &mut Bytecode) {
        for (instr, &offset) in instructions.iter().zip(&self.offsets) {
            code.write(offset, instr.opcode, instr.oparg);
        }
    }

    fn place(&mut self, instructions: &[Instruction]) {
        let mut offset = 0;
        for (instr, slot) in instructions.iter().zip(&mut self.offsets) {
            *slot = offset;
            offset += size_in_units(instr.opcode, instr.oparg);
        }
        self.offsets[instructions.len()] = offset;
    }
}

/// What placing needs to know of an opcode. Most instructions are plain: no jumps, and with small arguments.
#[derive(Clone, Copy)]
struct Plain {
    /// The greatest argument that needs no `EXTENDED_ARG`; 0 if it takes none, below 0 if it jumps.
    most: i64,
    /// How many code units it takes with its caches.
    units: u32,
}

/// By number.
static PLAIN: [Plain; Opcode::NUMBERS] = opcode_table!(plain, else Plain { most: -1, units: 1 });

const fn plain(opcode: Opcode) -> Plain {
    let most = match (is_jump(opcode), opcode.has_arg()) {
        (true, _) => -1,
        (false, true) => 0xFF,
        (false, false) => 0,
    };
    Plain { most, units: 1 + opcode.caches() as u32 }
}

/// Pseudo-instructions are looked at like jumps.
const fn is_jump(opcode: Opcode) -> bool {
    opcode.has_jump() || opcode.is_pseudo()
}

/// Makes an unconditional jump real (`resolve_unconditional_jumps`).
fn give_direction(index: usize, instr: &mut Instruction) -> Result<(), AssembleError> {
    let forward = usize::try_from(instr.oparg).is_ok_and(|target| target > index);
    instr.opcode = match instr.opcode {
        Opcode::Jump | Opcode::JumpNoInterrupt if forward => Opcode::JumpForward,
        Opcode::Jump => Opcode::JumpBackward,
        Opcode::JumpNoInterrupt => Opcode::JumpBackwardNoInterrupt,
        opcode => return Err(AssembleError::Pseudo { index, opcode }),
    };
    Ok(())
}

/// Whether an argument is what the opcode takes.
#[cold]
fn check_argument(index: usize, instr: &Instruction) -> Result<(), AssembleError> {
    let Instruction { opcode, oparg, .. } = *instr;
    if oparg < 0 || !opcode.has_arg() {
        Err(AssembleError::Argument { index, opcode, oparg })
    } else {
        Ok(())
    }
}

/// A jump, which has a direction from then on.
#[inline(never)]
fn jump(index: usize, instr: &mut Instruction, len: usize) -> Result<Jump, AssembleError> {
    if instr.opcode.is_pseudo() {
        give_direction(index, instr)?;
    }
    let target = instr.oparg as u32;
    if target as usize >= len {
        return Err(AssembleError::Target { index, target: i64::from(instr.oparg) });
    }
    let index = u32::try_from(index).expect("fewer than 2^32 instructions");
    Ok(Jump { index, target })
}

/// The argument of a jump from the end of its own instruction, `from`, to `to`, both in code units.
fn distance(opcode: Opcode, from: i64, to: i64) -> Option<i32> {
    let distance = match opcode {
        Opcode::EndAsyncFor => from - to - END_SEND_OFFSET,
        _ if opcode.is_backward_jump() => from - to,
        _ => to - from,
    };
    i32::try_from(distance).ok().filter(|&d| d >= 0)
}

#[cfg(test)]
mod tests {
    use pycode::Location;

    use super::*;

    fn op(opcode: Opcode, oparg: i32) -> Instruction {
        Instruction { opcode, oparg, location: Location::NONE }
    }

    #[test]
    fn a_jump_grows_when_its_distance_does() {
        let mut code = vec![op(Opcode::Jump, 300)];
        code.extend(std::iter::repeat_n(op(Opcode::Nop, 0), 300));
        let mut layout = Layout::default();
        layout.resolve(&mut code, &mut Bytecode::default()).unwrap();
        assert_eq!((code[0].opcode, code[0].oparg), (Opcode::JumpForward, 299));
        assert_eq!(layout.offsets()[1], 2);
    }

    #[test]
    fn all_is_placed_anew_when_one_jump_grows_and_a_later_one_does_not() {
        let mut code = vec![op(Opcode::Jump, 60)];
        code.extend(std::iter::repeat_n(op(Opcode::LoadAttr, 0), 59));
        code.extend([op(Opcode::Jump, 61), op(Opcode::Nop, 0)]);
        let mut layout = Layout::default();
        layout.resolve(&mut code, &mut Bytecode::default()).unwrap();
        assert_eq!((code[0].oparg, code[60].oparg), (590, 0));
        assert_eq!((layout.offsets()[1], layout.offsets()[61]), (2, 593));
    }

    /// Of `async def f(): async for x in y: pass`, with the arguments that CPython's `dis` shows.
    #[test]
    fn the_end_of_an_async_for_refers_to_the_end_of_the_send() {
        let mut code = vec![
            op(Opcode::GetAnext, 0),
            op(Opcode::LoadConst, 0),
            op(Opcode::Send, 6),
            op(Opcode::YieldValue, 1),
            op(Opcode::Resume, 3),
            op(Opcode::JumpNoInterrupt, 2),
            op(Opcode::EndSend, 0),
            op(Opcode::NotTaken, 0),
            op(Opcode::StoreFast, 0),
            op(Opcode::Jump, 0),
            op(Opcode::CleanupThrow, 0),
            op(Opcode::JumpNoInterrupt, 6),
            op(Opcode::EndAsyncFor, 2),
        ];
        Layout::default().resolve(&mut code, &mut Bytecode::default()).unwrap();
        assert_eq!([2, 5, 9, 11, 12].map(|jump| code[jump].oparg), [3, 5, 12, 7, 8]);
    }

    #[test]
    fn a_jump_back_has_a_cache() {
        let mut code = vec![op(Opcode::Jump, 1), op(Opcode::Jump, 0)];
        let mut layout = Layout::default();
        layout.resolve(&mut code, &mut Bytecode::default()).unwrap();
        assert_eq!((code[1].opcode, layout.offsets()), (Opcode::JumpBackward, &[0, 1, 3][..]));
    }

    #[test]
    fn sequences_that_no_flow_graph_makes_are_refused() {
        let refused =
            |mut code: Vec<_>| Layout::default().resolve(&mut code, &mut Bytecode::default()).unwrap_err();
        let pseudo = refused(vec![op(Opcode::PopBlock, 0)]);
        assert!(matches!(pseudo, AssembleError::Pseudo { index: 0, .. }));
        let outside = refused(vec![op(Opcode::Jump, 1)]);
        assert!(matches!(outside, AssembleError::Target { target: 1, .. }));
        let backward = refused(vec![op(Opcode::Nop, 0), op(Opcode::PopJumpIfTrue, 0)]);
        assert!(matches!(backward, AssembleError::Direction { index: 1, .. }));
        let surplus = refused(vec![op(Opcode::Nop, 1)]);
        assert!(matches!(surplus, AssembleError::Argument { oparg: 1, .. }));
    }
}
