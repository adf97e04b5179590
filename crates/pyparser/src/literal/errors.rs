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

/// Why a token's text has no value, if so: a `STRING`, or literal text of an f-string.
pub(crate) fn error_of_string(kind: TokenKind, flags: TokenFlags, text: &[u8]) -> Option<StringError> {
    let body = if kind == TokenKind::String { within_quotes(text, flags) } else { text };
    let bytes = flags.contains(TokenFlags::BYTES);
    if bytes && !body.is_ascii() {
        return Some(StringError::NotAscii);
    }
    if flags.contains(TokenFlags::RAW) || !flags.contains(TokenFlags::BACKSLASH) {
        return None;
    }
    if bytes {
        let error = escapes::decode_bytes(body, &mut Vec::new()).err();
        return error.map(|error| StringError::Value(error.to_string()));
    }
    escapes::decode_text(body, &mut Vec::new()).err().map(|error| StringError::Unicode(error.to_string()))
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
