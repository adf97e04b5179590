//! Codecs of several bytes a character: the loop around them all, and those without shift states.
//!
//! CPython's are in `Modules/cjkcodecs/_codecs_{cn,hk,jp,kr,tw}.c`, the loop is
//! `multibytecodec_decode` with `multibytecodec_decerror`.

use super::output::Output;
use super::single_byte::character;
use super::table::{BEGINS, ILLEGAL, Lookup, MultiByte, Table};
use super::{DecodeError, korean};

/// What comes next in the text.
pub(super) enum Step {
    /// So many bytes are decoded.
    Taken(usize),
    /// So many bytes mean nothing.
    Illegal(usize),
    /// The text ends within a sequence.
    Incomplete,
    /// CPython gives up (`MBERR_INTERNAL`).
    Internal,
}

/// A decoder that takes one character, or whatever changes its state, at a time.
pub(super) trait Decoder {
    /// Looks at the rest of the text, which is not empty.
    fn step(&mut self, rest: &[u8], out: &mut Output<'_>) -> Step;
}

/// Decodes. `name` is what errors call the codec.
pub(super) fn decode(name: &str, mut decoder: impl Decoder, out: &mut Output<'_>) -> Result<(), DecodeError> {
    let bytes = out.bytes;
    let mut at = 0;
    while at < bytes.len() {
        let (length, reason) = match decoder.step(&bytes[at..], out) {
            Step::Taken(length) => {
                at += length;
                continue;
            }
            Step::Illegal(length) => (length, "illegal multibyte sequence"),
            Step::Incomplete => (bytes.len() - at, "incomplete multibyte sequence"),
            Step::Internal => return Err(DecodeError::internal()),
        };
        out.cannot_decode(name, at..at + length, reason)?;
        at += length;
    }
    Ok(())
}

/// A codec without shift states.
pub(super) struct Stateless {
    codec: &'static MultiByte,
    table: Table,
    /// Whether there are sequences of four letters that make one Hangul syllable: in EUC-KR.
    composes_hangul: bool,
    /// Whether 0x8F begins three bytes: in EUC-JP and its variants.
    has_third_byte: bool,
}

impl Stateless {
    pub(super) fn new(name: &str, codec: &'static MultiByte) -> Self {
        let (composes_hangul, has_third_byte) = (name == "euc_kr", name.starts_with("euc_j"));
        Stateless { codec, table: Table::new(codec), composes_hangul, has_third_byte }
    }
}

impl Decoder for Stateless {
    fn step(&mut self, rest: &[u8], out: &mut Output<'_>) -> Step {
        match character(self.codec.single, rest[0]) {
            BEGINS => {}
            ILLEGAL => return Step::Illegal(1),
            unit => {
                out.push(u32::from(unit));
                return Step::Taken(1);
            }
        }
        let (lead, last) = match *rest {
            [0x8F, second, third, ..] if self.has_third_byte => (u16::from_be_bytes([0x8F, second]), third),
            [0x8F, ..] if self.has_third_byte => return Step::Incomplete,
            [_, b'0'..=b'9', ..] if !self.codec.four_byte_ranges.is_empty() => {
                return four_bytes(self.codec.four_byte_ranges, rest, out);
            }
            [first, second, ..] if self.composes_hangul && [first, second] == korean::HANGUL_FILLER => {
                return korean::composed_hangul(rest, out);
            }
            [first, second, ..] => (u16::from(first), second),
            _ => return Step::Incomplete,
        };
        let length = if lead < 0x100 { 2 } else { 3 };
        match self.table.decode(lead, last, out) {
            Lookup::Found => Step::Taken(length),
            Lookup::Nothing => Step::Illegal(1),
            Lookup::NotYet => Step::Illegal(length),
        }
    }
}

/// Four bytes of GB 18030: a digit is second and fourth.
fn four_bytes(ranges: &[(u32, u32, u32)], rest: &[u8], out: &mut Output<'_>) -> Step {
    let Some(&[a, b, c, d]) = rest.get(..4) else { return Step::Incomplete };
    if a < 0x81 || c < 0x81 || !d.is_ascii_digit() {
        return Step::Illegal(1);
    }
    let digit = |byte: u8| u32::from(byte - b'0');
    let index = ((u32::from(a - 0x81) * 10 + digit(b)) * 126 + u32::from(c - 0x81)) * 10 + digit(d);
    let range = ranges.partition_point(|range| range.0 <= index).checked_sub(1).map(|at| ranges[at]);
    match range {
        Some((first, code_point, length)) if index < first + length => {
            out.push(code_point + (index - first));
            Step::Taken(4)
        }
        _ => Step::Illegal(1),
    }
}

#[cfg(test)]
mod tests {
    use crate::source::codecs::testing::{message, replaced, text};

    #[test]
    fn characters_beyond_two_bytes_and_pairs() {
        assert_eq!(text("big5hkscs", b"\x88\x62\x88\x66\xA4\xA4\x95\x74\xC6\xA1"), "Ê̄Ê中𡡀①");
        assert_eq!(text("euc_jis_2004", b"\xA4\xF7\xAE\xA1\x8F\xA1\xA1\xA1\xC0\xA2\xB2"), "か゚俱𠂉＼～");
        assert_eq!(text("shift_jis_2004", b"\\~\x82\xF5\x81\x5F\xF0\x40\x88\x9F"), "¥‾か゚\\𠂉亜");
        assert_eq!(text("cp932", b"\x80\xA0\xFF\xFA\x40\xF0\x40"), "\u{80}\u{F8F0}\u{F8F3}ⅰ\u{E000}");
        assert_eq!(text("cp950", b"\xA3\xE1\xF9\xD6"), "€碁");
    }

    #[test]
    fn which_bytes_are_at_fault() {
        let cases: [(&str, &[u8], &str); 6] = [
            ("big5", b"\x80a", "byte 0x80 in position 0: illegal multibyte sequence"),
            ("gbk", b"\xFF", "byte 0xff in position 0: incomplete multibyte sequence"),
            ("euc_jp", b"\x8F\xB0", "bytes in position 0-1: incomplete multibyte sequence"),
            ("euc_jisx0213", b"a\xAE\xA1", "bytes in position 1-2: illegal multibyte sequence"),
            ("shift_jisx0213", b"\xF0\x40\x87\x9F", "bytes in position 2-3: illegal multibyte sequence"),
            ("gb18030", b"\x84\x31\xA4\x39\xFF", "byte 0xff in position 4: incomplete multibyte sequence"),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(message(name, bytes), format!("'{name}' codec can't decode {expected}"));
        }
        assert_eq!(replaced("gbk", b"\xC4\xE3\x81a\xFF"), "你乤\u{FFFD}");
    }
}
