//! Where in the source something stands.

use std::fmt;

/// A range of source: lines are 1-based, columns are 0-based and count UTF-8 bytes.
///
/// The same type goes all the way: AST nodes carry it, instructions inherit it, the line table
/// encodes it. `-1` in any field means "unknown", as in CPython (`Include/internal/pycore_symtable.h`,
/// `_Py_SourceLocation`).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Location {
    // Start and end are a word each, which a parser writes at once.
    /// First line, 1-based.
    pub lineno: i32,
    /// Start column on the first line, in UTF-8 bytes.
    pub col_offset: i32,
    /// Last line, 1-based.
    pub end_lineno: i32,
    /// End column (exclusive) on the last line, in UTF-8 bytes.
    pub end_col_offset: i32,
}

impl Location {
    /// No location: an artificial instruction that must not appear in a traceback.
    pub const NONE: Location = Location::new(-1, -1, -1, -1);

    /// "That of the instruction that follows": resolved by the flow graph.
    pub const NEXT: Location = Location::new(-2, -2, -2, -2);

    /// A range from `(lineno, col_offset)` to `(end_lineno, end_col_offset)`.
    ///
    /// The argument order is CPython's: both lines, then both columns.
    pub const fn new(lineno: i32, end_lineno: i32, col_offset: i32, end_col_offset: i32) -> Self {
        Location { lineno, end_lineno, col_offset, end_col_offset }
    }

    /// From the start of `self` to the end of `end`.
    pub const fn to(self, end: Location) -> Self {
        Location::new(self.lineno, end.end_lineno, self.col_offset, end.end_col_offset)
    }
}

/// As `1:4-1:8`: first line, column, last line, column; `?` stands for an unknown number, `none` and `next` for
/// [`Location::NONE`] and [`Location::NEXT`].
///
/// ```
/// use pycode::Location;
/// assert_eq!(Location::new(1, 2, 4, -1).to_string(), "1:4-2:?");
/// assert_eq!(Location::NONE.to_string(), "none");
/// ```
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Location { lineno, end_lineno, col_offset, end_col_offset } = match *self {
            Location::NONE => return f.write_str("none"),
            Location::NEXT => return f.write_str("next"),
            location => location,
        };
        let numbers = [("", lineno), (":", col_offset), ("-", end_lineno), (":", end_col_offset)];
        for (separator, number) in numbers {
            match number {
                -1 => write!(f, "{separator}?")?,
                _ => write!(f, "{separator}{number}")?,
            }
        }
        Ok(())
    }
}

impl Default for Location {
    fn default() -> Self {
        Location::NONE
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}-{}:{}", self.lineno, self.col_offset, self.end_lineno, self.end_col_offset)
    }
}
