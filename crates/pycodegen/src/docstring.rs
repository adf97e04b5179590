//! Docstrings lose their indentation.
//!
//! C: `_PyCompile_CleanDoc` of `Python/compile.c`, which is `inspect.cleandoc` except that blank lines at
//! both ends stay, to keep line numbers.

use pycode::PyStr;

use crate::diagnostics;
use crate::generator::Result;

const TAB_SIZE: usize = 8;

/// The text of a docstring with tabs expanded and without its indentation; `None` when that changes
/// nothing. C works on UTF-8: a lone surrogate is an error.
pub(crate) fn clean_doc(text: PyStr<'_>) -> Result<Option<Vec<u8>>> {
    let expanded = text.as_bytes().contains(&b'\t').then(|| expand_tabs(text.as_bytes()));
    let text = expanded.as_deref().map_or(text, PyStr::from_wtf8);
    let Some(text) = text.as_str() else {
        return diagnostics::surrogate_in_docstring(text);
    };
    let margin = margin(text);
    if margin == 0 && !text.starts_with(' ') {
        return Ok(expanded);
    }
    let mut cleaned = Vec::with_capacity(text.len());
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let removed = indentation(line);
        let removed = if number == 0 { removed } else { removed.min(margin) };
        cleaned.extend_from_slice(&line.as_bytes()[removed..]);
    }
    Ok(Some(cleaned))
}

/// The least indentation of a line that is not blank, the first line apart.
fn margin(text: &str) -> usize {
    let lines = text.split_inclusive('\n').skip(1);
    let indented = lines.map(|line| (indentation(line), line.as_bytes()));
    let not_blank = indented.filter(|&(indentation, line)| !matches!(line[indentation..], [] | [b'\n', ..]));
    not_blank.map(|(indentation, _)| indentation).min().unwrap_or(0)
}

fn indentation(line: &str) -> usize {
    line.bytes().take_while(|&byte| byte == b' ').count()
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
