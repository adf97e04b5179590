//! Questions about an opcode, as `Include/internal/pycore_opcode_utils.h` asks them.

use std::fmt;

use crate::generated::opcode::{CACHES, FLAGS};
use crate::{Opcode, OpcodeFlags};

impl Opcode {
    /// The number: a byte for real instructions, 256 and up for pseudo-instructions.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// What is known of it.
    pub const fn flags(self) -> OpcodeFlags {
        FLAGS[self as usize]
    }

    /// How many code units of inline cache follow it.
    pub const fn caches(self) -> usize {
        CACHES[self as usize] as usize
    }

    /// Whether it uses its argument.
    pub const fn has_arg(self) -> bool {
        self.flags().contains(OpcodeFlags::ARG)
    }

    /// Whether the argument is an index of a constant.
    pub const fn has_const(self) -> bool {
        self.flags().contains(OpcodeFlags::CONST)
    }

    /// Whether the argument is an index of a name, maybe shifted.
    pub const fn has_name(self) -> bool {
        self.flags().contains(OpcodeFlags::NAME)
    }

    /// Whether it jumps.
    pub const fn has_jump(self) -> bool {
        self.flags().contains(OpcodeFlags::JUMP)
    }

    /// Whether the argument is an index of a cell or free variable.
    pub const fn has_free(self) -> bool {
        self.flags().contains(OpcodeFlags::FREE)
    }

    /// Whether the argument is an index of a local variable.
    pub const fn has_local(self) -> bool {
        self.flags().contains(OpcodeFlags::LOCAL)
    }

    /// Whether only the compiler knows it: it never reaches a code object.
    pub const fn is_pseudo(self) -> bool {
        self as u16 >= 256
    }

    /// Whether it opens a block with an exception handler at its target.
    pub const fn is_block_push(self) -> bool {
        matches!(self, Opcode::SetupFinally | Opcode::SetupWith | Opcode::SetupCleanup)
    }

    /// Whether the argument is a jump target or a handler.
    pub const fn has_target(self) -> bool {
        self.has_jump() || self.is_block_push()
    }

    /// Whether control never comes out of it: return, raise, reraise.
    pub const fn is_scope_exit(self) -> bool {
        matches!(self, Opcode::ReturnValue | Opcode::RaiseVarargs | Opcode::Reraise)
    }

    /// Whether it must be the last of its basic block.
    pub const fn is_terminator(self) -> bool {
        self.has_jump() || self.is_scope_exit()
    }

    /// Whether it always jumps.
    pub const fn is_unconditional_jump(self) -> bool {
        matches!(
            self,
            Opcode::Jump
                | Opcode::JumpNoInterrupt
                | Opcode::JumpForward
                | Opcode::JumpBackward
                | Opcode::JumpBackwardNoInterrupt
        )
    }

    /// Whether it jumps on a condition that it takes from the stack.
    pub const fn is_conditional_jump(self) -> bool {
        matches!(
            self,
            Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone
        )
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
    fn stack_effects_are_those_of_the_header() {
        assert_eq!((Opcode::Call.popped(3), Opcode::Call.pushed(3)), (5, 1));
        assert_eq!(Opcode::UnpackEx.pushed(0x102), 1 + 2 + 1);
    }
}
