//! Punycode (RFC 3492), as `encodings/punycode.py` has it.
//!
//! A text is its ASCII characters, a `-`, and the others as numbers: how far to go from the last insertion to the
//! next, around the text and on to the next character at each turn. Python's numbers have no limit, so
//! neither have these: the text of an error depends on them.

use num_bigint::BigUint;

use super::DecodeError;
use super::output::{Errors, Output, cannot_decode};

const INITIAL_CHARACTER: u32 = 0x80;
const INITIAL_BIAS: usize = 72;
const BASE: usize = 36;

/// The numbers that are left to read.
struct Numbers<'b> {
    /// The whole text, in which errors have their places.
    bytes: &'b [u8],
    at: usize,
    bias: usize,
}

pub(super) fn decode(out: &mut Output<'_>) -> Result<(), DecodeError> {
    let mut text = Vec::new();
    let hyphen = out.bytes.iter().rposition(|&b| b == b'-');
    for (at, &byte) in out.bytes[..hyphen.unwrap_or(0)].iter().enumerate() {
        text.push(match byte {
            0..0x80 => u32::from(byte),
            _ if out.errors == Errors::Replace => u32::from(char::REPLACEMENT_CHARACTER),
            _ => return Err(cannot_decode("ascii", out.bytes, at..at + 1, "ordinal not in range(128)")),
        });
    }
    let numbers = Numbers { bytes: out.bytes, at: hyphen.map_or(0, |at| at + 1), bias: INITIAL_BIAS };
    match insertion_sort(&mut text, numbers, out.errors) {
        // What follows makes no sense either.
        Err(_) if out.errors == Errors::Replace => {}
        result => result?,
    }
    text.into_iter().for_each(|code_point| out.push(code_point));
    Ok(())
}

/// Inserts the characters that the numbers tell.
fn insertion_sort(text: &mut Vec<u32>, mut numbers: Numbers<'_>, errors: Errors) -> Result<(), DecodeError> {
    let extended = numbers.at;
    let mut character = INITIAL_CHARACTER;
    let mut position = 0;
    while numbers.at < numbers.bytes.len() {
        let is_first = numbers.at == extended;
        let delta = numbers.next()?;
        let way = &delta + BigUint::from(position);
        let length = text.len() + 1;
        character = match next_character(character, &way, length) {
            Ok(character) => character,
            Err(_) if errors == Errors::Replace => u32::from('?'),
            Err(beyond) => return Err(invalid_character(numbers.bytes, extended, &way, &beyond)),
        };
        let place = usize::try_from(way % length).unwrap_or_default();
        text.insert(place, character);
        numbers.bias = adapt(delta, is_first, text.len());
        position = place + 1;
    }
    Ok(())
}

/// The character after as many turns around a text of that length as the way takes; or its number, if it is none.
fn next_character(character: u32, way: &BigUint, length: usize) -> Result<u32, BigUint> {
    let next = way / BigUint::from(length) + BigUint::from(character);
    match u32::try_from(&next) {
        Ok(character @ ..=0x10_FFFF) => Ok(character),
        _ => Err(next),
    }
}

/// CPython tells a place that has nothing to do with the bytes.
fn invalid_character(bytes: &[u8], extended: usize, way: &BigUint, character: &BigUint) -> DecodeError {
    let end = way + BigUint::from(extended);
    match usize::try_from(end).ok().filter(|&end| isize::try_from(end).is_ok()) {
        Some(end) => {
            let reason = format!("Invalid character U+{character:x}");
            cannot_decode("punycode", bytes, end - 1..end, &reason)
        }
        None => DecodeError::overflow(),
    }
}

impl Numbers<'_> {
    /// `decode_generalized_number`: the lowest digit comes first, the highest is below its threshold.
    fn next(&mut self) -> Result<BigUint, DecodeError> {
        let (mut result, mut weight) = (BigUint::ZERO, BigUint::from(1_u32));
        for index in 1.. {
            let digit = self.digit()?;
            let threshold = threshold(index, self.bias);
            result += &weight * digit;
            if digit < threshold {
                break;
            }
            weight *= BASE - threshold;
        }
        Ok(result)
    }

    fn digit(&mut self) -> Result<usize, DecodeError> {
        let at = self.at;
        let fail = |reason: &str| Err(cannot_decode("punycode", self.bytes, at..at + 1, reason));
        let Some(byte) = self.bytes.get(at).map(u8::to_ascii_uppercase) else {
            return fail("incomplete punycode string");
        };
        self.at += 1;
        match byte {
            b'A'..=b'Z' => Ok(usize::from(byte - b'A')),
            b'0'..=b'9' => Ok(usize::from(byte - b'0') + 26),
            _ => fail(&format!("Invalid extended code point '{byte}'")),
        }
    }
}

