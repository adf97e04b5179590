//! Python's `repr` of strings, bytes and numbers.
//!
//! Each function appends to a `String`; the result is always valid UTF-8, since lone surrogates are
//! not printable and so come out as `\udXXX`. The rules are those of `unicode_repr`
//! (`Objects/unicodeobject.c`), `PyBytes_Repr` (`Objects/bytesobject.c`), `float_repr` and
//! `complex_repr`. Ints need no function: Python's decimal form is Rust's.

use std::fmt::Write;

use crate::PyStr;
use crate::generated::printable::PRINTABLE;

/// Python's `str.isprintable` for one code point: whether `repr` shows it as it is.
pub fn is_printable(code_point: u32) -> bool {
    if code_point < 0x7F {
        return code_point >= 0x20;
    }
    let after = PRINTABLE.partition_point(|&(first, _)| first <= code_point);
    after > 0 && code_point <= PRINTABLE[after - 1].1
}

/// Text without what a terminal would obey: what is not printable is escaped, as in a Rust string.
///
/// ```
/// assert_eq!(pycode::escape_unprintable("a\u{1b}[1m\n"), r"a\u{1b}[1m\n");
/// ```
pub fn escape_unprintable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_printable(c.into()) { out.push(c) } else { out.extend(c.escape_default()) }
    }
    out
}

/// Python's `str.isspace` for one character: Unicode's white space, and the four separators of ASCII.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// Appends `repr` of a string, with the quote that Python chooses.
///
/// ```
/// let mut out = String::new();
/// pycode::repr_str("it's\u{7f}\n".into(), &mut out);
/// assert_eq!(out, r#""it's\x7f\n""#);
/// ```
pub fn repr_str(text: PyStr<'_>, out: &mut String) {
    let quote = quote_for(text.as_bytes());
    out.push(quote);
    match text.as_str() {
        Some(text) => push_escaped_utf8(text, quote, out),
        None => text.code_points().for_each(|c| push_escaped(c, quote, out)),
    }
    out.push(quote);
}

/// Appends `repr` of a bytes object.
///
/// ```
/// let mut out = String::new();
/// pycode::repr_bytes(b"a\0\xff'", &mut out);
/// assert_eq!(out, r#"b"a\x00\xff'""#);
/// ```
pub fn repr_bytes(bytes: &[u8], out: &mut String) {
    let quote = quote_for(bytes);
    out.push('b');
    out.push(quote);
    for &byte in bytes {
        match byte {
            0x20..0x7F => push_escaped(u32::from(byte), quote, out),
            b'\t' | b'\n' | b'\r' => push_escaped(u32::from(byte), quote, out),
            _ => push_hex(out, 'x', 2, u32::from(byte)),
        }
    }
    out.push(quote);
}

/// Appends `repr` of a float: the shortest digits that give the same float back.
///
/// ```
/// let mut out = String::new();
/// for x in [1.0, 1e16, 1.5e-5, -0.0, f64::INFINITY] {
///     pycode::repr_float(x, &mut out);
///     out.push(' ');
/// }
/// assert_eq!(out, "1.0 1e+16 1.5e-05 -0.0 inf ");
/// ```
pub fn repr_float(value: f64, out: &mut String) {
    let start = out.len();
    push_number(value, out);
    let looks_like_int = out[start..].bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if looks_like_int {
        out.push_str(".0");
    }
}

/// Appends `repr` of a complex number: a real part of positive zero is left out.
///
/// ```
/// let mut out = String::new();
/// pycode::repr_complex(0.0, 2.0, &mut out);
/// pycode::repr_complex(-0.0, -2.5, &mut out);
/// assert_eq!(out, "2j(-0-2.5j)");
/// ```
pub fn repr_complex(real: f64, imag: f64, out: &mut String) {
    if real == 0.0 && real.is_sign_positive() {
        push_number(imag, out);
        out.push('j');
        return;
    }
    out.push('(');
    push_number(real, out);
    if imag.is_nan() || imag.is_sign_positive() {
        out.push('+');
    }
    push_number(imag, out);
    out.push_str("j)");
}

/// Double quotes only where they save escaping single ones.
fn quote_for(bytes: &[u8]) -> char {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' }
}

/// The body of a string without surrogates: runs of plain ASCII are copied as they are.
fn push_escaped_utf8(text: &str, quote: char, out: &mut String) {
    let plain = |b: u8| matches!(b, 0x20..0x7F) && b != b'\\' && b != b'\'';
    let mut rest = text;
    while !rest.is_empty() {
        let run = rest.bytes().position(|b| !plain(b)).unwrap_or(rest.len());
        out.push_str(&rest[..run]);
        let mut chars = rest[run..].chars();
        if let Some(c) = chars.next() {
            push_escaped(u32::from(c), quote, out);
        }
        rest = chars.as_str();
    }
}

