//! Python's codecs, under Python's names, as far as a source file can use them.
//!
//! Not here: `utf_7`, `utf_16`, `utf_32`, `punycode`, `unicode_escape`, `big5hkscs`, `johab`, `hz`, and the
//! variants of `iso2022` and JIS X 0213. A source in one of them is refused, unless it is plain
//! ASCII without a byte that is special there.

use std::ops::Range;

use pyast::SyntaxError;

use super::NOWHERE;
use crate::generated::codecs::{NAMES, NOT_TEXT, SINGLE_BYTE};
use crate::generated::multi_byte::MULTI_BYTE;

/// What a table has where there is no character.
pub(super) const UNDEFINED: u16 = 0xFFFE;

/// A codec of one byte a character.
pub(crate) struct SingleByte {
    /// What its errors call it.
    pub(crate) encoding: &'static str,
    /// What they give as the reason.
    pub(crate) reason: &'static str,
    /// The characters of all bytes; or of those from 128 on, and the others are ASCII.
    pub(crate) table: &'static [u16],
}

/// Why bytes cannot be decoded.
#[derive(Debug)]
pub(crate) struct DecodeError {
    /// What CPython says.
    pub(crate) message: String,
    /// Which bytes are at fault, if it is not the encoding.
    range: Option<Range<usize>>,
}

impl From<DecodeError> for SyntaxError {
    fn from(error: DecodeError) -> Self {
        SyntaxError::new(error.message, NOWHERE)
    }
}

/// Whether there is an encoding of that name (`codecs.lookup`).
pub(crate) fn is_known(name: &str) -> bool {
    lookup(name).is_some()
}

/// Decodes text in the encoding of that name, with a U+FFFD for what means nothing in it
/// (`bytes.decode(name, "replace")`).
pub(crate) fn decode_replacing(name: &str, bytes: &[u8]) -> Result<String, DecodeError> {
    let (mut out, mut rest) = (Vec::new(), bytes);
    loop {
        let error = match decode(name, rest) {
            Ok(text) => {
                out.extend_from_slice(&text);
                return Ok(String::from_utf8_lossy(&out).into_owned());
            }
            Err(error) => error,
        };
        let Some(range) = error.range.clone() else { return Err(error) };
        out.extend_from_slice(&decode(name, &rest[..range.start])?);
        push(&mut out, u32::from(char::REPLACEMENT_CHARACTER));
        rest = &rest[range.end..];
    }
}

/// Decodes text in the encoding of that name to UTF-8.
pub(crate) fn decode(name: &str, bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let Some(codec) = lookup(name) else {
        return Err(error(format!("unknown encoding: {name}")));
    };
    if NOT_TEXT.contains(&codec) {
        let message =
            format!("'{name}' is not a text encoding; use codecs.decode() to handle arbitrary codecs");
        return Err(error(message));
    }
    if let Some(table) = find(SINGLE_BYTE, codec) {
        return decode_single_byte(table, bytes);
    }
    if let Some(table) = find(MULTI_BYTE, codec) {
        return super::multi_byte::decode(codec, table, bytes);
    }
    decode_other(name, codec, bytes)
}

/// `codecs.lookup`
fn lookup(name: &str) -> Option<&'static str> {
    let normalized = normalize(name);
    find(NAMES, &normalized).or_else(|| find(NAMES, &normalized.replace('.', "_"))).copied()
}

/// `encodings.normalize_encoding`: lower case, with one underscore for each run of punctuation but periods.
fn normalize(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if gap && !out.is_empty() {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
            gap = false;
        } else {
            gap = true;
        }
    }
    out
}

fn find<T>(table: &'static [(&str, T)], name: &str) -> Option<&'static T> {
    table.binary_search_by_key(&name, |&(key, _)| key).ok().map(|at| &table[at].1)
}

fn decode_single_byte(codec: &SingleByte, bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let lower_is_ascii = codec.table.len() == 128;
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 2);
    for (at, &byte) in bytes.iter().enumerate() {
        let unit = match byte {
            0..0x80 if lower_is_ascii => u16::from(byte),
            _ => codec.table[usize::from(byte) - (256 - codec.table.len())],
        };
        if unit == UNDEFINED {
            return Err(cannot_decode(codec.encoding, bytes, at..at + 1, codec.reason));
        }
        push(&mut out, u32::from(unit));
    }
    Ok(out)
}

fn decode_other(name: &str, codec: &str, bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    match codec {
        "utf_8" => decode_utf8(bytes),
        "utf_8_sig" => decode_utf8(bytes.strip_prefix(super::BYTE_ORDER_MARK).unwrap_or(bytes)),
        "undefined" => Err(error("undefined encoding".to_owned())),
        _ if is_plain_ascii(codec, bytes) => Ok(bytes.to_vec()),
        _ => Err(error(format!("unsupported encoding: {name}"))),
    }
}

