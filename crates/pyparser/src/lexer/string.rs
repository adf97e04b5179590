//! Strings without replacement fields: from prefix to closing quote.

use pycode::Location;
use pytoken::TokenKind;

use super::classes::stops_string;
use super::{Lexer, Token, TokenFlags};

impl Lexer<'_> {
    /// A string whose quote is at the current position and whose prefix begins at `start`.
    pub(super) fn string(&mut self, start: usize, flags: TokenFlags) -> Token {
        let quote = self.byte(self.pos);
        if self.byte(self.pos + 1) == quote {
            if self.byte(self.pos + 2) == quote {
                return self.triple_quoted(start, quote, flags.with(TokenFlags::TRIPLE));
            }
            self.pos += 2;
            return self.token_with(TokenKind::String, flags, start, self.pos);
        }
        self.single_quoted(start, quote, flags)
    }

    fn single_quoted(&mut self, start: usize, quote: u8, mut flags: TokenFlags) -> Token {
        let (first_lineno, first_line) = (self.lineno, self.line_start);
        let mut escaped_quote = false;
        let mut pos = self.pos + 1;
        loop {
            while !stops_string(self.byte(pos)) {
                pos += 1;
            }
            match self.byte(pos) {
                byte if byte == quote => break,
                b'\\' => {
                    flags = flags.with(TokenFlags::BACKSLASH);
                    escaped_quote |= self.byte(pos + 1) == quote;
                    pos = self.skip_escaped(pos);
                }
                b'\n' | 0 => {
                    self.pos = pos;
                    self.unterminated_string(start, (first_lineno, first_line), quote, 1, escaped_quote);
                    return self.error_token();
                }
                _ => pos += 1,
            }
        }
        self.pos = pos + 1;
        self.string_token(TokenKind::String, flags, start, (first_lineno, first_line))
    }

    fn triple_quoted(&mut self, start: usize, quote: u8, mut flags: TokenFlags) -> Token {
        let first = (self.lineno, self.line_start);
        let mut pos = self.pos + 3;
        loop {
            while !stops_string(self.byte(pos)) {
                pos += 1;
            }
            match self.byte(pos) {
                byte if byte == quote => {
                    pos += 1;
                    if self.byte(pos) == quote && self.byte(pos + 1) == quote {
                        break;
                    }
                }
                b'\n' => {
                    pos += 1;
                    self.line_start = pos;
                    self.lineno += 1;
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
        self.string_token(TokenKind::String, flags, start, first)
    }

    /// The position after the backslash at `pos` and the byte that it escapes, which may be a newline.
    #[inline]
    pub(super) fn skip_escaped(&mut self, pos: usize) -> usize {
        match self.byte(pos + 1) {
            b'\n' => {
                self.line_start = pos + 2;
                self.lineno += 1;
                pos + 2
            }
            0 => pos + 1,
            _ => pos + 2,
        }
    }

    /// A token that ends at the current position and may have begun on an earlier line, given as its
    /// number and its start.
    #[inline]
    pub(super) fn string_token(
        &self,
        kind: TokenKind,
        flags: TokenFlags,
        start: usize,
        (first_lineno, first_line): (i32, usize),
    ) -> Token {
        let location = Location::new(
            first_lineno,
            self.lineno,
            (start - first_line) as i32,
            (self.pos - self.line_start) as i32,
        );
        Token { kind, flags, start: start as u32, end: self.pos as u32, location }
    }
}
