//! `unicode_escape` and `raw_unicode_escape`: Latin-1 in which backslashes have a meaning.
//!
//! CPython's are `_PyUnicode_DecodeUnicodeEscapeInternal2` and
//! `_PyUnicode_DecodeRawUnicodeEscapeStateful`. An escape that does not exist stands for itself; of the first,
//! `unicode_escape` warns. The `DeprecationWarning` is about the place that calls the codec, not one in the source.

use super::DecodeError;
use super::output::Output;
use crate::literal::escapes::{octal, simple_escape};

/// An escape from its backslash on: what it stands for and how long it is; or how many bytes cannot be decoded.
type Escape = Result<(Meaning, usize), (usize, &'static str)>;

/// What an escape stands for.
enum Meaning {
    Character(u32),
    /// An escaped newline.
    Nothing,
    /// It is no escape.
    Itself,
}

/// Decodes `unicode_escape`.
pub(super) fn decode(out: &mut Output<'_>) -> Result<(), DecodeError> {
    let mut warning = None;
    let escape = |text: &[u8]| {
        let escape = escape(text);
        if let (None, Ok((meaning, length))) = (&warning, &escape) {
            warning = warning_about(meaning, &text[..*length]);
        }
        escape
    };
    decode_with("unicodeescape", escape, out)?;
    out.warning = warning;
    Ok(())
}

/// Decodes `raw_unicode_escape`.
pub(super) fn decode_raw(out: &mut Output<'_>) -> Result<(), DecodeError> {
    decode_with("rawunicodeescape", raw_escape, out)
}

fn decode_with(
    encoding: &str,
    mut escape: impl FnMut(&[u8]) -> Escape,
    out: &mut Output<'_>,
) -> Result<(), DecodeError> {
    let bytes = out.bytes;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'\\' {
            out.push(u32::from(byte));
            at += 1;
            continue;
        }
        let length = match escape(&bytes[at..]) {
            Ok((meaning, length)) => {
                match meaning {
                    Meaning::Character(code_point) => out.push(code_point),
                    Meaning::Nothing => {}
                    Meaning::Itself => bytes[at..at + length].iter().for_each(|&b| out.push(u32::from(b))),
                }
                length
            }
            Err((length, reason)) => {
                out.cannot_decode(encoding, at..at + length, reason)?;
                length
            }
        };
        at += length;
    }
    Ok(())
}

/// What is said of an escape that does not exist, or is too large an octal number.
fn warning_about(meaning: &Meaning, escape: &[u8]) -> Option<String> {
    let kind = match meaning {
        Meaning::Itself => "",
        Meaning::Character(0o400..) if escape[1].is_ascii_digit() => "octal ",
        Meaning::Character(_) | Meaning::Nothing => return None,
    };
    let escape: String = escape.iter().map(|&byte| char::from(byte)).collect();
    Some(format!(
        "\"{escape}\" is an invalid {kind}escape sequence. Such sequences will not work in the future. "
    ))
}

fn raw_escape(text: &[u8]) -> Escape {
    match text.get(1) {
        None => Ok((Meaning::Itself, 1)),
        Some(b'u') => hexadecimal(text, 4, "truncated \\uXXXX escape", ""),
        Some(b'U') => hexadecimal(text, 8, "truncated \\UXXXXXXXX escape", "\\Uxxxxxxxx out of range"),
        Some(_) => Ok((Meaning::Itself, 2)),
    }
}

fn escape(text: &[u8]) -> Escape {
    let Some(&c) = text.get(1) else { return Err((1, "\\ at end of string")) };
    if let Some(byte) = simple_escape(c) {
        let meaning = byte.map_or(Meaning::Nothing, |byte| Meaning::Character(u32::from(byte)));
        return Ok((meaning, 2));
    }
    match c {
        b'0'..=b'7' => {
            let (value, length) = octal(text, 1);
            Ok((Meaning::Character(value), length))
        }
        b'x' => hexadecimal(text, 2, "truncated \\xXX escape", ""),
        b'u' => hexadecimal(text, 4, "truncated \\uXXXX escape", ""),
        b'U' => hexadecimal(text, 8, "truncated \\UXXXXXXXX escape", "illegal Unicode character"),
        b'N' => named(text),
        _ => Ok((Meaning::Itself, 2)),
    }
}

