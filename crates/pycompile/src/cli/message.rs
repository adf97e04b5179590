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
pub(crate) fn traceback(error: &Error, subject: Subject<'_>) -> String {
    match error {
        Error::Syntax(error) if error.kind.is_syntax_error() => syntax_error(error, subject),
        Error::Syntax(error) => format!("{}: {}\n", error.kind.name(), error.message),
        other => format!("SystemError: {other}\n"),
    }
}

/// The message of `py_compile.PyCompileError`: a traceback for a `SyntaxError`, one line for its
/// subclasses and everything else.
pub(crate) fn py_compile_error(error: &Error, subject: Subject<'_>) -> String {
    match error {
        Error::Syntax(e) if e.kind == ErrorKind::SyntaxError => traceback(error, subject),
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
fn syntax_error(error: &SyntaxError, subject: Subject<'_>) -> String {
    let mut out = String::new();
    let lineno = error.location.lineno;
    if lineno >= 0 {
        let _ = writeln!(out, "  File \"{}\", line {lineno}", paths::backslashed(subject.name));
        if let Some(line) = line_of_error(error, subject) {
            marked_line(error, &line, &mut out);
        }
    }
    let _ = writeln!(out, "{}: {}", error.kind.name(), error.message);
    out
}

fn line_of_error(error: &SyntaxError, subject: Subject<'_>) -> Option<String> {
    let lineno = error.location.lineno;
    if let Some(text) = &error.text {
        return Some(text.to_string());
    }
    source_line(&fs::read(subject.name).ok()?, lineno)
}

/// The source line, stripped, with carets below the range in question.
///
/// Columns are taken for characters even where a later stage counted bytes, as Python does.
fn marked_line(error: &SyntaxError, line: &str, out: &mut String) {
    let text = line.trim_end_matches('\n');
    let stripped = text.trim_start_matches([' ', '\n', '\x0c']);
    let _ = writeln!(out, "    {stripped}");
    let location = error.location;
    if location.col_offset < 0 {
        return;
    }
    let (text_len, line_len) = (chars(text), chars(line));
    let mut offset = i64::from(location.col_offset) + 1;
    let mut end = if location.end_lineno != location.lineno {
        text_len + 1
    } else if location.end_col_offset >= 0 {
        i64::from(location.end_col_offset) + 1
    } else {
        offset
    };
    if offset > line_len {
        offset = text_len + 1;
    }
    if end > line_len {
        end = text_len + 1;
    }
    if offset >= end {
        end = offset + 1;
    }
    let indent = text_len - chars(stripped);
    let Ok(before) = usize::try_from(offset - 1 - indent) else { return };
    let space: String =
        stripped.chars().take(before).map(|c| if c.is_whitespace() { c } else { ' ' }).collect();
    let carets = "^".repeat(usize::try_from(end - offset).unwrap_or(1));
    let _ = writeln!(out, "    {space}{carets}");
}

fn chars(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
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
