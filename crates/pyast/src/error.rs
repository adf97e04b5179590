//! What can be wrong with a program: errors and warnings, as data.

use std::fmt;

use pycode::Location;

/// The exception type that CPython's `compile()` raises.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names are Python's")]
pub enum ErrorKind {
    SyntaxError,
    IndentationError,
    TabError,
    IncompleteInputError,
    ValueError,
    TypeError,
    OverflowError,
    MemoryError,
    RecursionError,
    RuntimeError,
    UnicodeDecodeError,
    UnicodeEncodeError,
    LookupError,
    SystemError,
    DeprecationWarning,
}

impl ErrorKind {
    /// Whether the exception class is `SyntaxError` or derived from it, and so has a place in the source.
    pub const fn is_syntax_error(self) -> bool {
        use ErrorKind::{IncompleteInputError, IndentationError, SyntaxError, TabError};
        matches!(self, SyntaxError | IndentationError | TabError | IncompleteInputError)
    }

    /// The name of the exception class.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorKind::SyntaxError => "SyntaxError",
            ErrorKind::IndentationError => "IndentationError",
            ErrorKind::TabError => "TabError",
            ErrorKind::IncompleteInputError => "_IncompleteInputError",
            ErrorKind::ValueError => "ValueError",
            ErrorKind::TypeError => "TypeError",
            ErrorKind::OverflowError => "OverflowError",
            ErrorKind::MemoryError => "MemoryError",
            ErrorKind::RecursionError => "RecursionError",
            ErrorKind::RuntimeError => "RuntimeError",
            ErrorKind::UnicodeDecodeError => "UnicodeDecodeError",
            ErrorKind::UnicodeEncodeError => "UnicodeEncodeError",
            ErrorKind::LookupError => "LookupError",
            ErrorKind::SystemError => "SystemError",
            ErrorKind::DeprecationWarning => "DeprecationWarning",
        }
    }
}

/// A program that CPython refuses, with what the exception says.
///
/// The columns of the location are the exception's `offset` and `end_offset` minus 1, whatever they count: in the
/// parser's errors they are characters of the line, in those of later stages UTF-8 bytes, as in CPython. A `lineno`
/// of -1 stands for no position at all, an `end_lineno` of -1 for no end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// The exception type.
    pub kind: ErrorKind,
    /// The message, CPython's.
    pub message: String,
    /// Where.
    pub location: Location,
    /// The source line that the exception carries. The parser's errors have one; for those of later stages Python
    /// reads the file again.
    pub text: Option<Box<str>>,
    /// In an error of the parser: the line of the last compound statement that it finished before, 0 if there is
    /// none. This is where `traceback` begins to look for misspelt keywords (the exception's `_metadata`).
    pub last_statement: Option<i32>,
}

impl SyntaxError {
    /// A `SyntaxError` with a message and a place.
    pub fn new(message: impl Into<String>, location: Location) -> Self {
        SyntaxError::of_kind(ErrorKind::SyntaxError, message, location)
    }

    /// Another exception type with a message and a place.
    pub fn of_kind(kind: ErrorKind, message: impl Into<String>, location: Location) -> Self {
        SyntaxError { kind, message: message.into(), location, text: None, last_statement: None }
    }

    /// The same with a source line.
    #[must_use]
    pub fn with_text(self, line: &[u8]) -> Self {
        SyntaxError { text: Some(String::from_utf8_lossy(line).into()), ..self }
    }

    /// The limit of nesting was reached: CPython's `RecursionError` during compilation.
    pub fn too_deep(location: Location) -> Self {
        let message = "maximum recursion depth exceeded during compilation";
        SyntaxError::of_kind(ErrorKind::RecursionError, message, location)
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.message)?;
        if self.location.lineno > 0 {
            write!(f, " (line {})", self.location.lineno)?;
        }
        Ok(())
    }
}

impl std::error::Error for SyntaxError {}

/// The category of a [`Warning`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names are Python's")]
pub enum WarningKind {
    SyntaxWarning,
    DeprecationWarning,
}

impl WarningKind {
    /// The name of the category.
    pub const fn name(self) -> &'static str {
        match self {
            WarningKind::SyntaxWarning => "SyntaxWarning",
            WarningKind::DeprecationWarning => "DeprecationWarning",
        }
    }

    /// The category of that name.
    pub fn from_name(name: &str) -> Option<WarningKind> {
        [WarningKind::SyntaxWarning, WarningKind::DeprecationWarning]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// A warning that CPython issues while it compiles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// The category.
    pub kind: WarningKind,
    /// The message, CPython's.
    pub message: String,
    /// Where; CPython's warnings keep the line only. That of a codec is about no place in the source.
    pub location: Location,
    /// The source line, if the parser warns: see [`SyntaxError::text`].
    pub text: Option<Box<str>>,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.message.trim_end())?;
        match self.location {
            Location::NONE => Ok(()),
            location => write!(f, " (line {})", location.lineno),
        }
    }
}

impl Warning {
    /// The error that CPython raises instead when a filter turns the warning into one (`-W error`).
    ///
    /// ```
    /// use pyast::{Location, Warning, WarningKind};
    /// let message = "assertion is always true, perhaps remove parentheses?".to_owned();
    /// let location = Location::new(1, 1, 0, 13);
    /// let warning = Warning { kind: WarningKind::SyntaxWarning, message: message.clone(), location, text: None };
    /// assert_eq!(warning.to_string(), format!("SyntaxWarning: {message} (line 1)"));
    /// assert_eq!(warning.into_error().message, message);
    /// ```
    pub fn into_error(self) -> SyntaxError {
        if self.kind == WarningKind::DeprecationWarning && self.location == Location::NONE {
            return SyntaxError::of_kind(ErrorKind::DeprecationWarning, self.message, Location::NONE);
        }
        // The future of an escape that is refused is no subject.
        let message = self.message.replace(" Such sequences will not work in the future.", "");
        SyntaxError { text: self.text, ..SyntaxError::new(message, self.location) }
    }
}
