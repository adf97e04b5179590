//! Source text to tokens: CPython's `Parser/lexer/lexer.c`.
//!
//! Takes decoded text with `\n` as its only newline and without NUL (see [`crate::source`]); gives one
//! token for each call of [`Lexer::next_token`], without comments and blank lines. The parser has no say in what
//! comes next: f-strings, brackets and indentation are all kept here.
//!
//! An error is a token as well: [`TokenKind::Errortoken`], and [`Lexer::take_error`] then tells the
//! exception. No rule of the grammar accepts that token, so the parser need not check each step.
//!
//! Nothing is interned and no value is decoded here; a token refers to its text.

mod classes;
mod comment;
mod diagnostics;
mod fstring;
mod ident;
mod indent;
mod number;
mod operator;
mod state;
mod string;
mod token;

use pyast::{SyntaxError, Warning};
use pycode::Location;
use pytoken::TokenKind;

pub(crate) use state::{Cursor, ErrorStatus, LineStart};
pub use token::{Token, TokenFlags};

use fstring::FString;
use indent::Indentation;

/// Largest number of open brackets (`MAXLEVEL`).
const MAX_LEVEL: usize = 200;
/// Largest number of f-strings within each other, plus one (`MAXFSTRINGLEVEL`).
const MAX_FSTRING_LEVEL: usize = 150;

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    /// Anything but the two below.
    Regular,
    /// The indentation of a line.
    LineStart,
    /// `INDENT`s and `DEDENT`s that are due.
    Pending,
    /// The literal text of an f-string.
    FString,
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
struct Bracket {
    byte: u8,
    lineno: i32,
    column: i32,
}

/// The lexer: where it stands in the source and what is open there.
///
/// ```
/// use pyparser::{Lexer, TokenKind};
/// let mut lexer = Lexer::new(b"x = 1\n", false);
/// let kinds: Vec<TokenKind> = std::iter::from_fn(|| Some(lexer.next_token().kind)).take(5).collect();
/// assert_eq!(
///     kinds,
///     [TokenKind::Name, TokenKind::Equal, TokenKind::Number, TokenKind::Newline, TokenKind::Endmarker]
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Lexer<'s> {
    source: &'s [u8],
    /// The next byte.
    pos: usize,
    /// Where the line of `pos` begins.
    line_start: usize,
    /// The line of `pos`, from 1.
    lineno: i32,
    mode: Mode,
    /// Where CPython's buffer begins: the line on which the last token began that crossed a newline.
    buffer_start: usize,
    indentation: Indentation,
    brackets: Vec<Bracket>,
    fstrings: Vec<FString>,
    type_comments: bool,
    /// `<>` is one token (`from __future__ import barry_as_FLUFL`).
    diamond: bool,
    error: Option<Box<SyntaxError>>,
    /// What CPython's tokenizer leaves behind with the error.
    error_status: ErrorStatus,
    warnings: Vec<Warning>,
}

impl<'s> Lexer<'s> {
    /// A lexer at the beginning of decoded source text. With `type_comments`, the lexer gives
    /// `TYPE_COMMENT` and `TYPE_IGNORE` tokens.
    pub fn new(source: &'s [u8], type_comments: bool) -> Self {
        Lexer {
            source,
            pos: 0,
            line_start: 0,
            lineno: 1,
            mode: Mode::LineStart,
            buffer_start: 0,
            indentation: Indentation::new(),
            brackets: Vec::new(),
            fstrings: Vec::new(),
            type_comments,
            diamond: false,
            error: None,
            error_status: ErrorStatus::Raised,
            warnings: Vec::new(),
        }
    }

    /// The same at the beginning of a later line, where nothing is open.
    pub(crate) fn starting_at(source: &'s [u8], start: LineStart, type_comments: bool) -> Self {
        let LineStart { position, lineno } = start;
        let lexer = Lexer::new(source, type_comments);
        Lexer { pos: position, line_start: position, lineno, buffer_start: position, ..lexer }
    }

