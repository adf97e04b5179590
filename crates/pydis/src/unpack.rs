//! From bytecode to opcodes with arguments (`_unpack_opargs`).

use pyopcode::Opcode;

use crate::opcode_info;

/// An instruction without its meaning.
#[derive(Clone, Copy, Debug)]
pub struct Unpacked {
    /// Where it is, in bytes.
    pub offset: u32,
    /// Where the `EXTENDED_ARG`s before it begin.
    pub start_offset: u32,
    /// The opcode byte.
    pub opcode: u8,
    /// Its general form, if there is such an opcode.
    pub base: Option<Opcode>,
    /// Its argument, if it uses one.
    pub arg: Option<i64>,
}

/// The instructions of a bytecode, inline caches left out: quick, whatever the arguments refer to.
pub struct Unpack<'a> {
    code: &'a [u8],
    offset: usize,
    extended: i64,
    prefixes: u32,
}

impl<'a> Unpack<'a> {
    /// From the first instruction.
    pub fn new(code: &'a [u8]) -> Self {
        Unpack { code, offset: 0, extended: 0, prefixes: 0 }
    }
}

impl Iterator for Unpack<'_> {
    type Item = Unpacked;

    fn next(&mut self) -> Option<Unpacked> {
        let opcode = *self.code.get(self.offset)?;
        let low = self.code.get(self.offset + 1).copied().unwrap_or(0);
        let offset = u32::try_from(self.offset).ok()?;
        let base = opcode_info::base(opcode);
        self.offset += 2 + 2 * base.map_or(0, Opcode::caches);
        let arg = base.filter(|op| op.has_arg()).map(|_| i64::from(low) | self.extended);
        let is_prefix = base == Some(Opcode::ExtendedArg);
        self.extended = if is_prefix { shifted(arg.unwrap_or(0)) } else { 0 };
        let start_offset = if is_prefix { offset } else { offset - 2 * self.prefixes };
        self.prefixes = if is_prefix { self.prefixes + 1 } else { 0 };
        Some(Unpacked { offset, start_offset, opcode, base, arg })
    }
}

/// In C the argument is an `int`, which overflows.
fn shifted(arg: i64) -> i64 {
    let extended = arg.wrapping_shl(8);
    if extended >= 1 << 31 { extended - (1 << 32) } else { extended }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `dis._unpack_opargs` of CPython gives.
    #[test]
    fn an_argument_of_more_than_31_bits_is_negative() {
        let last = |code: &[u8]| Unpack::new(code).last().and_then(|unpacked| unpacked.arg);
        assert_eq!(last(&[69, 0x7F, 69, 0xFF, 69, 0xFF, 82, 0xFF]), Some(2_147_483_647));
        assert_eq!(last(&[69, 0x80, 69, 0, 69, 0, 82, 7]), Some(-2_147_483_641));
    }
}
