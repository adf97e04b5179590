//! Comments, which are dropped unless they are type comments.

use pytoken::TokenKind;

use super::{Lexer, Token};

impl Lexer<'_> {
    /// A comment after code. Gives the token that it hides: the `NEWLINE` after it, which begins
    /// where the comment does, or a type comment.
    pub(super) fn comment(&mut self) -> Option<Token> {
        let start = self.pos;
        self.pos = self.end_of_line(start);
        if self.type_comments
            && let Some(token) = self.type_comment(start)
        {
            return Some(token);
        }
        if self.byte(self.pos) == b'\n' && self.brackets.is_empty() {
            return Some(self.newline_token(start));
        }
        None
    }

    /// The position of the newline, or the end of the source.
    #[inline]
    pub(super) fn end_of_line(&self, from: usize) -> usize {
        let rest = &self.source[from..];
        from + rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len())
    }

    /// The type comment that the comment from `start` to the current position is, if it is one.
    ///
    /// `# type:` may have any blanks where a space is. `ignore` must be followed by a byte that is neither
    /// alphanumeric nor beyond ASCII, or by the end.
    pub(super) fn type_comment(&self, start: usize) -> Option<Token> {
        let text = self.after_type_prefix(start)?;
        let ignore_end = text + b"ignore".len();
        let is_ignore = self.source[text..self.pos].starts_with(b"ignore")
            && !(self.pos > ignore_end
                && (self.byte(ignore_end) >= 128 || self.byte(ignore_end).is_ascii_alphanumeric()));
        Some(if is_ignore {
            self.token(TokenKind::TypeIgnore, ignore_end, self.pos)
        } else {
            self.token(TokenKind::TypeComment, text, self.pos)
        })
    }

    /// Where the text after `# type: ` begins.
    fn after_type_prefix(&self, start: usize) -> Option<usize> {
        let mut at = start;
        for &expected in b"# type: " {
            if expected == b' ' {
                while matches!(self.byte(at), b' ' | b'\t') {
                    at += 1;
                }
            } else if at < self.pos && self.byte(at) == expected {
                at += 1;
            } else {
                return None;
            }
        }
        Some(at)
    }
}
