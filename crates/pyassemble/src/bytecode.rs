//! The bytecode: code units of two bytes.

use pyinstrseq::Instruction;
use pyopcode::Opcode;

/// How many code units an instruction takes, with its `EXTENDED_ARG`s and inline caches
/// (`instr_size`).
#[inline]
pub(crate) fn size_in_units(opcode: Opcode, oparg: i32) -> u32 {
    extended_args(oparg) + 1 + opcode.caches() as u32
}

/// How many `EXTENDED_ARG`s an argument needs.
#[inline]
pub(crate) fn extended_args(oparg: i32) -> u32 {
    if oparg <= 0xFF { 0 } else { 1 + u32::from(oparg > 0xFFFF) + u32::from(oparg > 0xFF_FFFF) }
}

/// Writes the units of `co_code`; caches are zero. `offsets` are those of the instructions and the end.
pub(crate) fn emit(instructions: &[Instruction], offsets: &[u32], code: &mut Vec<[u8; 2]>) {
    let units = offsets.last().copied().unwrap_or(0) as usize;
    code.clear();
    code.resize(units, [0; 2]);
    for (instr, &offset) in instructions.iter().zip(offsets) {
        let mut at = offset as usize;
        if instr.oparg > 0xFF {
            at += emit_extended_args(instr.oparg, &mut code[at..]);
        }
        code[at] = [instr.opcode.number() as u8, instr.oparg as u8];
    }
}

/// Writes the `EXTENDED_ARG`s of an argument and gives their number.
#[cold]
fn emit_extended_args(oparg: i32, code: &mut [[u8; 2]]) -> usize {
    let count = extended_args(oparg) as usize;
    for (index, unit) in code[..count].iter_mut().enumerate() {
        *unit = [Opcode::ExtendedArg.number() as u8, (oparg >> (8 * (count - index))) as u8];
    }
    count
}

#[cfg(test)]
mod tests {
    use pycode::Location;

    use super::*;

    /// What `_testinternalcapi.assemble_code_object` makes of `LOAD_NAME` with these arguments. No program has
    /// arguments of four bytes.
    #[test]
    fn arguments_of_each_size() {
        let arguments = [0xFF, 0x100, 0xFFFF, 0x1_0000, 0xFF_FFFF, 0x100_0000, 0x1234_5678, 0x7FFF_FFFF];
        let load = |oparg| Instruction::new(Opcode::LoadName, oparg, Location::NONE);
        let mut offsets = vec![0];
        offsets.extend(arguments.iter().scan(0, |end, &oparg| {
            *end += size_in_units(Opcode::LoadName, oparg);
            Some(*end)
        }));
        let mut code = Vec::new();
        emit(&arguments.map(load), &offsets, &mut code);
        let units: Vec<String> = code.iter().map(|[op, arg]| format!("{op:02x}{arg:02x}")).collect();
        let expected = "5dff 4501 5d00 45ff 5dff 4501 4500 5d00 45ff 45ff 5dff 4501 4500 4500 5d00 \
                        4512 4534 4556 5d78 457f 45ff 45ff 5dff";
        assert_eq!(units.join(" "), expected);
    }
}
