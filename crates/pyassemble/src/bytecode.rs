//! The bytecode: code units of two bytes.

use pyinstrseq::OptimizedInstruction;
use pyopcode::Opcode;

/// How many code units an instruction takes, with its `EXTENDED_ARG`s and inline caches
/// (`instr_size`).
pub(crate) fn size_in_units(instr: &OptimizedInstruction) -> u32 {
    extended_args(instr.oparg) + 1 + instr.opcode.caches() as u32
}

/// How many `EXTENDED_ARG`s an argument needs.
fn extended_args(oparg: i32) -> u32 {
    u32::from(oparg > 0xFF) + u32::from(oparg > 0xFFFF) + u32::from(oparg > 0xFF_FFFF)
}

/// The bytes of `co_code`; caches are zero.
pub(crate) fn emit(instructions: &[OptimizedInstruction], offsets: &[u32]) -> Vec<u8> {
    let units = offsets.last().copied().unwrap_or(0) as usize;
    let mut code = Vec::with_capacity(units * 2);
    for instr in instructions {
        for byte in (1..=extended_args(instr.oparg)).rev() {
            code.extend([Opcode::ExtendedArg.number() as u8, (instr.oparg >> (8 * byte)) as u8]);
        }
        code.extend([instr.opcode.number() as u8, instr.oparg as u8]);
        code.resize(code.len() + 2 * instr.opcode.caches(), 0);
    }
    debug_assert_eq!(code.len(), units * 2, "offsets agree with the bytecode");
    code
}
