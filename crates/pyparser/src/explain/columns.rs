//! From byte columns to the offsets of an exception, which count characters from 1.
//!
//! CPython converts both ends of a range with the text of the line on which the range *begins*, and cuts what lies
//! beyond the end of that line. The offsets of a range of several lines are therefore what they are.
//!
//! The result is a [`Location`] whose columns are the exception's offsets minus 1.

use pycode::Location;

use crate::lexer::Lexer;

/// How many characters begin in the first `bytes` bytes of a line, which is taken to end with one more.
pub(crate) fn characters(line: &[u8], bytes: i32) -> i32 {
    let bytes = (bytes.max(0) as usize).min(line.len() + 1);
    let whole = &line[..bytes.min(line.len())];
    let characters = whole.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    (characters + (bytes - whole.len())) as i32
}

/// The line of that number (from 1) without its newline; the last line if there are fewer.
pub(crate) fn line(source: &[u8], lineno: i32) -> &[u8] {
    let rest = from_line(source, lineno);
    let end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    &rest[..end]
}

/// The source from the line of that number on.
pub(super) fn from_line(source: &[u8], lineno: i32) -> &[u8] {
    let mut rest = source;
    for _ in 1..lineno {
        match rest.iter().position(|&byte| byte == b'\n') {
            Some(at) => rest = &rest[at + 1..],
            None => break,
        }
    }
    rest
}

/// The line with which the parser converts columns, and which its errors carry. The one that the lexer is on has its
/// newline.
pub(crate) fn line_of_error<'s>(lexer: &Lexer<'s>, lineno: i32) -> &'s [u8] {
    let (source, cursor) = (lexer.source(), lexer.cursor());
    if cursor.lineno > lineno || source.is_empty() {
        return line(source, lineno);
    }
    let rest = &source[cursor.line_start..];
    let end = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| at + 1);
    &rest[..end]
}

/// Converts the place of an error that the lexer found in a line.
pub(crate) fn in_line(line: &[u8], location: Location) -> Location {
    let convert = |column: i32| match column {
        ..=0 => column,
        _ => {
            let beyond = (column - line.len() as i32).max(0);
            characters(line, column - beyond) + beyond
        }
    };
    Location {
        col_offset: convert(location.col_offset),
        end_col_offset: convert(location.end_col_offset),
        ..location
    }
}
