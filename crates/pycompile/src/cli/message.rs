//! Errors and warnings as text, in the form of Python's `traceback` and `warnings` modules.
//!
//! Where the source line comes from matters: an error of the parser carries the line with it; for one of a
//! later stage Python reads the file that the code *says* it is from, which need not exist.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;

use pyast::{ErrorKind, SyntaxError, Warning, WarningKind};
use pycode::PyStr;
use pycompile::Error;
use pycompile::traceback::{Report, Theme};
use pyparser::ParseOptions;

use super::paths;

/// A source that was compiled, or was to be.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'s> {
    pub(crate) source: &'s [u8],
    /// The name that the code gets.
    pub(crate) name: &'s OsStr,
}

impl<'s> Subject<'s> {
    pub(crate) fn new(source: &'s [u8], name: &'s OsStr) -> Self {
        Subject { source, name }
    }
}

/// What `traceback.format_exception_only` gives for an error of compilation.
pub(crate) fn traceback(error: &Error, subject: Subject<'_>, theme: &Theme) -> String {
    match error {
        Error::Syntax(error) => syntax_error(error, subject, theme),
        other => format!("SystemError: {other}\n"),
    }
}

/// The message of `py_compile.PyCompileError`: a traceback for a `SyntaxError`, one line for its
/// subclasses and everything else.
pub(crate) fn py_compile_error(error: &Error, subject: Subject<'_>) -> String {
    match error {
        Error::Syntax(e) if e.kind == ErrorKind::SyntaxError => traceback(error, subject, &Theme::PLAIN),
        Error::Syntax(e) if e.kind.is_syntax_error() && e.location.lineno >= 0 => {
            let (_, base) = paths::split(subject.name);
            let base = paths::backslashed(base);
            format!("Sorry: {}: {} ({base}, line {})", e.kind.name(), e.message, e.location.lineno)
        }
        Error::Syntax(e) => format!("Sorry: {}: {}", e.kind.name(), e.message),
        other => format!("Sorry: SystemError: {other}"),
    }
}

/// What Python writes to stderr for warnings: `path:line: SyntaxWarning: text` and the source line.
pub(crate) fn warnings(warnings: &[Warning], subject: Subject<'_>) -> String {
    let mut out = String::new();
    let mut lines = None;
    for warning in warnings {
        let (name, line) = (paths::backslashed(subject.name), warning.location.lineno);
        let _ = writeln!(out, "{name}:{line}: {}: {}", kind_name(warning.kind), warning.message);
        let lines = lines.get_or_insert_with(|| fs::read(subject.name).ok());
        let text = lines.as_deref().and_then(|file| source_line(file, line));
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            let _ = writeln!(out, "  {}", text.trim());
        }
    }
    out
}

/// The name of a warning's class.
pub(crate) fn kind_name(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::SyntaxWarning => "SyntaxWarning",
        WarningKind::DeprecationWarning => "DeprecationWarning",
    }
}

/// `TracebackException._format_syntax_error`
fn syntax_error(error: &SyntaxError, subject: Subject<'_>, theme: &Theme) -> String {
    // What is refused before it is read, as NUL bytes are, has neither a line nor a file.
    let is_placed = error.location.lineno >= 0;
    let text = if is_placed { line_of_error(error, subject) } else { None };
    let error = SyntaxError { text: text.map(Into::into), ..error.clone() };
    let (name, source) = (paths::backslashed(subject.name), whole_text(subject.source));
    let filename = is_placed.then_some(name.as_ref());
    Report { error: &error, filename, source: source.as_deref() }.to_text(theme)
}

/// The source as text, if it is any.
fn whole_text(source: &[u8]) -> Option<String> {
    let decoded = pyparser::decode(source, &ParseOptions::default()).ok()?;
    String::from_utf8(decoded.text().to_vec()).ok()
}

fn line_of_error(error: &SyntaxError, subject: Subject<'_>) -> Option<String> {
    let lineno = error.location.lineno;
    if let Some(text) = &error.text {
        return Some(text.to_string());
    }
    source_line(&fs::read(subject.name).ok()?, lineno)
}

/// A line of the source, 1-based, as text: in the encoding that the source names, if it can be decoded.
fn source_line(source: &[u8], lineno: i32) -> Option<String> {
    let index = usize::try_from(lineno).ok()?.checked_sub(1)?;
    let decoded = pyparser::decode(source, &ParseOptions::default());
    let text = match &decoded {
        Ok(decoded) => decoded.text(),
        Err(_) => source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source),
    };
    let line = text.split_inclusive(|&b| b == b'\n').nth(index)?;
    Some(String::from_utf8_lossy(line).into_owned())
}

/// The file name as the compiler takes it.
pub(crate) fn py_name(decoded: &[u8]) -> PyStr<'_> {
    PyStr::from_wtf8(decoded)
}
