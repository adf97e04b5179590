//! `idna`: names of domains (RFC 3490), a label in Punycode where it begins with `xn--`.
//!
//! CPython's is `encodings/idna.py`. It takes any text apart at the periods, and refuses to replace anything.

use super::DecodeError;
use super::nameprep::nameprep;
use super::output::{Errors, Output, cannot_decode};
use super::punycode;

const ACE_PREFIX: &[u8] = b"xn--";

/// No label is longer, encoded.
const LONGEST: usize = 63;

/// What is looked at, at most.
const LONGEST_LOOKED_AT: usize = 1024;

/// What is wrong with a label: first place and the place after the last, and why.
type Wrong = (usize, usize, String);

pub(super) fn decode(out: &mut Output<'_>) -> Result<(), DecodeError> {
    if out.errors != Errors::Strict && !out.bytes.is_empty() {
        return Err(DecodeError::new(super::UNICODE_ERROR, "Unsupported error handling: replace"));
    }
    let bytes = out.bytes;
    if bytes.is_ascii() && !bytes.windows(ACE_PREFIX.len()).any(starts_with_ace_prefix) {
        out.push_text(bytes);
        return Ok(());
    }
    let mut start = 0;
    for (index, label) in bytes.split(|&b| b == b'.').enumerate() {
        if index > 0 {
            out.push(u32::from('.'));
        }
        // A period at the end is no label.
        if start < bytes.len() {
            decode_label(label, start, out)?;
        }
        start += label.len() + 1;
    }
    Ok(())
}

/// `ToUnicode`
fn decode_label(label: &[u8], start: usize, out: &mut Output<'_>) -> Result<(), DecodeError> {
    let wrong =
        |(from, to, reason): Wrong| Err(cannot_decode("idna", out.bytes, start + from..start + to, &reason));
    if label.len() > LONGEST_LOOKED_AT {
        return wrong((0, label.len(), "label way too long".to_owned()));
    }
    if !starts_with_ace_prefix(label) {
        if let Some(at) = label.iter().position(|b| !b.is_ascii()) {
            return wrong((at, at + 1, "ordinal not in range(128)".to_owned()));
        }
        out.push_text(label);
        return Ok(());
    }
    let mut decoded = Output::new(&label[ACE_PREFIX.len()..], Errors::Strict);
    if let Err(error) = punycode::decode(&mut decoded) {
        let offset = ACE_PREFIX.len();
        return match error.fault {
            Some((range, reason)) => wrong((offset + range.start, offset + range.end, reason)),
            None => Err(error),
        };
    }
    let code_points: Vec<u32> = decoded.text().code_points().collect();
    let encoded = match encode_label(&code_points) {
        Ok(encoded) => encoded,
        Err(error) => return wrong(error),
    };
    if !encoded.eq_ignore_ascii_case(label) {
        let mut reason = "IDNA does not round-trip, '".to_owned();
        pycode::repr_bytes(label, &mut reason);
        reason.push_str("' != '");
        pycode::repr_bytes(&encoded, &mut reason);
        reason.push('\'');
        return wrong((0, label.len(), reason));
    }
    code_points.into_iter().for_each(|code_point| out.push(code_point));
    Ok(())
}

fn starts_with_ace_prefix(label: &[u8]) -> bool {
    label.get(..ACE_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(ACE_PREFIX))
}

/// `ToASCII`
fn encode_label(label: &[u32]) -> Result<Vec<u8>, Wrong> {
    if let Some(ascii) = ascii(label) {
        return of_good_length(ascii, label.len());
    }
    let label = nameprep(label).map_err(|(at, reason)| (at, at + 1, reason))?;
    if let Some(ascii) = ascii(&label) {
        return of_good_length(ascii, label.len());
    }
    if label.iter().zip(ACE_PREFIX).filter(|&(&c, &b)| c == u32::from(b)).count() == ACE_PREFIX.len() {
        return Err((0, ACE_PREFIX.len(), "Label starts with ACE prefix".to_owned()));
    }
    of_good_length([ACE_PREFIX, &punycode::encode(&label)].concat(), label.len())
}

fn ascii(label: &[u32]) -> Option<Vec<u8>> {
    label.iter().map(|&c| u8::try_from(c).ok().filter(u8::is_ascii)).collect()
}

/// The label, unless it is too long, encoded; `length` is that of the text.
fn of_good_length(encoded: Vec<u8>, length: usize) -> Result<Vec<u8>, Wrong> {
    match encoded.len() {
        0 => Err((0, 1, "label empty".to_owned())),
        1..=LONGEST => Ok(encoded),
        _ => Err((0, length, "label too long".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use crate::source::codecs::testing::{message, text};

    #[test]
    fn labels() {
        assert_eq!(text("idna", b"x.xn--bcher-kva.XN--WGV71A119E."), "x.bücher.日本語.");
        assert_eq!(text("idna", b"x = 'a'"), "x = 'a'");
    }

    #[test]
    fn errors() {
        let cases: [(&[u8], &str); 8] = [
            (b"a.\xE9", "byte 0xe9 in position 2: ordinal not in range(128)"),
            (b"a.xn--a\n", "byte 0x0a in position 7: Invalid extended code point '10'"),
            (b"xn--abc-", "bytes in position 0-7: IDNA does not round-trip, 'b'xn--abc-'' != 'b'abc''"),
            (b"xn--dca", "bytes in position 0-6: IDNA does not round-trip, 'b'xn--dca'' != 'b'xn--9ca''"),
            (b"xn--", "byte 0x78 in position 0: label empty"),
            (b"a.xn--fa", "byte 0x78 in position 2: Invalid character '\\x85'"),
            (b"xn--a-0hc", "byte 0x78 in position 0: Violation of BIDI requirement 2"),
            (b"xn--1-0hc", "byte 0x78 in position 0: Violation of BIDI requirement 3"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(message("idna", bytes), format!("'idna' codec can't decode {expected}"));
        }
    }
}
