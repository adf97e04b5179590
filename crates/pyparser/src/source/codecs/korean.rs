//! Hangul that is put together from its letters: Johab, and what EUC-KR spells out.
//!
//! Counterpart of the decoders `johab` and `euc_kr` in `Modules/cjkcodecs/_codecs_kr.c`.

use super::multi_byte::{Decoder, Step};
use super::output::Output;
use super::table::{Lookup, Table};
use crate::generated::multi_byte::EUC_KR;

/// What begins a Hangul syllable that is spelled out in EUC-KR.
pub(super) const HANGUL_FILLER: [u8; 2] = [0xA4, 0xD4];
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

/// The syllable of those letters, each counted in Unicode's order; the final 0 is none.
fn syllable(initial: usize, medial: usize, last: usize) -> u32 {
    0xAC00 + ((initial * usize::from(MEDIALS) + medial) * FINALS.len() + last) as u32
}

/// A filler, then an initial, a medial and a final letter (KS X 1001, annex 3).
pub(super) fn composed_hangul(rest: &[u8], out: &mut Output<'_>) -> Step {
    let Some(&[_, _, a, initial, b, medial, c, last]) = rest.get(..8) else { return Step::Incomplete };
    let initial = INITIALS.iter().position(|&letter| letter == initial);
    let medial = medial.checked_sub(FIRST_MEDIAL).filter(|&index| index < MEDIALS);
    let last = FINALS.iter().position(|&letter| letter == last);
    match (initial, medial, last) {
        (Some(initial), Some(medial), Some(last)) if [a, b, c] == [HANGUL_FILLER[0]; 3] => {
            out.push(syllable(initial, usize::from(medial), last));
            Step::Taken(8)
        }
        _ => Step::Illegal(1),
    }
}

/// A part of a syllable, as its five bits tell.
#[derive(Clone, Copy)]
enum Letter {
    /// There is none.
    Fill,
    /// Its number in Unicode's order.
    Number(usize),
}

/// The decoder of Johab: a Hangul syllable is a bit and three times five bits, all else is KS X 1001 elsewhere.
pub(super) struct Johab {
    ksx1001: Table,
}

impl Johab {
    pub(super) fn new() -> Self {
        Johab { ksx1001: Table::new(&EUC_KR) }
    }
}

impl Decoder for Johab {
    fn step(&mut self, rest: &[u8], out: &mut Output<'_>) -> Step {
        let (first, second) = match *rest {
            [ascii @ 0..0x80, ..] => {
                out.push(u32::from(ascii));
                return Step::Taken(1);
            }
            [first, second, ..] => (first, second),
            _ => return Step::Incomplete,
        };
        let is_known = match first {
            0..0xD8 => johab_hangul(first, second).map(|code_point| out.push(code_point)).is_some(),
            _ => place_in_euc_kr(first, second)
                .is_some_and(|(lead, last)| self.ksx1001.decode(u16::from(lead), last, out) == Lookup::Found),
        };
        if is_known { Step::Taken(2) } else { Step::Illegal(1) }
    }
}

/// A syllable or a letter alone, as its place among the Hangul compatibility letters.
fn johab_hangul(first: u8, second: u8) -> Option<u32> {
    let bits = usize::from(u16::from_be_bytes([first, second]));
    let initial = johab_initial(bits >> 10 & 0x1F)?;
    let medial = johab_medial(bits >> 5 & 0x1F)?;
    let last = johab_final(bits & 0x1F)?;
    let alone = |letter: u8| 0x3131 + u32::from(letter - 0xA1);
    Some(match (initial, medial, last) {
        (Letter::Fill, Letter::Fill, Letter::Fill) => 0x3000,
        (Letter::Number(initial), Letter::Fill, Letter::Fill) => alone(INITIALS[initial]),
        (Letter::Fill, Letter::Number(medial), Letter::Fill) => alone(FIRST_MEDIAL + medial as u8),
        (Letter::Fill, Letter::Fill, Letter::Number(last)) => alone(FINALS[last]),
        (Letter::Number(initial), Letter::Number(medial), Letter::Number(last)) => {
            syllable(initial, medial, last)
        }
        (Letter::Number(initial), Letter::Number(medial), Letter::Fill) => syllable(initial, medial, 0),
        _ => return None,
    })
}

fn johab_initial(bits: usize) -> Option<Letter> {
    match bits {
        1 => Some(Letter::Fill),
        2..=20 => Some(Letter::Number(bits - 2)),
        _ => None,
    }
}

/// Of each eight numbers, six are in use.
fn johab_medial(bits: usize) -> Option<Letter> {
    match (bits, bits % 8) {
        (2, _) => Some(Letter::Fill),
        (0 | 1 | 30 | 31, _) | (_, 0 | 1) => None,
        _ => Some(Letter::Number(bits / 8 * 6 + bits % 8 - 3)),
    }
}

fn johab_final(bits: usize) -> Option<Letter> {
    match bits {
        1 => Some(Letter::Fill),
        2..=17 => Some(Letter::Number(bits - 1)),
        19..=29 => Some(Letter::Number(bits - 2)),
        _ => None,
    }
}

/// Where EUC-KR has what Johab has there, Hangul excepted: two of its rows follow each first byte.
fn place_in_euc_kr(first: u8, second: u8) -> Option<(u8, u8)> {
    let cell = match second {
        0x31..=0x7E => second - 0x31,
        0x91..=0xFE => second - 0x43,
        _ => return None,
    };
    let row = match first {
        // Letters of Hangul would be there.
        0xDA if (0xA1..=0xD3).contains(&second) => return None,
        0xD8..=0xDE => 2 * i16::from(first) - 2 * 0xD9,
        0xE0..=0xF9 => 2 * i16::from(first) - 0x197,
        _ => return None,
    };
    let (row, cell) = if cell < 94 { (row, cell) } else { (row + 1, cell - 94) };
    Some((u8::try_from(0xA1 + row).ok()?, 0xA1 + cell))
}

#[cfg(test)]
mod tests {
    use crate::source::codecs::testing::{message, replaced, text};

    #[test]
    fn johab() {
        assert_eq!(text("johab", b"\x88\x61\xD0\x65\xB4\xA9\xE1\x5C|\\"), "가한얄儆|\\");
        assert_eq!(text("johab", b"\x84\x41\x84\x44\x88\x41\x84\x61"), "\u{3000}ㄳㄱㅏ");
        assert_eq!(text("johab", b"\xD9\x31\xE0\x31\xF9\xFE"), "\u{3000}伽詰");
        assert_eq!(
            message("johab", b"a\xDA\xA1"),
            "'johab' codec can't decode byte 0xda in position 1: illegal multibyte sequence"
        );
        assert_eq!(
            message("johab", b"\x84"),
            "'johab' codec can't decode byte 0x84 in position 0: incomplete multibyte sequence"
        );
        assert_eq!(replaced("johab", b"\x88\x42"), "\u{FFFD}B");
    }

    #[test]
    fn spelled_out_in_euc_kr() {
        assert_eq!(text("euc_kr", b"\xA4\xD4\xA4\xA1\xA4\xBF\xA4\xD4"), "가");
        assert_eq!(
            message("euc_kr", b"\xA4\xD4\xA4\xA1"),
            "'euc_kr' codec can't decode bytes in position 0-3: incomplete multibyte sequence"
        );
        assert_eq!(text("cp949", b"\xA4\xD4"), "ㅤ");
    }
}
