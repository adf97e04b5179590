//! What is wrong with a source, as `tokenize` raises it.

use std::fmt;

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
}

impl TokenizeError {
    /// What `python -m tokenize` says about it, without a newline.
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
        }
    }
}

impl fmt::Display for TokenizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenizeError::Token { message, line, column } => write!(f, "{message} ({line}, {column})"),
            TokenizeError::Indentation { message, line, column } => write!(f, "{message} ({line}, {column})"),
            TokenizeError::Encoding(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for TokenizeError {}
