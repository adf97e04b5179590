//! Sets of tokens, for questions that are asked at every operand.

use pytoken::TokenKind;

/// A set of tokens: a table with an answer for each.
#[derive(Clone, Copy)]
pub(crate) struct TokenSet {
    contains: [bool; 256],
}

impl TokenSet {
    /// The set of these tokens.
    pub(super) const fn of(members: &[TokenKind]) -> Self {
        let mut contains = [false; 256];
        let mut i = 0;
        while i < members.len() {
            contains[members[i] as usize] = true;
            i += 1;
        }
        TokenSet { contains }
    }

    /// The tokens of both sets.
    pub(super) const fn or(mut self, other: &TokenSet) -> Self {
        let mut i = 0;
        while i < self.contains.len() {
            self.contains[i] |= other.contains[i];
            i += 1;
        }
        self
    }

    #[inline]
    pub(crate) fn contains(&self, kind: TokenKind) -> bool {
        self.contains[kind as u8 as usize]
    }
}
