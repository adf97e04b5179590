//! Scanning eight or sixteen bytes at a time.
//!
//! A loop over single bytes costs a mispredicted branch for each name, string or comment, since their lengths
//! vary; here the length comes out of arithmetic. A *mask* has the highest bit of each byte set that belongs
//! to what is looked for.

const HIGH: u64 = 0x8080_8080_8080_8080;
const LOW: u64 = 0x0101_0101_0101_0101;

/// The eight bytes at a position and the eight at the next, the first in the lowest bits; `None` where there are
/// fewer.
#[inline(always)]
pub(super) fn two_chunks(source: &[u8], at: usize) -> Option<(u64, u64)> {
    let bytes: &[u8; 9] = source.get(at..)?.first_chunk()?;
    Some((u64::from_le_bytes(*bytes.first_chunk()?), u64::from_le_bytes(*bytes.last_chunk()?)))
}

/// The eight bytes at a position, the first in the lowest bits; zeros beyond the end.
#[inline]
pub(super) fn chunk(source: &[u8], at: usize) -> u64 {
    match source.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => last_chunk(source, at),
    }
}

/// The same within eight bytes of the end.
#[cold]
pub(super) fn last_chunk(source: &[u8], at: usize) -> u64 {
    let rest = source.get(at..).unwrap_or_default();
    rest.iter().take(8).rev().fold(0, |chunk, &byte| chunk << 8 | u64::from(byte))
}

/// The position of the first byte at or after `from` that is in the mask of its chunk, or the end.
#[inline(always)]
fn find(source: &[u8], from: usize, mask: impl Fn(u64) -> u64) -> usize {
    let mut at = from;
    while let Some(bytes) = source.get(at..).and_then(|rest| rest.first_chunk()) {
        let found = mask(u64::from_le_bytes(*bytes));
        if found != 0 {
            return at + first_in(found);
        }
        at += 8;
    }
    find_at_end(source, at, mask)
}

/// The same within eight bytes of the end.
#[cold]
#[inline(never)]
fn find_at_end(source: &[u8], from: usize, mask: impl Fn(u64) -> u64) -> usize {
    (from + first_in(mask(last_chunk(source, from)))).min(source.len().max(from))
}

/// The position of the first byte at or after `from` for which `mark` gives 0xFF, not 0, or the end: for what is rarely
/// near. The compiler makes vector instructions of it, as long as there are no branches in `mark`.
#[inline(always)]
fn find_far(source: &[u8], from: usize, mark: impl Fn(u8) -> u8) -> usize {
    let mut at = from;
    while let Some(bytes) = source.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
        let marks = u128::from_le_bytes(bytes.map(&mark));
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 16;
    }
    let rest = source.get(at..).unwrap_or_default();
    at + rest.iter().position(|&byte| mark(byte) != 0).unwrap_or(rest.len())
}

/// 0xFF if the two are equal, or else 0.
#[inline(always)]
fn is_equal(byte: u8, other: u8) -> u8 {
    u8::from(byte == other).wrapping_neg()
}

/// The first bytes of a chunk, fewer than eight, and zeros behind them.
#[inline]
pub(super) fn first_bytes(chunk: u64, count: usize) -> u64 {
    chunk & !(u64::MAX << (8 * count))
}

/// How many bytes there are before the first in a mask; 8 if it is empty.
#[inline]
pub(super) fn first_in(mask: u64) -> usize {
    mask.trailing_zeros() as usize / 8
}

/// The mask of all bytes that are not ASCII letters, digits or underscores.
#[inline]
pub(super) fn not_word(chunk: u64) -> u64 {
    let ascii = chunk & !HIGH;
    let lower = ascii | repeat(0x20);
    // What is at least the one and not at least the other, and never both a letter and a digit.
    let letter_or_digit =
        at_least(lower, b'a') ^ at_least(lower, b'z' + 1) ^ at_least(ascii, b'0') ^ at_least(ascii, b'9' + 1);
    let not_underscore = at_least(ascii ^ repeat(b'_'), 1);
    (!letter_or_digit & not_underscore | chunk) & HIGH
}

/// The bytes below 0x80 that are at least `byte`, in the highest bit of each.
#[inline]
const fn at_least(ascii: u64, byte: u8) -> u64 {
    ascii + repeat(0x80 - byte)
}

#[inline]
const fn repeat(byte: u8) -> u64 {
    byte as u64 * LOW
}

/// How many spaces there are from a position on. Few lines are indented so deep that one look is not enough.
#[inline]
pub(super) fn count_spaces(source: &[u8], from: usize) -> u32 {
    if let Some(bytes) = source.get(from..).and_then(|rest| rest.first_chunk()) {
        let others = u128::from_le_bytes(*bytes) ^ u128::from_ne_bytes([b' '; 16]);
        if others != 0 {
            return others.trailing_zeros() / 8;
        }
    }
    count_many_spaces(source, from)
}

#[inline(never)]
fn count_many_spaces(source: &[u8], from: usize) -> u32 {
    (find(source, from, |chunk| chunk ^ repeat(b' ')) - from) as u32
}

/// The position of the first newline at or after `from`, or the end.
#[inline(never)]
pub(super) fn find_newline(source: &[u8], from: usize) -> usize {
    find_far(source, from, |byte| is_equal(byte, b'\n'))
}

/// The position of the first byte at or after `from` that is no ASCII letter, digit or underscore, or the end.
#[inline(never)]
pub(super) fn find_end_of_word(source: &[u8], from: usize) -> usize {
    find(source, from, not_word)
}

/// The position of the first byte at or after `from` that can end a run of plain text in a string: `quote`, a
/// backslash, a newline, or the end.
#[inline(never)]
pub(super) fn find_string_stop(source: &[u8], from: usize, quote: u8) -> usize {
    find_far(source, from, |byte| {
        is_equal(byte, quote) | is_equal(byte, b'\\') | is_equal(byte, b'\n') | is_equal(byte, 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_classified() {
        for byte in 0..=255_u8 {
            for at in 0..8 {
                let mut bytes = *b"aZ09_zAb";
                bytes[at] = byte;
                let expected = if byte.is_ascii_alphanumeric() || byte == b'_' { 8 } else { at };
                assert_eq!(first_in(not_word(u64::from_le_bytes(bytes))), expected, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn spaces_are_counted_up_to_the_end() {
        for count in 0..40 {
            let spaces = vec![b' '; count];
            assert_eq!(count_spaces(&spaces, 0), count as u32);
            assert_eq!(count_spaces(&[&spaces, b"x  ".as_slice()].concat(), 0), count as u32);
        }
    }

    #[test]
    fn the_first_of_a_byte_is_found() {
        let text = b"some text\nand more \\ \x80\n";
        for from in 0..=text.len() {
            let newline = text[from..].iter().position(|&b| b == b'\n').map_or(text.len(), |at| from + at);
            assert_eq!(find_newline(text, from), newline);
            let stop = text[from..].iter().position(|b| matches!(b, b'\n' | b'\\' | b'm'));
            assert_eq!(find_string_stop(text, from, b'm'), stop.map_or(text.len(), |at| from + at));
        }
    }
}
