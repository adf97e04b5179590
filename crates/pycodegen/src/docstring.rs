//! Docstrings lose their indentation.
//!
//! CPython's counterpart: `_PyCompile_CleanDoc` of `Python/compile.c`, which is `inspect.cleandoc` except
//! that blank lines at both ends stay, to keep line numbers.

use pycode::PyStr;

use crate::diagnostics;
use crate::generator::Result;

const TAB_SIZE: usize = 8;

/// Cleans docstrings; keeps its memory from one to the next.
#[derive(Debug, Default)]
pub(crate) struct DocCleaner {
    lines: Vec<Line>,
    cleaned: Vec<u8>,
}

/// A line, which ends where the next begins.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: usize,
    /// How many spaces it begins with.
    indentation: usize,
}

impl DocCleaner {
    /// The text of a docstring with tabs expanded and without its indentation; `None` when that changes
    /// nothing. C works on UTF-8: a lone surrogate is an error.
    pub(crate) fn clean_doc(&mut self, text: PyStr<'_>) -> Result<Option<&[u8]>> {
        if is_plain(text.as_bytes()) {
            return Ok(self.without_indentation(text.as_bytes()));
        }
        let expanded = text.as_bytes().contains(&b'\t').then(|| expand_tabs(text.as_bytes()));
        let text = expanded.as_deref().map_or(text, PyStr::from_wtf8);
        if text.as_str().is_none() {
            return diagnostics::surrogate_in_docstring(text);
        }
        if self.without_indentation(text.as_bytes()).is_none() {
            let Some(expanded) = expanded else { return Ok(None) };
            self.cleaned = expanded;
        }
        Ok(Some(&self.cleaned))
    }

    fn without_indentation(&mut self, text: &[u8]) -> Option<&[u8]> {
        let margin = self.find_lines(text);
        if margin == 0 && !text.starts_with(b" ") {
            return None;
        }
        self.cleaned.clear();
        self.cleaned.reserve(text.len());
        let mut removable = usize::MAX;
        for (line, next) in self.lines.iter().zip(&self.lines[1..]) {
            self.cleaned.extend_from_slice(&text[line.start + line.indentation.min(removable)..next.start]);
            removable = margin;
        }
        Some(&self.cleaned)
    }

    /// Finds the lines, with an empty one at the end. Gives the least indentation of one that is not blank, the first
    /// apart; 0 if there is none.
    fn find_lines(&mut self, text: &[u8]) -> usize {
        self.lines.clear();
        let mut margin = usize::MAX;
        let mut start = 0;
        while start < text.len() {
            let code = start + count_spaces(&text[start..]);
            let end = next_line(text, code);
            let indentation = code - start;
            let is_blank = matches!(text[code..end], [] | [b'\n']);
            if !is_blank && start > 0 {
                margin = margin.min(indentation);
            }
            self.lines.push(Line { start, indentation });
            start = end;
        }
        self.lines.push(Line { start, indentation: 0 });
        if margin == usize::MAX { 0 } else { margin }
    }
}

/// Whether a text is of ASCII characters without tabs.
fn is_plain(text: &[u8]) -> bool {
    // All are looked at, which is quicker than to stop at the first.
    text.iter().fold(true, |plain, &byte| plain & (byte < 0x80) & (byte != b'\t'))
}

fn count_spaces(text: &[u8]) -> usize {
    let (chunks, rest) = text.as_chunks();
    for (index, &chunk) in chunks.iter().enumerate() {
        let others = u64::from_le_bytes(chunk) ^ u64::from_ne_bytes([b' '; 8]);
        if others != 0 {
            return 8 * index + others.trailing_zeros() as usize / 8;
        }
    }
    text.len() - rest.len() + rest.iter().take_while(|&&byte| byte == b' ').count()
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
        let mut cleaner = DocCleaner::default();
        for (text, expected) in cases {
            let cleaned = cleaner.clean_doc(text.into()).expect("no surrogates");
            assert_eq!(cleaned, expected.map(str::as_bytes), "{text:?}");
        }
    }

    #[test]
    fn surrogates_are_reported_where_they_stand_after_tabs() {
        let mut cleaner = DocCleaner::default();
        let mut message =
            |text: &[u8]| cleaner.clean_doc(PyStr::from_wtf8(text)).expect_err("a surrogate").message;
        let expected = r"'utf-8' codec can't encode character '\ud800' in position 9: surrogates not allowed";
        assert_eq!(message(b"\ta\xED\xA0\x80b"), expected);
        let expected = "'utf-8' codec can't encode characters in position 0-1: surrogates not allowed";
        assert_eq!(message(b"\xED\xA0\x80\xED\xBF\xBF \xED\xA0\x80"), expected);
    }
}
