//! The tokens of Python's `tokenize` module: comments, blank lines and the encoding included.
//!
//! * Takes the bytes of a source file, or text; gives an iterator of [`TokenInfo`]s.
//! * These are not the parser's tokens: those come from [`Lexer`](crate::Lexer), which works on text with newlines
//!   translated, drops comments and refuses whatever no program may contain. This tokenizer reads the source as
//!   it is, line by line, and is liberal: brackets need not match, numbers may have leading zeros, any
//!   character beyond ASCII may be part of a name.
//! * [`listing`] is the text that `python -m tokenize` prints.
//!
//! CPython's counterparts: `Lib/tokenize.py`, `Python/Python-tokenize.c`, and the parts of `Parser/lexer/lexer.c`
//! that look at `tok_extra_tokens`. Its state is kept under its names, quirks included: a token that begins with a
//! lone carriage return, an error's column that counts from the start of the buffer.
//!
//! ```
//! use pyparser::TokenKind;
//! use pyparser::tokenize::TokenSource;
//!
//! let source = TokenSource::from_bytes(b"x += 1  # one more\n", None).expect("it is UTF-8");
//! let tokens: Vec<_> = source.tokens().collect::<Result<_, _>>().expect("no error");
//! assert_eq!((tokens[0].kind, tokens[0].text), (TokenKind::Encoding, "utf-8"));
//! assert_eq!((tokens[2].kind, tokens[2].exact_kind()), (TokenKind::Op, TokenKind::Plusequal));
//! assert_eq!((tokens[4].kind, tokens[4].text), (TokenKind::Comment, "# one more"));
//! assert_eq!((tokens[4].start.line, tokens[4].start.column), (1, 8));
//! ```

mod columns;
mod error;
mod fstring;
mod indent;
mod listing;
mod number;
mod operator;
mod regular;
mod scanner;
mod source;
mod string;

use std::iter::FusedIterator;

use pytoken::TokenKind;

pub use error::TokenizeError;
pub use listing::{Listing, listing, listing_of_standard_input};
pub use source::TokenSource;

use columns::Columns;
use scanner::{Raw, Scanner};

/// A token as `tokenize.TokenInfo` describes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TokenInfo<'s> {
    /// What it is; every operator and delimiter is an `Op`, every keyword a `Name`.
    pub kind: TokenKind,
    /// Its text. That of a `Newline` or `Nl` is what ends the line, or nothing at the end of the source.
    pub text: &'s str,
    /// Where it begins.
    pub start: TextPosition,
    /// Where it ends, exclusive.
    pub end: TextPosition,
    /// The line on which it stands, or the lines of a string, with the newline.
    pub line: &'s str,
}

impl TokenInfo<'_> {
    /// `exact_type`: which operator an `Op` is; for other tokens their kind.
    pub fn exact_kind(&self) -> TokenKind {
        match self.kind {
            TokenKind::Op => TokenKind::from_text(self.text).unwrap_or(TokenKind::Op),
            kind => kind,
        }
    }
}

/// A place in the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TextPosition {
    /// From 1; 0 for the encoding.
    pub line: u32,
    /// In characters, from 0. An `INDENT` in the middle of a line (of the bytes) has CPython's columns, which can be less.
    pub column: i32,
}

impl TextPosition {
    const fn new(line: u32, column: i32) -> Self {
        TextPosition { line, column }
    }
}

/// An iterator over the tokens of a [`TokenSource`]. It ends after `Endmarker` or after an error.
#[derive(Clone, Debug)]
pub struct Tokens<'s> {
    /// The name of the encoding, until it was given out.
    encoding: Option<&'s str>,
    scanner: Scanner<'s>,
    columns: Columns<'s>,
    done: bool,
}

impl<'s> Tokens<'s> {
    fn new(encoding: Option<&'s str>, scanner: Scanner<'s>) -> Self {
        Tokens { encoding, scanner, columns: Columns::default(), done: false }
    }

    /// Places where a backslash stands before a brace in an f-string, of which CPython warns: line and brace.
    pub fn invalid_escapes(&self) -> &[(u32, char)] {
        &self.scanner.invalid_escapes
    }

    /// `tokenizeriter_next`
    fn token(&mut self, raw: Raw) -> Result<TokenInfo<'s>, TokenizeError> {
        let scanner = &self.scanner;
        let text = match raw.range {
            Some((start, end)) => scanner.slice(start, end)?,
            None => "",
        };
        if scanner.is_trailing(raw.kind) {
            let place = TextPosition::new(scanner.lineno + 1, 0);
            self.columns.trailing(scanner);
            return Ok(TokenInfo { kind: raw.kind, text, start: place, end: place, line: "" });
        }
        let (start, mut end, line) = self.columns.place(scanner, raw)?;
        let (kind, text) = match raw.kind {
            TokenKind::Newline => {
                end.column += 1;
                (TokenKind::Newline, scanner.newline_text(text))
            }
            TokenKind::Nl if scanner.implicit_newline => (TokenKind::Nl, ""),
            kind if is_operator(kind) => (TokenKind::Op, text),
            kind => (kind, text),
        };
        Ok(TokenInfo { kind, text, start, end, line })
    }
}

/// Whether CPython's number of the kind lies between those of `DEDENT` and `OP`.
fn is_operator(kind: TokenKind) -> bool {
    (TokenKind::Dedent as u8) < kind as u8 && (kind as u8) < TokenKind::Op as u8
}

impl<'s> Iterator for Tokens<'s> {
    type Item = Result<TokenInfo<'s>, TokenizeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(encoding) = self.encoding.take() {
            let place = TextPosition::new(0, 0);
            let kind = TokenKind::Encoding;
            return Some(Ok(TokenInfo { kind, text: encoding, start: place, end: place, line: "" }));
        }
        if self.done {
            return None;
        }
        let token = self.scanner.next_token().and_then(|raw| self.token(raw));
        self.done = !matches!(&token, Ok(token) if token.kind != TokenKind::Endmarker);
        Some(token)
    }
}

impl FusedIterator for Tokens<'_> {}