/// Exactly that many digits.
fn hexadecimal(text: &[u8], count: usize, truncated: &'static str, too_large: &'static str) -> Escape {
    let digits = text[2..].iter().take(count).map_while(|&digit| char::from(digit).to_digit(16));
    let (value, length) = digits.fold((0, 2), |(value, length), digit| (value << 4 | digit, length + 1));
    match value {
        _ if length < 2 + count => Err((length, truncated)),
        0x11_0000.. => Err((length, too_large)),
        _ => Ok((Meaning::Character(value), length)),
    }
}

/// `\N{name}`
fn named(text: &[u8]) -> Escape {
    const MALFORMED: &str = "malformed \\N character escape";
    let Some(name) = text[2..].strip_prefix(b"{") else { return Err((2, MALFORMED)) };
    match name.iter().position(|&b| b == b'}') {
        None => Err((text.len(), MALFORMED)),
        Some(0) => Err((3, MALFORMED)),
        Some(length) => match crate::character_names::lookup(&name[..length]) {
            Some(code_point) => Ok((Meaning::Character(code_point), length + 4)),
            None => Err((length + 4, "unknown Unicode character name")),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::source::codecs::testing::{message, replaced, text};

    #[test]
    fn escapes_with_a_meaning() {
        assert_eq!(text("unicode_escape", b"\xE9\\xe9\\u65e5\\U0001F600\\N{bullet}"), "éé日😀•");
        assert_eq!(text("unicode_escape", b"\\101\\1018\\777\\t\\\n\\q\\\xE9"), "AA8ǿ\t\\q\\é");
        assert_eq!(text("raw_unicode_escape", b"\xE9\\xe9\\u65e5\\U0001F600\\"), "é\\xe9日😀\\");
        assert_eq!(text("raw_unicode_escape", b"\\\\u65e5"), "\\\\u65e5");
    }

    #[test]
    fn the_first_escape_that_does_not_exist() {
        let warning = |name, bytes: &[u8]| super::super::decode(name, bytes).expect("decodes").warning;
        let future = "Such sequences will not work in the future. ";
        let invalid = format!("\"\\q\" is an invalid escape sequence. {future}");
        assert_eq!(warning("unicode_escape", b"\\\\q\\n \\q \\w"), Some(invalid));
        let octal = format!("\"\\400\" is an invalid octal escape sequence. {future}");
        assert_eq!(warning("unicode_escape", b"\\377 \\u1234 \\4000 \\q"), Some(octal));
        assert_eq!(warning("unicode_escape", b"\\x41 \\N{BULLET}"), None);
        assert_eq!(warning("raw_unicode_escape", b"\\q"), None);
    }

    #[test]
    fn errors() {
        let cases: [(&str, &[u8], &str, &str); 8] = [
            ("unicode_escape", b"a\\", "unicodeescape", "byte 0x5c in position 1: \\ at end of string"),
            ("unicode_escape", b"\\x4g", "unicodeescape", "bytes in position 0-2: truncated \\xXX escape"),
            (
                "unicode_escape",
                b"\\U00110000",
                "unicodeescape",
                "bytes in position 0-9: illegal Unicode character",
            ),
            (
                "unicode_escape",
                b"\\N{x}",
                "unicodeescape",
                "bytes in position 0-4: unknown Unicode character name",
            ),
            (
                "unicode_escape",
                b"\\N{-}",
                "unicodeescape",
                "bytes in position 0-4: unknown Unicode character name",
            ),
            (
                "unicode_escape",
                b"\\N{}",
                "unicodeescape",
                "bytes in position 0-2: malformed \\N character escape",
            ),
            (
                "raw_unicode_escape",
                b"\\u00",
                "rawunicodeescape",
                "bytes in position 0-3: truncated \\uXXXX escape",
            ),
            (
                "raw_unicode_escape",
                b"\\U00110000",
                "rawunicodeescape",
                "bytes in position 0-9: \\Uxxxxxxxx out of range",
            ),
        ];
        for (name, bytes, encoding, expected) in cases {
            assert_eq!(message(name, bytes), format!("'{encoding}' codec can't decode {expected}"));
        }
        assert_eq!(replaced("unicode_escape", b"\\x4g\\N{x}\\"), "\u{FFFD}g\u{FFFD}\u{FFFD}");
    }
}
