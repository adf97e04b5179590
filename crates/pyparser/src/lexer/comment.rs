//! Comments, which are dropped unless they are type comments.

use pytoken::TokenKind;

use super::Lexer;
use super::scan::find_newline;

impl Lexer<'_> {
    /// A comment after code. Gives whether it made a token: the `NEWLINE` after it, which begins where
    /// the comment does, or a type comment.
    pub(super) fn comment(&mut self) -> bool {
        let start = self.pos;
        self.pos = self.end_of_line(start);
        if self.type_comments && self.type_comment(start) {
            return true;
        }
        let ends_line = self.byte(self.pos) == b'\n' && self.brackets.is_empty();
        if ends_line {
            self.newline_token(start);
        }
        ends_line
    }

    /// The position of the newline, or the end of the source.
    #[inline]
    pub(super) fn end_of_line(&self, from: usize) -> usize {
        find_newline(self.source, from)
    }

    /// Whether the comment from `start` to the current position is a type comment; then that is the token.
    ///
    /// `# type:` may have any blanks where a space is. `ignore` must be followed by a byte that is neither
    /// alphanumeric nor beyond ASCII, or by the end.
    pub(super) fn type_comment(&mut self, start: usize) -> bool {
        let Some(text) = self.after_type_prefix(start) else { return false };
        let ignore_end = text + b"ignore".len();
        let is_ignore = self.source[text..self.pos].starts_with(b"ignore")
            && !(self.pos > ignore_end
                && (self.byte(ignore_end) >= 128 || self.byte(ignore_end).is_ascii_alphanumeric()));
        if is_ignore {
            self.emit(TokenKind::TypeIgnore, ignore_end, self.pos);
        } else {
            self.emit(TokenKind::TypeComment, text, self.pos);
        }
        true
    }

    /// Whether the last token, a `TYPE_IGNORE`, has nothing but blanks and continued lines before it since the last
    /// newline (`blankline`).
    pub(crate) fn is_comment_alone(&self) -> bool {
        let start = self.token.start as usize;
        let hash = self.source[..start].iter().rposition(|&byte| byte == b'#').unwrap_or(start);
        // If its own newline has been read, the range is none.
        let before = self.source.get(self.buffer_start..hash).unwrap_or_default();
        before.iter().all(|byte| matches!(byte, b' ' | b'\t' | 0x0C | b'\\' | b'\n'))
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
