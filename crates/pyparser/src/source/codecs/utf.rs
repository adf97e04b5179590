//! UTF-8, UTF-16 and UTF-32.
//!
//! CPython's are `PyUnicode_DecodeUTF8`, `PyUnicode_DecodeUTF16Stateful` and
//! `PyUnicode_DecodeUTF32Stateful`. Their errors have names with hyphens, and always tell a byte
//! order, even if the source did not.

use super::DecodeError;
use super::output::Output;

/// In which order the bytes of a unit stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ByteOrder {
    Little,
    Big,
    /// As the byte order mark tells, which is no part of the text; little without one.
    Marked,
}

pub(super) fn decode_utf8(out: &mut Output<'_>) -> Result<(), DecodeError> {
    let mut at = 0;
    loop {
        let rest = &out.bytes[at..];
        let found = match std::str::from_utf8(rest) {
            Ok(_) => {
                out.push_text(rest);
                return Ok(());
            }
            Err(found) => found,
        };
        let valid = found.valid_up_to();
        out.push_text(&rest[..valid]);
        at += valid;
        let (length, reason) = match found.error_len() {
            None => (rest.len() - valid, "unexpected end of data"),
            Some(_) if matches!(rest[valid], 0x80..0xC2 | 0xF5..) => (1, "invalid start byte"),
            Some(length) => (length, "invalid continuation byte"),
        };
        out.cannot_decode("utf-8", at..at + length, reason)?;
        at += length;
    }
}

/// The order of the bytes, and how many of them tell it.
fn byte_order(order: ByteOrder, bytes: &[u8], little_mark: &[u8], big_mark: &[u8]) -> (ByteOrder, usize) {
    match order {
        ByteOrder::Marked if bytes.starts_with(little_mark) => (ByteOrder::Little, little_mark.len()),
        ByteOrder::Marked if bytes.starts_with(big_mark) => (ByteOrder::Big, big_mark.len()),
        ByteOrder::Marked => (ByteOrder::Little, 0),
        order => (order, 0),
    }
}

pub(super) fn decode_utf16(order: ByteOrder, out: &mut Output<'_>) -> Result<(), DecodeError> {
    let bytes = out.bytes;
    let (order, mut at) = byte_order(order, bytes, b"\xFF\xFE", b"\xFE\xFF");
    let encoding = if order == ByteOrder::Big { "utf-16-be" } else { "utf-16-le" };
    let unit = |at: usize| -> Option<u32> {
        let unit = bytes.get(at..at + 2)?.try_into().ok()?;
        let from_bytes = if order == ByteOrder::Big { u16::from_be_bytes } else { u16::from_le_bytes };
        Some(u32::from(from_bytes(unit)))
    };
    while at < bytes.len() {
        let (length, reason) = match (unit(at), unit(at + 2)) {
            (Some(high @ 0xD800..0xDC00), Some(low @ 0xDC00..0xE000)) => {
                out.push(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
                at += 4;
                continue;
            }
            (Some(0xD800..0xDC00), Some(_)) => (2, "illegal UTF-16 surrogate"),
            (Some(0xD800..0xDC00), None) => (bytes.len() - at, "unexpected end of data"),
            (Some(0xDC00..0xE000), _) => (2, "illegal encoding"),
            (Some(character), _) => {
                out.push(character);
                at += 2;
                continue;
            }
            (None, _) => (bytes.len() - at, "truncated data"),
        };
        out.cannot_decode(encoding, at..at + length, reason)?;
        at += length;
    }
    Ok(())
}

pub(super) fn decode_utf32(order: ByteOrder, out: &mut Output<'_>) -> Result<(), DecodeError> {
    let bytes = out.bytes;
    let (order, mut at) = byte_order(order, bytes, b"\xFF\xFE\0\0", b"\0\0\xFE\xFF");
    let encoding = if order == ByteOrder::Big { "utf-32-be" } else { "utf-32-le" };
    let from_bytes = if order == ByteOrder::Big { u32::from_be_bytes } else { u32::from_le_bytes };
    while at < bytes.len() {
        let unit = bytes.get(at..at + 4).and_then(|unit| unit.try_into().ok()).map(from_bytes);
        let (length, reason) = match unit {
            Some(0xD800..0xE000) => (4, "code point in surrogate code point range(0xd800, 0xe000)"),
            Some(0x11_0000..) => (4, "code point not in range(0x110000)"),
            Some(character) => {
                out.push(character);
                at += 4;
                continue;
            }
            None => (bytes.len() - at, "truncated data"),
        };
        out.cannot_decode(encoding, at..at + length, reason)?;
        at += length;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::source::codecs::testing::{message, replaced, text};

    #[test]
    fn a_mark_tells_the_byte_order() {
        assert_eq!(text("utf_16", b"a\0=\xD8\0\xDE"), "a😀");
        assert_eq!(text("utf_16", b"\xFE\xFF\0a"), "a");
        assert_eq!(text("utf_16_le", b"\xFF\xFEa\0"), "\u{FEFF}a");
        assert_eq!(text("utf_32", b"\0\0\xFE\xFF\0\x01\xF6\0"), "😀");
    }

    #[test]
    fn errors_of_utf16() {
        let le = "'utf-16-le' codec can't decode";
        let be = "'utf-16-be' codec can't decode";
        let cases: [(&str, &[u8], String); 5] = [
            ("utf_16", b"a\0b", format!("{le} byte 0x62 in position 2: truncated data")),
            ("utf_16", b"\0\xD8b", format!("{le} bytes in position 0-2: unexpected end of data")),
            ("utf_16", b"\xFE\xFF\xDC\0", format!("{be} bytes in position 2-3: illegal encoding")),
            ("utf_16_be", b"\xD8\0\0a", format!("{be} bytes in position 0-1: illegal UTF-16 surrogate")),
            ("utf_16_be", b"a", format!("{be} byte 0x61 in position 0: truncated data")),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(message(name, bytes), expected);
        }
        assert_eq!(replaced("utf_16_be", b"\xD8\0\0a\xDC\0b"), "\u{FFFD}a\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn errors_of_utf32() {
        let le = "'utf-32-le' codec can't decode bytes in position 0-3";
        assert_eq!(message("utf_32", b"abcd"), format!("{le}: code point not in range(0x110000)"));
        let reason = "code point in surrogate code point range(0xd800, 0xe000)";
        assert_eq!(message("utf_32", b"\0\xD8\0\0"), format!("{le}: {reason}"));
        assert_eq!(
            message("utf_32_be", b"\0\0\0a\0\0"),
            "'utf-32-be' codec can't decode bytes in position 4-5: truncated data"
        );
        assert_eq!(replaced("utf_32", b"abcdef"), "\u{FFFD}\u{FFFD}");
    }
}
