//! The encoding that a source file declares in a comment on one of its first two lines (PEP 263).

use pyast::{Location, SyntaxError};

/// The one encoding that needs no codec.
pub(crate) const UTF_8: &str = "utf-8";

/// A declared encoding.
pub(super) struct Declared {
    /// Its name, as written but for some spellings of UTF-8 and Latin-1 that CPython normalizes.
    pub(super) name: String,
    /// The line, from 1.
    lineno: i32,
}

/// The encoding that the text declares. The second line counts only if the first holds no code.
///
/// A line without a newline does not count.
pub(super) fn declared_encoding(text: &[u8]) -> Option<Declared> {
    let mut rest = text;
    for lineno in 1..=2 {
        let end = rest.iter().position(|&b| b == b'\n')?;
        // CPython includes the newline of the second line.
        let line = &rest[..end + usize::from(lineno == 2)];
        if let Some(name) = coding_spec(line) {
            return Some(Declared { name: normal_name(name), lineno });
        }
        if !is_comment_or_blank(line) {
            return None;
        }
        rest = &rest[end + 1..];
    }
    None
}

/// `get_coding_spec`: `coding`, then `:` or `=`, blanks and a name, in a comment that has the line to itself.
pub(crate) fn coding_spec(line: &[u8]) -> Option<&str> {
    const CODING: &[u8] = b"coding";
    let comment = line.iter().position(|&b| !is_blank(b))?;
    if line[comment] != b'#' {
        return None;
    }
    let last = line.len().checked_sub(CODING.len())?;
    (comment..last).filter(|&at| line[at..].starts_with(CODING)).find_map(|at| {
        let rest = &line[at + CODING.len()..];
        let rest = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?;
        let start = rest.iter().position(|b| !matches!(b, b' ' | b'\t')).unwrap_or(rest.len());
        let rest = &rest[start..];
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        let length = rest.iter().position(|b| !is_name(b)).unwrap_or(rest.len());
        std::str::from_utf8(&rest[..length]).ok().filter(|name| !name.is_empty())
    })
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0C)
}

fn is_comment_or_blank(line: &[u8]) -> bool {
    line.iter().find(|&&b| !is_blank(b)).is_none_or(|&b| matches!(b, b'#' | b'\n' | b'\r'))
}

/// `get_normal_name`: only twelve characters are looked at.
pub(crate) fn normal_name(name: &str) -> String {
    let head: String =
        name.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    if head == UTF_8 || head.starts_with("utf-8-") {
        return UTF_8.to_owned();
    }
    let latin_1 = ["latin-1", "iso-8859-1", "iso-latin-1"];
    let is_latin_1 =
        |known: &&str| head.strip_prefix(*known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    if latin_1.iter().any(is_latin_1) {
        return "iso-8859-1".to_owned();
    }
    name.to_owned()
}

/// The text begins with a byte order mark, so it is UTF-8, and declares something else.
pub(super) fn problem_with_mark(text: &[u8], declared: &Declared) -> SyntaxError {
    let mut lines = text.split(|&b| b == b'\n');
    let line = lines.nth(declared.lineno as usize - 1).unwrap_or_default();
    // CPython counts the newline of the second line only.
    let length = line.len() as i32 + (declared.lineno - 1);
    let location = Location::new(declared.lineno, declared.lineno, -1, length - 1);
    SyntaxError::new(format!("encoding problem: {} with BOM", declared.name), location).with_text(line)
}
