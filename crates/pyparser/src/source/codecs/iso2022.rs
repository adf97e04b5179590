//! The variants of ISO 2022: seven bits, and escape sequences that say which characters they mean.
//!
//! Counterpart of `Modules/cjkcodecs/_codecs_iso2022.c`, whose quirks are part of it: what is designated outlives the
//! line, an escape sequence that it does not know is passed on up to its last letter, and a set can be designated
//! that cannot be used.

use super::find;
use super::multi_byte::{Decoder, Step};
use super::output::Output;
use super::single_byte::character;
use super::table::{Lookup, MultiByte, Table};
use crate::generated::codecs::SINGLE_BYTE;
use crate::generated::multi_byte::{EUC_JIS_2004, EUC_JISX0213, EUC_JP, EUC_KR, GB2312};

const ESC: u8 = 0x1B;
const SHIFT_OUT: u8 = 0x0E;
const SHIFT_IN: u8 = 0x0F;

/// Where CPython looks for the end of an escape sequence.
const MAX_ESCAPE: usize = 16;

/// A set of characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Charset {
    Ascii,
    /// ISO-8859-1 and -7: only for single characters.
    Latin,
    Greek,
    /// ASCII with a yen sign and an overline.
    Roman,
    Katakana,
    JisX0208,
    /// The edition of 1978, which is taken for that of 1983.
    JisX0208Of1978,
    JisX0212,
    /// The first plane, in the editions of 2000 and 2004.
    JisX0213Of2000,
    JisX0213Of2004,
    /// The second plane, of which CPython takes the edition of 2004 for that of 2000 too.
    SecondPlane,
    KsX1001,
    Gb2312,
}

impl Charset {
    /// The letter that designates it, and whether it has two bytes a character.
    fn mark(self) -> (u8, bool) {
        match self {
            Charset::Ascii => (b'B', false),
            Charset::Latin => (b'A', false),
            Charset::Greek => (b'F', false),
            Charset::Roman => (b'J', false),
            Charset::Katakana => (b'I', false),
            Charset::JisX0208 => (b'B', true),
            Charset::JisX0208Of1978 => (b'@', true),
            Charset::JisX0212 => (b'D', true),
            Charset::JisX0213Of2000 => (b'O', true),
            Charset::JisX0213Of2004 => (b'Q', true),
            Charset::SecondPlane => (b'P', true),
            Charset::KsX1001 => (b'C', true),
            Charset::Gb2312 => (b'A', true),
        }
    }

    /// The codec whose table has the characters, and what stands before the two bytes there.
    fn table(self) -> Option<(&'static MultiByte, u16)> {
        const SECOND_PLANE: u16 = 0x8F00;
        Some(match self {
            Charset::Ascii | Charset::Latin | Charset::Greek | Charset::Roman | Charset::Katakana => {
                return None;
            }
            Charset::JisX0208 | Charset::JisX0208Of1978 => (&EUC_JP, 0),
            Charset::JisX0212 => (&EUC_JP, SECOND_PLANE),
            Charset::JisX0213Of2000 => (&EUC_JISX0213, 0),
            Charset::JisX0213Of2004 => (&EUC_JIS_2004, 0),
            Charset::SecondPlane => (&EUC_JIS_2004, SECOND_PLANE),
            Charset::KsX1001 => (&EUC_KR, 0),
            Charset::Gb2312 => (&GB2312, 0),
        })
    }
}

/// What differs between the codecs.
struct Variant {
    /// The sets that can be designated besides ASCII.
    charsets: &'static [Charset],
    /// Whether shift-out and shift-in mean anything.
    shifts: bool,
    /// Whether a set can be designated for single characters, which `ESC N` begins.
    has_singles: bool,
    /// Whether the edition of 1990 of JIS X 0208 has a designation of its own.
    has_prefix: bool,
}

const JAPANESE: Variant = Variant { charsets: &[], shifts: false, has_singles: false, has_prefix: true };

/// The codecs, by name.
const VARIANTS: &[(&str, Variant)] = {
    use Charset::*;
    &[
        ("iso2022_jp", Variant { charsets: &[JisX0208, Roman, JisX0208Of1978], ..JAPANESE }),
        ("iso2022_jp_1", Variant { charsets: &[JisX0208, JisX0212, Roman, JisX0208Of1978], ..JAPANESE }),
        (
            "iso2022_jp_2",
            Variant {
                charsets: &[JisX0208, JisX0212, KsX1001, Gb2312, Roman, JisX0208Of1978, Latin, Greek],
                has_singles: true,
                ..JAPANESE
            },
        ),
        ("iso2022_jp_2004", Variant { charsets: &[JisX0208, JisX0213Of2004, SecondPlane], ..JAPANESE }),
        ("iso2022_jp_3", Variant { charsets: &[JisX0208, JisX0213Of2000, SecondPlane], ..JAPANESE }),
        (
            "iso2022_jp_ext",
            Variant { charsets: &[JisX0208, JisX0212, Roman, Katakana, JisX0208Of1978], ..JAPANESE },
        ),
        ("iso2022_kr", Variant { charsets: &[KsX1001], shifts: true, has_singles: false, has_prefix: false }),
    ]
};

