//! Indentation: the blanks at the beginning of a line, and the `INDENT`s and `DEDENT`s they mean.
//!
//! A line has two widths: one where a tab reaches the next multiple of 8, one where a tab is one
//! column. Both must agree on which of two lines is indented deeper, or the meaning would depend on
//! the width of a tab (`TabError`).

use pytoken::TokenKind;

use super::classes::Start;
use super::scan::count_spaces;
use super::{Lexer, Mode};

/// Largest number of indentation levels, the outermost included (`MAXINDENT`).
const MAX_INDENT: usize = 100;
const TAB_SIZE: u32 = 8;
/// How many levels few sources exceed.
const USUAL_LEVELS: usize = 16;

/// Width of an indentation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Width {
    /// With tabs to the next multiple of 8.
    column: u32,
    /// With tabs of width 1.
    alternate: u32,
}

/// The open blocks.
#[derive(Clone, Debug)]
pub(super) struct Indentation {
    /// The widths of the open blocks, from the outside; the first is 0.
    levels: Vec<Width>,
    /// `INDENT`s (positive) or `DEDENT`s (negative) that are due.
    pending: i32,
}

impl Indentation {
    pub(super) fn new() -> Self {
        let mut levels = Vec::with_capacity(USUAL_LEVELS);
        levels.push(Width { column: 0, alternate: 0 });
        Indentation { levels, pending: 0 }
    }

    fn top(&self) -> Width {
        *self.levels.last().expect("the outermost level stays")
    }
}

/// What a line's indentation means.
enum LineStart {
    /// Code stands there.
    Code(Width),
    /// A type comment stands alone on the line: that is the token.
    TypeComment,
    /// There is an error.
    Error,
}

impl Lexer<'_> {
    /// The first token of a line, after any blank lines.
    #[inline]
    pub(super) fn line_start_token(&mut self) {
        self.mode = Mode::Regular;
        let spaces = count_spaces(self.source, self.pos);
        let start = self.pos + spaces as usize;
        if !Start::of(self.byte(start)).is_token() {
            return self.odd_line_start_token();
        }
        self.pos = start;
        self.first_token(Width { column: spaces, alternate: spaces });
    }

    /// The same where the line at hand is blank, or begins with more than spaces.
    #[inline(never)]
    fn odd_line_start_token(&mut self) {
        match self.line_start() {
            LineStart::Code(width) => self.first_token(width),
            LineStart::TypeComment => {}
            LineStart::Error => self.error_token(),
        }
    }

    /// The token that the indentation of a line of code means, or the first of the code.
    #[inline]
    fn first_token(&mut self, width: Width) {
        let top = self.indentation.top();
        if width == top {
            return self.advance();
        }
        self.indentation_token(width, top);
    }

    #[inline(never)]
    fn indentation_token(&mut self, width: Width, top: Width) {
        if self.indent_to(width, top) {
            self.pending_token();
        } else {
            self.error_token();
        }
    }

    /// The next of the `INDENT`s and `DEDENT`s that are due.
    #[inline(never)]
    pub(super) fn pending_token(&mut self) {
        let pending = &mut self.indentation.pending;
        let kind = if *pending > 0 { TokenKind::Indent } else { TokenKind::Dedent };
        *pending -= pending.signum();
        self.mode = if *pending == 0 { Mode::Regular } else { Mode::Pending };
        self.emit_marker(kind);
    }

    /// Closes all blocks at once: what ends interactive input. Gives whether there are any.
    pub(crate) fn close_blocks(&mut self) -> bool {
        if self.indentation.levels.len() == 1 {
            return false;
        }
        self.indentation.pending = 1 - self.indentation.levels.len() as i32;
        self.indentation.levels.truncate(1);
        self.mode = Mode::Pending;
        true
    }

    /// Skips blank lines and lines with only a comment; measures the line after them.
    fn line_start(&mut self) -> LineStart {
        loop {
            let spaces = count_spaces(self.source, self.pos);
            self.pos += spaces as usize;
            match self.byte(self.pos) {
                b'\n' => self.next_line(),
                b'#' => {
                    if self.lone_comment() {
                        return LineStart::TypeComment;
                    }
                    if self.byte(self.pos - 1) != b'\n' {
                        // The source ends here, without a newline: that closes no blocks.
                        return LineStart::Code(self.indentation.top());
                    }
                }
                b'\t' | 0x0C | b'\\' => match self.odd_indentation(spaces) {
                    Ok(None) => {}
                    Ok(Some(found)) => return found,
                    Err(()) => return LineStart::Error,
                },
                _ => return LineStart::Code(Width { column: spaces, alternate: spaces }),
            }
        }
    }

    /// A comment alone on its line: skipped with its newline, unless it is a type comment. Gives whether it
    /// is.
    fn lone_comment(&mut self) -> bool {
        let start = self.pos;
        self.pos = self.end_of_line(start);
        if self.type_comments && self.type_comment(start) {
            if self.token.kind == TokenKind::TypeIgnore {
                if self.byte(self.pos) == b'\n' {
                    self.next_line();
                }
                self.mode = Mode::LineStart;
            }
            return true;
        }
        if self.byte(self.pos) == b'\n' {
            self.next_line();
        }
        false
    }

    /// Measures indentation with tabs, form feeds or backslashes, after `spaces` spaces. `None`: the
    /// line is blank.
    ///
    /// An indentation that is split by a backslash is as wide as its first part.
    fn odd_indentation(&mut self, spaces: u32) -> Result<Option<LineStart>, ()> {
        let mut width = Width { column: spaces, alternate: spaces };
        let mut first_part = 0;
        loop {
            match self.byte(self.pos) {
                b' ' => width = Width { column: width.column + 1, alternate: width.alternate + 1 },
                b'\t' => {
                    width.column = (width.column / TAB_SIZE + 1) * TAB_SIZE;
                    width.alternate += 1;
                }
                0x0C => width = Width { column: 0, alternate: 0 },
                b'\\' => {
                    if first_part == 0 {
                        first_part = width.column;
                    }
                    if !self.continuation_line() {
                        return Err(());
                    }
                    self.buffer_start = self.line.start();
                    continue;
                }
                b'\n' | b'#' => return Ok(None),
                _ => break,
            }
            self.pos += 1;
        }
        if first_part != 0 {
            width = Width { column: first_part, alternate: first_part };
        }
        Ok(Some(LineStart::Code(width)))
    }

    /// Opens or closes blocks so that `width` is that of the innermost. False: there is an error.
    fn indent_to(&mut self, width: Width, top: Width) -> bool {
        if width.column == top.column {
            return self.inconsistent_tabs();
        }
        if width.column > top.column {
            if self.indentation.levels.len() >= MAX_INDENT {
                return self.too_many_indents();
            }
            if width.alternate <= top.alternate {
                return self.inconsistent_tabs();
            }
            self.indentation.pending = 1;
            self.indentation.levels.push(width);
            return true;
        }
        while self.indentation.top().column > width.column {
            self.indentation.levels.pop();
            self.indentation.pending -= 1;
        }
        let top = self.indentation.top();
        if width.column != top.column {
            return self.no_such_indent();
        }
        width.alternate == top.alternate || self.inconsistent_tabs()
    }
}
