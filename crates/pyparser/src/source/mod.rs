//! Source bytes to text: what the lexer takes.
//!
//! The order is CPython's (`decode_str` in `Parser/tokenizer/string_tokenizer.c`): newlines are translated in
//! the bytes, then the byte order mark goes, then the first two lines may tell the encoding.
//!
//! * `cookie`: the encoding that a source file declares (PEP 263)
//! * `codecs`: Python's codecs, by Python's names
//! * `line_of_file`: a line of a file, for an error

pub(crate) mod codecs;
pub(crate) mod cookie;
mod line_of_file;

use std::borrow::Cow;

use pyast::{ErrorKind, Location, SyntaxError, Warning, WarningKind};
use pycode::PyStr;

use crate::{Mode, ParseOptions};

pub use line_of_file::line_of_file;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Where errors stand that have no place in the text: what CPython gives is line 0, offset -1.
pub(crate) const NOWHERE: Location = Location::new(0, -1, -2, -1);

/// Decoded source text: UTF-8, `\n` as the only newline, no NUL, no byte order mark.
#[derive(Clone, Debug)]
pub struct Source<'s> {
    text: Cow<'s, [u8]>,
    warning: Option<Box<Warning>>,
}

impl<'s> Source<'s> {
    /// Takes text that needs no decoding: a Python string, in which a declared encoding means
    /// nothing.
    ///
    /// # Errors
    /// When there is a NUL.
    pub fn from_text(text: &'s str, options: &ParseOptions) -> Result<Self, SyntaxError> {
        let occurring = Occurring::in_text(text.as_bytes());
        occurring.refuse_nul()?;
        Ok(Source { text: translate_newlines(text.as_bytes(), options.mode, occurring), warning: None })
    }

    /// The same for a Python string, which may have lone surrogates.
    ///
    /// # Errors
    /// When there is a NUL or a lone surrogate.
    pub fn from_pystr(text: PyStr<'s>, options: &ParseOptions) -> Result<Self, SyntaxError> {
        match text.as_str() {
            Some(text) => Source::from_text(text, options),
            None => Err(surrogates_not_allowed(text)),
        }
    }

    /// The `DeprecationWarning` of the codec that has decoded it, about no place in it. [`parse`](crate::parse) gives it
    /// before all others.
    pub fn warning(&self) -> Option<&Warning> {
        self.warning.as_deref()
    }

    /// The text, as UTF-8.
    pub fn text(&self) -> &[u8] {
        &self.text
    }
}

/// Decodes the bytes of a source file.
///
/// ```
/// use pyparser::{ParseOptions, decode};
/// let source = decode(b"# coding: latin-1\r\nx = '\xE9'", &ParseOptions::default()).expect("text");
/// assert_eq!(source.text(), "# coding: latin-1\nx = 'é'\n".as_bytes());
/// ```
///
/// # Errors
/// When they are not text in the encoding that they claim.
pub fn decode<'s>(bytes: &'s [u8], options: &ParseOptions) -> Result<Source<'s>, SyntaxError> {
    let occurring = Occurring::in_text(bytes);
    occurring.refuse_nul()?;
    let mut text = translate_newlines(bytes, options.mode, occurring);
    let has_mark = text.starts_with(BYTE_ORDER_MARK);
    if has_mark {
        text = without_mark(text);
    }
    if let Some(encoding) = cookie::declared_encoding(&text) {
        if has_mark && encoding.name != cookie::UTF_8 {
            return Err(cookie::problem_with_mark(&text, &encoding));
        }
        if encoding.name != cookie::UTF_8 {
            return decode_as(&encoding.name, &text, options.mode);
        }
    }
    if occurring.non_ascii
        && let Err(error) = std::str::from_utf8(&text)
    {
        return Err(not_utf8(&text, error.valid_up_to()));
    }
    Ok(Source { text, warning: None })
}

