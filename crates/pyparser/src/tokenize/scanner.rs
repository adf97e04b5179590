//! The state of CPython's tokenizer (`struct tok_state`) and how it reads: a character at a time, a line at a
//! time.
//!
//! The fields keep the names of the C struct. Positions are byte offsets in the whole text; what was thrown out
//! of CPython's buffer is simply before [`buf`](Scanner::buf).

use pytoken::TokenKind;

use super::TokenizeError;
use super::fstring::FString;
use super::indent::Indents;
use super::source::{ReadEnd, Reads};

/// A token without line and columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw {
    pub(super) kind: TokenKind,
    /// Its text, if there is any.
    pub(super) range: Option<(usize, usize)>,
}

/// What a step of the scan gives.
pub(super) type Scanned<T> = Result<T, TokenizeError>;

/// The tokenizer.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'s> {
    text: &'s str,
    reads: &'s Reads,
    /// How many reads there were (not counted where each is a line of the text).
    read: usize,
    /// The next byte.
    pub(super) cur: usize,
    /// The end of what was read.
    pub(super) inp: usize,
    /// The beginning of what is remembered.
    pub(super) buf: usize,
    /// Where the token at hand begins, unless there is none.
    pub(super) start: Option<usize>,
    /// Where the line of `cur` begins.
    pub(super) line_start: usize,
    /// The line of `cur`, from 1; 0 before the first.
    pub(super) lineno: u32,
    /// Where a string of several lines begins: the start of its line, and its number.
    pub(super) multi_line_start: usize,
    pub(super) first_lineno: u32,
    /// Whether the source is at its end (`done == E_EOF`).
    pub(super) at_end: bool,
    /// Whether the line at hand lacks a newline.
    pub(super) implicit_newline: bool,
    /// Whether the next line's indentation is due (`atbol`).
    pub(super) at_line_start: bool,
    /// Whether the newline after a comment ends no statement.
    pub(super) comment_newline: bool,
    pub(super) indents: Indents,
    /// The open brackets, from the outside (`parenstack`).
    pub(super) brackets: Vec<u8>,
    /// The open f-strings, from the outside (`tok_mode_stack`).
    pub(super) fstrings: Vec<FString>,
    pub(super) invalid_escapes: Vec<(u32, char)>,
    /// An error that reading a line met; the scan ends with it at once.
    pub(super) error: Option<TokenizeError>,
}

impl<'s> Scanner<'s> {
    /// A scanner of text, each read of which ends with a newline.
    pub(super) fn new(text: &'s str, reads: &'s Reads) -> Self {
        Scanner {
            text,
            reads,
            read: 0,
            cur: 0,
            inp: 0,
            buf: 0,
            start: None,
            line_start: 0,
            lineno: 0,
            multi_line_start: 0,
            first_lineno: 0,
            at_end: false,
            implicit_newline: false,
            at_line_start: true,
            comment_newline: false,
            indents: Indents::new(),
            brackets: Vec::new(),
            fstrings: Vec::new(),
            invalid_escapes: Vec::new(),
            error: None,
        }
    }

    /// `_PyTokenizer_Get`
    pub(super) fn next_token(&mut self) -> Scanned<Raw> {
        if self.fstrings.last().is_some_and(|f| f.in_text) {
            self.fstring_token()
        } else {
            self.regular_token()
        }
    }

    /// `tok_nextc`: `None` is the end of the source, or an error.
    pub(super) fn next_char(&mut self) -> Option<u8> {
        if self.cur == self.inp && !self.underflow() {
            self.cur = self.inp;
            return None;
        }
        self.cur += 1;
        Some(self.bytes()[self.cur - 1])
    }

    /// `tok_backup`
    pub(super) fn backup(&mut self, c: Option<u8>) {
        self.cur -= usize::from(c.is_some());
    }

