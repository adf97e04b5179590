//! Questions about an opcode, as `Include/internal/pycore_opcode_utils.h` asks them.

use std::fmt;

use crate::generated::opcode::{CACHES, FLAGS};
use crate::{Opcode, OpcodeFlags, opcode_table};

// What an opcode does to control flow, as bits: the flow graph asks for it all the time.
const JUMP: u8 = 1;
const BLOCK_PUSH: u8 = 1 << 1;
const SCOPE_EXIT: u8 = 1 << 2;
const UNCONDITIONAL_JUMP: u8 = 1 << 3;
const CONDITIONAL_JUMP: u8 = 1 << 4;

/// By number.
static SHAPES: [u8; Opcode::NUMBERS] = opcode_table!(shape_of, else 0);

const fn shape_of(opcode: Opcode) -> u8 {
    let jump = if opcode.flags().contains(OpcodeFlags::JUMP) { JUMP } else { 0 };
    let shape = match opcode {
        Opcode::SetupFinally | Opcode::SetupWith | Opcode::SetupCleanup => BLOCK_PUSH,
        Opcode::ReturnValue | Opcode::RaiseVarargs | Opcode::Reraise => SCOPE_EXIT,
        Opcode::Jump
        | Opcode::JumpNoInterrupt
        | Opcode::JumpForward
        | Opcode::JumpBackward
        | Opcode::JumpBackwardNoInterrupt => UNCONDITIONAL_JUMP,
        Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
            CONDITIONAL_JUMP
        }
        _ => 0,
    };
    jump | shape
}

impl Opcode {
    /// One more than the greatest [`number`](Self::number): the length of a table of all opcodes.
    pub const NUMBERS: usize = FLAGS.len();

    /// The number: a byte for real instructions, 256 and up for pseudo-instructions.
    #[inline]
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// What is known of it.
    #[inline]
    pub const fn flags(self) -> OpcodeFlags {
        FLAGS[self as usize]
    }

    /// How many code units of inline cache follow it.
    #[inline]
    pub const fn caches(self) -> usize {
        CACHES[self as usize] as usize
    }

    /// Whether it uses its argument.
    #[inline]
    pub const fn has_arg(self) -> bool {
        self.flags().contains(OpcodeFlags::ARG)
    }

    /// Whether the argument is an index of a constant.
    #[inline]
    pub const fn has_const(self) -> bool {
        self.flags().contains(OpcodeFlags::CONST)
    }

    /// Whether the argument is an index of a name, maybe shifted.
    #[inline]
    pub const fn has_name(self) -> bool {
        self.flags().contains(OpcodeFlags::NAME)
    }

    /// Whether it jumps.
    #[inline]
    pub const fn has_jump(self) -> bool {
        self.has_shape(JUMP)
    }

    /// Whether the argument is an index of a cell or free variable.
    #[inline]
    pub const fn has_free(self) -> bool {
        self.flags().contains(OpcodeFlags::FREE)
    }

    /// Whether the argument is an index of a local variable.
    #[inline]
    pub const fn has_local(self) -> bool {
        self.flags().contains(OpcodeFlags::LOCAL)
    }

    /// Whether only the compiler knows it: it never reaches a code object.
    #[inline]
    pub const fn is_pseudo(self) -> bool {
        self as u16 >= 256
    }

    /// Whether it opens a block with an exception handler at its target.
    #[inline]
    pub const fn is_block_push(self) -> bool {
        self.has_shape(BLOCK_PUSH)
    }

    /// Whether the argument is a jump target or a handler.
    #[inline]
    pub const fn has_target(self) -> bool {
        self.has_shape(JUMP | BLOCK_PUSH)
    }

    /// Whether control never comes out of it: return, raise, reraise.
    #[inline]
    pub const fn is_scope_exit(self) -> bool {
        self.has_shape(SCOPE_EXIT)
    }

    /// Whether it must be the last of its basic block.
    #[inline]
    pub const fn is_terminator(self) -> bool {
        self.has_shape(JUMP | SCOPE_EXIT)
    }

    /// Whether it always jumps.
    #[inline]
    pub const fn is_unconditional_jump(self) -> bool {
        self.has_shape(UNCONDITIONAL_JUMP)
    }

    /// Whether what follows it in the code runs after it: it neither always jumps nor exits.
    #[inline]
    pub const fn falls_through(self) -> bool {
        !self.has_shape(UNCONDITIONAL_JUMP | SCOPE_EXIT)
    }

    /// Whether it jumps on a condition that it takes from the stack.
    #[inline]
    pub const fn is_conditional_jump(self) -> bool {
        self.has_shape(CONDITIONAL_JUMP)
    }

    #[inline]
    const fn has_shape(self, shapes: u8) -> bool {
        SHAPES[self as usize] & shapes != 0
    }

    /// Whether it jumps backwards.
    pub const fn is_backward_jump(self) -> bool {
        matches!(self, Opcode::JumpBackward | Opcode::JumpBackwardNoInterrupt)
    }

    /// Whether only the assembler emits it.
    pub const fn is_assembler_opcode(self) -> bool {
        matches!(self, Opcode::JumpForward | Opcode::JumpBackward | Opcode::JumpBackwardNoInterrupt)
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_back() {
        for &op in Opcode::ALL {
            assert_eq!(Opcode::from_number(op.number()), Some(op));
            assert_eq!(Opcode::from_name(op.name()), Some(op));
        }
    }

    #[test]
    fn shapes_are_those_of_the_header() {
        let names = |test: fn(Opcode) -> bool| {
            Opcode::ALL.iter().filter(|op| test(**op)).map(|op| op.name()).collect::<Vec<_>>()
        };
        assert_eq!(names(Opcode::is_scope_exit), ["RETURN_VALUE", "RAISE_VARARGS", "RERAISE"]);
        assert_eq!(names(Opcode::is_block_push), ["SETUP_CLEANUP", "SETUP_FINALLY", "SETUP_WITH"]);
        assert!(Opcode::ForIter.has_jump() && Opcode::ForIter.falls_through());
        assert!(Opcode::Jump.is_terminator() && !Opcode::Jump.falls_through());
        assert!(Opcode::SetupWith.has_target() && !Opcode::SetupWith.is_terminator());
    }

    #[test]
    fn stack_effects_are_those_of_the_header() {
        assert_eq!((Opcode::Call.popped(3), Opcode::Call.pushed(3)), (5, 1));
        assert_eq!(Opcode::UnpackEx.pushed(0x102), 1 + 2 + 1);
    }
}