/// Whether the bytes are ASCII and mean ASCII in that codec.
fn is_plain_ascii(codec: &str, bytes: &[u8]) -> bool {
    let special: &[u8] = match codec {
        "unicode_escape" | "raw_unicode_escape" => b"\\",
        "hz" => b"~",
        "utf_7" => b"+",
        "johab" => b"\\",
        codec if codec.starts_with("shift_jis") => b"\\~",
        codec if codec.starts_with("iso2022") => b"\x0E\x0F\x1B",
        codec if codec.starts_with("euc_jis") || codec == "big5hkscs" || codec == "idna" => b"",
        _ => return false,
    };
    bytes.is_ascii() && !bytes.iter().any(|b| special.contains(b))
}

fn decode_utf8(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let Err(found) = std::str::from_utf8(bytes) else { return Ok(bytes.to_vec()) };
    let at = found.valid_up_to();
    let (length, reason) = match found.error_len() {
        None => (bytes.len() - at, "unexpected end of data"),
        Some(_) if matches!(bytes[at], 0x80..0xC2 | 0xF5..) => (1, "invalid start byte"),
        Some(length) => (length, "invalid continuation byte"),
    };
    Err(cannot_decode("utf-8", bytes, at..at + length, reason))
}

/// A `UnicodeDecodeError`, which a bad source file turns into a `SyntaxError`.
pub(super) fn cannot_decode(encoding: &str, bytes: &[u8], range: Range<usize>, reason: &str) -> DecodeError {
    let (start, end) = (range.start, range.end);
    let message = if end == start + 1 {
        format!("'{encoding}' codec can't decode byte 0x{:02x} in position {start}: {reason}", bytes[start])
    } else {
        format!("'{encoding}' codec can't decode bytes in position {start}-{}: {reason}", end - 1)
    };
    DecodeError { message, range: Some(range) }
}

fn error(message: String) -> DecodeError {
    DecodeError { message, range: None }
}

/// Appends a character. Tables hold no surrogates.
pub(super) fn push(out: &mut Vec<u8>, code_point: u32) {
    let c = char::from_u32(code_point).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str, bytes: &[u8]) -> String {
        String::from_utf8(decode(name, bytes).expect("decodes")).expect("UTF-8")
    }

    fn message(name: &str, bytes: &[u8]) -> String {
        decode(name, bytes).expect_err("must fail").message
    }

    #[test]
    fn names_are_normalized_as_python_does() {
        assert_eq!(text("KOI8-R", b"\xF0"), "П");
        assert_eq!(text("windows_1251", b"\xCF"), "П");
        assert_eq!(text("ISO 8859--5", b"\xBF"), "П");
        assert_eq!(message("foo.bar", b""), "unknown encoding: foo.bar");
        assert_eq!(
            message("hex", b""),
            "'hex' is not a text encoding; use codecs.decode() to handle arbitrary codecs"
        );
    }

    #[test]
    fn codecs_are_those_of_python_not_of_the_web() {
        assert_eq!(text("latin-1", b"\x80\x85"), "\u{80}\u{85}");
        assert_eq!(text("shift_jis", b"\x5C\x7E\x82\xA0"), "\\~あ");
        assert_eq!(text("euc-jp", b"\xA4\xA2\x8E\xB1\x8F\xB0\xA1"), "あｱ丂");
        assert_eq!(text("gb18030", b"\xC4\xE3\x81\x30\x81\x30\x90\x30\x81\x30"), "你\u{80}\u{10000}");
        assert_eq!(text("cp949", b"\x81\x41"), "갂");
        assert_eq!(text("big5", b"\xA7\x41"), "你");
    }

    #[test]
    fn what_cannot_be_decoded_is_replaced() {
        let replaced = |name, bytes| decode_replacing(name, bytes).expect("a known encoding");
        assert_eq!(replaced("ascii", b"a\xE9\xE8b"), "a\u{FFFD}\u{FFFD}b");
        assert_eq!(replaced("gbk", b"\xC4\xE3\x81"), "你\u{FFFD}");
    }

    #[test]
    fn errors_of_codecs() {
        let cases: [(&str, &[u8], &str); 7] = [
            (
                "ascii",
                b"a\xE9",
                "'ascii' codec can't decode byte 0xe9 in position 1: ordinal not in range(128)",
            ),
            (
                "cp1252",
                b"\x81",
                "'charmap' codec can't decode byte 0x81 in position 0: character maps to <undefined>",
            ),
            (
                "euc_jp",
                b"a\xA4\n",
                "'euc_jp' codec can't decode byte 0xa4 in position 1: illegal multibyte sequence",
            ),
            (
                "gbk",
                b"a\x81",
                "'gbk' codec can't decode byte 0x81 in position 1: incomplete multibyte sequence",
            ),
            (
                "utf8",
                b"\xE9\n",
                "'utf-8' codec can't decode byte 0xe9 in position 0: invalid continuation byte",
            ),
            ("utf8", b"\xE2\x82", "'utf-8' codec can't decode bytes in position 0-1: unexpected end of data"),
            ("utf8", b"\xFF", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(message(name, bytes), expected);
        }
    }
}
