//! The lexer's errors: CPython's texts and places.
//!
//! Places are byte columns ([`Location`]); whoever shows the error converts `col_offset` to a character offset
//! from 1. Where CPython gives an offset of 0 or -1, for "unknown", the column is -1 or -2.

use pyast::{ErrorKind, SyntaxError, Warning, WarningKind};
use pycode::Location;

use super::fstring::FString;
use super::{Bracket, ErrorStatus, Lexer, Line, Token};
use crate::explain::columns;
use crate::literal::InvalidEscape;
use crate::unicode::is_printable;

/// `end_col_offset` where CPython passes 0 as the end offset.
const NO_END: i32 = -1;
/// `end_col_offset` where CPython passes -1 as the end offset.
const MINUS_ONE_END: i32 = -2;

impl Lexer<'_> {
    /// `_PyTokenizer_syntaxerror`: at the last character before the current position.
    pub(super) fn syntax_error(&mut self, message: impl Into<String>) {
        let column = self.column_of_last_char();
        self.error_at(message, self.line.number(), column, column);
    }

    fn error_at(&mut self, message: impl Into<String>, lineno: i32, start: i32, end: i32) {
        self.set_error(ErrorKind::SyntaxError, message, Location::new(lineno, lineno, start, end));
    }

    fn set_error(&mut self, kind: ErrorKind, message: impl Into<String>, location: Location) {
        debug_assert!(self.error.is_none(), "a second error: {:?}", self.error);
        self.error = Some(Box::new(SyntaxError::of_kind(kind, message, location)));
    }

    /// The column where the last character before the current position begins; -1 at the line start.
    fn column_of_last_char(&self) -> i32 {
        let before = &self.source[self.line.start()..self.pos.min(self.source.len())];
        match before.iter().rposition(|&b| b & 0xC0 != 0x80) {
            Some(at) => at as i32,
            None => -1,
        }
    }

    /// `_PyTokenizer_syntaxerror_known_range`
    fn known_range(&mut self, message: impl Into<String>, start: usize, end: usize) {
        self.error_at(message, self.line.number(), start as i32 - 1, end as i32 - 1);
    }

    /// The line that CPython is on: at the end of the source, still the last one.
    pub(super) fn current_lineno(&self) -> i32 {
        let at_end = self.pos >= self.source.len() && self.pos == self.line.start();
        self.line.number() - i32::from(at_end)
    }

    /// A warning at the last character before a position; one that is made an error has its place.
    fn warn_before(&mut self, position: usize, message: impl Into<String>) {
        let column = position as i32 - self.line.start() as i32 - 1;
        let location = Location::new(self.line.number(), self.line.number(), column, column);
        let line = columns::line(&self.source[self.line.start()..], 1);
        let location = columns::in_line(line, location);
        let text = String::from_utf8_lossy(line).into();
        let kind = WarningKind::SyntaxWarning;
        self.warnings.push(Warning { kind, message: message.into(), location, text: Some(text) });
    }

    /// `\{` in literal text of an f-string.
    pub(super) fn invalid_brace_escape(&mut self, brace: u8) {
        let message = crate::literal::diagnostics::invalid_escape(char::from(brace));
        self.warn_before(self.pos + 2, message);
    }

    /// A number and the keyword that follows run into each other.
    pub(super) fn keyword_after_number(&mut self, kind: &str) {
        self.warn_before(self.pos, format!("invalid {kind} literal"));
    }

    /// The warning about an escape in a literal that begins with the token `at`, or ends with it if it is an f-string
    /// (`warn_invalid_escape_sequence`).
    pub(crate) fn warn_invalid_escape(
        &mut self,
        kind: WarningKind,
        escape: InvalidEscape<'_>,
        is_fstring: bool,
        at: Token,
    ) {
        let text = escape.text;
        let message = match text[0] {
            b'{' | b'}' if is_fstring => return, // `invalid_brace_escape` has warned.
            b'4'..=b'7' => crate::literal::diagnostics::invalid_octal_escape(text),
            _ => crate::literal::diagnostics::invalid_escape(char::from(text[0])),
        };
        let (lineno, mut column) = (at.location().lineno + escape.newlines, escape.columns);
        if escape.newlines == 0 {
            column += at.location().col_offset + leading_quotes(&self.source[at.range()]);
        }
        let line = match self.cursor().lineno > lineno {
            true => self.line_after(at, escape.newlines),
            false => columns::line_of_error(self, lineno),
        };
        let [start, end] = [column, column + 2].map(|column| columns::characters(line, column) - 1);
        let (location, text) =
            (Location::new(lineno, lineno, start, end), String::from_utf8_lossy(line).into());
        self.warnings.push(Warning { kind, message, location, text: Some(text) });
    }

    /// The line so many lines below the one on which a token begins.
    fn line_after(&self, token: Token, lines: i32) -> &[u8] {
        let before = &self.source[..token.range().start];
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        columns::line(&self.source[start..], lines + 1)
    }

    pub(super) fn invalid_character(&mut self, c: char) {
        let code_point = u32::from(c);
        self.syntax_error(if is_printable(c) {
            format!("invalid character '{c}' (U+{code_point:04X})")
        } else {
            format!("invalid non-printable character U+{code_point:04X}")
        });
    }

    pub(super) fn incompatible_prefixes(&mut self, first: char, second: char, start: usize) {
        let message = format!("'{first}' and '{second}' prefixes are incompatible");
        self.known_range(message, start + 1 - self.line.start(), self.pos - self.line.start());
    }

    pub(super) fn leading_zeros(&mut self, start: usize, zeros_end: usize) {
        let message = "leading zeros in decimal integer literals are not permitted; \
                       use an 0o prefix for octal integers";
        self.known_range(message, start + 1 - self.line.start(), zeros_end + 1 - self.line.start());
    }

    /// `E_LINECONT`. The column counts from the start of CPython's buffer, which may be an earlier line, and
    /// is cut at the length of the line.
    pub(super) fn unexpected_after_continuation(&mut self) {
        self.error_status = ErrorStatus::Code;
        let after_wrong_byte = (self.pos + 2).min(self.source.len());
        let line_end = (self.end_of_line(self.line.start()) + 1).min(self.source.len());
        let line_length = line_end - self.line.start();
        let column = (after_wrong_byte - self.buffer_start - 1).min(line_length);
        let message = "unexpected character after line continuation character";
        self.error_at(message, self.line.number(), column as i32, NO_END);
    }

    /// `E_EOF` after a backslash.
    pub(super) fn unexpected_eof(&mut self) {
        self.error_status = ErrorStatus::CodeAtEnd;
        let line_start = self.source[..self.pos - 1].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let column = (self.pos - line_start) as i32 - 1;
        self.error_at("unexpected EOF while parsing", self.line.number() - 1, column, MINUS_ONE_END);
    }

    pub(super) fn never_closed(&mut self, bracket: Bracket) {
        self.error_status = ErrorStatus::CodeAtEnd;
        let message = format!("'{}' was never closed", char::from(bracket.byte));
        self.error_at(message, bracket.lineno, bracket.column, NO_END);
    }

    /// `E_TABSPACE`
    pub(super) fn inconsistent_tabs(&mut self) -> bool {
        self.error_status = ErrorStatus::Code;
        let location = Location::new(self.line.number(), self.line.number(), 0, NO_END);
        let message = "inconsistent use of tabs and spaces in indentation";
        self.set_error(ErrorKind::TabError, message, location);
        false
    }

    /// `E_TOODEEP`
    pub(super) fn too_many_indents(&mut self) -> bool {
        self.error_status = ErrorStatus::Code;
        let location = Location::new(self.line.number(), self.line.number(), 0, NO_END);
        self.set_error(ErrorKind::IndentationError, "too many levels of indentation", location);
        false
    }

    /// `E_DEDENT`: on the last character of the line, its newline if it has one.
    pub(super) fn no_such_indent(&mut self) -> bool {
        self.error_status = ErrorStatus::Code;
        let newline = self.end_of_line(self.line.start());
        let line = &self.source[self.line.start()..self.source.len().min(newline + 1)];
        let last = line.iter().rposition(|byte| byte & 0xC0 != 0x80).map_or(0, |at| at as i32);
        let location = Location::new(self.line.number(), self.line.number(), last, MINUS_ONE_END);
        let message = "unindent does not match any outer indentation level";
        self.set_error(ErrorKind::IndentationError, message, location);
        false
    }

    /// The string that began at `start`, on the line `first`, has no end. The
    /// error stands at its first character.
    pub(super) fn unterminated_string(
        &mut self,
        start: usize,
        first: Line,
        quote: u8,
        quote_size: usize,
        escaped_quote: bool,
    ) {
        let message = match self.fstrings.last() {
            Some(f) if f.quote == quote && f.quote_size == quote_size => {
                format!("{}-string: expecting '}}'", f.letter())
            }
            _ => {
                let triple = if quote_size == 3 { "triple-quoted " } else { "" };
                let hint = if escaped_quote { "; perhaps you escaped the end quote?" } else { "" };
                let line = self.current_lineno();
                self.note_end_in_string();
                format!("unterminated {triple}string literal (detected at line {line}){hint}")
            }
        };
        let column = (start - first.start()) as i32;
        self.error_at(message, first.number(), column, column);
    }

    pub(super) fn unterminated_fstring_error(&mut self, fstring: &FString) {
        let triple = if fstring.quote_size == 3 { "triple-quoted " } else { "" };
        let (letter, line) = (fstring.letter(), self.current_lineno());
        let message = format!("unterminated {triple}{letter}-string literal (detected at line {line})");
        let column = (fstring.start - fstring.first.start()) as i32;
        if fstring.quote_size == 3 {
            self.note_end_in_string();
        }
        self.error_at(message, fstring.first.number(), column, column);
    }

    /// `E_EOFS`, `E_EOLS`
    fn note_end_in_string(&mut self) {
        if self.pos >= self.source.len() {
            self.error_status = ErrorStatus::RaisedAtEnd;
        }
    }

    pub(super) fn newline_in_format_spec(&mut self, letter: char) {
        self.pos += 1;
        let message = format!(
            "{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings"
        );
        self.syntax_error(message);
    }

    pub(super) fn fields_too_deep(&mut self, letter: char) {
        self.syntax_error(format!("{letter}-string: expressions nested too deeply"));
    }
}

/// How many quotes a token begins with. Other quotes between them are passed over.
fn leading_quotes(token: &[u8]) -> i32 {
    let quotes = token.iter().take_while(|&&byte| matches!(byte, b'"' | b'\''));
    quotes.filter(|&&quote| quote == token[0]).count() as i32
}
