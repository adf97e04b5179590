//! Strings without replacement fields: from prefix to closing quote.

use pytoken::TokenKind;

use super::scan::find_string_stop;
use super::{Lexer, Line, Token, TokenFlags};

impl Lexer<'_> {
    /// A string whose quote is at the current position and whose prefix begins at `start`.
    pub(super) fn string(&mut self, start: usize, flags: TokenFlags) {
        let quote = self.byte(self.pos);
        if self.byte(self.pos + 1) == quote {
            if self.byte(self.pos + 2) == quote {
                return self.triple_quoted(start, quote, flags.with(TokenFlags::TRIPLE));
            }
            self.pos += 2;
            return self.emit_with(TokenKind::String, flags, start, self.pos);
        }
        self.single_quoted(start, quote, flags);
    }

    fn single_quoted(&mut self, start: usize, quote: u8, mut flags: TokenFlags) {
        let first = self.line;
        let mut escaped_quote = false;
        let mut pos = self.pos + 1;
        loop {
            pos = find_string_stop(self.source, pos, quote);
            match self.byte(pos) {
                byte if byte == quote => break,
                b'\\' => {
                    flags = flags.with(TokenFlags::BACKSLASH);
                    escaped_quote |= self.byte(pos + 1) == quote;
                    pos = self.skip_escaped(pos);
                }
                b'\n' | 0 => {
                    self.pos = pos;
                    self.unterminated_string(start, first, quote, 1, escaped_quote);
                    return self.error_token();
                }
                _ => pos += 1,
            }
        }
        self.pos = pos + 1;
        self.emit_string(TokenKind::String, flags, start, first);
    }

    fn triple_quoted(&mut self, start: usize, quote: u8, mut flags: TokenFlags) {
        let first = self.line;
        let mut pos = self.pos + 3;
        loop {
            pos = find_string_stop(self.source, pos, quote);
            match self.byte(pos) {
                byte if byte == quote => {
                    pos += 1;
                    if self.byte(pos) == quote && self.byte(pos + 1) == quote {
                        break;
                    }
                }
                b'\n' => {
                    pos += 1;
                    self.line = self.line.next(pos);
                }
                b'\\' => {
                    flags = flags.with(TokenFlags::BACKSLASH);
                    pos = self.skip_escaped(pos);
                }
                0 => {
                    self.pos = pos;
                    self.unterminated_string(start, first, quote, 3, false);
                    return self.error_token();
                }
                _ => pos += 1,
            }
        }
        self.pos = pos + 2;
        self.emit_string(TokenKind::String, flags, start, first);
    }

    /// The position after the backslash at `pos` and the byte that it escapes, which may be a newline.
    #[inline]
    pub(super) fn skip_escaped(&mut self, pos: usize) -> usize {
        match self.byte(pos + 1) {
            b'\n' => {
                self.line = self.line.next(pos + 2);
                pos + 2
            }
            0 => pos + 1,
            _ => pos + 2,
        }
    }

    /// A token that ends at the current position and began on the line `first`.
    #[inline]
    pub(super) fn emit_string(&mut self, kind: TokenKind, flags: TokenFlags, start: usize, first: Line) {
        let begin = first.position_of(start);
        let finish = self.position_of(self.pos);
        let (start, end) = (start as u32, self.pos as u32);
        self.token = Token { kind, flags, start, end, begin, finish, ..Token::NOTHING };
    }
}
