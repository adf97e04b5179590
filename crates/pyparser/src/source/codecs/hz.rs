//! HZ (RFC 1843): GB 2312 in seven bits, between `~{` and `~}`.
//!
//! Counterpart of the decoder `hz` in `Modules/cjkcodecs/_codecs_cn.c`. Unlike in the RFC, the end of a line ends
//! nothing.

use super::multi_byte::{Decoder, Step};
use super::output::Output;
use super::table::{Lookup, Table};
use crate::generated::multi_byte::GB2312;

/// The decoder of HZ.
pub(super) struct Hz {
    gb2312: Table,
    is_shifted: bool,
}

impl Hz {
    pub(super) fn new() -> Self {
        Hz { gb2312: Table::new(&GB2312), is_shifted: false }
    }

    /// What a `~` begins.
    fn escape(&mut self, second: u8, out: &mut Output<'_>) -> Step {
        match (second, self.is_shifted) {
            (b'~', false) => out.push(u32::from('~')),
            (b'{', false) => self.is_shifted = true,
            (b'}', true) => self.is_shifted = false,
            (b'\n', false) => {}
            _ => return Step::Illegal(1),
        }
        Step::Taken(2)
    }
}

impl Decoder for Hz {
    fn step(&mut self, rest: &[u8], out: &mut Output<'_>) -> Step {
        match *rest {
            [0x80..=0xFF, ..] => Step::Illegal(1),
            [b'~', second, ..] => self.escape(second, out),
            [ascii, ..] if !self.is_shifted && ascii != b'~' => {
                out.push(u32::from(ascii));
                Step::Taken(1)
            }
            [first, second @ 0..0x80, ..] => {
                match self.gb2312.decode(u16::from(first | 0x80), second | 0x80, out) {
                    Lookup::Found => Step::Taken(2),
                    Lookup::Nothing | Lookup::NotYet => Step::Illegal(1),
                }
            }
            [_, _, ..] => Step::Illegal(1),
            _ => Step::Incomplete,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::source::codecs::testing::{message, replaced, text};

    #[test]
    fn shifts() {
        assert_eq!(text("hz", b"~{VPND~}~~a~\nb"), "中文~ab");
        assert_eq!(replaced("hz", b"~{VP\n"), "中\u{FFFD}");
    }

    #[test]
    fn errors() {
        let cases: [(&[u8], &str); 4] = [
            (b"~{~~", "byte 0x7e in position 2: illegal multibyte sequence"),
            (b"~{~\n", "byte 0x7e in position 2: illegal multibyte sequence"),
            (b"~{V", "byte 0x56 in position 2: incomplete multibyte sequence"),
            (b"a\xE9", "byte 0xe9 in position 1: illegal multibyte sequence"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(message("hz", bytes), format!("'hz' codec can't decode {expected}"));
        }
    }
}
