//! The lexical side of a dump: words, punctuation, sequences.

use super::{LoadError, LoadErrorKind};
use crate::reflect::FieldType;

/// A position in the text of a dump.
pub(super) struct Scanner<'t> {
    text: &'t str,
    offset: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Scanner { text, offset: 0 }
    }

    /// Bytes from the start of the text.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// The text from here on.
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.offset..]
    }

    /// Steps over bytes that end at a character's boundary.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.offset += bytes;
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    pub(super) fn error(&self, kind: LoadErrorKind) -> LoadError {
        LoadError { offset: self.offset, kind }
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.offset += 1;
        }
    }

    /// Steps over a character if it is next, after space.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(byte);
        self.offset += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), LoadError> {
        if self.eat(byte) { Ok(()) } else { Err(self.error(LoadErrorKind::Expected(what))) }
    }

    pub(super) fn expect_end(&mut self) -> Result<(), LoadError> {
        self.skip_space();
        if self.offset == self.text.len() {
            return Ok(());
        }
        Err(self.error(LoadErrorKind::Expected("the end")))
    }

    /// A word of ASCII letters, digits and underscores that begins with a letter or underscore.
    fn peek_word(&mut self) -> Option<&'t str> {
        self.skip_space();
        let rest = self.rest();
        let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        let length = rest.bytes().position(|b| !is_word(b)).unwrap_or(rest.len());
        let starts = rest.bytes().next().is_some_and(|b| is_word(b) && !b.is_ascii_digit());
        starts.then(|| &rest[..length])
    }

    pub(super) fn word(&mut self) -> Option<&'t str> {
        let word = self.peek_word()?;
        self.advance(word.len());
        Some(word)
    }

    pub(super) fn eat_word(&mut self, wanted: &str) -> bool {
        let found = self.peek_word() == Some(wanted);
        self.advance(if found { wanted.len() } else { 0 });
        found
    }

    /// `name=`; nothing is consumed if that is not what stands here.
    pub(super) fn keyword(&mut self) -> Option<&'t str> {
        self.skip_space();
        let start = self.offset;
        let word = self.word();
        if word.is_some() && self.eat(b'=') {
            return word;
        }
        self.offset = start;
        None
    }

    /// Whether a value of this type begins a node here: it does unless it is `None`.
    pub(super) fn at_node(&mut self, ty: FieldType) -> bool {
        matches!(ty, FieldType::Node(_)) && self.peek_word() != Some("None")
    }

    /// Whether a sequence ends here; otherwise steps over the comma, unless the `first` item is next.
    /// A comma may stand before the end.
    pub(super) fn at_end_of_sequence(&mut self, end: u8, first: bool) -> Result<bool, LoadError> {
        if self.eat(end) {
            return Ok(true);
        }
        if first {
            return Ok(false);
        }
        self.expect(b',', "`,`")?;
        Ok(self.eat(end))
    }
}
