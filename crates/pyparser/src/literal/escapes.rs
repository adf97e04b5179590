//! Backslashes: `_PyUnicode_DecodeUnicodeEscapeInternal2` and `_PyBytes_DecodeEscape2`.
//!
//! An escape that does not exist stands for itself, backslash and all, and earns a warning. So does an octal
//! escape above `\377`, though it has a value.

use std::fmt;

use pycode::push_code_point;

/// What was found on the way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Escaped {
    /// Where the first escape stands that does not exist: the position after its backslash.
    pub(super) first_invalid: Option<usize>,
}

/// Text that cannot be decoded; displays as Python's `UnicodeDecodeError`.
#[derive(Debug)]
pub(super) struct UnicodeError {
    /// First position and the position after the last, in CPython's expanded buffer.
    start: usize,
    end: usize,
    reason: &'static str,
}

impl fmt::Display for UnicodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'unicodeescape' codec can't decode ")?;
        if self.end == self.start + 1 {
            write!(f, "byte 0x5c in position {}: {}", self.start, self.reason)
        } else {
            write!(f, "bytes in position {}-{}: {}", self.start, self.end - 1, self.reason)
        }
    }
}

/// Bytes that cannot be decoded; displays as Python's `ValueError`.
#[derive(Debug)]
pub(super) struct BytesError {
    position: usize,
}

impl fmt::Display for BytesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid \\x escape at position {}", self.position)
    }
}

/// Decodes the escapes in UTF-8 text, onto `out` as WTF-8.
pub(super) fn decode_text(body: &[u8], out: &mut Vec<u8>) -> Result<Escaped, UnicodeError> {
    let mut escaped = Escaped::default();
    let mut at = 0;
    while at < body.len() {
        let run = body[at..].iter().position(|&b| b == b'\\').unwrap_or(body.len() - at);
        out.extend_from_slice(&body[at..at + run]);
        at += run;
        if at < body.len() {
            at = decode_text_escape(body, at, out, &mut escaped)?;
        }
    }
    Ok(escaped)
}

/// Decodes the escape whose backslash is at `at`; gives the position after it.
fn decode_text_escape(
    body: &[u8],
    at: usize,
    out: &mut Vec<u8>,
    escaped: &mut Escaped,
) -> Result<usize, UnicodeError> {
    let Some(&c) = body.get(at + 1) else {
        out.push(b'\\');
        return Ok(at + 1);
    };
    if let Some(byte) = simple_escape(c) {
        out.extend(byte);
        return Ok(at + 2);
    }
    let hex_digits = match c {
        b'0'..=b'7' => {
            let (value, end) = octal(body, at + 1);
            if value > 0o377 {
                escaped.first_invalid.get_or_insert(at + 1);
            }
            push_code_point(out, value);
            return Ok(end);
        }
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        b'N' => return named_character(body, at, out),
        // CPython escapes a backslash before such a character itself.
        0x80.. => {
            out.push(b'\\');
            return Ok(at + 1);
        }
        _ => {
            escaped.first_invalid.get_or_insert(at + 1);
            out.push(b'\\');
            return Ok(at + 1);
        }
    };
    let digits = &body[at + 2..];
    let count = digits.iter().take(hex_digits).take_while(|b| b.is_ascii_hexdigit()).count();
    let end = at + 2 + count;
    if count < hex_digits {
        return Err(error(body, at, end, truncated(c)));
    }
    let value = digits[..count].iter().fold(0, |value, &b| value << 4 | hex_value(b));
    if value > 0x10_FFFF {
        return Err(error(body, at, end, "illegal Unicode character"));
    }
    push_code_point(out, value);
    Ok(end)
}

fn truncated(c: u8) -> &'static str {
    match c {
        b'x' => "truncated \\xXX escape",
        b'u' => "truncated \\uXXXX escape",
        _ => "truncated \\UXXXXXXXX escape",
    }
}

