//! Codecs for Chinese, Japanese and Korean: one to four bytes a character, without shift states.

use super::output::Output;
use super::{DecodeError, UNDEFINED};

/// A codec, as tables.
pub(crate) struct MultiByte {
    /// The characters of single bytes; or of those from 128 on, and the others are ASCII.
    pub(crate) single: &'static [u16],
    /// What two bytes mean, or three if the first is 0x8F in EUC-JP; sorted.
    pub(crate) rows: &'static [Row],
    /// GB 18030: runs of four-byte sequences, as index of the first sequence, first code point, length.
    pub(crate) four_byte_ranges: &'static [(u32, u32, u32)],
}

/// The characters that begin with the same byte or bytes.
pub(crate) struct Row {
    /// All bytes but the last, big-endian.
    pub(crate) lead: u16,
    /// The last byte of the first character.
    pub(crate) first: u8,
    /// The characters from there on, U+FFFE where there is none.
    pub(crate) characters: &'static str,
}

/// What begins a Hangul syllable that is spelled out.
const HANGUL_FILLER: [u8; 2] = [0xA4, 0xD4];
/// Second bytes of the letters, in the order in which Unicode composes them.
const INITIALS: &[u8] = &[
    0xA1, 0xA2, 0xA4, 0xA7, 0xA8, 0xA9, 0xB1, 0xB2, 0xB3, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xBB, 0xBC,
    0xBD, 0xBE,
];
const FIRST_MEDIAL: u8 = 0xBF;
const MEDIALS: u8 = 21;
const FINALS: &[u8] = &[
    0xD4, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xB0, 0xB1,
    0xB2, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE,
];

/// How many bytes were taken and what they mean.
enum Step {
    Character(u32, usize),
    Illegal,
    Incomplete,
}

struct Decoder<'b> {
    codec: &'static MultiByte,
    /// Whether there are sequences of four letters that make one Hangul syllable: in EUC-KR.
    composes_hangul: bool,
    /// The rows, so that a character is found by its index.
    rows: Vec<(u16, u8, Vec<char>)>,
    bytes: &'b [u8],
}

/// Decodes. `name` is what errors call the codec.
pub(super) fn decode(name: &str, codec: &'static MultiByte, out: &mut Output<'_>) -> Result<(), DecodeError> {
    let rows = codec.rows.iter().map(|row| (row.lead, row.first, row.characters.chars().collect())).collect();
    let bytes = out.bytes;
    let decoder = Decoder { codec, composes_hangul: name == "euc_kr", rows, bytes };
    let mut at = 0;
    while at < bytes.len() {
        at += match decoder.step(at) {
            Step::Character(code_point, length) => {
                out.push(code_point);
                length
            }
            Step::Illegal => {
                out.cannot_decode(name, at..at + 1, "illegal multibyte sequence")?;
                1
            }
            Step::Incomplete => {
                out.cannot_decode(name, at..bytes.len(), "incomplete multibyte sequence")?;
                bytes.len() - at
            }
        };
    }
    Ok(())
}

impl Decoder<'_> {
    fn step(&self, at: usize) -> Step {
        let byte = self.bytes[at];
        if let Some(character) = self.single(byte) {
            return Step::Character(character, 1);
        }
        let Some(&second) = self.bytes.get(at + 1) else {
            return if self.can_begin(byte) { Step::Incomplete } else { Step::Illegal };
        };
        if !self.codec.four_byte_ranges.is_empty() && second.is_ascii_digit() {
            return self.four_bytes(at);
        }
        if self.composes_hangul && [byte, second] == HANGUL_FILLER {
            return self.composed_hangul(at);
        }
        if let Some(character) = self.in_row(u16::from(byte), second) {
            return Step::Character(character, 2);
        }
        let lead = u16::from_be_bytes([byte, second]);
        match (self.rows.iter().any(|row| row.0 == lead), self.bytes.get(at + 2)) {
            (true, None) => Step::Incomplete,
            (true, Some(&third)) => match self.in_row(lead, third) {
                Some(character) => Step::Character(character, 3),
                None => Step::Illegal,
            },
            _ => Step::Illegal,
        }
    }

    fn single(&self, byte: u8) -> Option<u32> {
        let table = self.codec.single;
        let unit = match usize::from(byte).checked_sub(256 - table.len()) {
            None => return Some(u32::from(byte)),
            Some(at) => table[at],
        };
        (unit != UNDEFINED).then_some(u32::from(unit))
    }

    fn can_begin(&self, byte: u8) -> bool {
        self.rows.iter().any(|row| row.0 == u16::from(byte) || row.0 >> 8 == u16::from(byte))
    }

    fn in_row(&self, lead: u16, last: u8) -> Option<u32> {
        let row = self.rows.binary_search_by_key(&lead, |row| row.0).ok()?;
        let (_, first, characters) = &self.rows[row];
        let character = *characters.get(usize::from(last.checked_sub(*first)?))?;
        (character != '\u{FFFE}').then_some(u32::from(character))
    }

    /// Four bytes of GB 18030: a digit is second and fourth.
    fn four_bytes(&self, at: usize) -> Step {
        let Some(&[a, b, c, d]) = self.bytes.get(at..at + 4) else { return Step::Incomplete };
        let within = (0x81..=0xFE).contains(&a) && (0x81..=0xFE).contains(&c) && d.is_ascii_digit();
        if !within {
            return Step::Illegal;
        }
        let digit = |byte: u8| u32::from(byte - b'0');
        let index = ((u32::from(a - 0x81) * 10 + digit(b)) * 126 + u32::from(c - 0x81)) * 10 + digit(d);
        let ranges = self.codec.four_byte_ranges;
        let range = ranges.partition_point(|range| range.0 <= index).checked_sub(1).map(|at| ranges[at]);
        match range {
            Some((first, code_point, length)) if index < first + length => {
                Step::Character(code_point + (index - first), 4)
            }
            _ => Step::Illegal,
        }
    }

    /// A filler, then an initial, a medial and a final letter (KS X 1001, annex 3).
    fn composed_hangul(&self, at: usize) -> Step {
        let Some(&[_, _, a, initial, b, medial, c, last]) = self.bytes.get(at..at + 8) else {
            return Step::Incomplete;
        };
        let initial = INITIALS.iter().position(|&letter| letter == initial);
        let medial = medial.checked_sub(FIRST_MEDIAL).filter(|&index| index < MEDIALS);
        let last = FINALS.iter().position(|&letter| letter == last);
        match (initial, medial, last) {
            (Some(initial), Some(medial), Some(last)) if [a, b, c] == [HANGUL_FILLER[0]; 3] => {
                let syllable =
                    (initial as u32 * u32::from(MEDIALS) + u32::from(medial)) * FINALS.len() as u32;
                Step::Character(0xAC00 + syllable + last as u32, 8)
            }
            _ => Step::Illegal,
        }
    }
}
