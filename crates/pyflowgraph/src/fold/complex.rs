//! Arithmetic of complex numbers.
//!
//! Products and quotients that come out as NaN where the operands are infinite are recovered as in
//! Annex G of the C standard. With a real operand the other parts are left alone.
//!
//! CPython's counterpart: `Objects/complexobject.c`.

use pycode::Object;
use pyopcode::BinaryOp;

use super::Value;
use super::processor::{add, div, mul, sub};

/// A complex number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Complex {
    /// The real part.
    pub real: f64,
    /// The imaginary part.
    pub imag: f64,
}

const ONE: Complex = Complex { real: 1.0, imag: 0.0 };
const NAN: Complex = Complex { real: f64::NAN, imag: f64::NAN };

impl Complex {
    fn is_infinite(self) -> bool {
        self.real.is_infinite() || self.imag.is_infinite()
    }

    fn is_finite(self) -> bool {
        self.real.is_finite() && self.imag.is_finite()
    }

    /// Whether Annex G has something to recover.
    fn is_lost(self) -> bool {
        self.real.is_nan() && self.imag.is_nan()
    }

    fn is_zero(self) -> bool {
        self.real == 0.0 && self.imag == 0.0
    }

    fn map(self, f: impl Fn(f64) -> f64) -> Complex {
        Complex { real: f(self.real), imag: f(self.imag) }
    }

    /// The direction of an infinite number: infinities are one, the rest is zero.
    fn boxed(self) -> Complex {
        self.map(|part| f64::copysign(f64::from(part.is_infinite()), part))
    }

    fn nan_to_zero(self) -> Complex {
        self.map(|part| if part.is_nan() { f64::copysign(0.0, part) } else { part })
    }
}

/// The constant.
pub(super) fn value(value: Complex) -> Value {
    Value::Number(Object::Complex { real: value.real, imag: value.imag })
}

pub(super) fn negative(value: Complex) -> Complex {
    value.map(|part| -part)
}

/// `left op right`
pub(super) fn binary(op: BinaryOp, left: Complex, right: Complex) -> Option<Value> {
    let result = match op {
        BinaryOp::Add => Complex { real: add(left.real, right.real), imag: add(left.imag, right.imag) },
        BinaryOp::Subtract => Complex { real: sub(left.real, right.real), imag: sub(left.imag, right.imag) },
        BinaryOp::Multiply => product(left, right),
        BinaryOp::TrueDivide => quotient(left, right)?,
        BinaryOp::Power => power(left, right)?,
        _ => return None,
    };
    Some(value(result))
}

/// `left op right`, the right operand real.
pub(super) fn binary_with_real(op: BinaryOp, left: Complex, right: f64) -> Option<Value> {
    let result = match op {
        BinaryOp::Add => Complex { real: add(left.real, right), ..left },
        BinaryOp::Subtract => Complex { real: sub(left.real, right), ..left },
        BinaryOp::Multiply => left.map(|part| mul(right, part)),
        BinaryOp::TrueDivide if right != 0.0 => left.map(|part| div(part, right)),
        BinaryOp::Power => power(left, Complex { real: right, imag: 0.0 })?,
        _ => return None,
    };
    Some(value(result))
}

/// `left op right`, the left operand real.
pub(super) fn real_with_binary(op: BinaryOp, left: f64, right: Complex) -> Option<Value> {
    let result = match op {
        BinaryOp::Add => Complex { real: add(right.real, left), ..right },
        BinaryOp::Subtract => Complex { real: sub(left, right.real), imag: -right.imag },
        BinaryOp::Multiply => Complex { real: mul(right.real, left), imag: mul(left, right.imag) },
        BinaryOp::TrueDivide => real_quotient(left, right)?,
        BinaryOp::Power => power(Complex { real: left, imag: 0.0 }, right)?,
        _ => return None,
    };
    Some(value(result))
}

