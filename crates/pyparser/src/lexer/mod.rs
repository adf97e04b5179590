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
mod scan;
mod state;
mod string;
mod token;

use std::hint::select_unpredictable;

use pyast::{SyntaxError, Warning};
use pytoken::TokenKind;

pub(crate) use state::{Cursor, ErrorStatus, LineStart};
use token::Line;
pub(crate) use token::head_of;
pub use token::{Position, Token, TokenFlags};

use classes::{Start, makes_name_doubtful, operator_before};
use fstring::FString;
use indent::Indentation;
use scan::{count_spaces, first_in, last_chunk, not_word, two_chunks};

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
    /// The token at hand.
    pub(crate) token: Token,
    /// The next byte.
    pos: usize,
    /// The line of `pos`.
    line: Line,
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
            token: Token::NOTHING,
            pos: 0,
            line: Line::new(1, 0),
            mode: Mode::LineStart,
            buffer_start: 0,
            indentation: Indentation::new(),
            brackets: Vec::with_capacity(16),
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
        Lexer { pos: position, line: Line::new(lineno, position), buffer_start: position, ..lexer }
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
    pub fn next_token(&mut self) -> Token {
        self.advance();
        self.token
    }

    /// Goes on to the next token.
    ///
    /// This is `tok_get_normal_mode` for what most tokens are: at most one space, then a name of a few letters or an
    /// operator. One word of the source is enough to tell. All else is left to others, so that this stays small and
    /// needs no stack: a quarter of the time of a parse is spent here.
    pub(crate) fn advance(&mut self) {
        if self.mode != Mode::Regular {
            return self.other_mode_token();
        }
        match two_chunks(self.source, self.pos) {
            Some((here, next)) => {
                let space = here as u8 == b' ';
                self.token_of(select_unpredictable(space, next, here), self.pos + usize::from(space));
            }
            None => self.last_token(),
        }
    }

    /// A token within eight bytes of the end.
    #[cold]
    fn last_token(&mut self) {
        self.token_of(last_chunk(self.source, self.pos), self.pos);
    }

    /// The token at `start`, or after blanks there; `word` is the source from there on.
    #[inline(always)]
    fn token_of(&mut self, word: u64, start: usize) {
        let [byte, second, ..] = word.to_le_bytes();
        match Start::of(byte) {
            Start::Name => {
                let length = first_in(not_word(word));
                if length == 8 {
                    return self.long_name(word, start);
                }
                if makes_name_doubtful((word >> (8 * length)) as u8) {
                    return self.prefixed_string_or_name(word, start, length);
                }
                self.short_name(word, start, length);
            }
            Start::Dot if !matches!(second, b'.' | b'0'..=b'9') => self.take(TokenKind::Dot, start, 1),
            Start::Colon if !self.fstrings.is_empty() => self.operator(word, start),
            Start::Colon | Start::Simple => {
                let (kind, length) = operator_before(byte, second);
                self.take(kind, start, length);
            }
            Start::Dot | Start::Operator => self.operator(word, start),
            Start::Open => self.open_bracket(byte, start),
            Start::Close => self.close_bracket(byte, start),
            Start::Newline if self.brackets.is_empty() => {
                self.pos = start;
                self.newline_token(start);
            }
            Start::Quote => {
                self.pos = start;
                self.string(start, TokenFlags::NONE);
            }
            Start::Digit => {
                self.pos = start;
                self.number();
            }
            Start::Newline | Start::Comment | Start::Backslash | Start::Blank | Start::End => {
                self.pos = start;
                self.token_after_blanks();
            }
        }
    }

    #[inline(never)]
    fn other_mode_token(&mut self) {
        match self.mode {
            Mode::Regular => self.advance(),
            Mode::LineStart => self.line_start_token(),
            Mode::Pending => self.pending_token(),
            Mode::FString => self.fstring_token(),
        }
    }

    /// The token after blanks, comments and newlines that mean nothing.
    #[inline(never)]
    fn token_after_blanks(&mut self) {
        loop {
            match Start::of(self.byte(self.pos)) {
                Start::Newline if !self.brackets.is_empty() => {
                    self.next_line();
                    self.pos += count_spaces(self.source, self.pos) as usize;
                }
                Start::Comment if self.comment() => return,
                Start::Comment => {}
                Start::Backslash if self.continuation_line() => {}
                Start::Backslash => return self.error_token(),
                Start::End => return self.end_of_source(),
                Start::Blank => self.pos += 1,
                _ => return self.advance(),
            }
        }
    }

    /// Steps over a newline that means nothing.
    #[inline]
    fn next_line(&mut self) {
        self.step_line();
        self.buffer_start = self.pos;
    }

    /// Steps over a newline within a token.
    #[inline]
    fn step_line(&mut self) {
        self.pos += 1;
        self.line = self.line.next(self.pos);
    }

    /// A `NEWLINE` that begins at `start`: at the newline itself or at the comment before it.
    fn newline_token(&mut self, start: usize) {
        self.emit(TokenKind::Newline, start, self.pos);
        self.token.finish = self.position_of(self.pos + 1);
        self.next_line();
        self.mode = Mode::LineStart;
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

    fn end_of_source(&mut self) {
        if let Some(&bracket) = self.brackets.last() {
            self.never_closed(bracket);
            return self.error_token();
        }
        self.emit_marker(TokenKind::Endmarker);
    }

    /// The byte at a position; 0 beyond the end.
    #[inline(always)]
    fn byte(&self, at: usize) -> u8 {
        self.source.get(at).copied().unwrap_or(0)
    }

    /// The line and column of a place on the current line.
    #[inline]
    fn position_of(&self, at: usize) -> Position {
        self.line.position_of(at)
    }

    /// Takes the `length` bytes at `start` as a token.
    #[inline(always)]
    fn take(&mut self, kind: TokenKind, start: usize, length: usize) {
        let end = start + length;
        self.pos = end;
        let begin = self.position_of(start);
        self.token.kind = kind;
        self.token.flags = TokenFlags::NONE;
        self.token.start = start as u32;
        self.token.end = end as u32;
        self.token.begin = begin;
        self.token.finish = begin.plus(length);
    }

    /// Makes a token on the current line, from `start` to `end`.
    #[inline]
    fn emit(&mut self, kind: TokenKind, start: usize, end: usize) {
        self.emit_with(kind, TokenFlags::NONE, start, end);
    }

    #[inline]
    fn emit_with(&mut self, kind: TokenKind, flags: TokenFlags, start: usize, end: usize) {
        let (begin, finish) = (self.position_of(start), self.position_of(end));
        self.token.kind = kind;
        self.token.flags = flags;
        self.token.start = start as u32;
        self.token.end = end as u32;
        self.token.begin = begin;
        self.token.finish = finish;
    }

    /// Makes a token without text and columns.
    fn emit_marker(&mut self, kind: TokenKind) {
        let (at, position) = (self.pos as u32, Position::new(self.current_lineno(), -1));
        self.token = Token { kind, start: at, end: at, begin: position, finish: position, ..Token::NOTHING };
    }

    /// Makes the token of the error that was just recorded.
    #[cold]
    fn error_token(&mut self) {
        debug_assert!(self.error.is_some(), "an error token without an error");
        self.emit_marker(TokenKind::Errortoken);
    }
}
