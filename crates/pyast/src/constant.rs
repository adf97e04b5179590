//! The value of a `Constant` node.

use std::fmt::Write;

use num_bigint::{BigInt, BigUint, Sign};
use pycode::{Interner, StrId, repr_bytes, repr_complex, repr_float, repr_str};

use crate::{Arena, ErrorKind, Location, SyntaxError};

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

    /// An error if Python refuses to write it in decimal: `sys.int_info.default_max_str_digits`.
    ///
    /// A literal in another base may be longer than any decimal one.
    pub(crate) fn check_digits(self, location: Location) -> Result<(), SyntaxError> {
        const LIMIT: usize = 4300;
        const MESSAGE: &str = "Exceeds the limit (4300 digits) for integer string conversion; \
                               use sys.set_int_max_str_digits() to increase the limit";
        // 10 ** 4300 has 14,285 bits, which is the 447th word of 32.
        let fits = match self.digits.len() {
            ..447 => true,
            447 => self.to_bigint().magnitude().to_string().len() <= LIMIT,
            _ => false,
        };
        if fits {
            return Ok(());
        }
        Err(SyntaxError::of_kind(ErrorKind::ValueError, MESSAGE, location))
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

    /// Python's `repr` of the value; a frozenset is written in the order of the tree.
    pub fn repr(self, strings: &Interner) -> String {
        let mut text = String::new();
        push_constant(self, strings, &mut text);
        text
    }
}

/// Appends Python's `repr` of a constant.
///
/// Tuples may nest to any depth, so the walk keeps its own stack of what is open. A frozenset is
/// written in the order of the tree; Python orders by hash.
pub(crate) fn push_constant(constant: Constant<'_>, strings: &Interner, out: &mut String) {
    let mut open: Vec<(&[Constant<'_>], usize, &str)> = Vec::new();
    push_scalar_or_open(constant, strings, out, &mut open);
    while let Some((items, next, end)) = open.pop() {
        match items.get(next) {
            None => out.push_str(end),
            Some(&item) => {
                out.push_str(if next > 0 { ", " } else { "" });
                open.push((items, next + 1, end));
                push_scalar_or_open(item, strings, out, &mut open);
            }
        }
    }
}

fn push_scalar_or_open<'a>(
    constant: Constant<'a>,
    strings: &Interner,
    out: &mut String,
    open: &mut Vec<(&'a [Constant<'a>], usize, &'static str)>,
) {
    match constant {
        Constant::None => out.push_str("None"),
        Constant::Bool(value) => out.push_str(if value { "True" } else { "False" }),
        Constant::Ellipsis => out.push_str("Ellipsis"),
        Constant::Int(value) => {
            let _ = write!(out, "{value}");
        }
        Constant::BigInt(value) => {
            let _ = write!(out, "{}", value.to_bigint());
        }
        Constant::Float(value) => repr_float(value, out),
        Constant::Complex { real, imag } => repr_complex(real, imag, out),
        Constant::Str(text) => repr_str(strings.get(text), out),
        Constant::Bytes(bytes) => repr_bytes(bytes, out),
        Constant::Tuple(items) => {
            out.push('(');
            open.push((items, 0, if items.len() == 1 { ",)" } else { ")" }));
        }
        Constant::FrozenSet([]) => out.push_str("frozenset()"),
        Constant::FrozenSet(items) => {
            out.push_str("frozenset({");
            open.push((items, 0, "})"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_of_more_than_4300_digits_are_refused() {
        let arena = Arena::new();
        let ten = BigInt::from(10);
        for (exponent, accepted) in [(100, true), (4299, true), (4300, false), (5000, false)] {
            let Constant::BigInt(value) = Constant::from_bigint(&arena, &ten.pow(exponent)) else {
                unreachable!("{exponent} digits do not fit 64 bits")
            };
            assert_eq!(value.check_digits(Location::NONE).is_ok(), accepted, "10 ** {exponent}");
        }
        let Constant::BigInt(nines) = Constant::from_bigint(&arena, &(ten.pow(4300) - 1)) else {
            unreachable!("4300 digits do not fit 64 bits")
        };
        assert_eq!(nines.check_digits(Location::NONE), Ok(()));
    }
}
