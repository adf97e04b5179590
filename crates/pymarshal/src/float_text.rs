//! Floats as text, in versions 0 and 1 of the format.

/// What C's `%.17g` gives: 17 significant digits, trailing zeros dropped (`w_float_str`).
pub(crate) fn format(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:.16e}");
    let (digits, exponent) = scientific.split_once('e').expect("`{:e}` has an exponent");
    let exponent: i32 = exponent.parse().expect("`{:e}` has a decimal exponent");
    if (-4..17).contains(&exponent) {
        let places = usize::try_from(16 - exponent).expect("the exponent is at most 16");
        return trim_zeros(&format!("{value:.places$}")).to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trim_zeros(digits), exponent.abs())
}

fn trim_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// The float that a text stands for (`PyOS_string_to_double`); `None` if it is none. A NUL ends the text.
pub(crate) fn parse(text: &[u8]) -> Option<f64> {
    let text = text.split(|&byte| byte == 0).next()?;
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_marshal_version_0() {
        // `marshal.dumps(x, 0)` in CPython.
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (0.1, "0.10000000000000001"),
            (100.0, "100"),
            (1e16, "10000000000000000"),
            (1e17, "1e+17"),
            (1.5e-5, "1.5e-05"),
            (0.0001, "0.0001"),
            (1e300, "1.0000000000000001e+300"),
            (-2.5, "-2.5"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ];
        for (value, text) in cases {
            assert_eq!(format(value), text);
        }
    }

    #[test]
    fn text_round_trips() {
        for value in [0.1, -0.0, 5e-324, f64::MAX, 1e16, 123_456_789.125] {
            assert_eq!(parse(format(value).as_bytes()).map(f64::to_bits), Some(value.to_bits()));
        }
        assert_eq!(parse(b"spam"), None);
    }
}
