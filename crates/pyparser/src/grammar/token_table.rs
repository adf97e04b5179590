//! Sets of tokens as tables, for questions that are asked at every operand: one load, where the sets of bits that the
//! second pass computes with need a shift as well.

use pytoken::TokenKind;

/// A set of tokens: a table with an answer for each.
#[derive(Clone, Copy)]
pub(crate) struct TokenTable {
    contains: [bool; 256],
}

impl TokenTable {
    /// The set of these tokens.
    pub(super) const fn of(members: &[TokenKind]) -> Self {
        let mut contains = [false; 256];
        let mut i = 0;
        while i < members.len() {
            contains[members[i] as usize] = true;
            i += 1;
        }
        TokenTable { contains }
    }

    /// The tokens of both sets.
    pub(super) const fn or(mut self, other: &TokenTable) -> Self {
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
