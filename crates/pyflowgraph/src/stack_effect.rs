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
    pub(crate) fn of(opcode: Opcode, oparg: i32) -> StackEffect {
        StackEffect { popped: opcode.popped(oparg), pushed: opcode.pushed(oparg) }
    }

    /// By how much the stack grows for an instruction.
    #[inline]
    pub(crate) fn net_of(opcode: Opcode, oparg: i32) -> i64 {
        let net = &NETS[opcode as usize];
        if net.is_irregular {
            return StackEffect::irregular_net(opcode, oparg);
        }
        net.at_wide(oparg)
    }

    #[cold]
    fn irregular_net(opcode: Opcode, oparg: i32) -> i64 {
        i64::from(opcode.pushed(oparg)) - i64::from(opcode.popped(oparg))
    }
}

/// By how much an opcode makes the stack grow.
static NETS: [Count; Opcode::NUMBERS] = opcode_table!(net_of, else net_of(Opcode::Nop));

const fn net_of(opcode: Opcode) -> Count {
    Count::through([net(opcode, 0), net(opcode, 1), net(opcode, 2), net(opcode, SAMPLE)])
}

const fn net(opcode: Opcode, oparg: i32) -> i32 {
    opcode.pushed(oparg) - opcode.popped(oparg)
}

/// An argument that tells bytes apart.
const SAMPLE: i32 = 0x1203;

/// A count that depends on the argument or on its lowest bit: the tables of the opcodes are long chains of cases, too
/// slow to ask for each instruction.
#[derive(Clone, Copy)]
pub(crate) struct Count {
    base: i8,
    factor: i8,
    /// Which bits of the argument count: the lowest, or all.
    mask: i8,
    is_irregular: bool,
}

impl Count {
    /// How many entries an opcode takes.
    pub(crate) const fn popped_of(opcode: Opcode) -> Count {
        Count::through([opcode.popped(0), opcode.popped(1), opcode.popped(2), opcode.popped(SAMPLE)])
    }

    /// How many entries an opcode gives.
    pub(crate) const fn pushed_of(opcode: Opcode) -> Count {
        Count::through([opcode.pushed(0), opcode.pushed(1), opcode.pushed(2), opcode.pushed(SAMPLE)])
    }

    /// By how much an opcode makes the stack shrink.
    pub(crate) const fn shrinking_of(opcode: Opcode) -> Count {
        let net = net_of(opcode);
        Count { base: -net.base, factor: -net.factor, ..net }
    }

    /// One that depends on nothing.
    pub(crate) const fn constant(count: i8) -> Count {
        Count { base: count, factor: 0, mask: 0, is_irregular: false }
    }

    /// The count that has these values at 0, 1, 2 and [`SAMPLE`].
    const fn through([zero, one, two, sample]: [i32; 4]) -> Count {
        let mask = if zero == two { 1 } else { -1 };
        let count = Count { base: zero as i8, factor: (one - zero) as i8, mask, is_irregular: false };
        Count { is_irregular: count.at(SAMPLE) != sample, ..count }
    }

    /// Whether it is no such count, so that [`at`](Self::at) is wrong: of `UNPACK_EX`, which has two counts in its
    /// argument.
    pub(crate) const fn is_irregular(self) -> bool {
        self.is_irregular
    }

    /// The count for an argument.
    #[inline]
    pub(crate) const fn at(self, oparg: i32) -> i32 {
        self.base as i32 + self.factor as i32 * (oparg & self.mask as i32)
    }

    /// [`at`](Self::at) for any argument at all.
    #[inline]
    const fn at_wide(self, oparg: i32) -> i64 {
        self.base as i64 + self.factor as i64 * (oparg as i64 & self.mask as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_table_agrees_with_the_tables() {
        for &opcode in Opcode::ALL {
            for oparg in (0..70).chain([255, 256, 257, 0x1FF, 0x7F03, 65535]) {
                let expected = StackEffect::of(opcode, oparg);
                assert_eq!(
                    StackEffect::net_of(opcode, oparg),
                    i64::from(expected.pushed - expected.popped),
                    "{opcode} {oparg}"
                );
                let [popped, pushed] = [Count::popped_of(opcode), Count::pushed_of(opcode)];
                assert!(popped.is_irregular || popped.at(oparg) == expected.popped, "{opcode} {oparg}");
                assert!(pushed.is_irregular || pushed.at(oparg) == expected.pushed, "{opcode} {oparg}");
            }
        }
        let irregular: Vec<&Opcode> =
            Opcode::ALL.iter().filter(|op| NETS[**op as usize].is_irregular).collect();
        assert_eq!(irregular, [&Opcode::UnpackEx]);
    }
}
