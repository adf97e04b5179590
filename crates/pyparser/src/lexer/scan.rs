//! Scanning eight bytes at a time.
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

#[cold]
fn last_chunk(source: &[u8], at: usize) -> u64 {
    let rest = source.get(at..).unwrap_or_default();
    rest.iter().rev().fold(0, |chunk, &byte| chunk << 8 | u64::from(byte))
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
    let letter = at_least(lower, b'a') & !at_least(lower, b'z' + 1);
    let digit = at_least(ascii, b'0') & !at_least(ascii, b'9' + 1);
    let not_underscore = at_least(ascii ^ repeat(b'_'), 1);
    !(letter | digit | !not_underscore) & HIGH | chunk & HIGH
}

/// The mask of the bytes that are equal to one byte. Only the first is right for sure: a borrow may spill over
/// to those after it.
#[inline]
pub(super) fn equal_to(chunk: u64, byte: u8) -> u64 {
    let difference = chunk ^ repeat(byte);
    difference.wrapping_sub(LOW) & !difference & HIGH
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

/// How many spaces there are from a position on.
#[inline]
pub(super) fn count_spaces(source: &[u8], from: usize) -> u32 {
    let mut at = from;
    loop {
        let others = chunk(source, at) ^ repeat(b' ');
        if others != 0 {
            return (at - from + others.trailing_zeros() as usize / 8) as u32;
        }
        at += 8;
    }
}

/// The position of the first newline at or after `from`, or the end.
#[inline]
pub(super) fn find_newline(source: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < source.len() {
        let found = first_in(equal_to(chunk(source, at), b'\n'));
        at += found;
        if found < 8 {
            return at.min(source.len());
        }
    }
    source.len()
}

/// The position of the first byte at or after `from` that can end a run of plain text in a string: `quote`, a
/// backslash, a newline, or the end.
#[inline]
pub(super) fn find_string_stop(source: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    loop {
        let chunk = chunk(source, at);
        let stops =
            equal_to(chunk, quote) | equal_to(chunk, b'\\') | equal_to(chunk, b'\n') | equal_to(chunk, 0);
        let found = first_in(stops);
        at += found;
        if found < 8 {
            return at;
        }
    }
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