fn push_escaped(code_point: u32, quote: char, out: &mut String) {
    match char::from_u32(code_point) {
        Some('\\') => out.push_str("\\\\"),
        Some('\t') => out.push_str("\\t"),
        Some('\n') => out.push_str("\\n"),
        Some('\r') => out.push_str("\\r"),
        Some(c) if c == quote => {
            out.push('\\');
            out.push(c);
        }
        Some(c) if is_printable(code_point) => out.push(c),
        _ if code_point < 0x100 => push_hex(out, 'x', 2, code_point),
        _ if code_point < 0x10000 => push_hex(out, 'u', 4, code_point),
        _ => push_hex(out, 'U', 8, code_point),
    }
}

fn push_hex(out: &mut String, letter: char, width: usize, value: u32) {
    let _ = write!(out, "\\{letter}{value:0width$x}");
}

/// The shortest digits, in positional notation for decimal exponents in -4..16, and without `.0`.
fn push_number(value: f64, out: &mut String) {
    if !value.is_finite() {
        out.push_str(if value.is_nan() {
            "nan"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        });
        return;
    }
    let scientific = shortest(value);
    let (mantissa, exponent) = scientific.split_once('e').expect("`{:e}` writes an exponent");
    let exponent: i32 = exponent.parse().expect("`{:e}` writes a decimal exponent");
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "{mantissa}e{sign}{:02}", exponent.abs());
        return;
    }
    let decimals = (mantissa.len() - mantissa.find('.').map_or(mantissa.len(), |dot| dot + 1)) as i32;
    let _ = write!(out, "{value:.*}", (decimals - exponent).max(0) as usize);
}

/// The shortest digits that read back as `value`, in scientific notation. Where two such numbers are
/// equally near, CPython takes the one with the even last digit, Rust the upper one.
fn shortest(value: f64) -> String {
    let upper = format!("{value:e}");
    let mantissa = upper.split('e').next().unwrap_or("");
    if mantissa.as_bytes().last().is_none_or(|digit| digit % 2 == 0) {
        return upper;
    }
    let decimals = mantissa.len() - mantissa.find('.').map_or(mantissa.len(), |dot| dot + 1);
    let even = format!("{value:.decimals$e}");
    if even != upper && even.parse() == Ok(value) { even } else { upper }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn str_repr(code_points: &[u32]) -> String {
        let mut bytes = Vec::new();
        code_points.iter().for_each(|&c| crate::push_code_point(&mut bytes, c));
        let mut out = String::new();
        repr_str(PyStr::from_wtf8(&bytes), &mut out);
        out
    }

    fn float_repr(value: f64) -> String {
        let mut out = String::new();
        repr_float(value, &mut out);
        out
    }

    #[test]
    fn strings_as_cpython_shows_them() {
        assert_eq!(str_repr(&[0x27]), r#""'""#);
        assert_eq!(str_repr(&[0x27, 0x22]), r#"'\'"'"#);
        assert_eq!(str_repr(&[0x5C, 9, 13, 0, 0x1F, 0x7F]), r"'\\\t\r\x00\x1f\x7f'");
        assert_eq!(str_repr(&[0xA0, 0xAD, 0xE9, 0x2028]), "'\\xa0\\xadé\\u2028'");
        assert_eq!(str_repr(&[0xD83D, 0xDE00]), r"'\ud83d\ude00'");
        assert_eq!(str_repr(&[0x1F600, 0xE0001, 0x10FFFF]), "'😀\\U000e0001\\U0010ffff'");
    }

    #[test]
    fn floats_as_cpython_shows_them() {
        let cases = [
            (1e15, "1000000000000000.0"),
            (9999999999999998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (5e-324, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (2f64.powi(-25), "2.9802322387695312e-08"),
            (5_876_213_677_331_189.0 / 4.0, "1469053419332797.2"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (value, expected) in cases {
            assert_eq!(float_repr(value), expected);
        }
    }

    #[test]
    fn complex_numbers_as_cpython_shows_them() {
        let cases = [
            (0.0, 1.0, "1j"),
            (0.0, -0.0, "-0j"),
            (1.0, f64::INFINITY, "(1+infj)"),
            (-0.0, 1e16, "(-0+1e+16j)"),
            (f64::NAN, f64::NAN, "(nan+nanj)"),
        ];
        for (real, imag, expected) in cases {
            let mut out = String::new();
            repr_complex(real, imag, &mut out);
            assert_eq!(out, expected);
        }
    }
}
