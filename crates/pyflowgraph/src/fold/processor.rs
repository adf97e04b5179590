//! The four operations on doubles, NaNs included, as CPython's release for x86-64 does them.
//!
//! The sign of a NaN shows in a `.pyc`. Of two NaNs a processor passes on the first operand, and which operand of
//! the source is the first is up to the compiler, which may swap those of a sum or product; Rust promises nothing at
//! all. So here the first one is the first one, and the callers put the operands in the order that they have in
//! CPython's machine code (read from `_Py_c_prod`, `_Py_c_quot` and their neighbours).

/// What an operation on numbers gives that has no result: x86 sets the sign.
const INVALID: f64 = f64::from_bits(0xFFF8_0000_0000_0000);

/// `first + second`
pub(super) fn add(first: f64, second: f64) -> f64 {
    pick(first, second, first + second)
}

/// `first - second`
pub(super) fn sub(first: f64, second: f64) -> f64 {
    pick(first, second, first - second)
}

/// `first * second`
pub(super) fn mul(first: f64, second: f64) -> f64 {
    pick(first, second, first * second)
}

/// `first / second`
pub(super) fn div(first: f64, second: f64) -> f64 {
    pick(first, second, first / second)
}

fn pick(first: f64, second: f64, result: f64) -> f64 {
    match () {
        () if first.is_nan() => first,
        () if second.is_nan() => second,
        () if result.is_nan() => INVALID,
        () => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_nan_is_passed_on() {
        let (positive, negative) = (f64::NAN.copysign(1.0), f64::NAN.copysign(-1.0));
        for op in [add, sub, mul, div] {
            assert!(op(positive, negative).is_sign_positive());
            assert!(op(negative, positive).is_sign_negative());
            assert!(op(1.0, positive).is_sign_positive());
        }
        assert!(sub(f64::INFINITY, f64::INFINITY).is_sign_negative());
        assert!(mul(f64::INFINITY, 0.0).is_sign_negative());
    }
}