/// `_Py_c_prod`
fn product(z: Complex, w: Complex) -> Complex {
    let (a, b, c, d) = (z.real, z.imag, w.real, w.imag);
    let parts = [mul(c, a), mul(d, b), mul(d, a), mul(c, b)];
    let result = Complex { real: sub(parts[0], parts[1]), imag: add(parts[2], parts[3]) };
    if result.is_lost() { recover_product(z, w, parts).unwrap_or(result) } else { result }
}

fn recover_product(mut z: Complex, mut w: Complex, parts: [f64; 4]) -> Option<Complex> {
    let (z_infinite, w_infinite) = (z.is_infinite(), w.is_infinite());
    if z_infinite {
        z = z.boxed();
        w = w.nan_to_zero();
    }
    if w_infinite {
        w = w.boxed();
        z = z.nan_to_zero();
    }
    if !z_infinite && !w_infinite {
        if !parts.iter().any(|part| part.is_infinite()) {
            return None;
        }
        z = z.nan_to_zero();
        w = w.nan_to_zero();
    }
    Some(Complex {
        real: mul(sub(mul(z.real, w.real), mul(z.imag, w.imag)), f64::INFINITY),
        imag: mul(add(mul(z.real, w.imag), mul(z.imag, w.real)), f64::INFINITY),
    })
}

/// `_Py_c_quot`; `None` for a division by zero.
fn quotient(a: Complex, b: Complex) -> Option<Complex> {
    let result = if b.real.abs() >= b.imag.abs() {
        if b.real == 0.0 {
            return None;
        }
        let ratio = div(b.imag, b.real);
        let denominator = add(mul(ratio, b.imag), b.real);
        Complex {
            real: div(add(mul(ratio, a.imag), a.real), denominator),
            imag: div(sub(a.imag, mul(ratio, a.real)), denominator),
        }
    } else if b.imag.abs() >= b.real.abs() {
        let ratio = div(b.real, b.imag);
        let denominator = add(mul(ratio, b.real), b.imag);
        Complex {
            real: div(add(mul(ratio, a.real), a.imag), denominator),
            imag: div(sub(mul(ratio, a.imag), a.real), denominator),
        }
    } else {
        NAN
    };
    Some(if result.is_lost() { recover_quotient(a, b).unwrap_or(result) } else { result })
}

fn recover_quotient(a: Complex, b: Complex) -> Option<Complex> {
    if a.is_infinite() && b.is_finite() {
        let Complex { real: x, imag: y } = a.boxed();
        return Some(Complex {
            real: mul(add(x * b.real, y * b.imag), f64::INFINITY),
            imag: mul(sub(y * b.real, x * b.imag), f64::INFINITY),
        });
    }
    if b.is_infinite() && a.is_finite() {
        let Complex { real: x, imag: y } = b.boxed();
        return Some(Complex {
            real: 0.0 * (a.real * x + a.imag * y),
            imag: 0.0 * (a.imag * x - a.real * y),
        });
    }
    None
}

/// `_Py_rc_quot`; `None` for a division by zero.
fn real_quotient(a: f64, b: Complex) -> Option<Complex> {
    let result = if b.real.abs() >= b.imag.abs() {
        if b.real == 0.0 {
            return None;
        }
        let ratio = div(b.imag, b.real);
        let denominator = add(mul(b.imag, ratio), b.real);
        Complex { real: div(a, denominator), imag: div(mul(ratio, -a), denominator) }
    } else if b.imag.abs() >= b.real.abs() {
        let ratio = div(b.real, b.imag);
        let denominator = add(mul(ratio, b.real), b.imag);
        Complex { real: div(mul(ratio, a), denominator), imag: div(-a, denominator) }
    } else {
        NAN
    };
    if result.is_lost() && a.is_finite() && b.is_infinite() {
        let Complex { real: x, imag: y } = b.boxed();
        return Some(Complex { real: 0.0 * (a * x), imag: 0.0 * (-a * y) });
    }
    Some(result)
}

