//! What instructions do to the depth of the stack.
//!
//! CPython's counterpart: `get_stack_effects` in `Python/flowgraph.c`.

use pyopcode::{Opcode, opcode_table};

/// How many entries an instruction takes and gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StackEffect {
    pub popped: i32,
    pub pushed: i32,
}

impl StackEffect {
    /// That of an instruction that, if it can jump or push a block, does.
    #[inline]
    pub(crate) fn of(opcode: Opcode, oparg: i32) -> StackEffect {
        let counts = &COUNTS[opcode as usize];
        if counts.is_irregular {
            return StackEffect::irregular(opcode, oparg);
        }
        StackEffect { popped: counts.popped.at(oparg), pushed: counts.pushed.at(oparg) }
    }

    /// By how much the stack grows.
    #[inline]
    pub(crate) fn net(self) -> i32 {
        self.pushed - self.popped
    }

    /// By how much the stack grows for an instruction.
    #[inline]
    pub(crate) fn net_of(opcode: Opcode, oparg: i32) -> i32 {
        let net = &NETS[opcode as usize];
        if net.is_irregular {
            return StackEffect::irregular(opcode, oparg).net();
        }
        net.count.at(oparg)
    }

    #[cold]
    fn irregular(opcode: Opcode, oparg: i32) -> StackEffect {
        StackEffect { popped: opcode.popped(oparg), pushed: opcode.pushed(oparg) }
    }
}

/// A count that depends on the argument and its lowest bit: the tables of the opcodes are long chains
/// of cases, too slow to ask for each instruction.
#[derive(Clone, Copy)]
struct Count {
    base: i8,
    factor: i8,
    low_bit: i8,
}

#[derive(Clone, Copy)]
struct Counts {
    popped: Count,
    pushed: Count,
    /// For `UNPACK_EX`, which has two counts in its argument.
    is_irregular: bool,
}

static COUNTS: [Counts; Opcode::NUMBERS] = opcode_table!(Counts::of, else Counts::of(Opcode::Nop));

/// By how much an opcode makes the stack grow, in a word of its own: asked for most.
#[derive(Clone, Copy)]
struct Net {
    count: Count,
    is_irregular: bool,
}

static NETS: [Net; Opcode::NUMBERS] = opcode_table!(Net::of, else Net::of(Opcode::Nop));

impl Net {
    const fn of(opcode: Opcode) -> Net {
        let Counts { popped, pushed, is_irregular } = Counts::of(opcode);
        let count = Count {
            base: pushed.base - popped.base,
            factor: pushed.factor - popped.factor,
            low_bit: pushed.low_bit - popped.low_bit,
        };
        Net { count, is_irregular }
    }
}

impl Counts {
    const fn of(opcode: Opcode) -> Counts {
        let popped = Count::through([opcode.popped(0), opcode.popped(1), opcode.popped(2)]);
        let pushed = Count::through([opcode.pushed(0), opcode.pushed(1), opcode.pushed(2)]);
        let is_irregular =
            popped.at(SAMPLE) != opcode.popped(SAMPLE) || pushed.at(SAMPLE) != opcode.pushed(SAMPLE);
        Counts { popped, pushed, is_irregular }
    }
}

/// An argument that tells bytes apart.
const SAMPLE: i32 = 0x1203;

impl Count {
    /// The count that has these values at 0, 1 and 2.
    const fn through([zero, one, two]: [i32; 3]) -> Count {
        let factor = (two - zero) / 2;
        Count { base: zero as i8, factor: factor as i8, low_bit: (one - zero - factor) as i8 }
    }

    #[inline]
    const fn at(self, oparg: i32) -> i32 {
        self.base as i32 + self.factor as i32 * oparg + self.low_bit as i32 * (oparg & 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_table_agrees_with_the_tables() {
        for &opcode in Opcode::ALL {
            for oparg in (0..70).chain([255, 256, 257, 0x1FF, 0x7F03, 65535]) {
                let expected = StackEffect { popped: opcode.popped(oparg), pushed: opcode.pushed(oparg) };
                assert_eq!(StackEffect::of(opcode, oparg), expected, "{opcode} {oparg}");
                assert_eq!(StackEffect::net_of(opcode, oparg), expected.net(), "{opcode} {oparg}");
            }
        }
        let irregular: Vec<&Opcode> =
            Opcode::ALL.iter().filter(|op| COUNTS[**op as usize].is_irregular).collect();
        assert_eq!(irregular, [&Opcode::UnpackEx]);
    }
}
