//! Python strings: Unicode with lone surrogates, as WTF-8.

use std::fmt;

/// A borrowed Python string.
///
/// The bytes are WTF-8: UTF-8 in which a lone surrogate `U+D800..=U+DFFF` may stand as its
/// three-byte encoding (what Python calls `surrogatepass`). A surrogate *pair* stays two
/// three-byte sequences: Python's `'\ud83d\ude00'` has length 2.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PyStr<'a> {
    bytes: &'a [u8],
}

impl<'a> PyStr<'a> {
    /// Takes bytes that are known to be WTF-8.
    ///
    /// # Panics
    /// In debug builds, when they are not.
    pub fn from_wtf8(bytes: &'a [u8]) -> Self {
        debug_assert!(is_wtf8(bytes), "not WTF-8: {bytes:?}");
        PyStr { bytes }
    }

    /// For bytes that were checked when they were stored.
    pub(crate) fn from_wtf8_unchecked(bytes: &'a [u8]) -> Self {
        PyStr { bytes }
    }

    /// Takes bytes of unknown origin; `None` when they are not WTF-8.
    pub fn try_from_wtf8(bytes: &'a [u8]) -> Option<Self> {
        is_wtf8(bytes).then_some(PyStr { bytes })
    }

    /// The WTF-8 bytes: what `str.encode('utf-8', 'surrogatepass')` gives.
    pub fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The text, unless it has a lone surrogate.
    pub fn as_str(self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes).ok()
    }

    /// The text with lone surrogates replaced by U+FFFD.
    pub fn to_string_lossy(self) -> String {
        self.code_points().map(|c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }

    /// The code points, surrogates included.
    pub fn code_points(self) -> CodePoints<'a> {
        CodePoints { bytes: self.bytes }
    }

    /// Python's `len()`: the number of code points.
    pub fn len(self) -> usize {
        self.bytes.iter().filter(|&&b| b & 0xC0 != 0x80).count()
    }

    /// Whether the string is empty.
    pub fn is_empty(self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether all characters are ASCII.
    pub fn is_ascii(self) -> bool {
        match (self.bytes.first_chunk(), self.bytes.last_chunk()) {
            // Most strings are names: these two overlap.
            (Some(first), Some(last)) if self.bytes.len() <= 16 => {
                (u64::from_le_bytes(*first) | u64::from_le_bytes(*last)) & 0x8080_8080_8080_8080 == 0
            }
            (None, _) | (_, None) => self.bytes.iter().fold(0, |all, byte| all | byte) < 0x80,
            _ => self.bytes.is_ascii(),
        }
    }
}

impl<'a> From<&'a str> for PyStr<'a> {
    fn from(text: &'a str) -> Self {
        PyStr { bytes: text.as_bytes() }
    }
}

impl PartialEq<str> for PyStr<'_> {
    fn eq(&self, other: &str) -> bool {
        self.bytes == other.as_bytes()
    }
}

impl PartialEq<&str> for PyStr<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.bytes == other.as_bytes()
    }
}

/// The text with lone surrogates replaced by U+FFFD, which no output in UTF-8 can show.
impl fmt::Display for PyStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            Some(text) => f.pad(text),
            None => f.pad(&self.to_string_lossy()),
        }
    }
}

impl fmt::Debug for PyStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string_lossy(), f)
    }
}

/// The code points of a [`PyStr`].
#[derive(Clone, Debug)]
pub struct CodePoints<'a> {
    bytes: &'a [u8],
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (code_point, len) = decode_first(self.bytes)?;
        self.bytes = &self.bytes[len..];
        Some(code_point)
    }
}

/// Appends a code point, surrogates included, to WTF-8 bytes.
pub fn push_code_point(out: &mut Vec<u8>, code_point: u32) {
    match char::from_u32(code_point) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[
            0xE0 | (code_point >> 12) as u8,
            0x80 | (code_point >> 6 & 0x3F) as u8,
            0x80 | (code_point & 0x3F) as u8,
        ]),
    }
}

/// The first code point and its length in bytes; `None` at the end or where the bytes are not WTF-8.
fn decode_first(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = *bytes.first()?;
    let (len, initial, least) = match first {
        0..0x80 => return Some((u32::from(first), 1)),
        0xC2..0xE0 => (2, u32::from(first & 0x1F), 0x80),
        0xE0..0xF0 => (3, u32::from(first & 0x0F), 0x800),
        0xF0..0xF5 => (4, u32::from(first & 0x07), 0x10000),
        _ => return None,
    };
    let mut code_point = initial;
    for &byte in bytes.get(1..len)? {
        if byte & 0xC0 != 0x80 {
            return None;
        }
        code_point = code_point << 6 | u32::from(byte & 0x3F);
    }
    (code_point >= least && code_point <= 0x10FFFF).then_some((code_point, len))
}

fn is_wtf8(mut bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    while let Some((_, len)) = decode_first(bytes) {
        bytes = &bytes[len..];
    }
    bytes.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_survive() {
        let mut bytes = Vec::new();
        for cp in [0x61, 0xD83D, 0xDE00, 0x1F600, 0xDFFF] {
            push_code_point(&mut bytes, cp);
        }
        let s = PyStr::try_from_wtf8(&bytes).expect("WTF-8");
        assert_eq!(s.code_points().collect::<Vec<_>>(), [0x61, 0xD83D, 0xDE00, 0x1F600, 0xDFFF]);
        assert_eq!(s.len(), 5);
        assert_eq!(s.as_str(), None);
    }

    #[test]
    fn ascii_of_any_length() {
        let bytes = [b'a'; 40];
        for len in 0..=bytes.len() {
            assert!(PyStr::from_wtf8(&bytes[..len]).is_ascii());
            for at in 0..len.saturating_sub(1) {
                let text = ["a".repeat(at), "\u{e9}".to_owned(), "a".repeat(len - at - 2)].concat();
                assert!(!PyStr::from(text.as_str()).is_ascii(), "{text}");
            }
        }
    }

    #[test]
    fn overlong_and_cut_off_bytes_are_refused() {
        for bad in [
            &b"\xC0\x80"[..],
            b"\xE0\x80\x80",
            b"\xF5\x80\x80\x80",
            b"\xE2\x82",
            b"\x80",
            b"\xF4\x90\x80\x80",
        ] {
            assert_eq!(PyStr::try_from_wtf8(bad), None, "{bad:?}");
        }
    }
}
