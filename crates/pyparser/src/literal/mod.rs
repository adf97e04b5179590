//! Literals: from their text to their value.
//!
//! * `number`: ints of any size, floats, imaginary numbers (CPython's `parsenumber`)
//! * `string`: quotes, prefixes, and which decoding applies (`_PyPegen_parse_string`)
//! * `escapes`: backslashes in text and bytes
//! * `errors`: what is wrong with a literal, without its value
//! * `field_text`: the source text of a replacement field

pub(crate) mod diagnostics;
mod errors;
pub(crate) mod escapes;
mod field_text;
mod number;
mod string;

pub(crate) use errors::{InvalidEscape, StringError, check_string, error_of_number};
pub(crate) use field_text::source_text;