/// `\N{name}`, whose backslash is at `at`.
fn named_character(body: &[u8], at: usize, out: &mut Vec<u8>) -> Result<usize, UnicodeError> {
    const MALFORMED: &str = "malformed \\N character escape";
    if body.get(at + 2) != Some(&b'{') {
        return Err(error(body, at, at + 2, MALFORMED));
    }
    let name_start = at + 3;
    let Some(length) = body[name_start..].iter().position(|&b| b == b'}') else {
        return Err(error(body, at, body.len(), MALFORMED));
    };
    if length == 0 {
        return Err(error(body, at, name_start, MALFORMED));
    }
    let name_end = name_start + length;
    match crate::character_names::lookup(&body[name_start..name_end]) {
        Some(code_point) => {
            push_code_point(out, code_point);
            Ok(name_end + 1)
        }
        None => Err(error(body, at, name_end + 1, "unknown Unicode character name")),
    }
}

/// The error at a range of `body`, with the positions that CPython gives: it first replaces each character
/// beyond ASCII by a `\U` escape of ten characters, and doubles a backslash before one.
fn error(body: &[u8], start: usize, end: usize, reason: &'static str) -> UnicodeError {
    let expanded = |to: usize| -> usize {
        let mut length = 0;
        for (at, &b) in body[..to].iter().enumerate() {
            length += match b {
                0..0x80 => 1,
                0x80..0xC0 => 0,
                _ if at > 0 && body[at - 1] == b'\\' => 15,
                _ => 10,
            };
        }
        length
    };
    UnicodeError { start: expanded(start), end: expanded(end), reason }
}

/// Decodes the escapes in a bytes literal, onto `out`.
pub(super) fn decode_bytes(body: &[u8], out: &mut Vec<u8>) -> Result<Escaped, BytesError> {
    let mut escaped = Escaped::default();
    let mut at = 0;
    while at < body.len() {
        let run = body[at..].iter().position(|&b| b == b'\\').unwrap_or(body.len() - at);
        out.extend_from_slice(&body[at..at + run]);
        at += run;
        if at < body.len() {
            at = decode_bytes_escape(body, at, out, &mut escaped)?;
        }
    }
    Ok(escaped)
}

fn decode_bytes_escape(
    body: &[u8],
    at: usize,
    out: &mut Vec<u8>,
    escaped: &mut Escaped,
) -> Result<usize, BytesError> {
    let Some(&c) = body.get(at + 1) else {
        out.push(b'\\');
        return Ok(at + 1);
    };
    if let Some(byte) = simple_escape(c) {
        out.extend(byte);
        return Ok(at + 2);
    }
    match c {
        b'0'..=b'7' => {
            let (value, end) = octal(body, at + 1);
            if value > 0o377 {
                escaped.first_invalid.get_or_insert(at + 1);
            }
            out.push(value as u8);
            Ok(end)
        }
        b'x' => match body.get(at + 2..at + 4) {
            Some(&[high, low]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push((hex_value(high) << 4 | hex_value(low)) as u8);
                Ok(at + 4)
            }
            _ => Err(BytesError { position: at }),
        },
        _ => {
            escaped.first_invalid.get_or_insert(at + 1);
            out.push(b'\\');
            Ok(at + 1)
        }
    }
}

/// The byte that a simple escape stands for, or no byte for an escaped newline.
pub(crate) fn simple_escape(c: u8) -> Option<Option<u8>> {
    Some(Some(match c {
        b'\n' => return Some(None),
        b'\\' | b'\'' | b'"' => c,
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0B,
        _ => return None,
    }))
}

/// The value of at most three octal digits from `at` on, and where they end.
pub(crate) fn octal(body: &[u8], at: usize) -> (u32, usize) {
    let digits = body[at..].iter().take(3).take_while(|b| matches!(b, b'0'..=b'7'));
    digits.fold((0, at), |(value, end), &b| (value << 3 | u32::from(b - b'0'), end + 1))
}

fn hex_value(digit: u8) -> u32 {
    char::from(digit).to_digit(16).unwrap_or(0)
}
