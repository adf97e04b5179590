//! What is wrong with a literal, for those who do not want its value.

use pytoken::TokenKind;

use super::escapes;
use crate::lexer::TokenFlags;

/// Why a string literal has no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum StringError {
    /// A bytes literal has a character beyond ASCII.
    NotAscii,
    /// An escape in text is wrong; with the message of the `UnicodeDecodeError`.
    Unicode(String),
    /// An escape in bytes is wrong; with the message of the `ValueError`.
    Value(String),
}

/// An escape that only stands for itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InvalidEscape<'s> {
    /// The rest of the literal's text, from after the backslash on.
    pub(crate) text: &'s [u8],
    /// How many newlines of the literal come before.
    pub(crate) newlines: i32,
    /// How far CPython believes it to be in its line, or in the literal's text. It counts what its decoder reads, in
    /// which ten bytes stand for each character beyond ASCII.
    pub(crate) columns: i32,
}

impl<'s> InvalidEscape<'s> {
    /// The escape whose text begins at `at`.
    pub(super) fn new(body: &'s [u8], at: usize) -> Self {
        let before = &body[..at];
        let line = before.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
        let columns = line.iter().map(|&byte| match byte {
            ..0x80 => 1,
            0x80..0xC0 => 0,
            0xC0.. => 10,
        });
        InvalidEscape { text: &body[at..], newlines: newlines_in(before), columns: columns.sum() }
    }
}

/// Checks that a token's text has a value: a `STRING`, or literal text of an f-string. Gives the first escape that only
/// stands for itself.
pub(crate) fn check_string(
    kind: TokenKind,
    flags: TokenFlags,
    text: &[u8],
) -> Result<Option<InvalidEscape<'_>>, StringError> {
    let body = if kind == TokenKind::String { within_quotes(text, flags) } else { text };
    let bytes = flags.contains(TokenFlags::BYTES);
    if bytes && !body.is_ascii() {
        return Err(StringError::NotAscii);
    }
    if flags.contains(TokenFlags::RAW) || !flags.contains(TokenFlags::BACKSLASH) {
        return Ok(None);
    }
    let mut out = Vec::new();
    let escaped = if bytes {
        escapes::decode_bytes(body, &mut out).map_err(|error| StringError::Value(error.to_string()))?
    } else {
        escapes::decode_text(body, &mut out).map_err(|error| StringError::Unicode(error.to_string()))?
    };
    Ok(escaped.first_invalid.map(|at| InvalidEscape::new(body, at)))
}

/// The number of newlines.
fn newlines_in(text: &[u8]) -> i32 {
    text.iter().filter(|&&byte| byte == b'\n').count() as i32
}

/// The text between the quotes of a `STRING`.
fn within_quotes(text: &[u8], flags: TokenFlags) -> &[u8] {
    let quotes = if flags.contains(TokenFlags::TRIPLE) { 3 } else { 1 };
    let prefix = text.iter().position(|&b| matches!(b, b'"' | b'\'')).unwrap_or(0);
    &text[prefix + quotes..text.len() - quotes]
}

/// Why a `NUMBER` has no value, if so: it is a decimal int of too many digits.
pub(crate) fn error_of_number(text: &[u8]) -> Option<String> {
    let is_decimal_int = text.iter().all(|b| b.is_ascii_digit() || *b == b'_');
    let digits = text.iter().filter(|b| b.is_ascii_digit()).count();
    let is_zero = text.iter().all(|b| matches!(b, b'0' | b'_'));
    let too_long = is_decimal_int && digits > super::number::MAX_STR_DIGITS && !is_zero;
    too_long.then(|| super::diagnostics::too_many_digits(super::number::MAX_STR_DIGITS, digits))
}
