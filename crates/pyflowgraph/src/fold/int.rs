//! Arithmetic of ints.
//!
//! Division and remainder round towards minus infinity; `/` gives the float that is nearest to the
//! true quotient, however large the operands are.
//!
//! CPython's counterpart: `Objects/longobject.c`, and the limits of `const_folding_safe_*` in
//! `Python/flowgraph.c`.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{Signed, ToPrimitive, Zero};
use pyopcode::BinaryOp;

use super::{Value, float};

/// Larger results, in bits, are left to run time (`MAX_INT_SIZE`).
const MAX_INT_SIZE: u64 = 128;

/// In a digit of an int (`PyLong_SHIFT`).
const BITS_IN_DIGIT: u64 = 30;

/// `left op right`
pub(super) fn binary(op: BinaryOp, left: &BigInt, right: &BigInt) -> Option<Value> {
    let result = match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => multiply(left, right)?,
        BinaryOp::FloorDivide => floor_divide(left, right)?,
        BinaryOp::Remainder => remainder(left, right)?,
        BinaryOp::And => left & right,
        BinaryOp::Or => left | right,
        BinaryOp::Xor => left ^ right,
        BinaryOp::Lshift => shift_left(left, right)?,
        BinaryOp::Rshift => shift_right(left, right)?,
        BinaryOp::Power => return power(left, right),
        BinaryOp::TrueDivide => return true_divide(left, right).map(Value::float),
        _ => return None,
    };
    Some(Value::Int(result))
}

/// Whether the result is the left operand itself, not an equal int: of `long_rem` where it sees from digits
/// alone that nothing is to be divided, of `long_rshift1` for a negative int of several digits that is shifted
/// by nothing. Small ints need no look: they are always the same objects.
pub(super) fn is_left_unchanged(op: BinaryOp, left: &BigInt, right: &BigInt) -> bool {
    match op {
        BinaryOp::Remainder => {
            let same_sign = left.is_negative() == right.is_negative();
            let [left, right] = [left, right].map(leading_digit);
            same_sign && (left.0, right.0) != (1, 1) && left < right
        }
        BinaryOp::Rshift => right.is_zero() && left.is_negative() && leading_digit(left).0 > 1,
        _ => false,
    }
}

/// The number of CPython's digits, and the first of them.
fn leading_digit(value: &BigInt) -> (u64, BigUint) {
    let digits = value.bits().div_ceil(BITS_IN_DIGIT);
    (digits, value.magnitude() >> (digits.saturating_sub(1) * BITS_IN_DIGIT))
}

fn multiply(left: &BigInt, right: &BigInt) -> Option<BigInt> {
    let too_large = left.bits() + right.bits() > MAX_INT_SIZE;
    if too_large && !left.is_zero() && !right.is_zero() {
        return None;
    }
    Some(left * right)
}

fn floor_divide(left: &BigInt, right: &BigInt) -> Option<BigInt> {
    if right.is_zero() {
        return None;
    }
    let (quotient, remainder) = (left / right, left % right);
    let rounded_up = !remainder.is_zero() && remainder.is_negative() != right.is_negative();
    Some(if rounded_up { quotient - 1 } else { quotient })
}

fn remainder(left: &BigInt, right: &BigInt) -> Option<BigInt> {
    if right.is_zero() {
        return None;
    }
    let remainder = left % right;
    let wrong_sign = !remainder.is_zero() && remainder.is_negative() != right.is_negative();
    Some(if wrong_sign { remainder + right } else { remainder })
}

/// Negative counts raise; the result has a limit (`const_folding_safe_lshift`).
fn shift_left(left: &BigInt, right: &BigInt) -> Option<BigInt> {
    if right.is_negative() {
        return None;
    }
    if left.is_zero() || right.is_zero() {
        return Some(left.clone());
    }
    let count = right.to_u64()?;
    if count > MAX_INT_SIZE || left.bits() > MAX_INT_SIZE - count {
        return None;
    }
    Some(left << count)
}

fn shift_right(left: &BigInt, right: &BigInt) -> Option<BigInt> {
    if right.is_negative() {
        return None;
    }
    match right.to_u64() {
        Some(count) if count <= left.bits() => Some(left >> count),
        _ if left.is_negative() => Some(BigInt::from(-1)),
        _ => Some(BigInt::ZERO),
    }
}

/// A negative exponent makes a float (`long_pow`, `const_folding_safe_power`).
fn power(left: &BigInt, right: &BigInt) -> Option<Value> {
    if right.is_negative() {
        return float::power(to_float(left)?, to_float(right)?);
    }
    if left.is_zero() || right.is_zero() {
        return Some(Value::Int(BigInt::from(right.is_zero())));
    }
    let exponent = right.to_u64()?;
    if left.bits() > MAX_INT_SIZE / exponent {
        return None;
    }
    Some(Value::Int(left.pow(exponent as u32)))
}

/// The float nearest to an int, ties to even; `None` if that is infinite.
pub(super) fn to_float(value: &BigInt) -> Option<f64> {
    let magnitude = round(value.magnitude().clone(), 0, false)?;
    Some(if value.is_negative() { -magnitude } else { magnitude })
}

/// The float nearest to a quotient; `None` if there is none or it is infinite.
///
/// Zero divided by a negative number is `-0.0`, as in CPython's `long_true_divide`.
fn true_divide(left: &BigInt, right: &BigInt) -> Option<f64> {
    if right.is_zero() {
        return None;
    }
    let negative = left.is_negative() != right.is_negative();
    let magnitude = divide_magnitudes(left.magnitude(), right.magnitude())?;
    Some(if negative { -magnitude } else { magnitude })
}