/// `complex_pow`; `None` for zero to a negative or complex power, and for an infinite result.
pub(super) fn power(base: Complex, exponent: Complex) -> Option<Complex> {
    let is_small_int =
        exponent.imag == 0.0 && exponent.real == exponent.real.floor() && exponent.real.abs() <= 100.0;
    let result = if is_small_int {
        integer_power(base, exponent.real as i32)?
    } else {
        general_power(base, exponent)?
    };
    (!result.is_infinite()).then_some(result)
}

/// `c_powi`
fn integer_power(base: Complex, exponent: i32) -> Option<Complex> {
    let result = unsigned_power(base, exponent.unsigned_abs());
    if exponent > 0 { Some(result) } else { quotient(ONE, result) }
}

/// `c_powu`, squarings behind the last bit included.
fn unsigned_power(base: Complex, exponent: u32) -> Complex {
    let mut result = ONE;
    let mut square = base;
    let mut mask = 1;
    while exponent >= mask {
        if exponent & mask != 0 {
            result = product(result, square);
        }
        mask <<= 1;
        square = product(square, square);
    }
    result
}

/// `_Py_c_pow`
fn general_power(base: Complex, exponent: Complex) -> Option<Complex> {
    if exponent.is_zero() {
        return Some(ONE);
    }
    if base.is_zero() {
        let raises = exponent.imag != 0.0 || exponent.real < 0.0;
        return (!raises).then_some(Complex { real: 0.0, imag: 0.0 });
    }
    let magnitude = match base.real.hypot(base.imag) {
        magnitude if magnitude.is_nan() => nan_or([base.real, base.imag], || magnitude),
        magnitude => magnitude,
    };
    let angle = nan_or([base.real, base.imag], || base.imag.atan2(base.real));
    let mut length = match magnitude.powf(exponent.real) {
        length if length.is_nan() => nan_power(magnitude, exponent.real),
        length => length,
    };
    let mut phase = nan_or([exponent.real, angle], || angle * exponent.real);
    if exponent.imag != 0.0 {
        let decay = nan_or([-angle, exponent.imag], || (-angle * exponent.imag).exp());
        length = nan_or([decay, length], || length * decay);
        let turn = nan_or([exponent.imag, magnitude], || exponent.imag * magnitude.ln());
        phase = nan_or([phase, turn], || phase + turn);
    }
    // The C library reports a domain error.
    if phase.is_infinite() {
        return None;
    }
    Some(Complex {
        real: nan_or([phase, length], || length * phase.cos()),
        imag: nan_or([length, phase], || length * phase.sin()),
    })
}

/// The C library's `pow` where it gives NaN: one with a sign loses it to an odd exponent, as a number does.
fn nan_power(base: f64, exponent: f64) -> f64 {
    let is_odd = (exponent % 2.0).abs() == 1.0;
    match nan_or([base, exponent], || f64::NAN) {
        nan if base.is_nan() && is_odd => nan.copysign(1.0),
        nan => nan,
    }
}

/// The first of the operands that is NaN, or else a result.
///
/// Of two NaNs a processor passes on one, sign and all: which one depends on the order in which a compiler puts
/// the operands. The order here is that of CPython's releases for x86-64; Rust promises none.
fn nan_or<const N: usize>(operands: [f64; N], result: impl FnOnce() -> f64) -> f64 {
    operands.into_iter().find(|operand| operand.is_nan()).unwrap_or_else(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_nan_have_the_signs_of_the_c_library() {
        let base = Complex { real: 0.0, imag: f64::NAN.copysign(-1.0) };
        let real = |real| Complex { real, imag: 0.0 };
        let negative = [(102.0, true), (1e300, true), (0.5, true), (495.0, false), (-101.0, false)];
        let cases = negative.map(|(exponent, negative)| (real(exponent), negative));
        for (exponent, negative) in cases.into_iter().chain([(Complex { real: 1.0, imag: 1.0 }, false)]) {
            let result = power(base, exponent).expect("a result");
            assert!(result.real.is_nan() && result.real.is_sign_negative(), "{exponent:?}");
            assert!(result.imag.is_nan() && result.imag.is_sign_negative() == negative, "{exponent:?}");
        }
    }
}
