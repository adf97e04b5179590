//! Lines and columns of tokens, counted in characters.
//!
//! As CPython does it: the text of a line is looked up once, and columns on it are byte offsets less the
//! bytes that tokens before took beyond one a character.

use pytoken::TokenKind;

use super::TextPosition;
use super::scanner::{Raw, Scanned, Scanner};

/// What is remembered of the token before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Columns<'s> {
    line: &'s str,
    /// The line on which the token before began; 0 before the first.
    last_lineno: u32,
    /// How many bytes of the line so far are not the first of a character.
    difference: usize,
}

impl<'s> Columns<'s> {
    /// Start and end of a token, and its line.
    pub(super) fn place(
        &mut self,
        scanner: &Scanner<'s>,
        raw: Raw,
    ) -> Scanned<(TextPosition, TextPosition, &'s str)> {
        let is_string =
            matches!(raw.kind, TokenKind::String | TokenKind::FstringMiddle | TokenKind::TstringMiddle);
        let (line_start, lineno) = match is_string {
            true => (scanner.multi_line_start, scanner.first_lineno),
            false => (scanner.line_start, scanner.lineno),
        };
        let changed = scanner.lineno != self.last_lineno;
        if changed {
            let end = scanner.inp - usize::from(scanner.implicit_newline && scanner.inp > line_start);
            self.line = scanner.slice(line_start, end)?;
            self.difference = 0;
        }
        self.last_lineno = lineno;
        let (start, end) = raw.range.unwrap_or((line_start, line_start));
        let offset = start.saturating_sub(line_start);
        if changed {
            self.difference = continuations(scanner, line_start, start);
        }
        let column = offset as isize - self.difference as isize;
        let end_column = if lineno == scanner.lineno {
            let more = continuations(scanner, start, end);
            self.difference += more;
            column + (end - start) as isize - more as isize
        } else {
            let more = continuations(scanner, scanner.line_start, end);
            self.difference += more;
            (end - scanner.line_start - more) as isize
        };
        let place = |line, column: isize| TextPosition::new(line, column as i32);
        Ok((place(lineno, column), place(scanner.lineno, end_column), self.line))
    }

    /// Takes note of a token after the last line.
    pub(super) fn trailing(&mut self, scanner: &Scanner<'s>) {
        self.last_lineno = scanner.lineno;
    }
}

/// How many bytes in a range are not the first of a character.
fn continuations(scanner: &Scanner<'_>, from: usize, to: usize) -> usize {
    match scanner.bytes().get(from..to) {
        Some(bytes) => bytes.iter().filter(|&&b| b & 0xC0 == 0x80).count(),
        None => 0,
    }
}
