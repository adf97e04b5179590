//! What is wrong with a source, as `tokenize` raises it.

use std::fmt;

use pycode::{PyStr, push_code_point};

use crate::source::codecs::{self, DecodeError, LOOKUP_ERROR, UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR};

/// The exception that Python's `tokenize` raises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TokenizeError {
    /// `tokenize.TokenError`
    Token {
        /// The message.
        message: String,
        /// The line, from 1.
        line: u32,
        /// The column as CPython gives it: in characters, mostly from 1.
        column: u32,
    },
    /// `IndentationError`, or its subclass `TabError`.
    Indentation {
        /// The message.
        message: &'static str,
        /// The line, from 1.
        line: u32,
        /// The column as CPython gives it: behind the last character of the line.
        column: u32,
    },
    /// A `SyntaxError` without a place: the encoding cannot be told, or is not that of the source.
    Encoding(String),
    /// Some other exception, at which `python -m tokenize` ends with a traceback: a codec gave up, or a token is no text.
    Unexpected {
        /// The exception's name.
        class: &'static str,
        /// What it says.
        message: String,
        /// What is noted to it: in which encoding.
        note: Option<String>,
    },
}

impl TokenizeError {
    /// What `python -m tokenize` says about it, without a newline. Of a traceback, that is what is below the frames.
    ///
    /// `filename` is as given on the command line, or `<stdin>`.
    pub fn command_message(&self, filename: &str) -> String {
        match self {
            TokenizeError::Token { message, line, column } => {
                format!("{filename}:{line}:{column}: error: {message}")
            }
            TokenizeError::Indentation { message, line, column } => {
                format!("{filename}:{line}:{column}: error: {message}")
            }
            TokenizeError::Encoding(message) => format!("{filename}: error: {message}"),
            TokenizeError::Unexpected { class, message, note } => {
                let note = note.as_ref().map_or_else(String::new, |note| format!("\n{note}"));
                format!("unexpected error: {message}\n{class}: {message}{note}")
            }
        }
    }

    /// What a decoder says to bytes in the encoding of that name.
    pub(super) fn of_codec(name: &str, error: DecodeError) -> Self {
        let DecodeError { message, class, .. } = error;
        let in_codec = !matches!(class, LOOKUP_ERROR | UNICODE_ENCODE_ERROR);
        let note = in_codec.then(|| format!("decoding with '{name}' codec failed"));
        TokenizeError::Unexpected { class, message, note }
    }

    /// A line has bytes that are not UTF-8, each of which was read as a lone surrogate.
    pub(super) fn of_surrogates(line: &[u8]) -> Self {
        let mut text = Vec::with_capacity(line.len());
        for chunk in line.utf8_chunks() {
            text.extend_from_slice(chunk.valid().as_bytes());
            chunk.invalid().iter().for_each(|&byte| push_code_point(&mut text, 0xDC00 + u32::from(byte)));
        }
        let message = codecs::surrogates_not_allowed(PyStr::from_wtf8(&text));
        TokenizeError::Unexpected { class: UNICODE_ENCODE_ERROR, message, note: None }
    }

    /// Bytes of a token are no text: characters are cut in two.
    pub(super) fn no_text(token: &[u8]) -> Self {
        let error = codecs::decode("utf-8", token).err();
        let message = error.map_or_else(String::new, |error| error.message);
        TokenizeError::Unexpected { class: UNICODE_DECODE_ERROR, message, note: None }
    }
}

impl fmt::Display for TokenizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenizeError::Token { message, line, column } => write!(f, "{message} ({line}, {column})"),
            TokenizeError::Indentation { message, line, column } => write!(f, "{message} ({line}, {column})"),
            TokenizeError::Encoding(message) | TokenizeError::Unexpected { message, .. } => {
                f.write_str(message)
            }
        }
    }
}

impl std::error::Error for TokenizeError {}
