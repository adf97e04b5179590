//! Python's codecs, under Python's names, as far as a source file can use them.
//!
//! * `output`: what a decoder writes to, and what happens to bytes that mean nothing
//! * `single_byte`: `ascii`, `latin_1` and all code pages of one byte a character
//! * `multi_byte`: those for Chinese, Japanese and Korean, over tables of characters (`table`)
//! * `korean`: Hangul that is put together from its letters: Johab, and what EUC-KR spells out
//! * `hz`, `iso2022`: those that shift between sets of characters
//! * `utf`: UTF-8, UTF-16, UTF-32
//! * `utf_7`: UTF-7
//! * `escapes`: `unicode_escape` and `raw_unicode_escape`
//! * `punycode`: Punycode
//! * `idna`: names of domains, whose labels are Punycode; what may be in them is in `nameprep`

mod escapes;
mod hz;
mod idna;
mod iso2022;
mod korean;
mod multi_byte;
mod nameprep;
mod output;
mod punycode;
pub(crate) mod single_byte;
pub(crate) mod table;
mod utf;
mod utf_7;

use std::ops::Range;

use pyast::{ErrorKind, Location, SyntaxError};

use self::hz::Hz;
use self::iso2022::Iso2022;
use self::korean::Johab;
use self::multi_byte::Stateless;
use self::output::{Errors, Output};
use self::utf::ByteOrder;
use super::NOWHERE;
use crate::generated::codecs::{NAMES, NOT_TEXT, SINGLE_BYTE};
use crate::generated::multi_byte::MULTI_BYTE;

pub(crate) use output::surrogates_not_allowed;

pub(crate) const LOOKUP_ERROR: &str = "LookupError";
pub(crate) const UNICODE_DECODE_ERROR: &str = "UnicodeDecodeError";
pub(crate) const UNICODE_ENCODE_ERROR: &str = "UnicodeEncodeError";
const UNICODE_ERROR: &str = "UnicodeError";

/// What a table has where there is no character.
pub(super) const UNDEFINED: u16 = 0xFFFE;

/// Why bytes cannot be decoded.
#[derive(Debug)]
pub(crate) struct DecodeError {
    /// What CPython says.
    pub(crate) message: String,
    /// The exception.
    pub(crate) class: &'static str,
    /// What `compile` raises: it makes a `SyntaxError` of each `ValueError` and `LookupError`.
    kind: ErrorKind,
    /// Which bytes are at fault and why, in a `UnicodeDecodeError`.
    fault: Option<(Range<usize>, String)>,
}

impl DecodeError {
    fn new(class: &'static str, message: impl Into<String>) -> Self {
        DecodeError { message: message.into(), class, kind: ErrorKind::SyntaxError, fault: None }
    }

    /// An exception that `compile` leaves as it is.
    fn of_kind(kind: ErrorKind, message: &str) -> Self {
        DecodeError { kind, ..DecodeError::new(kind.name(), message) }
    }

    /// `MBERR_INTERNAL`
    fn internal() -> Self {
        DecodeError::of_kind(ErrorKind::RuntimeError, "internal codec error")
    }

    /// A number in a text has no limit, but a place in it has.
    fn overflow() -> Self {
        DecodeError::of_kind(ErrorKind::OverflowError, "Python int too large to convert to C ssize_t")
    }
}

impl From<DecodeError> for SyntaxError {
    fn from(error: DecodeError) -> Self {
        match error.kind {
            ErrorKind::SyntaxError => SyntaxError::new(error.message, NOWHERE),
            kind => SyntaxError::of_kind(kind, error.message, Location::NONE),
        }
    }
}

/// Whether there is an encoding of that name (`codecs.lookup`).
pub(crate) fn is_known(name: &str) -> bool {
    lookup(name).is_some()
}

/// What bytes are.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// The `DeprecationWarning` that goes with it.
    pub(crate) warning: Option<String>,
}

/// Decodes text in the encoding of that name (`bytes.decode(name)`).
pub(crate) fn decode(name: &str, bytes: &[u8]) -> Result<Decoded, DecodeError> {
    decode_with(name, bytes, Errors::Strict)
}

/// Decodes text in the encoding of that name, with a U+FFFD for what means nothing in it
/// (`bytes.decode(name, "replace")`).
pub(crate) fn decode_replacing(name: &str, bytes: &[u8]) -> Result<String, DecodeError> {
    decode_with(name, bytes, Errors::Replace).map(|decoded| decoded.text)
}