/// A decoder of ISO 2022.
pub(super) struct Iso2022 {
    variant: &'static Variant,
    /// What is designated as G0, G1 and G2.
    designated: [Charset; 3],
    is_shifted: bool,
    /// Within an escape sequence that is passed on.
    passes_escape: bool,
    tables: Vec<(Charset, Table)>,
}

impl Iso2022 {
    /// The decoder of the codec of that name, if it is one of these.
    pub(super) fn new(name: &str) -> Option<Self> {
        Some(Iso2022 {
            variant: find(VARIANTS, name)?,
            designated: [Charset::Ascii; 3],
            is_shifted: false,
            passes_escape: false,
            tables: Vec::new(),
        })
    }
}

impl Decoder for Iso2022 {
    fn step(&mut self, rest: &[u8], out: &mut Output<'_>) -> Step {
        let byte = rest[0];
        if self.passes_escape {
            self.passes_escape = !ends_escape(byte);
            return pass(byte, out);
        }
        match byte {
            ESC => self.escape(rest, out),
            SHIFT_IN | SHIFT_OUT if self.variant.shifts => {
                self.is_shifted = byte == SHIFT_OUT;
                Step::Taken(1)
            }
            b'\n' => {
                self.is_shifted = false;
                pass(byte, out)
            }
            0..0x20 => pass(byte, out),
            0x80.. => Step::Illegal(1),
            _ => self.graphic(rest, out),
        }
    }
}

/// The byte stands for itself.
fn pass(byte: u8, out: &mut Output<'_>) -> Step {
    out.push(u32::from(byte));
    Step::Taken(1)
}

/// `IS_ESCEND`
fn ends_escape(byte: u8) -> bool {
    matches!(byte, b'@'..=b'Z')
}

impl Iso2022 {
    fn escape(&mut self, rest: &[u8], out: &mut Output<'_>) -> Step {
        match rest.get(1) {
            None => Step::Incomplete,
            Some(b'(' | b')' | b'$' | b'.' | b'&') => self.designation(rest),
            Some(b'N') if self.variant.has_singles => self.single(rest, out),
            Some(_) => {
                self.passes_escape = true;
                pass(ESC, out)
            }
        }
    }

    /// `iso2022processesc`
    fn designation(&mut self, rest: &[u8]) -> Step {
        let length = match self.escape_length(rest) {
            Ok(length) => length,
            Err(step) => return step,
        };
        let found = match rest[1..length] {
            [b'$', letter] => Some((0, (letter, true))),
            [b'$', b'(', letter] => Some((0, (letter, true))),
            [b'$', b')', letter] => Some((1, (letter, true))),
            [b'(', letter] => Some((0, (letter, false))),
            [b')', letter] => Some((1, (letter, false))),
            [b'.', letter] if self.variant.has_singles => Some((2, (letter, false))),
            [_, _, ESC, b'$', b'B'] if self.variant.has_prefix => Some((0, (b'B', true))),
            _ => None,
        };
        let known = [Charset::Ascii].into_iter().chain(self.variant.charsets.iter().copied());
        match found.and_then(|(place, mark)| Some((place, known.clone().find(|known| known.mark() == mark)?)))
        {
            Some((place, charset)) => {
                self.designated[place] = charset;
                Step::Taken(length)
            }
            None => Step::Illegal(length),
        }
    }

    fn escape_length(&self, rest: &[u8]) -> Result<usize, Step> {
        let mut at = 1;
        while at < MAX_ESCAPE {
            match rest.get(at) {
                None => return Err(Step::Incomplete),
                Some(&byte) if ends_escape(byte) => return Ok(at + 1),
                Some(_) if self.variant.has_prefix && rest[at..].starts_with(b"&@") => at += 3,
                Some(_) => at += 1,
            }
        }
        Err(Step::Illegal(1))
    }

    /// `iso2022processg2`: a character of G2.
    fn single(&self, rest: &[u8], out: &mut Output<'_>) -> Step {
        let Some(&byte) = rest.get(2) else { return Step::Incomplete };
        let found = match self.designated[2] {
            Charset::Ascii => byte.is_ascii().then_some(u32::from(byte)),
            Charset::Latin => byte.is_ascii().then_some(u32::from(byte | 0x80)),
            Charset::Greek => greek(byte ^ 0x80),
            _ => return Step::Internal,
        };
        match found {
            Some(code_point) => {
                out.push(code_point);
                Step::Taken(3)
            }
            None => Step::Illegal(3),
        }
    }