    /// The source text.
    pub fn source(&self) -> &'s [u8] {
        self.source
    }

    /// The error behind an `ERRORTOKEN`.
    pub fn take_error(&mut self) -> Option<Box<SyntaxError>> {
        self.error.take()
    }

    /// Whether an `ERRORTOKEN` was given out.
    pub fn has_error(&self) -> bool {
        self.error.is_some()
    }

    /// The warnings so far, in the order of the source.
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }

    /// From here on `<>` is one token, as after `from __future__ import barry_as_FLUFL`.
    pub(crate) fn enable_diamond(&mut self) {
        self.diamond = true;
    }

    /// Where the next token's scan begins, in bytes.
    pub fn position(&self) -> usize {
        self.pos
    }

    /// The next token. After the end it is `ENDMARKER` for ever.
    #[inline]
    pub fn next_token(&mut self) -> Token {
        match self.mode {
            Mode::Regular => self.regular_token(),
            Mode::LineStart => self.line_start_token(),
            Mode::Pending => self.pending_token(),
            Mode::FString => self.fstring_token(),
        }
    }

    /// `tok_get_normal_mode`, after indentation.
    pub(super) fn regular_token(&mut self) -> Token {
        loop {
            let mut byte = self.byte(self.pos);
            while classes::is_blank(byte) {
                self.pos += 1;
                byte = self.byte(self.pos);
            }
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => return self.name_or_prefixed_string(),
                b'0'..=b'9' => return self.number(),
                b'"' | b'\'' => return self.string(self.pos, TokenFlags::NONE),
                b'\n' if self.brackets.is_empty() => return self.newline_token(self.pos),
                b'\n' => self.next_line(),
                b'#' => {
                    if let Some(token) = self.comment() {
                        return token;
                    }
                }
                b'\\' => {
                    if !self.continuation_line() {
                        return self.error_token();
                    }
                }
                0 => return self.end_of_source(),
                _ => return self.operator(byte),
            }
        }
    }

    /// Steps over a newline that means nothing.
    #[inline]
    fn next_line(&mut self) {
        self.step_line();
        self.buffer_start = self.line_start;
    }

    /// Steps over a newline within a token.
    #[inline]
    fn step_line(&mut self) {
        self.pos += 1;
        self.line_start = self.pos;
        self.lineno += 1;
    }

    /// A `NEWLINE` that begins at `start`: at the newline itself or at the comment before it.
    fn newline_token(&mut self, start: usize) -> Token {
        let mut token = self.token(TokenKind::Newline, start, self.pos);
        token.location.end_col_offset += 1;
        self.next_line();
        self.mode = Mode::LineStart;
        token
    }

    /// A backslash and what should be a newline (`tok_continuation_line`). False: there is an error.
    fn continuation_line(&mut self) -> bool {
        if self.byte(self.pos + 1) != b'\n' {
            self.unexpected_after_continuation();
            return false;
        }
        self.pos += 1;
        self.step_line();
        if self.pos >= self.source.len() {
            match self.brackets.last() {
                Some(&bracket) => self.never_closed(bracket),
                None => self.unexpected_eof(),
            }
            return false;
        }
        true
    }

    fn end_of_source(&mut self) -> Token {
        if let Some(&bracket) = self.brackets.last() {
            self.never_closed(bracket);
            return self.error_token();
        }
        self.marker(TokenKind::Endmarker)
    }

    /// The byte at a position; 0 beyond the end.
    #[inline(always)]
    fn byte(&self, at: usize) -> u8 {
        self.source.get(at).copied().unwrap_or(0)
    }

    /// A token on the current line, from `start` to `end`.
    #[inline]
    fn token(&self, kind: TokenKind, start: usize, end: usize) -> Token {
        self.token_with(kind, TokenFlags::NONE, start, end)
    }

    #[inline]
    fn token_with(&self, kind: TokenKind, flags: TokenFlags, start: usize, end: usize) -> Token {
        let location = Location::new(
            self.lineno,
            self.lineno,
            (start - self.line_start) as i32,
            (end - self.line_start) as i32,
        );
        Token { kind, flags, start: start as u32, end: end as u32, location }
    }

    /// A token without text and columns.
    fn marker(&self, kind: TokenKind) -> Token {
        let lineno = self.current_lineno();
        let location = Location::new(lineno, lineno, -1, -1);
        Token { kind, flags: TokenFlags::NONE, start: self.pos as u32, end: self.pos as u32, location }
    }

    /// The token of the error that was just recorded.
    fn error_token(&self) -> Token {
        debug_assert!(self.error.is_some(), "an error token without an error");
        self.marker(TokenKind::Errortoken)
    }
}
