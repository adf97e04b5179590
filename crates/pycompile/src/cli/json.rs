//! Reports for machines: one JSON object a line, one line a file, and a last one for the whole.

use std::ffi::OsStr;
use std::time::Duration;

use pyast::{Location, Warning};
use pycompile::Error;
use serde::Serialize;

use super::paths;
use super::pyc_file::Failure;

/// Something to say about a source.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Diagnostic {
    severity: Severity,
    /// The class of the exception or warning.
    kind: &'static str,
    message: String,
    /// 1-based; missing where there is no place.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<i32>,
    /// 1-based, as in `SyntaxError.offset`.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<i32>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Error,
    Warning,
}

impl Diagnostic {
    fn new(severity: Severity, kind: &'static str, message: String, location: Location) -> Self {
        let line = |number: i32| (number >= 0).then_some(number);
        let column = |number: i32| (number >= 0).then_some(number + 1);
        Diagnostic {
            severity,
            kind,
            message,
            line: line(location.lineno),
            column: column(location.col_offset),
            end_line: line(location.end_lineno),
            end_column: column(location.end_col_offset),
        }
    }

    pub(crate) fn of_warning(warning: &Warning) -> Self {
        let location = Location { lineno: warning.location.lineno, ..Location::NONE };
        let kind = warning.kind.name();
        Diagnostic::new(Severity::Warning, kind, warning.message.clone(), location)
    }

    pub(crate) fn of_error(error: &Error) -> Self {
        match error {
            Error::Syntax(e) => {
                Diagnostic::new(Severity::Error, e.kind.name(), e.message.clone(), e.location)
            }
            other => Diagnostic::new(Severity::Error, "SystemError", other.to_string(), Location::NONE),
        }
    }

    pub(crate) fn of_failure(failure: &Failure) -> Self {
        let (kind, text) = match failure {
            Failure::Compile(text) => ("PyCompileError", text.clone()),
            Failure::System(class, text) => (*class, String::from_utf8_lossy(text).into_owned()),
        };
        Diagnostic::new(Severity::Error, kind, text, Location::NONE)
    }
}

/// What became of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FileResult {
    Written,
    /// `--check`: it compiles.
    Checked,
    UpToDate,
    Failed,
}

/// The line of a file.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FileReport {
    file: String,
    pub(crate) result: FileResult,
    /// Of wall-clock time.
    seconds: f64,
    /// Written, over all levels of optimization.
    pub(crate) bytes: u64,
    /// Read.
    #[serde(skip)]
    pub(crate) source_bytes: u64,
    diagnostics: Vec<Diagnostic>,
}

impl FileReport {
    pub(crate) fn new(
        file: &OsStr,
        result: FileResult,
        time: Duration,
        (source_bytes, bytes): (u64, u64),
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let file = paths::backslashed(file);
        FileReport { file, result, seconds: time.as_secs_f64(), bytes, source_bytes, diagnostics }
    }
}

/// A value as a line.
pub(crate) fn line(value: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line
}
