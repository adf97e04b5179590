//! Arithmetic of floats.
//!
//! CPython's counterpart: `Objects/floatobject.c`.

use pyopcode::BinaryOp;

use super::Value;
use super::complex::{self, Complex};
use super::processor::{add, div, mul, sub};

/// `left op right`
pub(super) fn binary(op: BinaryOp, left: f64, right: f64) -> Option<Value> {
    let result = match op {
        BinaryOp::Add => add(left, right),
        BinaryOp::Subtract => sub(left, right),
        BinaryOp::Multiply => mul(left, right),
        BinaryOp::TrueDivide if right != 0.0 => div(left, right),
        BinaryOp::FloorDivide if right != 0.0 => floor_divide(left, right),
        BinaryOp::Remainder if right != 0.0 => remainder(left, right),
        BinaryOp::Power => return power(left, right),
        _ => return None,
    };
    Some(Value::float(result))
}

/// `_float_div_mod`: the quotient is made from the exact remainder.
fn floor_divide(left: f64, right: f64) -> f64 {
    let rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest != 0.0 && (right < 0.0) != (rest < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return f64::copysign(0.0, left / right);
    }
    let floor = quotient.floor();
    if quotient - floor > 0.5 { floor + 1.0 } else { floor }
}

/// `float_rem`: has the sign of the divisor.
fn remainder(left: f64, right: f64) -> f64 {
    let rest = left % right;
    if rest == 0.0 {
        f64::copysign(0.0, right)
    } else if (right < 0.0) != (rest < 0.0) {
        rest + right
    } else {
        rest
    }
}

/// `float_pow`: special cases as in C99, and a complex result for a root of a negative number.
pub(super) fn power(base: f64, exponent: f64) -> Option<Value> {
    if let Some(result) = power_special(base, exponent) {
        return Some(Value::float(result));
    }
    if base == 0.0 && exponent < 0.0 {
        return None;
    }
    if base < 0.0 && exponent != exponent.floor() {
        let real = |value| Complex { real: value, imag: 0.0 };
        return complex::power(real(base), real(exponent)).map(complex::value);
    }
    let negate = base < 0.0 && is_odd(exponent);
    let magnitude = base.abs();
    let result = if magnitude == 1.0 { 1.0 } else { magnitude.powf(exponent) };
    result.is_finite().then(|| Value::float(if negate { -result } else { result }))
}

/// The cases that involve zeros, infinities and NaNs, except those that raise.
fn power_special(base: f64, exponent: f64) -> Option<f64> {
    if exponent == 0.0 {
        return Some(1.0);
    }
    if base.is_nan() {
        return Some(base);
    }
    if exponent.is_nan() {
        return Some(if base == 1.0 { 1.0 } else { exponent });
    }
    if exponent.is_infinite() {
        let magnitude = base.abs();
        let grows = (exponent > 0.0) == (magnitude > 1.0);
        return Some(match () {
            () if magnitude == 1.0 => 1.0,
            () if grows => exponent.abs(),
            () => 0.0,
        });
    }
    if base.is_infinite() {
        return Some(match (exponent > 0.0, is_odd(exponent)) {
            (true, true) => base,
            (true, false) => base.abs(),
            (false, true) => f64::copysign(0.0, base),
            (false, false) => 0.0,
        });
    }
    if base == 0.0 && exponent > 0.0 {
        return Some(if is_odd(exponent) { base } else { 0.0 });
    }
    None
}

/// `DOUBLE_IS_ODD_INTEGER`
fn is_odd(value: f64) -> bool {
    value.abs() % 2.0 == 1.0
}
