//! The little arithmetic on constants that the tree itself needs.

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::{Arena, Constant, Operator};

/// `-x` of a number; none for other constants.
pub(crate) fn negative<'a>(arena: &'a Arena, value: Constant<'a>) -> Option<Constant<'a>> {
    Some(match value {
        Constant::Int(value) => Constant::from_bigint(arena, &-BigInt::from(value)),
        Constant::BigInt(value) => Constant::from_bigint(arena, &-value.to_bigint()),
        Constant::Float(value) => Constant::Float(-value),
        Constant::Complex { real, imag } => Constant::Complex { real: -real, imag: -imag },
        _ => return None,
    })
}

/// An int or float as a float; none if an int is too large for one, and for other constants.
pub(crate) fn real_operand(value: Constant<'_>) -> Option<f64> {
    match value {
        Constant::Int(value) => Some(value as f64),
        Constant::BigInt(value) => value.to_bigint().to_f64().filter(|float| float.is_finite()),
        Constant::Float(value) => Some(value),
        _ => None,
    }
}

/// A real number plus or minus a complex one.
///
/// Since 3.14 the real operand leaves the imaginary part alone: `0 - 0j` is `-0j`.
pub(crate) fn real_and_complex<'a>(left: f64, operator: Operator, real: f64, imag: f64) -> Constant<'a> {
    match operator {
        Operator::Sub => Constant::Complex { real: left - real, imag: -imag },
        _ => Constant::Complex { real: left + real, imag },
    }
}
