//! A line of a source file as CPython reads it for an error: `_PyErr_ProgramDecodedTextObject` and `err_programtext`.

use super::{BYTE_ORDER_MARK, Occurring, codecs, cookie, translate_newlines};
use crate::Mode;

/// What fits into CPython's buffer of 1000 bytes.
const LONGEST: usize = 999;

/// A line of a source file, from 1, as an error shows it: at most 999 bytes of it, decoded on their own.
///
/// This is not always what was compiled: a codec can make newlines that the file does not have, and what
/// shifts the meaning of a line can stand before it.
///
/// ```
/// let line = pyparser::line_of_file(b"# coding: latin-1\r\nx = '\xE9'\r\n", 2);
/// assert_eq!(line.as_deref(), Some("x = 'é'\n"));
/// ```
pub fn line_of_file(file: &[u8], lineno: i32) -> Option<String> {
    let before = usize::try_from(lineno).ok()?.checked_sub(1)?;
    let text = file.strip_prefix(BYTE_ORDER_MARK).unwrap_or(file);
    let text = translate_newlines(text, Mode::Eval, Occurring::in_text(text));
    let line = text.split_inclusive(|&b| b == b'\n').nth(before)?;
    let line = &line[..line.len().min(LONGEST)];
    let encoding =
        cookie::declared_encoding(&text).map_or(cookie::UTF_8.to_owned(), |declared| declared.name);
    codecs::decode_replacing(&encoding, line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_decoded_on_its_own() {
        let file = b"# coding: iso2022_kr\nx = '\x1B$)C\x0E1[\n1['\n";
        assert_eq!(line_of_file(file, 2).as_deref(), Some("x = '글\n"));
        assert_eq!(line_of_file(file, 3).as_deref(), Some("1['\n"));
        assert_eq!(line_of_file(file, 4), None);
    }

    #[test]
    fn lines_are_cut() {
        let file = ["\u{FEFF}a\r", &"b".repeat(1200), "\nc"].concat();
        assert_eq!(line_of_file(file.as_bytes(), 1).as_deref(), Some("a\n"));
        assert_eq!(line_of_file(file.as_bytes(), 2), Some("b".repeat(999)));
        assert_eq!(line_of_file(file.as_bytes(), 3).as_deref(), Some("c"));
    }
}
