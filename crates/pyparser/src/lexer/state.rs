//! Where the lexer stands, for error messages.

use super::{Lexer, Line, Mode};
use pyast::{Location, Warning};

/// How far CPython's tokenizer has read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cursor {
    /// The line that it is on, from 1. After a `NEWLINE` that is still the line which ends there.
    pub(crate) lineno: i32,
    /// Where that line begins, in bytes of the source.
    pub(crate) line_start: usize,
    /// The next byte.
    pub(crate) position: usize,
}

impl Cursor {
    /// How many bytes of the line were read.
    pub(crate) fn column(self) -> i32 {
        (self.position - self.line_start) as i32
    }
}

/// The beginning of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LineStart {
    /// In bytes of the source.
    pub(crate) position: usize,
    /// From 1.
    pub(crate) lineno: i32,
}

/// What CPython's tokenizer leaves behind with an error: an exception, or only a code (`tok->done`) of which the parser
/// makes one. The code may also tell that the source ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ErrorStatus {
    /// An exception.
    Raised,
    /// An exception, because the source ended (`E_EOFS`, `E_EOLS`).
    RaisedAtEnd,
    /// A code.
    Code,
    /// A code, because the source ended (`E_EOF`).
    CodeAtEnd,
}

impl Lexer<'_> {
    /// The beginning of the line after a `NEWLINE` that was the last token.
    pub(crate) fn next_line_start(&self) -> LineStart {
        LineStart { position: self.pos, lineno: self.line.number() }
    }

    /// Goes on at the beginning of a later line of the same block.
    pub(crate) fn go_on_at_line(&mut self, line: LineStart) {
        self.go_on_in_line(line.position);
        self.buffer_start = line.position;
        self.line = Line::new(line.lineno, line.position);
        self.mode = Mode::LineStart;
    }

    /// Goes on at a later place on the same line, where nothing is open.
    pub(crate) fn go_on_in_line(&mut self, position: usize) {
        self.pos = position;
        self.mode = Mode::Regular;
        self.brackets.clear();
        self.fstrings.clear();
    }

    /// How many warnings there were so far.
    pub(crate) fn warnings_so_far(&self) -> usize {
        self.warnings.len()
    }

    /// Takes warnings about what was stepped over.
    pub(crate) fn add_warnings(&mut self, warnings: &[Warning]) {
        self.warnings.extend_from_slice(warnings);
    }

    /// How far CPython's tokenizer would have read for the tokens so far.
    pub(crate) fn cursor(&self) -> Cursor {
        if self.source.is_empty() {
            return Cursor { lineno: 0, line_start: 0, position: 0 };
        }
        let read_ahead = self.pos == self.line.start()
            && self.pos > 0
            && (self.mode == Mode::LineStart || self.pos >= self.source.len());
        if !read_ahead {
            return Cursor { lineno: self.line.number(), line_start: self.line.start(), position: self.pos };
        }
        let before = &self.source[..self.pos - 1];
        let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        Cursor { lineno: self.line.number() - 1, line_start, position: self.pos }
    }

    /// The innermost open bracket and where it stands.
    pub(crate) fn innermost_bracket(&self) -> Option<(char, Location)> {
        let bracket = self.brackets.last()?;
        let location = Location::new(bracket.lineno, bracket.lineno, bracket.column, bracket.column + 1);
        Some((char::from(bracket.byte), location))
    }

    /// Whether the lexer is within an f-string or t-string.
    pub(crate) fn in_fstring(&self) -> bool {
        !self.fstrings.is_empty()
    }

    /// Whether what comes next is text of an f-string or t-string.
    pub(crate) fn in_text_of_fstring(&self) -> bool {
        self.mode == Mode::FString
    }

    /// What messages call the innermost open string: `f` or `t`.
    pub(crate) fn string_letter(&self) -> char {
        self.fstrings.last().map_or('f', |fstring| fstring.letter())
    }

    /// What CPython's tokenizer leaves behind with the error.
    pub(crate) fn error_status(&self) -> ErrorStatus {
        self.error_status
    }
}
