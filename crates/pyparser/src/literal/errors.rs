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

/// Checks that a token's text has a value: a `STRING`, or literal text of an f-string. Gives the rest of the literal's
/// text from the first escape on, without its backslash, that only stands for itself, and how many newlines come before.
pub(crate) fn check_string(
    kind: TokenKind,
    flags: TokenFlags,
    text: &[u8],
) -> Result<Option<(&[u8], i32)>, StringError> {
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
    Ok(escaped.first_invalid.map(|at| (&body[at..], newlines_in(&body[..at]))))
}

/// The number of newlines.
pub(super) fn newlines_in(text: &[u8]) -> i32 {
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
