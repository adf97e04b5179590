//! The source text of a replacement field: what `{x = }` shows, and `Interpolation.str`.

use std::borrow::Cow;

/// The text between two positions, without comments (`set_ftstring_expr`).
///
/// CPython finds comments by counting quotes: what stands between quotes within a triple-quoted string or
/// an f-string is taken for code.
pub(crate) fn source_text(source: &[u8], start: u32, end: u32) -> Cow<'_, [u8]> {
    let text = &source[start as usize..end as usize];
    if has_comment(text) { Cow::Owned(without_comments(text)) } else { Cow::Borrowed(text) }
}

/// Whether a `#` stands outside quotes.
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

/// The text without comments; their newlines stay.
fn without_comments(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut quotes = Quotes::default();
    let mut bytes = text.iter();
    while let Some(&b) = bytes.next() {
        match b {
            b'\\' => {
                out.push(b);
                out.extend(bytes.next());
                continue;
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_but_their_newlines_stay() {
        let text = b"a # one\n + '#' + \"\\\"#\" # two";
        assert_eq!(&*source_text(text, 0, text.len() as u32), b"a \n + '#' + \"\\\"#\" ");
    }
}
