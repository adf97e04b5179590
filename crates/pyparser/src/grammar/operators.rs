//! Arithmetic: from `bitwise_or` down to `power`.

use pyast::{Expr, Operator, UnaryOp};
use pytoken::TokenKind as T;

use crate::lexer::Position;
use crate::parser::{Parse, Parser};

use super::token_table::TokenTable;

/// The precedence of `|`, the lowest; `*` has the highest, 6.
const BITWISE_OR: u8 = 1;

impl<'a> Parser<'_, 'a, '_> {
    /// `bitwise_or`
    pub(crate) fn bitwise_or(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let operand = self.factor()?;
        self.binary_operations(start, operand)
    }

    /// `bitwise_or` after its first operand, of which it may be no more than the base of a power.
    #[inline]
    pub(super) fn bitwise_or_of(&mut self, start: Position, operand: Expr<'a>) -> Parse<Expr<'a>> {
        let operand = self.power_of(start, operand)?;
        self.binary_operations(start, operand)
    }

    #[inline]
    fn binary_operations(&mut self, start: Position, left: Expr<'a>) -> Parse<Expr<'a>> {
        if BINARY_OPERATORS.contains(self.kind()) {
            self.binary_operation(start, left, BITWISE_OR)
        } else {
            Ok(left)
        }
    }

    /// The left-recursive rules `bitwise_or`, `bitwise_xor`, `bitwise_and`, `shift_expr`, `sum` and
    /// `term`, in one: all operations on `left` whose operator binds at least as tightly as `least`.
    fn binary_operation(&mut self, start: Position, mut left: Expr<'a>, least: u8) -> Parse<Expr<'a>> {
        let mut length = 0;
        while let Some((op, precedence)) = binary_operator(self.kind())
            && precedence >= least
        {
            self.bump();
            let right_start = self.start();
            let mut right = self.factor()?;
            if let Some((_, next)) = binary_operator(self.kind())
                && next > precedence
            {
                right = self.binary_operation(right_start, right, precedence + 1)?;
            }
            if op == Operator::Mod && matches!((left, right), (Expr::Constant(_), Expr::Tuple(_))) {
                self.note_preprocessing();
            }
            left = self.arena.expr_bin_op(self.since(start), left, op, right);
            length += 1;
        }
        self.note_chain(length);
        Ok(left)
    }

    /// `factor: ('+' | '-' | '~') factor | power`
    #[inline]
    fn factor(&mut self) -> Parse<Expr<'a>> {
        if unary_operator(self.kind()).is_some() { self.unary_operation() } else { self.power() }
    }

    /// `('+' | '-' | '~') factor`
    #[inline(never)]
    pub(super) fn unary_operation(&mut self) -> Parse<Expr<'a>> {
        let mark = self.scratch.unary_operators.len();
        while let Some(op) = unary_operator(self.kind()) {
            let start = self.bump().begin;
            self.scratch.unary_operators.push((start, op));
        }
        let mut operand = self.power()?;
        self.note_nesting_chain((self.scratch.unary_operators.len() - mark) as u32);
        for i in (mark..self.scratch.unary_operators.len()).rev() {
            let (start, op) = self.scratch.unary_operators[i];
            operand = self.arena.expr_unary_op(self.since(start), op, operand);
        }
        self.scratch.unary_operators.truncate(mark);
        Ok(operand)
    }

    /// `power: await_primary '**' factor | await_primary`
    #[inline]
    fn power(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let base = self.await_primary()?;
        self.power_of(start, base)
    }

    #[inline]
    fn power_of(&mut self, start: Position, base: Expr<'a>) -> Parse<Expr<'a>> {
        if self.at(T::Doublestar) { self.raised(start, base) } else { Ok(base) }
    }

    fn raised(&mut self, start: Position, base: Expr<'a>) -> Parse<Expr<'a>> {
        self.enter()?;
        self.bump();
        let exponent = self.factor()?;
        self.leave();
        Ok(self.arena.expr_bin_op(self.since(start), base, Operator::Pow, exponent))
    }
}

/// The binary operators but `**`.
pub(super) static BINARY_OPERATORS: TokenTable = TokenTable::of(&[
    T::Vbar,
    T::Circumflex,
    T::Amper,
    T::Leftshift,
    T::Rightshift,
    T::Plus,
    T::Minus,
    T::Star,
    T::Slash,
    T::Doubleslash,
    T::Percent,
    T::At,
]);

/// The operator, with its precedence.
#[inline]
fn binary_operator(kind: T) -> Option<(Operator, u8)> {
    Some(match kind {
        T::Vbar => (Operator::BitOr, BITWISE_OR),
        T::Circumflex => (Operator::BitXor, 2),
        T::Amper => (Operator::BitAnd, 3),
        T::Leftshift => (Operator::LShift, 4),
        T::Rightshift => (Operator::RShift, 4),
        T::Plus => (Operator::Add, 5),
        T::Minus => (Operator::Sub, 5),
        T::Star => (Operator::Mult, 6),
        T::Slash => (Operator::Div, 6),
        T::Doubleslash => (Operator::FloorDiv, 6),
        T::Percent => (Operator::Mod, 6),
        T::At => (Operator::MatMult, 6),
        _ => return None,
    })
}

#[inline]
fn unary_operator(kind: T) -> Option<UnaryOp> {
    Some(match kind {
        T::Plus => UnaryOp::UAdd,
        T::Minus => UnaryOp::USub,
        T::Tilde => UnaryOp::Invert,
        _ => return None,
    })
}
