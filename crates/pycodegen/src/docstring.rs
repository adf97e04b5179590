//! Docstrings lose their indentation.
//!
//! C: `_PyCompile_CleanDoc` of `Python/compile.c`, which is `inspect.cleandoc` except that blank lines at
//! both ends stay, to keep line numbers.

use pycode::PyStr;

use crate::diagnostics;
use crate::generator::Result;

const TAB_SIZE: usize = 8;
/// Few texts have lines that are shorter than this on average.
const SHORT_LINE: usize = 24;

/// The text of a docstring with tabs expanded and without its indentation; `None` when that changes
/// nothing. C works on UTF-8: a lone surrogate is an error.
pub(crate) fn clean_doc(text: PyStr<'_>) -> Result<Option<Vec<u8>>> {
    let expanded = text.as_bytes().contains(&b'\t').then(|| expand_tabs(text.as_bytes()));
    let text = expanded.as_deref().map_or(text, PyStr::from_wtf8);
    let Some(text) = text.as_str() else {
        return diagnostics::surrogate_in_docstring(text);
    };
    let text = text.as_bytes();
    let lines = lines(text);
    let margin = margin(&lines);
    if margin == 0 && !text.starts_with(b" ") {
        return Ok(expanded);
    }
    let mut cleaned = Vec::with_capacity(text.len());
    for (number, line) in lines.iter().enumerate() {
        let removed = if number == 0 { line.indentation } else { line.indentation.min(margin) };
        cleaned.extend_from_slice(&text[line.start + removed..line.end]);
    }
    Ok(Some(cleaned))
}

/// A line with its newline.
struct Line {
    start: usize,
    end: usize,
    /// How many spaces it begins with.
    indentation: usize,
    is_blank: bool,
}

fn lines(text: &[u8]) -> Vec<Line> {
    let mut lines = Vec::with_capacity(text.len() / SHORT_LINE + 1);
    let mut start = 0;
    while start < text.len() {
        let indentation = text[start..].iter().take_while(|&&byte| byte == b' ').count();
        let code = start + indentation;
        let end = next_line(text, code);
        let is_blank = matches!(text[code..end], [] | [b'\n']);
        lines.push(Line { start, end, indentation, is_blank });
        start = end;
    }
    lines
}

/// The least indentation of a line that is not blank, the first line apart.
fn margin(lines: &[Line]) -> usize {
    let others = lines.iter().skip(1).filter(|line| !line.is_blank);
    others.map(|line| line.indentation).min().unwrap_or(0)
}

/// The position after the next newline, or the end. Looks at eight bytes at once.
fn next_line(text: &[u8], from: usize) -> usize {
    const LOW: u64 = u64::MAX / 0xFF;
    const NEWLINES: u64 = LOW * b'\n' as u64;
    let (chunks, _) = text[from..].as_chunks();
    let mut at = from;
    for &chunk in chunks {
        let zero_at_newline = u64::from_le_bytes(chunk) ^ NEWLINES;
        // The lowest bit that is set tells the first zero.
        let zeros = zero_at_newline.wrapping_sub(LOW) & !zero_at_newline & (LOW << 7);
        if zeros != 0 {
            return at + zeros.trailing_zeros() as usize / 8 + 1;
        }
        at += 8;
    }
    text[at..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |found| at + found + 1)
}

/// `str.expandtabs()`: a column is a code point.
fn expand_tabs(text: &[u8]) -> Vec<u8> {
    let mut expanded = Vec::with_capacity(text.len() + TAB_SIZE);
    let mut column = 0;
    for &byte in text {
        match byte {
            b'\t' => {
                let spaces = TAB_SIZE - column % TAB_SIZE;
                expanded.resize(expanded.len() + spaces, b' ');
                column += spaces;
                continue;
            }
            b'\n' | b'\r' => column = 0,
            0x80..0xC0 => {} // within a code point
            _ => column += 1,
        }
        expanded.push(byte);
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expectations are what `_testinternalcapi.compiler_cleandoc` gives.
    #[test]
    fn cleaned_as_cpython_does() {
        let cases = [
            ("plain", None),
            ("first\nsecond", None),
            ("  first", Some("first")),
            ("first\n    second\n      third\n", Some("first\nsecond\n  third\n")),
            ("first\n    second\n  \n", Some("first\nsecond\n\n")),
            ("\n    second\n    ", Some("\nsecond\n")),
            ("first\n\tsecond", Some("first\nsecond")),
            ("a\tb", Some("a       b")),
            ("é\tb", Some("é       b")),
            ("first\n  second\nthird", None),
            (
                "  a long first line\n\n    a longer second line\n      and a third\n    ",
                Some("a long first line\n\na longer second line\n  and a third\n"),
            ),
        ];
        for (text, expected) in cases {
            let cleaned = clean_doc(text.into()).expect("no surrogates");
            assert_eq!(cleaned.as_deref(), expected.map(str::as_bytes), "{text:?}");
        }
    }

    #[test]
    fn surrogates_are_reported_where_they_stand_after_tabs() {
        let message = |text: &[u8]| clean_doc(PyStr::from_wtf8(text)).expect_err("a surrogate").message;
        let expected = r"'utf-8' codec can't encode character '\ud800' in position 9: surrogates not allowed";
        assert_eq!(message(b"\ta\xED\xA0\x80b"), expected);
        let expected = "'utf-8' codec can't encode characters in position 0-1: surrogates not allowed";
        assert_eq!(message(b"\xED\xA0\x80\xED\xBF\xBF \xED\xA0\x80"), expected);
    }
}
