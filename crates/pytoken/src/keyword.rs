//! From a name to its keyword: a perfect hash of the at most eight bytes of a keyword.

use crate::{KEYWORD_KINDS, KEYWORDS, TokenKind};

/// Keeps all keywords apart in the upper six bits of the product; found by trial.
const MULTIPLIER: u64 = 0xb57c_8e05_e3c9_b0e1;

static TABLE: [Slot; 64] = table();

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
    match kind_of_head(pack(name)) {
        TokenKind::Name => None,
        keyword => Some(keyword),
    }
}

/// What a name of one to eight bytes is, a keyword or a `NAME`; it is given as a little-endian number.
///
/// For a lexer that has read the bytes as one word. There is no branch, since none could be predicted.
///
/// ```
/// use pytoken::{TokenKind, kind_of_head};
/// assert_eq!(kind_of_head(u64::from_le_bytes(*b"if\0\0\0\0\0\0")), TokenKind::If);
/// assert_eq!(kind_of_head(u64::from_le_bytes(*b"iff\0\0\0\0\0")), TokenKind::Name);
/// ```
#[inline]
pub fn kind_of_head(head: u64) -> TokenKind {
    let slot = &TABLE[slot(head)];
    slot.kinds[usize::from(slot.keyword == head)]
}

/// A place in the table.
#[derive(Clone, Copy)]
struct Slot {
    /// The keyword that belongs here as a number; 0 if none does.
    keyword: u64,
    /// What another name is, and what that one is.
    kinds: [TokenKind; 2],
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

const fn table() -> [Slot; 64] {
    let mut table = [Slot { keyword: 0, kinds: [TokenKind::Name; 2] }; 64];
    let mut i = 0;
    while i < KEYWORDS.len() {
        let keyword = pack(KEYWORDS[i].as_bytes());
        let slot = &mut table[slot(keyword)];
        assert!(slot.keyword == 0, "two keywords share a slot: find another MULTIPLIER");
        slot.keyword = keyword;
        slot.kinds[1] = KEYWORD_KINDS[i];
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
