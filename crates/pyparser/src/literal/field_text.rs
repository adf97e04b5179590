//! The source text of a replacement field: what `{x = }` shows, and `Interpolation.str`.

use std::borrow::Cow;

/// The text between two positions, without comments (`set_ftstring_expr`).
///
/// CPython finds comments by counting quotes, without an eye for nested f-strings.
pub(crate) fn source_text(source: &[u8], start: u32, end: u32) -> Cow<'_, [u8]> {
    let text = &source[start as usize..end as usize];
    if has_comment(text) { Cow::Owned(without_comments(text)) } else { Cow::Borrowed(text) }
}

/// Whether a `#` stands outside quotes. Here a backslash hides the byte after it.
fn has_comment(text: &[u8]) -> bool {
    let mut quotes = Quotes::default();
    let mut bytes = text.iter();
    while let Some(&b) = bytes.next() {
        match b {
            b'\\' => {
                bytes.next();
            }
            b'"' | b'\'' => quotes.see(b),
            b'#' if !quotes.open() => return true,
            _ => {}
        }
    }
    false
}

/// The text without comments; their newlines stay. Here a backslash hides nothing.
fn without_comments(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut quotes = Quotes::default();
    let mut bytes = text.iter();
    while let Some(&b) = bytes.next() {
        match b {
            b'"' | b'\'' => quotes.see(b),
            b'#' if !quotes.open() => {
                if bytes.any(|&b| b == b'\n') {
                    out.push(b'\n');
                }
                continue;
            }
            _ => {}
        }
        out.push(b);
    }
    out
}

/// Which quote is open.
#[derive(Default)]
struct Quotes(Option<u8>);

impl Quotes {
    fn open(&self) -> bool {
        self.0.is_some()
    }

    fn see(&mut self, quote: u8) {
        match self.0 {
            None => self.0 = Some(quote),
            Some(open) if open == quote => self.0 = None,
            Some(_) => {}
        }
    }
}

/// The text without blanks and `=` at its end (`_strip_interpolation_expr`).
pub(crate) fn without_tail(text: &[u8]) -> &[u8] {
    let text = std::str::from_utf8(text).expect("the source is UTF-8");
    text.trim_end_matches(|c| c == '=' || is_python_whitespace(c)).as_bytes()
}

/// `str.isspace()` of one character.
fn is_python_whitespace(c: char) -> bool {
    matches!(c, '\x1c'..='\x1f') || c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_but_their_newlines_stay() {
        let text = b"a # one\n + '#' # two";
        assert_eq!(&*source_text(text, 0, text.len() as u32), b"a \n + '#' ");
    }

    #[test]
    fn the_tail_is_blanks_and_equals() {
        assert_eq!(without_tail(b"x == y = \n= "), b"x == y");
    }
}