/// How the thresholds of the next number are biased, after one with that value.
fn adapt(delta: BigUint, is_first: bool, length: usize) -> usize {
    let mut delta = delta / if is_first { 700_u32 } else { 2 };
    delta += &delta / BigUint::from(length);
    let mut bias = 0;
    while delta > BigUint::from(455_u32) {
        delta /= 35_u32;
        bias += BASE;
    }
    let delta = usize::try_from(delta).unwrap_or_default();
    bias + BASE * delta / (delta + 38)
}

/// Encodes (`punycode_encode`): code points, surrogates included.
pub(super) fn encode(text: &[u32]) -> Vec<u8> {
    let mut out: Vec<u8> = text.iter().filter_map(|&c| u8::try_from(c).ok().filter(u8::is_ascii)).collect();
    let (ascii, mut done) = (out.len(), out.len());
    if ascii > 0 {
        out.push(b'-');
    }
    let (mut character, mut delta, mut bias) = (INITIAL_CHARACTER, 0_u64, INITIAL_BIAS);
    while let Some(next) = text.iter().copied().filter(|&c| c >= character).min() {
        delta += u64::from(next - character) * (done as u64 + 1);
        for &c in text {
            delta += u64::from(c < next);
            if c == next {
                push_number(delta, bias, &mut out);
                bias = adapt(BigUint::from(delta), done == ascii, done + 1);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        character = next + 1;
    }
    out
}

/// `generate_generalized_integer`
fn push_number(mut number: u64, bias: usize, out: &mut Vec<u8>) {
    const DIGITS: &[u8; BASE] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    for index in 1.. {
        let threshold = threshold(index, bias) as u64;
        if number < threshold {
            break;
        }
        let above = number - threshold;
        let base = BASE as u64 - threshold;
        out.push(DIGITS[(threshold + above % base) as usize]);
        number = above / base;
    }
    out.push(DIGITS[number as usize]);
}

/// Which digits are the last of a number, at the place that is counted from 1.
fn threshold(index: usize, bias: usize) -> usize {
    (BASE * index).saturating_sub(bias).clamp(1, 26)
}

#[cfg(test)]
mod tests {
    use crate::source::codecs::testing::{message, replaced, text};

    #[test]
    fn numbers_tell_characters_and_places() {
        assert_eq!(text("punycode", b"bcher-kva"), "bücher");
        assert_eq!(text("punycode", b"WGV71A119E"), "日本語");
        assert_eq!(text("punycode", b"a-"), "a");
    }

    #[test]
    fn what_is_encoded_can_be_decoded() {
        for (name, encoded) in
            [("bücher", "bcher-kva"), ("日本語", "wgv71a119e"), ("ab", "ab-"), ("ñaña", "aa-yjab")]
        {
            let code_points: Vec<u32> = name.chars().map(u32::from).collect();
            assert_eq!(super::encode(&code_points), encoded.as_bytes());
            assert_eq!(text("punycode", encoded.as_bytes()), name);
        }
    }

    #[test]
    fn errors() {
        let cases: [(&[u8], &str); 5] = [
            (b"a\xE9-b", "'ascii' codec can't decode byte 0xe9 in position 1: ordinal not in range(128)"),
            (b"a-z", "'punycode' codec can't decode bytes in position 3-3: incomplete punycode string"),
            (
                b"#-a b",
                "'punycode' codec can't decode byte 0x20 in position 3: Invalid extended code point '32'",
            ),
            (
                b"99999a",
                "'punycode' codec can't decode bytes in position 4760384-4760384: Invalid character U+48a3c1",
            ),
            (b"99999999999999999999a", "Python int too large to convert to C ssize_t"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(message("punycode", bytes), expected);
        }
        assert_eq!(replaced("punycode", b"a\xE9-tda b"), "a©\u{FFFD}");
    }
}
