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
    decode(body, out, decode_text_escape)
}

/// Decodes the escapes in a bytes literal, onto `out`.
pub(super) fn decode_bytes(body: &[u8], out: &mut Vec<u8>) -> Result<Escaped, BytesError> {
    decode(body, out, decode_bytes_escape)
}

/// Copies what is between escapes; `decode_escape` decodes the one whose backslash is at a position, and gives the
/// position after it.
fn decode<E>(
    body: &[u8],
    out: &mut Vec<u8>,
    decode_escape: impl Fn(&[u8], usize, &mut Vec<u8>, &mut Escaped) -> Result<usize, E>,
) -> Result<Escaped, E> {
    let mut escaped = Escaped::default();
    let mut at = 0;
    while at < body.len() {
        let run = body[at..].iter().position(|&b| b == b'\\').unwrap_or(body.len() - at);
        out.extend_from_slice(&body[at..at + run]);
        at += run;
        if at < body.len() {
            at = decode_escape(body, at, out, &mut escaped)?;
        }
    }
    Ok(escaped)
}

fn decode_text_escape(
    body: &[u8],
    at: usize,
    out: &mut Vec<u8>,
    escaped: &mut Escaped,
) -> Result<usize, UnicodeError> {
    if let Some(end) = decode_simple_escape(body, at, out) {
        return Ok(end);
    }
    match body[at + 1] {
        b'0'..=b'7' => {
            let (value, end) = octal_escape(body, at, escaped);
            push_code_point(out, value);
            Ok(end)
        }
        b'x' => hex_escape(body, at, 2, out),
        b'u' => hex_escape(body, at, 4, out),
        b'U' => hex_escape(body, at, 8, out),
        b'N' => named_character(body, at, out),
        // CPython escapes a backslash before such a character itself.
        0x80.. => {
            out.push(b'\\');
            Ok(at + 1)
        }
        _ => Ok(keep_backslash(at, out, escaped)),
    }
}

fn decode_bytes_escape(
    body: &[u8],
    at: usize,
    out: &mut Vec<u8>,
    escaped: &mut Escaped,
) -> Result<usize, BytesError> {
    if let Some(end) = decode_simple_escape(body, at, out) {
        return Ok(end);
    }
    match body[at + 1] {
        b'0'..=b'7' => {
            let (value, end) = octal_escape(body, at, escaped);
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
        _ => Ok(keep_backslash(at, out, escaped)),
    }
}

/// Decodes an escape of one character, or a backslash with nothing behind it.
fn decode_simple_escape(body: &[u8], at: usize, out: &mut Vec<u8>) -> Option<usize> {
    let Some(&c) = body.get(at + 1) else {
        out.push(b'\\');
        return Some(at + 1);
    };
    out.extend(simple_escape(c)?);
    Some(at + 2)
}

/// There is no such escape.
fn keep_backslash(at: usize, out: &mut Vec<u8>, escaped: &mut Escaped) -> usize {
    escaped.first_invalid.get_or_insert(at + 1);
    out.push(b'\\');
    at + 1
}

/// The value of an octal escape, and where it ends.
fn octal_escape(body: &[u8], at: usize, escaped: &mut Escaped) -> (u32, usize) {
    let (value, end) = octal(body, at + 1);
    if value > 0o377 {
        escaped.first_invalid.get_or_insert(at + 1);
    }
    (value, end)
}

/// Decodes `\x`, `\u` or `\U`, which want that many digits.
fn hex_escape(body: &[u8], at: usize, wanted: usize, out: &mut Vec<u8>) -> Result<usize, UnicodeError> {
    let digits = &body[at + 2..];
    let count = digits.iter().take(wanted).take_while(|b| b.is_ascii_hexdigit()).count();
    let end = at + 2 + count;
    if count < wanted {
        return Err(error(body, at, end, truncated(body[at + 1])));
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
