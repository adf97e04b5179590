//! The value of a `Constant` node.

use num_bigint::{BigInt, BigUint, Sign};
use pycode::StrId;

use crate::Arena;

/// A constant value. The parser makes all kinds but tuples and frozensets, which a tree made by hand
/// may hold.
#[derive(Clone, Copy, Debug)]
pub enum Constant<'a> {
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// `...`
    Ellipsis,
    /// An int that fits 64 bits; always in this variant when it does.
    Int(i64),
    /// An int that does not fit [`Constant::Int`].
    BigInt(BigIntRef<'a>),
    /// A float.
    Float(f64),
    /// A complex number.
    Complex {
        /// The real part; 0.0 from the parser.
        real: f64,
        /// The imaginary part.
        imag: f64,
    },
    /// A string.
    Str(StrId),
    /// A bytes object.
    Bytes(&'a [u8]),
    /// A tuple of constants.
    Tuple(&'a [Constant<'a>]),
    /// A frozenset of constants.
    FrozenSet(&'a [Constant<'a>]),
}

/// A big int whose digits lie in the arena.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BigIntRef<'a> {
    negative: bool,
    /// Base 2^32, least significant first.
    digits: &'a [u32],
}

impl BigIntRef<'_> {
    /// The value.
    pub fn to_bigint(self) -> BigInt {
        let sign = if self.negative { Sign::Minus } else { Sign::Plus };
        BigInt::from_biguint(sign, BigUint::from_slice(self.digits))
    }
}

impl<'a> Constant<'a> {
    /// The constant of an int of any size, in its one canonical variant.
    pub fn from_bigint(arena: &'a Arena, value: &BigInt) -> Constant<'a> {
        if let Ok(small) = i64::try_from(value) {
            return Constant::Int(small);
        }
        let (sign, digits) = value.to_u32_digits();
        Constant::BigInt(BigIntRef { negative: sign == Sign::Minus, digits: arena.list(&digits) })
    }
}