/// What a codec makes of the text. It may bring NULs, at which CPython takes the text to end, and newlines.
fn decode_as(encoding: &str, text: &[u8], mode: Mode) -> Result<Source<'static>, SyntaxError> {
    let codecs::Decoded { text, warning } = codecs::decode(encoding, text)?;
    let mut decoded = text.into_bytes();
    if let Some(end) = decoded.iter().position(|&b| b == 0) {
        decoded.truncate(end);
    }
    let occurring = Occurring::in_text(&decoded);
    let text = match translate_newlines(&decoded, mode, occurring) {
        Cow::Owned(translated) => translated,
        Cow::Borrowed(_) => decoded,
    };
    let warning = warning.map(|message| {
        Box::new(Warning {
            kind: WarningKind::DeprecationWarning,
            message,
            location: Location::NONE,
            text: None,
        })
    });
    Ok(Source { text: Cow::Owned(text), warning })
}

/// Which bytes of a special kind a text has.
#[derive(Clone, Copy)]
struct Occurring {
    nul: bool,
    carriage_return: bool,
    non_ascii: bool,
}

impl Occurring {
    /// One look at each byte, without branches, so that the compiler can take many bytes at a time.
    fn in_text(bytes: &[u8]) -> Occurring {
        // Of a byte that occurs, the least difference is 0.
        let (mut to_nul, mut to_carriage_return, mut all) = (u8::MAX, u8::MAX, 0);
        for &byte in bytes {
            to_nul = to_nul.min(byte);
            to_carriage_return = to_carriage_return.min(byte ^ b'\r');
            all |= byte;
        }
        Occurring { nul: to_nul == 0, carriage_return: to_carriage_return == 0, non_ascii: !all.is_ascii() }
    }

    fn refuse_nul(self) -> Result<(), SyntaxError> {
        if self.nul {
            return Err(SyntaxError::new("source code string cannot contain null bytes", Location::NONE));
        }
        Ok(())
    }
}

/// The `UnicodeEncodeError` about the first run of lone surrogates.
fn surrogates_not_allowed(text: PyStr<'_>) -> SyntaxError {
    let message = codecs::surrogates_not_allowed(text);
    SyntaxError::of_kind(ErrorKind::UnicodeEncodeError, message, Location::NONE)
}

fn without_mark(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[BYTE_ORDER_MARK.len()..]),
        Cow::Owned(mut text) => {
            text.drain(..BYTE_ORDER_MARK.len());
            Cow::Owned(text)
        }
    }
}

/// Makes every newline a `\n`, and gives a module one at its end (`_PyTokenizer_translate_newlines`).
fn translate_newlines(bytes: &[u8], mode: Mode, occurring: Occurring) -> Cow<'_, [u8]> {
    let needs_newline = mode == Mode::Exec && !matches!(bytes.last(), None | Some(b'\n' | b'\r'));
    if !needs_newline && !occurring.carriage_return {
        return Cow::Borrowed(bytes);
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
    if needs_newline {
        text.push(b'\n');
    }
    Cow::Owned(text)
}

/// `_PyTokenizer_ensure_utf8`: no encoding was declared, and the byte at `at` begins no character.
fn not_utf8(text: &[u8], at: usize) -> SyntaxError {
    let lineno = text[..at].iter().filter(|&&b| b == b'\n').count() as i32 + 1;
    let line_start = text[..at].iter().rposition(|&b| b == b'\n').map_or(0, |newline| newline + 1);
    let column = text[line_start..at].iter().filter(|&&b| b & 0xC0 != 0x80).count() as i32;
    let message = format!(
        "Non-UTF-8 code starting with '\\x{:02x}' on line {lineno}, but no encoding declared; \
         see https://peps.python.org/pep-0263/ for details",
        text[at]
    );
    let line = text[line_start..].split(|&b| b == b'\n').next().unwrap_or_default();
    SyntaxError::new(message, Location::new(lineno, lineno, column, column)).with_text(line)
}
