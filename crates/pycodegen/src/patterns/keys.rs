//! The literal keys of a mapping pattern, compared as Python compares them: `1`, `1.0` and `True` are one
//! key.
//!
//! CPython's counterpart: the set `seen` of `codegen_pattern_mapping` of `Python/codegen.c`.

use num_bigint::BigInt;
use num_traits::FromPrimitive;
use pyast::{Constant, StrId};
use rustc_hash::FxHashSet;

/// The keys so far.
#[derive(Default)]
pub(super) struct SeenKeys<'a> {
    keys: FxHashSet<Key<'a>>,
}

/// A key in a form whose equality is Python's.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    None,
    Ellipsis,
    Str(StrId),
    Bytes(&'a [u8]),
    Int(BigInt),
    /// A float that is no integer, by its bits.
    Float(u64),
    /// A complex number that is no real number, by the bits of its parts.
    Complex(u64, u64),
}

impl<'a> SeenKeys<'a> {
    /// Adds a key; false when an equal one was there.
    pub(super) fn insert(&mut self, value: Constant<'a>) -> bool {
        Key::of(value).is_none_or(|key| self.keys.insert(key))
    }
}

impl<'a> Key<'a> {
    /// `None` for what equals no other key: NaN, and tuples, which no literal is.
    fn of(value: Constant<'a>) -> Option<Self> {
        Some(match value {
            Constant::None => Key::None,
            Constant::Ellipsis => Key::Ellipsis,
            Constant::Bool(value) => Key::Int(BigInt::from(value)),
            Constant::Int(value) => Key::Int(BigInt::from(value)),
            Constant::BigInt(value) => Key::Int(value.to_bigint()),
            Constant::Float(value) => return Key::of_float(value),
            Constant::Complex { real, imag: 0.0 } => return Key::of_float(real),
            Constant::Complex { real, imag } if real.is_nan() || imag.is_nan() => return None,
            // Adding zero makes a negative zero positive.
            Constant::Complex { real, imag } => Key::Complex((real + 0.0).to_bits(), imag.to_bits()),
            Constant::Str(text) => Key::Str(text),
            Constant::Bytes(bytes) => Key::Bytes(bytes),
            Constant::Tuple(_) | Constant::FrozenSet(_) => return None,
        })
    }

    fn of_float(value: f64) -> Option<Self> {
        if value.is_nan() {
            None
        } else if value.fract() == 0.0 {
            BigInt::from_f64(value).map(Key::Int)
        } else {
            Some(Key::Float(value.to_bits()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_different_types_are_one_key() {
        let mut seen = SeenKeys::default();
        assert!(seen.insert(Constant::Int(1)));
        assert!(!seen.insert(Constant::Bool(true)));
        assert!(!seen.insert(Constant::Float(1.0)));
        assert!(!seen.insert(Constant::Complex { real: 1.0, imag: -0.0 }));
        assert!(seen.insert(Constant::Float(1.5)));
        assert!(seen.insert(Constant::Complex { real: 0.0, imag: 1.0 }));
        assert!(!seen.insert(Constant::Complex { real: -0.0, imag: 1.0 }));
        assert!(seen.insert(Constant::Float(f64::INFINITY)));
        assert!(!seen.insert(Constant::Float(f64::INFINITY)));
    }
}
