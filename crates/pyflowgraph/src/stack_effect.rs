//! What instructions do to the depth of the stack.
//!
//! CPython's counterpart: `get_stack_effects` in `Python/flowgraph.c`.

use pyopcode::Opcode;

use crate::traits::OPCODE_NUMBERS;

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
        let fixed = FIXED[opcode as usize];
        if fixed.popped == VARIES {
            return StackEffect { popped: opcode.popped(oparg), pushed: opcode.pushed(oparg) };
        }
        StackEffect { popped: i32::from(fixed.popped), pushed: i32::from(fixed.pushed) }
    }

    /// By how much the stack grows.
    #[inline]
    pub(crate) fn net(self) -> i32 {
        self.pushed - self.popped
    }
}

/// By how much the stack grows if the instruction does not jump: a block push has its effect on
/// the way to the handler only.
#[inline]
pub(crate) fn without_jump(opcode: Opcode, effect: StackEffect) -> i32 {
    if opcode.is_block_push() { 0 } else { effect.net() }
}

/// An effect that does not depend on the argument.
#[derive(Clone, Copy)]
struct Fixed {
    popped: i8,
    pushed: i8,
}

/// Marks an effect that does.
const VARIES: i8 = -1;

/// By number of the opcode. The tables are long chains of cases, too slow for each instruction.
const FIXED: [Fixed; OPCODE_NUMBERS] = fixed_effects();

/// Every effect is a sum of terms that are constant or linear in the argument, in its lowest bit, or
/// in one of its bytes: these tell them apart.
const SAMPLES: [i32; 6] = [0, 1, 2, 3, 0x100, 0x1234];

const fn fixed_effects() -> [Fixed; OPCODE_NUMBERS] {
    let mut table = [Fixed { popped: VARIES, pushed: VARIES }; OPCODE_NUMBERS];
    let mut i = 0;
    while i < Opcode::ALL.len() {
        let opcode = Opcode::ALL[i];
        let (popped, pushed) = (opcode.popped(0), opcode.pushed(0));
        let mut is_fixed = true;
        let mut sample = 0;
        while sample < SAMPLES.len() {
            let oparg = SAMPLES[sample];
            is_fixed = is_fixed && opcode.popped(oparg) == popped && opcode.pushed(oparg) == pushed;
            sample += 1;
        }
        if is_fixed {
            table[opcode as usize] = Fixed { popped: popped as i8, pushed: pushed as i8 };
        }
        i += 1;
    }
    table
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
            }
        }
    }
}