fn decode_with(name: &str, bytes: &[u8], errors: Errors) -> Result<Decoded, DecodeError> {
    let Some(codec) = lookup(name) else {
        return Err(DecodeError::new(LOOKUP_ERROR, format!("unknown encoding: {name}")));
    };
    if NOT_TEXT.contains(&codec) {
        let what = "is not a text encoding; use codecs.decode() to handle arbitrary codecs";
        return Err(DecodeError::new(LOOKUP_ERROR, format!("'{name}' {what}")));
    }
    let mut out = Output::new(bytes, errors);
    decode_to(codec, &mut out)?;
    let warning = out.warning.take();
    Ok(Decoded { text: out.into_text()?, warning })
}

fn decode_to(codec: &str, out: &mut Output<'_>) -> Result<(), DecodeError> {
    if let Some(table) = find(SINGLE_BYTE, codec) {
        return single_byte::decode(table, out);
    }
    if let Some(table) = find(MULTI_BYTE, codec) {
        return multi_byte::decode(codec, Stateless::new(codec, table), out);
    }
    if let Some(decoder) = Iso2022::new(codec) {
        return multi_byte::decode(codec, decoder, out);
    }
    match codec {
        "hz" => multi_byte::decode(codec, Hz::new(), out),
        "johab" => multi_byte::decode(codec, Johab::new(), out),
        "utf_8" => utf::decode_utf8(out),
        "utf_8_sig" => {
            out.bytes = out.bytes.strip_prefix(super::BYTE_ORDER_MARK).unwrap_or(out.bytes);
            utf::decode_utf8(out)
        }
        "utf_16" => utf::decode_utf16(ByteOrder::Marked, out),
        "utf_16_le" => utf::decode_utf16(ByteOrder::Little, out),
        "utf_16_be" => utf::decode_utf16(ByteOrder::Big, out),
        "utf_32" => utf::decode_utf32(ByteOrder::Marked, out),
        "utf_32_le" => utf::decode_utf32(ByteOrder::Little, out),
        "utf_32_be" => utf::decode_utf32(ByteOrder::Big, out),
        "utf_7" => utf_7::decode(out),
        "unicode_escape" => escapes::decode(out),
        "raw_unicode_escape" => escapes::decode_raw(out),
        "punycode" => punycode::decode(out),
        "undefined" => Err(DecodeError::new(UNICODE_ERROR, "undefined encoding")),
        "idna" => idna::decode(out),
        _ => unreachable!("the codec {codec} has no decoder"),
    }
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

/// What tests say of a codec, in a line.
#[cfg(test)]
mod testing {
    /// The text that the bytes are.
    pub(super) fn text(name: &str, bytes: &[u8]) -> String {
        super::decode(name, bytes).expect("decodes").text
    }

    /// The error.
    pub(super) fn message(name: &str, bytes: &[u8]) -> String {
        super::decode(name, bytes).expect_err("must fail").message
    }

    /// The text, with U+FFFD where it is none.
    pub(super) fn replaced(name: &str, bytes: &[u8]) -> String {
        super::decode_replacing(name, bytes).expect("a known encoding")
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{message, replaced, text};

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
    fn every_codec_has_a_decoder() {
        for (name, codec) in crate::generated::codecs::NAMES {
            if let Err(error) = super::decode(name, b"a-") {
                let is_other = error.message.contains("is not a text encoding");
                assert!(is_other || error.message.contains("decode") || *codec == "undefined", "{name}");
            }
        }
    }

    /// CRC-32, as `zlib.crc32` computes it on.
    fn crc32(bytes: &[u8], before: u32) -> u32 {
        !bytes.iter().fold(!before, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ if crc & 1 == 0 { 0 } else { 0xEDB8_8320 })
        })
    }

    #[test]
    fn any_two_bytes_mean_what_they_mean_in_cpython() {
        for &(name, designation, expected) in crate::generated::codecs::CHECKSUMS {
            let line = |first, second| [designation.as_bytes(), &[first, second, b'\n']].concat();
            let checksum = (0..=255).fold(0, |checksum, first| {
                let lines: Vec<u8> = (0..=255).flat_map(|second| line(first, second)).collect();
                crc32(replaced(name, &lines).as_bytes(), checksum)
            });
            assert_eq!(checksum, expected, "{name} {designation:?}");
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_replaced() {
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
