//! UTF-7: ASCII, with other characters as UTF-16 in Base64 between `+` and whatever is not Base64.
//!
//! CPython's is `PyUnicode_DecodeUTF7Stateful`. It is liberal: every ASCII byte but `+` stands for itself.

use super::DecodeError;
use super::output::Output;

/// A decoder of UTF-7.
struct Utf7<'o, 'b> {
    out: &'o mut Output<'b>,
    at: usize,
    /// Where the last `+` is, or the last byte outside of ASCII.
    start: usize,
    shift: Option<Shift>,
}

/// What a Base64 section has brought so far.
#[derive(Clone, Copy, Default)]
struct Shift {
    /// Those bits that make no UTF-16 unit yet, and their number.
    buffer: u32,
    bits: u32,
    /// The first half of a surrogate pair.
    high: Option<u32>,
}

pub(super) fn decode(out: &mut Output<'_>) -> Result<(), DecodeError> {
    let mut decoder = Utf7 { out, at: 0, start: 0, shift: None };
    while let Some(&byte) = decoder.out.bytes.get(decoder.at) {
        decoder.take(byte)?;
    }
    decoder.finish()
}

impl Utf7<'_, '_> {
    fn take(&mut self, byte: u8) -> Result<(), DecodeError> {
        match (&mut self.shift, base64_value(byte), byte) {
            (Some(shift), Some(value), _) => {
                self.at += 1;
                shift.take(value, self.out);
                Ok(())
            }
            (Some(shift), None, _) => {
                let shift = *shift;
                self.leave(shift, byte)
            }
            (None, _, b'+') => self.enter(),
            (None, _, 0x80..) => {
                self.start = self.at;
                self.at += 1;
                self.fail("unexpected special character")
            }
            (None, _, direct) => {
                self.at += 1;
                self.out.push(u32::from(direct));
                Ok(())
            }
        }
    }

    /// A `+`: it begins a section, unless a `-` follows.
    fn enter(&mut self) -> Result<(), DecodeError> {
        self.start = self.at;
        self.at += 1;
        match self.out.bytes.get(self.at) {
            Some(b'-') => {
                self.at += 1;
                self.out.push(u32::from('+'));
            }
            Some(&byte) if base64_value(byte).is_none() => {
                self.at += 1;
                return self.fail("ill-formed sequence");
            }
            _ => self.shift = Some(Shift::default()),
        }
        Ok(())
    }

    /// A byte that is not Base64 ends a section; a `-` does nothing else.
    fn leave(&mut self, shift: Shift, byte: u8) -> Result<(), DecodeError> {
        self.shift = None;
        if let Some(reason) = shift.problem() {
            self.at += 1;
            return self.fail(reason);
        }
        if let Some(high) = shift.high.filter(|_| byte.is_ascii()) {
            self.out.push(high);
        }
        self.at += usize::from(byte == b'-');
        Ok(())
    }

    fn finish(self) -> Result<(), DecodeError> {
        match self.shift {
            Some(shift) if shift.high.is_some() || shift.problem().is_some() => {
                let end = self.out.bytes.len();
                self.out.cannot_decode("utf7", self.start..end, "unterminated shift sequence")
            }
            _ => Ok(()),
        }
    }

    fn fail(&mut self, reason: &str) -> Result<(), DecodeError> {
        self.out.cannot_decode("utf7", self.start..self.at, reason)
    }
}

impl Shift {
    fn take(&mut self, value: u32, out: &mut Output<'_>) {
        self.buffer = self.buffer << 6 | value;
        self.bits += 6;
        if self.bits < 16 {
            return;
        }
        self.bits -= 16;
        let unit = self.buffer >> self.bits;
        self.buffer &= (1 << self.bits) - 1;
        match (self.high.take(), unit) {
            (Some(high), 0xDC00..0xE000) => out.push(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00)),
            (high, _) => {
                high.into_iter().for_each(|high| out.push(high));
                match unit {
                    0xD800..0xDC00 => self.high = Some(unit),
                    _ => out.push(unit),
                }
            }
        }
    }

    /// Why the section cannot end here.
    fn problem(&self) -> Option<&'static str> {
        match self.bits {
            6.. => Some("partial character in shift sequence"),
            _ if self.buffer != 0 => Some("non-zero padding bits in shift sequence"),
            _ => None,
        }
    }
}

fn base64_value(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use crate::source::codecs::testing::{message, replaced, text};

    #[test]
    fn sections_of_base64() {
        assert_eq!(text("utf_7", b"1 +- 1 ~\\"), "1 + 1 ~\\");
        assert_eq!(text("utf_7", b"+ZeVnLIqe-!+AOk,+"), "日本語!é,");
        assert_eq!(text("utf_7", b"+2D3eAA-"), "😀");
    }

    #[test]
    fn errors() {
        let cases: [(&[u8], &str); 6] = [
            (b"a+~", "'utf7' codec can't decode bytes in position 1-2: ill-formed sequence"),
            (
                b"a+AO-",
                "'utf7' codec can't decode bytes in position 1-4: partial character in shift sequence",
            ),
            (
                b"+AAB-",
                "'utf7' codec can't decode bytes in position 0-4: non-zero padding bits in shift sequence",
            ),
            (b"\xE9", "'utf7' codec can't decode byte 0xe9 in position 0: unexpected special character"),
            (b"a+2D0", "'utf7' codec can't decode bytes in position 1-4: unterminated shift sequence"),
            (
                b"+2AA- +3AA-",
                "'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed",
            ),
        ];
        for (bytes, expected) in cases {
            assert_eq!(message("utf_7", bytes), expected);
        }
        assert_eq!(replaced("utf_7", b"a+~b+AO-c\xE9+A"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}");
    }
}