/// The quotient with more bits than a float has, and whether anything is left over, is enough to
/// round.
fn divide_magnitudes(left: &BigUint, right: &BigUint) -> Option<f64> {
    /// One more than a float has, one for rounding, one to spare for the estimate.
    const QUOTIENT_BITS: i64 = 53 + 1 + 1;
    let shift = QUOTIENT_BITS - (left.bits() as i64 - right.bits() as i64);
    let (left, right) = match shift.cmp(&0) {
        Ordering::Greater => (left << shift, right.clone()),
        _ => (left.clone(), right << -shift),
    };
    let quotient = &left / &right;
    let inexact = quotient.clone() * &right != left;
    round(quotient, -shift, inexact)
}

/// The float nearest to `magnitude * 2**exponent`, ties to even, where `inexact` says that the true
/// magnitude is a little larger. `None` if that is infinite.
///
/// If `inexact`, the magnitude must have at least two bits more than a float.
fn round(magnitude: BigUint, exponent: i64, inexact: bool) -> Option<f64> {
    /// The exponent of the smallest float.
    const MIN_EXPONENT: i64 = -1074;
    let bits = magnitude.bits() as i64;
    // How many bits are too many, for the precision or because the result is subnormal.
    let excess = (bits - 53).max(MIN_EXPONENT - exponent).max(0) as u64;
    let mut mantissa = (&magnitude >> excess).to_u64().expect("at most 53 bits");
    let rest = magnitude - (BigUint::from(mantissa) << excess);
    let round_up = excess > 0 && {
        let half = BigUint::from(1_u8) << (excess - 1);
        match rest.cmp(&half) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => inexact || mantissa % 2 == 1,
        }
    };
    mantissa += u64::from(round_up);
    scale(mantissa, exponent + excess as i64)
}

/// `mantissa * 2**exponent`, which is a float exactly unless it is too large.
fn scale(mantissa: u64, exponent: i64) -> Option<f64> {
    if mantissa == 0 {
        return Some(0.0);
    }
    if exponent > 1023 {
        return None;
    }
    // Two steps: the power of two may be subnormal where the product is not, and the other way round.
    let half = exponent / 2;
    let result = mantissa as f64 * power_of_two(half) * power_of_two(exponent - half);
    result.is_finite().then_some(result)
}

/// `2.0**exponent` for a normal float.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// The value as an index, if it is not too large for a C `long`.
pub(super) fn to_i64(value: &BigInt) -> Option<i64> {
    value.to_i64()
}

/// The value as an index, the nearest one if it is too large for a C `long`.
pub(super) fn to_i64_clamped(value: &BigInt) -> i64 {
    value.to_i64().unwrap_or(if value.sign() == Sign::Minus { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(text: &str) -> BigInt {
        text.parse().expect("an int")
    }

    #[test]
    fn ints_become_the_nearest_float() {
        for (int, float) in [
            ("9007199254740993", 9007199254740992.0),
            ("9007199254740995", 9007199254740996.0),
            ("-18014398509481990", -18014398509481992.0),
            ("0", 0.0),
        ] {
            assert_eq!(to_float(&big(int)), Some(float), "{int}");
        }
        let limit = BigInt::from((1_u64 << 54) - 1) << 970;
        assert_eq!(to_float(&limit), None);
        assert_eq!(to_float(&(limit - 1)), Some(f64::MAX));
    }

    #[test]
    fn quotients_are_rounded_once() {
        let divide = |a: &BigInt, b: &BigInt| true_divide(a, b).map(f64::to_bits);
        assert_eq!(divide(&big("1"), &big("3")), Some((1.0_f64 / 3.0).to_bits()));
        assert_eq!(divide(&big("0"), &big("-7")), Some((-0.0_f64).to_bits()));
        assert_eq!(divide(&(big("1") << 2000), &(big("1") << 1990)), Some(1024.0_f64.to_bits()));
        assert_eq!(divide(&(big("1") << 1025), &big("2")), None);
        // Half of the smallest float is a tie, and goes to zero; a little more does not.
        assert_eq!(divide(&big("1"), &(big("1") << 1075)), Some(0));
        assert_eq!(divide(&((big("1") << 60) + 1), &(big("1") << 1135)), Some(1));
        assert_eq!(divide(&big("1"), &big("0")), None);
    }

    #[test]
    fn division_rounds_down() {
        for (a, b, quotient, rest) in [(7, 2, 3, 1), (-7, 2, -4, 1), (7, -2, -4, -1), (-7, -2, 3, -1)] {
            let (a, b) = (BigInt::from(a), BigInt::from(b));
            assert_eq!(floor_divide(&a, &b), Some(BigInt::from(quotient)));
            assert_eq!(remainder(&a, &b), Some(BigInt::from(rest)));
        }
    }

    #[test]
    fn results_have_limits() {
        assert_eq!(shift_left(&big("1"), &big("127")), Some(big("1") << 127));
        assert_eq!(shift_left(&big("1"), &big("128")), None);
        assert_eq!(shift_left(&big("0"), &big("99999999999999999999")), Some(big("0")));
        assert!(power(&big("2"), &big("64")).is_some());
        assert!(power(&big("2"), &big("65")).is_none());
        assert!(multiply(&(big("1") << 63), &(big("1") << 63)).is_some());
        assert!(multiply(&(big("1") << 64), &(big("1") << 63)).is_none());
        assert_eq!(shift_right(&big("-5"), &big("1000")), Some(big("-1")));
    }
}