    /// Reads the next line (`tok_underflow_readline`). False: there is none, or an error.
    fn underflow(&mut self) -> bool {
        if self.at_end || self.error.is_some() {
            return false;
        }
        if self.start.is_none() && self.fstrings.is_empty() {
            self.buf = self.inp;
        }
        let Some(end) = self.next_read() else {
            self.error = self.reads.error.clone();
            self.at_end = self.error.is_none();
            return false;
        };
        let has_nul = self.bytes()[self.inp..end.position].contains(&0);
        self.line_start = self.inp;
        self.inp = end.position;
        self.implicit_newline = end.made_up_newline;
        self.lineno += 1;
        if has_nul {
            self.error = Some(self.syntax_error("source code cannot contain null bytes"));
        }
        !has_nul
    }

    /// Where the next line ends that is read.
    fn next_read(&mut self) -> Option<ReadEnd> {
        if let Some(ends) = &self.reads.ends {
            self.read += 1;
            return ends.get(self.read - 1).copied();
        }
        let rest = &self.bytes()[self.inp..];
        let newline = rest.iter().position(|&b| b == b'\n')?;
        let position = self.inp + newline + 1;
        let made_up_newline = self.reads.made_up_newline && position == self.text.len();
        Some(ReadEnd { position, made_up_newline })
    }

    /// The bytes of the text.
    pub(super) fn bytes(&self) -> &'s [u8] {
        self.text.as_bytes()
    }

    /// A part of the text. Fails where CPython cuts a character in two.
    pub(super) fn slice(&self, start: usize, end: usize) -> Scanned<&'s str> {
        self.text.get(start..end).ok_or_else(|| TokenizeError::no_text(&self.bytes()[start..end]))
    }

    /// A token from the start at hand to the current position.
    pub(super) fn token(&self, kind: TokenKind) -> Raw {
        self.token_to(kind, self.cur)
    }

    /// A token from the start at hand to `end`.
    pub(super) fn token_to(&self, kind: TokenKind, end: usize) -> Raw {
        Raw { kind, range: self.start.map(|start| (start, end)) }
    }

    /// Whether CPython puts a token on a line of its own after the last.
    pub(super) fn is_trailing(&self, kind: TokenKind) -> bool {
        kind == TokenKind::Endmarker || kind == TokenKind::Dedent && self.at_end
    }

    /// The text of the `NEWLINE` that was just found; `text` is what precedes the newline itself.
    pub(super) fn newline_text(&self, text: &'s str) -> &'s str {
        match self.start.map(|start| self.bytes()[start]) {
            _ if self.implicit_newline => text,
            Some(b'\r') => "\r\n",
            _ => "\n",
        }
    }

    /// `_PyTokenizer_syntaxerror`: at the current position.
    pub(super) fn syntax_error(&self, message: impl Into<String>) -> TokenizeError {
        let column = self.characters(self.line_start, self.cur.max(self.line_start));
        self.error_at(message, self.lineno, column)
    }

    /// An error whose place is known.
    pub(super) fn error_at(&self, message: impl Into<String>, line: u32, column: u32) -> TokenizeError {
        let mut message = message.into();
        // `_transform_msg`
        if message.contains("unterminated triple-quoted string literal") {
            "EOF in multi-line string".clone_into(&mut message);
        }
        TokenizeError::Token { message, line, column }
    }

    /// `E_EOF`, or the error that ended the source.
    pub(super) fn unexpected_end(&mut self) -> TokenizeError {
        let column = (self.inp - self.buf) as u32;
        let error = self.error.take();
        error.unwrap_or_else(|| self.error_at("unexpected EOF in multi-line statement", self.lineno, column))
    }

    /// The column of errors that CPython only notes as a code: behind all that is in its buffer.
    pub(super) fn column_of_code(&self) -> u32 {
        self.characters(self.buf, self.inp)
    }

    /// How many characters begin in a range.
    pub(super) fn characters(&self, from: usize, to: usize) -> u32 {
        self.bytes()[from..to].iter().filter(|&&b| b & 0xC0 != 0x80).count() as u32
    }
}
