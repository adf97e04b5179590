//! How tightly expressions bind.

use crate::{BoolOp, Operator, UnaryOp};

/// A level of `_Precedence`: where an expression binds less tightly than its place requires, it gets
/// parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Precedence(u8);

impl Precedence {
    pub(super) const NAMED_EXPR: Precedence = Precedence(1);
    pub(super) const TUPLE: Precedence = Precedence(2);
    pub(super) const YIELD: Precedence = Precedence(3);
    pub(super) const TEST: Precedence = Precedence(4);
    pub(super) const OR: Precedence = Precedence(5);
    pub(super) const AND: Precedence = Precedence(6);
    pub(super) const NOT: Precedence = Precedence(7);
    pub(super) const CMP: Precedence = Precedence(8);
    /// The loosest operator that is no comparison: `BOR`.
    pub(super) const EXPR: Precedence = Precedence(9);
    pub(super) const BXOR: Precedence = Precedence(10);
    pub(super) const BAND: Precedence = Precedence(11);
    pub(super) const SHIFT: Precedence = Precedence(12);
    pub(super) const ARITH: Precedence = Precedence(13);
    pub(super) const TERM: Precedence = Precedence(14);
    pub(super) const FACTOR: Precedence = Precedence(15);
    pub(super) const POWER: Precedence = Precedence(16);
    pub(super) const AWAIT: Precedence = Precedence(17);
    pub(super) const ATOM: Precedence = Precedence(18);

    /// One level tighter; the tightest stays.
    pub(super) fn next(self) -> Precedence {
        Precedence(self.0 + 1).min(Precedence::ATOM)
    }

    pub(super) const fn of_boolean(operator: BoolOp) -> Precedence {
        match operator {
            BoolOp::And => Precedence::AND,
            BoolOp::Or => Precedence::OR,
        }
    }

    pub(super) const fn of_unary(operator: UnaryOp) -> Precedence {
        match operator {
            UnaryOp::Not => Precedence::NOT,
            UnaryOp::Invert | UnaryOp::UAdd | UnaryOp::USub => Precedence::FACTOR,
        }
    }

    pub(super) const fn of_binary(operator: Operator) -> Precedence {
        match operator {
            Operator::Add | Operator::Sub => Precedence::ARITH,
            Operator::Mult | Operator::MatMult | Operator::Div | Operator::Mod | Operator::FloorDiv => {
                Precedence::TERM
            }
            Operator::LShift | Operator::RShift => Precedence::SHIFT,
            Operator::BitOr => Precedence::EXPR,
            Operator::BitXor => Precedence::BXOR,
            Operator::BitAnd => Precedence::BAND,
            Operator::Pow => Precedence::POWER,
        }
    }
}
