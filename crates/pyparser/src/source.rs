//! Source bytes to text: what the lexer takes.

use std::borrow::Cow;

use pyast::{Location, SyntaxError};

use crate::{Mode, ParseOptions};

/// Decoded source text: UTF-8, `\n` as the only newline, no NUL, no byte order mark.
#[derive(Clone, Debug)]
pub struct Source<'s> {
    text: Cow<'s, [u8]>,
}

impl Source<'_> {
    /// The text, as UTF-8.
    pub fn text(&self) -> &[u8] {
        &self.text
    }
}

/// Decodes the bytes of a source file.
///
/// # Errors
/// When they are not text in the encoding that they claim.
pub fn decode<'s>(bytes: &'s [u8], options: &ParseOptions) -> Result<Source<'s>, SyntaxError> {
    if bytes.contains(&0) {
        return Err(SyntaxError::new("source code string cannot contain null bytes", Location::NONE));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if std::str::from_utf8(bytes).is_err() {
        return Err(SyntaxError::new("not UTF-8", Location::NONE));
    }
    let needs_newline = options.mode == Mode::Exec && !matches!(bytes.last(), None | Some(b'\n'));
    if !needs_newline && !bytes.contains(&b'\r') {
        return Ok(Source { text: Cow::Borrowed(bytes) });
    }
    let mut text = Vec::with_capacity(bytes.len() + 1);
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&b| b == b'\r') {
        text.extend_from_slice(&rest[..at]);
        text.push(b'\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    text.extend_from_slice(rest);
    if options.mode == Mode::Exec && text.last().is_some_and(|&b| b != b'\n') {
        text.push(b'\n');
    }
    Ok(Source { text: Cow::Owned(text) })
}
