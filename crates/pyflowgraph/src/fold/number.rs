//! Numbers, and the type in which two of them meet.
//!
//! As in Python: bools are ints, an int meets a float as a float (unless it is too large for one), and
//! both meet a complex number as they are: adding a real number leaves the imaginary part alone, its
//! sign included.
//!
//! CPython's counterparts: `CONVERT_TO_DOUBLE` in `Objects/floatobject.c`, `real_to_double` and
//! `COMPLEX_BINOP` in `Objects/complexobject.c`.

use std::borrow::Cow;

use num_bigint::BigInt;
use pycode::Object;
use pyopcode::BinaryOp;

use super::complex::Complex;
use super::{Value, complex, float, int};

/// A number of Python's.
#[derive(Clone, Debug)]
pub(crate) enum Number<'a> {
    /// `True` or `False`
    Bool(bool),
    /// An int.
    Int(Cow<'a, BigInt>),
    /// A float.
    Float(f64),
    /// A complex number.
    Complex(Complex),
}

impl<'a> Number<'a> {
    /// The number that an object is, if it is one.
    pub(crate) fn of(object: Object<'a>) -> Option<Number<'a>> {
        match object {
            Object::Bool(value) => Some(Number::Bool(value)),
            Object::Int(value) => Some(Number::Int(Cow::Owned(BigInt::from(value)))),
            Object::BigInt(value) => Some(Number::Int(Cow::Borrowed(value))),
            Object::Float(value) => Some(Number::Float(value)),
            Object::Complex { real, imag } => Some(Number::Complex(Complex { real, imag })),
            _ => None,
        }
    }

    /// The value as an int, if it is an int or bool.
    pub(super) fn as_int(&self) -> Option<Cow<'_, BigInt>> {
        match self {
            Number::Bool(value) => Some(Cow::Owned(BigInt::from(*value))),
            Number::Int(value) => Some(Cow::Borrowed(value)),
            Number::Float(_) | Number::Complex(_) => None,
        }
    }

    /// The value as a float, if it is real and not too large.
    fn as_float(&self) -> Option<f64> {
        match self {
            Number::Bool(value) => Some(f64::from(*value)),
            Number::Int(value) => int::to_float(value),
            Number::Float(value) => Some(*value),
            Number::Complex(_) => None,
        }
    }
}

/// `left op right`
pub(super) fn binary(op: BinaryOp, left: Number<'_>, right: Number<'_>) -> Option<Value> {
    match (&left, &right) {
        (Number::Complex(left), Number::Complex(right)) => complex::binary(op, *left, *right),
        (Number::Complex(left), _) => complex::binary_with_real(op, *left, right.as_float()?),
        (_, Number::Complex(right)) => complex::real_with_binary(op, left.as_float()?, *right),
        (Number::Float(_), _) | (_, Number::Float(_)) => {
            float::binary(op, left.as_float()?, right.as_float()?)
        }
        (&Number::Bool(left), &Number::Bool(right)) if makes_bool(op) => {
            Some(Value::bool(bool_binary(op, left, right)))
        }
        _ => int::binary(op, &*left.as_int()?, &*right.as_int()?),
    }
}

/// Whether the result is the left operand itself, not an equal number.
pub(super) fn is_left_unchanged(op: BinaryOp, left: &Number<'_>, right: &Number<'_>) -> bool {
    match (left, right.as_int()) {
        (Number::Int(left), Some(right)) => int::is_left_unchanged(op, left, &right),
        _ => false,
    }
}

/// Whether an operator makes a bool of two bools.
fn makes_bool(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor)
}

fn bool_binary(op: BinaryOp, left: bool, right: bool) -> bool {
    match op {
        BinaryOp::And => left & right,
        BinaryOp::Or => left | right,
        _ => left ^ right,
    }
}