    /// A character of G0 or G1.
    fn graphic(&mut self, rest: &[u8], out: &mut Output<'_>) -> Step {
        let (byte, charset) = (rest[0], self.designated[usize::from(self.is_shifted)]);
        match (charset, byte) {
            (Charset::Ascii, _) => pass(byte, out),
            (Charset::Latin | Charset::Greek, _) => Step::Illegal(1),
            (Charset::Roman, b'\\') => pass(0xA5, out),
            (Charset::Roman, b'~') => {
                out.push(0x203E);
                Step::Taken(1)
            }
            (Charset::Roman, _) => pass(byte, out),
            (Charset::Katakana, 0x21..0x60) => {
                out.push(0xFF61 + u32::from(byte - 0x21));
                Step::Taken(1)
            }
            (Charset::Katakana, _) => Step::Illegal(1),
            _ => match rest.get(1) {
                None => Step::Incomplete,
                Some(&second) if self.two_bytes(charset, byte, second, out) => Step::Taken(2),
                Some(_) => Step::Illegal(2),
            },
        }
    }

    /// Whether they are a character of that set, which is appended.
    fn two_bytes(&mut self, charset: Charset, first: u8, second: u8, out: &mut Output<'_>) -> bool {
        let Some((codec, plane)) = charset.table().filter(|_| second.is_ascii()) else { return false };
        // The one character that EUC has otherwise.
        if matches!((charset, first, second), (Charset::JisX0213Of2000 | Charset::JisX0213Of2004, 0x22, 0x32))
        {
            out.push(u32::from('~'));
            return true;
        }
        let known = self.tables.iter().position(|(known, _)| *known == charset);
        let at = known.unwrap_or_else(|| {
            self.tables.push((charset, Table::new(codec)));
            self.tables.len() - 1
        });
        let (table, lead) = (&mut self.tables[at].1, plane | u16::from(first | 0x80));
        // EUC has JIS X 0212 where the second plane has nothing.
        let is_other = charset == Charset::SecondPlane && table.extends_row(lead);
        !is_other && table.decode(lead, second | 0x80, out) == Lookup::Found
    }
}

/// ISO-8859-7 in its first edition, without what came in 2003.
fn greek(byte: u8) -> Option<u32> {
    let codec = find(SINGLE_BYTE, "iso8859_7")?;
    match byte {
        0xA4 | 0xA5 | 0xAA => None,
        _ => {
            Some(u32::from(character(codec.table, byte))).filter(|&unit| unit != u32::from(super::UNDEFINED))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::source::codecs::testing::{message, replaced, text};

    #[test]
    fn designations() {
        assert_eq!(text("iso2022_jp", b"\x1B$BF|K\\\x1B(Ba\x1B(J\\~\x1B(B\\"), "日本a¥‾\\");
        assert_eq!(text("iso2022_jp", b"\x1B$@F|\x1B&@\x1B$BK\\"), "日本");
        assert_eq!(text("iso2022_kr", b"\x1B$)C\x0E1[\x0Fa\x0E1[\n1["), "글a글\n1[");
        assert_eq!(text("iso2022_jp_ext", b"\x1B(I1\x1B$(D0!"), "ｱ丂");
        assert_eq!(text("iso2022_jp_2", b"\x1B.A\x1BNi\x1B.F\x1BNa\x1B$A0!\x1B$(C0!"), "éα啊가");
        assert_eq!(text("iso2022_jp", b"\x1B[31mA"), "\x1B[31mA");
    }

    #[test]
    fn editions_of_jis_x_0213() {
        assert_eq!(text("iso2022_jp_2004", b"\x1B$(Q!!O!.!$w\x1B$(P!!!\""), "\u{3000}蓮俱か゚𠂉丂");
        assert_eq!(text("iso2022_jp_3", b"\x1B$(OO!\x1B$(P!\""), "蓮丂");
        assert_eq!(
            message("iso2022_jp_3", b"\x1B$(O.!"),
            "'iso2022_jp_3' codec can't decode bytes in position 4-5: illegal multibyte sequence"
        );
    }

    #[test]
    fn errors() {
        let cases: [(&[u8], &str); 6] = [
            (b"a\x1B$(DA", "bytes in position 1-4: illegal multibyte sequence"),
            (b"\x1B$B!", "byte 0x21 in position 3: incomplete multibyte sequence"),
            (b"\x1B$", "bytes in position 0-1: incomplete multibyte sequence"),
            (b"\x1B$B\x7F\x7F", "bytes in position 3-4: illegal multibyte sequence"),
            (b"\xE9", "byte 0xe9 in position 0: illegal multibyte sequence"),
            (b"\x1B(11111111111111111111", "byte 0x1b in position 0: illegal multibyte sequence"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(message("iso2022_jp", bytes), format!("'iso2022_jp' codec can't decode {expected}"));
        }
        assert_eq!(message("iso2022_jp_2", b"\x1B.J\x1BNA"), "internal codec error");
        assert_eq!(replaced("iso2022_jp_2", b"\x1B$Bz!\x1B(Xb"), "\u{FFFD}\u{FFFD}\u{FFFD}");
    }
}
