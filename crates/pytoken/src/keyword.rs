//! From a name to its keyword: a perfect hash of the at most eight bytes of a keyword.

use crate::{KEYWORD_KINDS, KEYWORDS, TokenKind};

/// Keeps all keywords apart in the upper six bits of the product; found by trial.
const MULTIPLIER: u64 = 0xb57c_8e05_e3c9_b0e1;

const TABLE: [(u64, TokenKind); 64] = table();

/// The kind of the keyword with that text, or `None` for any other name.
///
/// ```
/// use pytoken::{TokenKind, keyword};
/// assert_eq!(keyword(b"nonlocal"), Some(TokenKind::Nonlocal));
/// assert_eq!(keyword(b"match"), None);
/// ```
#[inline]
pub fn keyword(name: &[u8]) -> Option<TokenKind> {
    if name.is_empty() || name.len() > 8 {
        return None;
    }
    let (is_keyword, kind) = keyword_of_head(pack(name));
    is_keyword.then_some(kind)
}

/// Whether a name of one to eight bytes is a keyword, and which; it is given as a little-endian number.
///
/// For a lexer that has read the bytes as one word. There is no branch, since none could be predicted.
///
/// ```
/// use pytoken::{TokenKind, keyword_of_head};
/// assert_eq!(keyword_of_head(u64::from_le_bytes(*b"if\0\0\0\0\0\0")), (true, TokenKind::If));
/// assert!(!keyword_of_head(u64::from_le_bytes(*b"iff\0\0\0\0\0")).0);
/// ```
#[inline]
pub fn keyword_of_head(head: u64) -> (bool, TokenKind) {
    let (found, kind) = TABLE[slot(head)];
    (found == head, kind)
}

/// The bytes of a short name as a little-endian number.
#[inline]
const fn pack(name: &[u8]) -> u64 {
    let mut key = 0;
    let mut i = name.len();
    while i > 0 {
        i -= 1;
        key = key << 8 | name[i] as u64;
    }
    key
}

#[inline]
const fn slot(key: u64) -> usize {
    (key.wrapping_mul(MULTIPLIER) >> 58) as usize
}

const fn table() -> [(u64, TokenKind); 64] {
    let mut table = [(0, TokenKind::Name); 64];
    let mut i = 0;
    while i < KEYWORDS.len() {
        let key = pack(KEYWORDS[i].as_bytes());
        assert!(table[slot(key)].0 == 0, "two keywords share a slot: find another MULTIPLIER");
        table[slot(key)] = (key, KEYWORD_KINDS[i]);
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_is_found() {
        for (&text, &kind) in KEYWORDS.iter().zip(KEYWORD_KINDS) {
            assert_eq!(keyword(text.as_bytes()), Some(kind));
            assert_eq!(kind.text(), Some(text));
        }
    }

    #[test]
    fn other_names_are_not_keywords() {
        for name in ["", "i", "iff", "If", "IF", "nonlocals", "none", "async_", "print", "_", "match"] {
            assert_eq!(keyword(name.as_bytes()), None, "{name}");
        }
    }
}
