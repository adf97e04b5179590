//! Tables by opcode.

/// A table of what a `const fn` says about each opcode, by its number; the numbers that no opcode has get a
/// filler. What passes ask of each instruction is quicker looked up than matched: which opcode stands
/// somewhere is hard to predict.
///
/// ```
/// use pyopcode::{Opcode, opcode_table};
/// const fn size(opcode: Opcode) -> u8 {
///     1 + opcode.caches() as u8
/// }
/// static SIZES: [u8; Opcode::NUMBERS] = opcode_table!(size, else 0);
/// assert_eq!(SIZES[Opcode::BinaryOp as usize], 6);
/// ```
#[macro_export]
macro_rules! opcode_table {
    ($of:path, else $filler:expr) => {{
        let mut table = [$filler; $crate::Opcode::NUMBERS];
        let mut i = 0;
        while i < $crate::Opcode::ALL.len() {
            let opcode = $crate::Opcode::ALL[i];
            table[opcode as usize] = $of(opcode);
            i += 1;
        }
        table
    }};
}
