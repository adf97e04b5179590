//! What makes values of literals equal as members of a set or keys of a dict.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_traits::FromPrimitive;
use pycode::StrId;

use crate::{Constant, Literal};

/// A value such that equal values in Python, `1` and `1.0` say, have equal keys.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Key<'a> {
    None,
    Ellipsis,
    /// Any number that is an integer.
    Int(BigInt),
    /// A float that is no integer, by its bits. No literal is a NaN, and no tree has one twice.
    Float(u64),
    /// A number that is not real, by the bits of its parts.
    Complex(u64, u64),
    Str(StrId),
    Bytes(&'a [u8]),
    Tuple(Vec<Key<'a>>),
    FrozenSet(BTreeSet<Key<'a>>),
}

/// The type of a value that has no hash.
pub(crate) struct Unhashable(pub(crate) &'static str);

impl<'a> Key<'a> {
    /// The key of a value, if it has a hash.
    pub(crate) fn of(value: &Literal<'a>) -> Result<Key<'a>, Unhashable> {
        match value {
            Literal::Constant(constant) => Ok(Key::of_constant(*constant)),
            Literal::Tuple(items) => Ok(Key::Tuple(items.iter().map(Key::of).collect::<Result<_, _>>()?)),
            Literal::List(_) => Err(Unhashable("list")),
            Literal::Set(_) => Err(Unhashable("set")),
            Literal::Dict(_) => Err(Unhashable("dict")),
        }
    }

    fn of_constant(constant: Constant<'a>) -> Key<'a> {
        match constant {
            Constant::None => Key::None,
            Constant::Ellipsis => Key::Ellipsis,
            Constant::Bool(value) => Key::Int(BigInt::from(u8::from(value))),
            Constant::Int(value) => Key::Int(BigInt::from(value)),
            Constant::BigInt(value) => Key::Int(value.to_bigint()),
            Constant::Float(value) => Key::of_float(value),
            Constant::Complex { real, imag: 0.0 } => Key::of_float(real),
            Constant::Complex { real, imag } => Key::Complex((real + 0.0).to_bits(), imag.to_bits()),
            Constant::Str(text) => Key::Str(text),
            Constant::Bytes(bytes) => Key::Bytes(bytes),
            Constant::Tuple(items) => Key::Tuple(items.iter().map(|&item| Key::of_constant(item)).collect()),
            Constant::FrozenSet(items) => {
                Key::FrozenSet(items.iter().map(|&item| Key::of_constant(item)).collect())
            }
        }
    }

    fn of_float(value: f64) -> Key<'a> {
        let integer = if value.fract() == 0.0 { BigInt::from_f64(value) } else { None };
        integer.map_or(Key::Float(value.to_bits()), Key::Int)
    }
}
