//! The bytecode: code units of two bytes.

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

/// How many code units the longest instruction takes without `EXTENDED_ARG`s.
const MOST_UNITS: usize = {
    let (mut most, mut i) = (0, 0);
    while i < Opcode::ALL.len() {
        let units = 1 + Opcode::ALL[i].caches();
        most = if units > most { units } else { most };
        i += 1;
    }
    most
};

/// How many `EXTENDED_ARG`s there can be.
const MOST_EXTENDED_ARGS: usize = 3;

/// `co_code` as it grows; caches are zero.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bytecode {
    /// The units, and behind them some of no meaning: instructions are written without asking for room.
    units: Vec<[u8; 2]>,
    len: usize,
}

impl Bytecode {
    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.units[..self.len].as_flattened()
    }

    /// Makes room for so many instructions.
    pub(crate) fn begin(&mut self, instructions: usize) {
        let most = instructions * (MOST_EXTENDED_ARGS + MOST_UNITS);
        if self.units.len() < most {
            self.units.resize(most, [0; 2]);
        }
    }

    /// Says how many units there are in the end.
    pub(crate) fn finish(&mut self, units: u32) {
        self.len = units as usize;
    }

    /// Writes an instruction, and empty caches over what follows it.
    #[inline]
    pub(crate) fn write(&mut self, offset: u32, opcode: Opcode, oparg: i32) {
        let at = self.write_extended_args(offset, oparg);
        self.write_unit(at, opcode, oparg);
    }

    /// Writes an instruction behind its `EXTENDED_ARG`s, and empty caches over what follows it.
    #[inline]
    pub(crate) fn write_unit(&mut self, at: u32, opcode: Opcode, oparg: i32) {
        let mut units = [[0; 2]; MOST_UNITS];
        units[0] = unit(opcode, oparg);
        self.units[at as usize..at as usize + MOST_UNITS].copy_from_slice(&units);
    }

    /// Writes an instruction over one that takes as many units.
    #[inline]
    pub(crate) fn overwrite(&mut self, offset: u32, opcode: Opcode, oparg: i32) {
        let at = self.write_extended_args(offset, oparg);
        self.units[at as usize] = unit(opcode, oparg);
    }

    /// Writes the `EXTENDED_ARG`s of an instruction, if it has some, and gives the place behind them.
    #[inline]
    pub(crate) fn write_extended_args(&mut self, offset: u32, oparg: i32) -> u32 {
        if oparg <= 0xFF {
            return offset;
        }
        offset + emit_extended_args(oparg, &mut self.units[offset as usize..])
    }
}

#[inline]
fn unit(opcode: Opcode, oparg: i32) -> [u8; 2] {
    [opcode.number() as u8, oparg as u8]
}

/// Writes the `EXTENDED_ARG`s of an argument and gives their number.
#[cold]
fn emit_extended_args(oparg: i32, code: &mut [[u8; 2]]) -> u32 {
    let count = extended_args(oparg);
    for (unit, shift) in code.iter_mut().zip((1..=count).rev()) {
        *unit = [Opcode::ExtendedArg.number() as u8, (oparg >> (8 * shift)) as u8];
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `_testinternalcapi.assemble_code_object` makes of `LOAD_NAME` with these arguments. No program has
    /// arguments of four bytes.
    #[test]
    fn arguments_of_each_size() {
        let arguments = [0xFF, 0x100, 0xFFFF, 0x1_0000, 0xFF_FFFF, 0x100_0000, 0x1234_5678, 0x7FFF_FFFF];
        let (mut code, mut end) = (Bytecode::default(), 0);
        code.begin(arguments.len());
        for oparg in arguments {
            code.write(end, Opcode::LoadName, oparg);
            end += size_in_units(Opcode::LoadName, oparg);
        }
        code.finish(end);
        let units = code.bytes().chunks_exact(2).map(|unit| format!("{:02x}{:02x}", unit[0], unit[1]));
        let units: Vec<String> = units.collect();
        let expected = "5dff 4501 5d00 45ff 5dff 4501 4500 5d00 45ff 45ff 5dff 4501 4500 4500 5d00 \
                        4512 4534 4556 5d78 457f 45ff 45ff 5dff";
        assert_eq!(units.join(" "), expected);
    }
}
