//! Operators, delimiters, brackets, and characters that begin nothing.

use pytoken::TokenKind;

use super::scanner::{Raw, Scanned, Scanner};
use crate::unicode::is_printable;

/// Largest number of open brackets (`MAXLEVEL`).
const MAX_LEVEL: usize = 200;

impl Scanner<'_> {
    /// An operator whose first character was read.
    pub(super) fn operator(&mut self, c: u8) -> Scanned<Raw> {
        if c == b':' && self.begins_format_spec() {
            let token = self.token(TokenKind::Colon);
            if let Some(top) = self.fstrings.last_mut() {
                top.in_text = true;
                top.in_format_spec = true;
            }
            return Ok(token);
        }
        if let Some(kind) = self.longer_operator(c) {
            return Ok(self.token(kind));
        }
        match c {
            b'(' | b'[' | b'{' => self.open_bracket(c)?,
            b')' | b']' | b'}' => self.close_bracket(c)?,
            _ => {}
        }
        if !is_printable(char::from(c)) {
            return Err(self.syntax_error(format!("invalid non-printable character U+{c:04X}")));
        }
        let kind = TokenKind::from_text(char::from(c).encode_utf8(&mut [0; 2])).unwrap_or(TokenKind::Op);
        Ok(self.token(kind))
    }

    /// Whether a colon here ends the expression of a field.
    fn begins_format_spec(&self) -> bool {
        self.fstrings.last().is_some_and(|top| top.field_depth >= 0 && top.depth - 1 == top.field_depth)
    }

    /// The rest of an operator of two or three characters.
    fn longer_operator(&mut self, c: u8) -> Option<TokenKind> {
        let second = self.next_char();
        let Some(kind) = second.and_then(|second| operator_kind(&[c, second])) else {
            self.backup(second);
            return None;
        };
        let third = self.next_char();
        let longer = second.zip(third).and_then(|(second, third)| operator_kind(&[c, second, third]));
        if longer.is_none() {
            self.backup(third);
        }
        longer.or(Some(kind))
    }

    fn open_bracket(&mut self, c: u8) -> Scanned<()> {
        if self.brackets.len() >= MAX_LEVEL {
            return Err(self.syntax_error("too many nested parentheses"));
        }
        self.brackets.push(c);
        if let Some(top) = self.fstrings.last_mut() {
            top.depth += 1;
        }
        Ok(())
    }

    /// A closing bracket need not match the open one, unless that begins the field of an f-string.
    fn close_bracket(&mut self, c: u8) -> Scanned<()> {
        let opening = self.brackets.last().copied();
        let Some(top) = self.fstrings.last_mut() else {
            self.brackets.pop();
            return Ok(());
        };
        let letter = top.letter();
        if top.depth == 0 && c == b'}' {
            return Err(self.syntax_error(format!("{letter}-string: single '}}' is not allowed")));
        }
        let closes_field = opening == Some(b'{') && top.depth - 1 == top.field_depth;
        top.depth -= 1;
        if top.depth < 0 || closes_field && c != b'}' {
            return Err(self.syntax_error(format!("{letter}-string: unmatched '{}'", char::from(c))));
        }
        if c == b'}' && top.depth == top.field_depth {
            top.field_depth -= 1;
            top.in_text = true;
            top.in_format_spec = false;
        }
        self.brackets.pop();
        Ok(())
    }
}

/// `_PyToken_TwoChars`, `_PyToken_ThreeChars`. `<>` is two operators here.
fn operator_kind(text: &[u8]) -> Option<TokenKind> {
    TokenKind::from_text(std::str::from_utf8(text).ok()?)
}
