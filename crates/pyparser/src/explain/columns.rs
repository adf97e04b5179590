//! From byte columns to the offsets of an exception, which count characters from 1.
//!
//! CPython converts both ends of a range with the text of the line on which the range *begins*, and cuts what lies
//! beyond the end of that line. The offsets of a range of several lines are therefore what they are.
//!
//! The result is a [`Location`] whose columns are the exception's offsets minus 1.

use pycode::Location;

/// How many characters begin in the first `bytes` bytes of a line, which is taken to end with one more.
pub(super) fn characters(line: &[u8], bytes: i32) -> i32 {
    let bytes = (bytes.max(0) as usize).min(line.len() + 1);
    let whole = &line[..bytes.min(line.len())];
    let characters = whole.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    (characters + (bytes - whole.len())) as i32
}

/// The line of that number (from 1) without its newline; the last line if there are fewer.
pub(super) fn line(source: &[u8], lineno: i32) -> &[u8] {
    let mut rest = source;
    for _ in 1..lineno {
        match rest.iter().position(|&byte| byte == b'\n') {
            Some(at) => rest = &rest[at + 1..],
            None => break,
        }
    }
    let end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    &rest[..end]
}

/// Converts the place of an error that the lexer found.
pub(super) fn of_lexer_error(source: &[u8], location: Location) -> Location {
    let line = line(source, location.lineno);
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
