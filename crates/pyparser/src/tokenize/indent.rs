//! Indentation: `INDENT`s and `DEDENT`s at the beginning of a line.

use pytoken::TokenKind;

use super::TokenizeError;
use super::scanner::{Raw, Scanned, Scanner};

/// Largest number of indentation levels, the outermost included (`MAXINDENT`).
const MAX_INDENT: usize = 100;
const TAB_SIZE: u32 = 8;

/// The open blocks.
#[derive(Clone, Debug)]
pub(super) struct Indents {
    /// Their widths: with tabs to the next multiple of 8, and with tabs of one column.
    levels: Vec<(u32, u32)>,
    /// `INDENT`s (positive) or `DEDENT`s (negative) that are due (`pendin`).
    pending: i32,
}

impl Indents {
    pub(super) fn new() -> Self {
        Indents { levels: vec![(0, 0)], pending: 0 }
    }
}

impl Scanner<'_> {
    /// Measures the indentation of a line and notes what it opens or closes. Gives whether the line is blank.
    pub(super) fn indentation(&mut self) -> Scanned<bool> {
        self.at_line_start = false;
        let (mut column, mut alternate, mut first_part) = (0, 0, 0);
        let c = loop {
            let c = self.next_char();
            match c {
                Some(b' ') => (column, alternate) = (column + 1, alternate + 1),
                Some(b'\t') => (column, alternate) = ((column / TAB_SIZE + 1) * TAB_SIZE, alternate + 1),
                Some(0x0C) => (column, alternate) = (0, 0),
                Some(b'\\') => {
                    if first_part == 0 {
                        first_part = column;
                    }
                    self.continuation_line()?;
                }
                None if self.error.is_some() => return Err(self.unexpected_end()),
                _ => break c,
            }
        };
        self.backup(c);
        let is_blank = matches!(c, Some(b'#' | b'\n' | b'\r'));
        if !is_blank && self.brackets.is_empty() {
            if first_part != 0 {
                (column, alternate) = (first_part, first_part);
            }
            self.indent_to(column, alternate)?;
        }
        Ok(is_blank)
    }

    fn indent_to(&mut self, column: u32, alternate: u32) -> Scanned<()> {
        let top = self.top_indent();
        if column > top.0 {
            if self.indents.levels.len() >= MAX_INDENT {
                return Err(self.indentation_error("too many levels of indentation"));
            }
            if alternate <= top.1 {
                return Err(self.inconsistent_tabs());
            }
            self.indents.pending += 1;
            self.indents.levels.push((column, alternate));
            return Ok(());
        }
        while column < self.top_indent().0 {
            self.indents.levels.pop();
            self.indents.pending -= 1;
        }
        let top = self.top_indent();
        if column != top.0 {
            return Err(self.indentation_error("unindent does not match any outer indentation level"));
        }
        if alternate != top.1 { Err(self.inconsistent_tabs()) } else { Ok(()) }
    }

    fn top_indent(&self) -> (u32, u32) {
        *self.indents.levels.last().expect("the outermost level stays")
    }

    /// The next of the `INDENT`s and `DEDENT`s that are due. The text of an `INDENT` is all that CPython's buffer
    /// holds.
    pub(super) fn pending_indent(&mut self) -> Option<Raw> {
        match self.indents.pending {
            0 => None,
            1.. => {
                self.indents.pending -= 1;
                Some(Raw { kind: TokenKind::Indent, range: Some((self.buf, self.cur)) })
            }
            _ => {
                self.indents.pending += 1;
                Some(Raw { kind: TokenKind::Dedent, range: Some((self.cur, self.cur)) })
            }
        }
    }

    fn inconsistent_tabs(&self) -> TokenizeError {
        self.indentation_error("inconsistent use of tabs and spaces in indentation")
    }

    fn indentation_error(&self, message: &'static str) -> TokenizeError {
        TokenizeError::Indentation { message, line: self.lineno, column: self.column_of_code() }
    }
}
