//! Jumps: from target instructions to distances in code units.

use pyinstrseq::OptimizedInstruction;
use pyopcode::Opcode;

use crate::AssembleError;
use crate::bytecode::size_in_units;

/// How far before the target of `END_ASYNC_FOR`'s argument the `SEND` stands: monitoring looks for the
/// `END_SEND` (`END_SEND_OFFSET`).
const END_SEND_OFFSET: i64 = 5;

/// Gives unconditional jumps their direction (`resolve_unconditional_jumps`) and checks that all
/// instructions are real.
pub(crate) fn resolve_directions(instructions: &mut [OptimizedInstruction]) -> Result<(), AssembleError> {
    let len = instructions.len();
    for (index, instr) in instructions.iter_mut().enumerate() {
        let forward = usize::try_from(instr.oparg).is_ok_and(|target| target > index);
        instr.opcode = match instr.opcode {
            Opcode::Jump if forward => Opcode::JumpForward,
            Opcode::Jump => Opcode::JumpBackward,
            Opcode::JumpNoInterrupt if forward => Opcode::JumpForward,
            Opcode::JumpNoInterrupt => Opcode::JumpBackwardNoInterrupt,
            opcode if opcode.is_pseudo() => return Err(AssembleError::Pseudo { index, opcode }),
            opcode => opcode,
        };
        check_argument(index, instr, len)?;
    }
    Ok(())
}

fn check_argument(index: usize, instr: &OptimizedInstruction, len: usize) -> Result<(), AssembleError> {
    let &OptimizedInstruction { opcode, oparg, .. } = instr;
    if opcode.has_jump() && usize::try_from(oparg).is_ok_and(|target| target >= len) {
        return Err(AssembleError::Target { index, target: i64::from(oparg) });
    }
    if oparg < 0 || (oparg > 0 && !opcode.has_arg()) {
        return Err(AssembleError::Argument { index, opcode, oparg });
    }
    Ok(())
}

/// Replaces the targets of jumps by distances and gives the offset of each instruction in code units,
/// with the total size at the end (`resolve_jump_offsets`).
///
/// A longer distance may need another `EXTENDED_ARG`, which moves everything behind it: repeated until
/// nothing moves. As in CPython, a jump starts out with the size that its target's *index* would need.
pub(crate) fn resolve_offsets(instructions: &mut [OptimizedInstruction]) -> Result<Vec<u32>, AssembleError> {
    let jumps: Vec<(usize, usize)> = instructions
        .iter()
        .enumerate()
        .filter(|(_, instr)| instr.opcode.has_jump())
        .map(|(index, instr)| (index, instr.oparg as usize))
        .collect();
    let mut offsets = vec![0; instructions.len() + 1];
    loop {
        place(instructions, &mut offsets);
        let mut moved = false;
        for &(index, target) in &jumps {
            let instr = &mut instructions[index];
            let size = size_in_units(instr);
            instr.oparg = distance(instr.opcode, i64::from(offsets[index + 1]), i64::from(offsets[target]))
                .ok_or(AssembleError::Direction { index, opcode: instr.opcode, target })?;
            moved |= size_in_units(instr) != size;
        }
        if !moved {
            return Ok(offsets);
        }
    }
}

fn place(instructions: &[OptimizedInstruction], offsets: &mut [u32]) {
    let mut offset = 0;
    for (instr, slot) in instructions.iter().zip(offsets.iter_mut()) {
        *slot = offset;
        offset += size_in_units(instr);
    }
    offsets[instructions.len()] = offset;
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

    fn op(opcode: Opcode, oparg: i32) -> OptimizedInstruction {
        OptimizedInstruction { opcode, oparg, location: Location::NONE, handler: None }
    }

    #[test]
    fn a_jump_grows_when_its_distance_does() {
        let mut code = vec![op(Opcode::Jump, 300)];
        code.extend(std::iter::repeat_n(op(Opcode::Nop, 0), 300));
        resolve_directions(&mut code).unwrap();
        let offsets = resolve_offsets(&mut code).unwrap();
        assert_eq!((code[0].opcode, code[0].oparg), (Opcode::JumpForward, 299));
        assert_eq!(offsets[1], 2);
    }

    #[test]
    fn sequences_that_no_flow_graph_makes_are_refused() {
        let mut pseudo = [op(Opcode::PopBlock, 0)];
        assert!(matches!(resolve_directions(&mut pseudo), Err(AssembleError::Pseudo { index: 0, .. })));
        let mut outside = [op(Opcode::Jump, 1)];
        assert!(matches!(resolve_directions(&mut outside), Err(AssembleError::Target { target: 1, .. })));
        let mut backward = [op(Opcode::Nop, 0), op(Opcode::PopJumpIfTrue, 0)];
        assert!(matches!(resolve_offsets(&mut backward), Err(AssembleError::Direction { index: 1, .. })));
    }
}
