//! What a block may contain, so that passes can pass over blocks that do not concern them.
//!
//! Most passes look for a few opcodes that most blocks do not have. A bit that is not set is a
//! promise; one that is set may be out of date. The [verifier](crate::verify) checks the promises.

use std::ops::{BitOr, BitOrAssign};

use pyopcode::{Opcode, opcode_table};

use crate::Instr;

/// A set of things that instructions can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Traits(u16);

impl Traits {
    /// Everything.
    pub(crate) const ALL: Traits = Traits(u16::MAX);
    /// Nothing of note.
    pub(crate) const NONE: Traits = Traits(0);
    /// `NOP`
    pub(crate) const NOPS: Traits = Traits(1);
    /// Instructions without line.
    pub(crate) const UNLINED: Traits = Traits(1 << 1);
    /// `SETUP_*` or `POP_BLOCK`
    pub(crate) const BLOCKS: Traits = Traits(1 << 2);
    /// What the exception stack is to be known for: `YIELD_VALUE`, `RESUME`, `RETURN_GENERATOR`.
    pub(crate) const YIELDS: Traits = Traits(1 << 3);
    /// Pseudo-instructions that stand for a real one.
    pub(crate) const PSEUDO: Traits = Traits(1 << 4);
    /// `LOAD_CONST` and the like, `LOAD_SMALL_INT`
    pub(crate) const CONSTS: Traits = Traits(1 << 5);
    /// `POP_TOP`
    pub(crate) const POPS: Traits = Traits(1 << 6);
    /// Loads and stores of fast locals.
    pub(crate) const LOCALS: Traits = Traits(1 << 7);
    /// Instructions that count cells.
    pub(crate) const CELLS: Traits = Traits(1 << 8);
    /// Instructions with a handler.
    pub(crate) const HANDLED: Traits = Traits(1 << 9);

    /// Instructions that leave a local unbound.
    pub(crate) const UNBINDS: Traits = Traits(1 << 10);
    /// `JUMP_IF_FALSE` or `JUMP_IF_TRUE`
    pub(crate) const TESTS: Traits = Traits(1 << 11);
    /// Unconditional jumps.
    pub(crate) const JUMPS: Traits = Traits(1 << 12);

    /// `POP_JUMP_IF_*`
    pub(crate) const BRANCHES: Traits = Traits(1 << 13);
    /// What [`optimize_basic_block`](crate::passes::optimize_basic_block) may improve.
    pub(crate) const IMPROVABLE: Traits = Traits(1 << 15);
    /// A block that is not reached from outside only: that it may not be reached at all.
    pub(crate) const REACHED: Traits = Traits(1 << 14);

    /// Whether any of `other` is among these.
    #[inline]
    pub(crate) const fn any(self, other: Traits) -> bool {
        self.0 & other.0 != 0
    }

    /// These and `other`.
    pub(crate) const fn union(self, other: Traits) -> Traits {
        Traits(self.0 | other.0)
    }

    /// All that are among any of these.
    pub(crate) const fn union_of(sets: &[Traits]) -> Traits {
        match sets {
            [first, rest @ ..] => first.union(Traits::union_of(rest)),
            [] => Traits::NONE,
        }
    }

    /// These without `other`.
    #[inline]
    pub(crate) const fn without(self, other: Traits) -> Traits {
        Traits(self.0 & !other.0)
    }

    /// What comes with an opcode.
    #[inline]
    pub(crate) const fn of_opcode(opcode: Opcode) -> Traits {
        BY_OPCODE[opcode as usize]
    }

    /// [`UNLINED`](Self::UNLINED), or nothing.
    #[inline]
    pub(crate) const fn unlined_if(unlined: bool) -> Traits {
        Traits((unlined as u16) * Traits::UNLINED.0)
    }

    /// [`IMPROVABLE`](Self::IMPROVABLE), or nothing.
    #[inline]
    pub(crate) const fn improvable_if(improvable: bool) -> Traits {
        Traits((improvable as u16) * Traits::IMPROVABLE.0)
    }

    /// [`HANDLED`](Self::HANDLED), or nothing.
    #[inline]
    pub(crate) const fn handled_if(handled: bool) -> Traits {
        Traits((handled as u16) * Traits::HANDLED.0)
    }

    /// What an instruction is, handlers aside.
    #[inline]
    pub(crate) fn of(instr: &Instr) -> Traits {
        Traits::of_opcode(instr.opcode) | Traits::unlined_if(!instr.has_line())
    }
}

impl BitOr for Traits {
    type Output = Traits;
    #[inline]
    fn bitor(self, other: Traits) -> Traits {
        self.union(other)
    }
}

impl BitOrAssign for Traits {
    #[inline]
    fn bitor_assign(&mut self, other: Traits) {
        self.0 |= other.0;
    }
}

static BY_OPCODE: [Traits; Opcode::NUMBERS] = opcode_table!(traits_of, else Traits::NONE);

const fn traits_of(opcode: Opcode) -> Traits {
    match opcode {
        Opcode::Nop => Traits::NOPS,
        Opcode::SetupFinally | Opcode::SetupWith | Opcode::SetupCleanup | Opcode::PopBlock => Traits::BLOCKS,
        Opcode::YieldValue | Opcode::Resume | Opcode::ReturnGenerator => Traits::YIELDS,
        Opcode::LoadClosure => Traits(Traits::PSEUDO.0 | Traits::CELLS.0 | Traits::LOCALS.0),
        Opcode::StoreFastMaybeNull => Traits(Traits::PSEUDO.0 | Traits::LOCALS.0 | Traits::UNBINDS.0),
        Opcode::DeleteFast | Opcode::LoadFastAndClear => Traits(Traits::LOCALS.0 | Traits::UNBINDS.0),
        Opcode::JumpIfFalse | Opcode::JumpIfTrue => Traits::TESTS,
        Opcode::PopTop => Traits::POPS,
        Opcode::MakeCell
        | Opcode::LoadDeref
        | Opcode::StoreDeref
        | Opcode::DeleteDeref
        | Opcode::LoadFromDictOrDeref => Traits::CELLS,
        _ if opcode.is_unconditional_jump() => Traits::JUMPS,
        _ if opcode.is_conditional_jump() => Traits::BRANCHES,
        Opcode::LoadSmallInt => Traits::CONSTS,
        _ if opcode.has_const() => Traits::CONSTS,
        _ if opcode.has_local() => Traits::LOCALS,
        _ => Traits::NONE,
    }
}
