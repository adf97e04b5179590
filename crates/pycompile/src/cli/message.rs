//! Errors and warnings as text, in the form of Python's `traceback` and `warnings` modules.
//!
//! Where the source line comes from matters: an error of the parser carries the line with it; for one of a
//! later stage Python reads the file that the code *says* it is from, which need not exist.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;

use pyast::{ErrorKind, Location, SyntaxError, Warning};
use pycompile::Error;
use pycompile::traceback::{Report, Theme, may_be_a_typo};
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
    if warnings.is_empty() {
        return out;
    }
    let name = paths::backslashed(subject.name);
    let file = fs::read(subject.name).unwrap_or_default();
    let text = decoded(&file);
    let lines: Vec<&[u8]> = lines(&text).collect();
    for warning in warnings {
        let line = warning.location.lineno;
        let _ = writeln!(out, "{name}:{line}: {}: {}", warning.kind.name(), warning.message);
        let line = line_index(line).and_then(|index| lines.get(index));
        let line = line.map_or("".into(), |line| String::from_utf8_lossy(line.trim_ascii()));
        if !line.trim().is_empty() {
            let _ = writeln!(out, "  {}", line.trim());
        }
    }
    out
}

/// `TracebackException._format_syntax_error`
fn syntax_error(error: &SyntaxError, subject: Subject<'_>, theme: &Theme) -> String {
    // What is refused before it is read, as NUL bytes are, has neither a line nor a file.
    let is_placed = error.location.lineno >= 0;
    let error =
        if is_placed { with_line(error, subject) } else { SyntaxError { text: None, ..error.clone() } };
    let name = paths::backslashed(subject.name);
    let source = if may_be_a_typo(&error) { whole_text(subject.source) } else { None };
    let filename = is_placed.then_some(name.as_ref());
    Report { error: &error, filename, source: source.as_deref() }.to_text(theme)
}

/// The source as text, if it is any.
fn whole_text(source: &[u8]) -> Option<String> {
    let decoded = pyparser::decode(source, &ParseOptions::default()).ok()?;
    String::from_utf8(decoded.text().to_vec()).ok()
}

/// The error with the line that it shows. An error of the lexer carries it, without a newline; for any other Python reads
/// the file again, if there is one of that name (`_PyPegen_raise_error_known_location`).
fn with_line(error: &SyntaxError, subject: Subject<'_>) -> SyntaxError {
    let of_file = || pyparser::line_of_file(&fs::read(subject.name).ok()?, error.location.lineno);
    match &error.text {
        Some(text) if !text.ends_with('\n') => error.clone(),
        Some(text) => of_file().map_or_else(|| error.clone(), |line| on_line(error, text, line)),
        None => SyntaxError { text: of_file().map(Into::into), ..error.clone() },
    }
}

/// The same on another line: columns count its characters, up to the byte that was meant in the text.
fn on_line(error: &SyntaxError, text: &str, line: String) -> SyntaxError {
    let column = |column: i32| match usize::try_from(column) {
        Ok(column) => characters(&line, text.chars().take(column).map(char::len_utf8).sum::<usize>()),
        Err(_) => column,
    };
    let Location { col_offset, end_col_offset, .. } = error.location;
    let (col_offset, end_col_offset) = (column(col_offset), column(end_col_offset));
    let location = Location { col_offset, end_col_offset, ..error.location };
    SyntaxError { location, text: Some(line.into()), ..error.clone() }
}

/// How many characters end before that byte, which may be one after the end at most.
fn characters(line: &str, byte: usize) -> i32 {
    let before = |end: usize| String::from_utf8_lossy(&line.as_bytes()[..end]).chars().count();
    let including = if byte < line.len() { before(byte + 1) } else { before(line.len()) + 1 };
    including as i32 - 1
}

/// The source as text in UTF-8, or what it holds if it cannot be decoded.
fn decoded(source: &[u8]) -> Cow<'_, [u8]> {
    match pyparser::decode(source, &ParseOptions::default()) {
        Ok(decoded) => decoded.text().to_vec().into(),
        Err(_) => source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source).into(),
    }
}

/// The lines, each with its newline.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|&b| b == b'\n')
}

/// Counted from 0.
fn line_index(lineno: i32) -> Option<usize> {
    usize::try_from(lineno).ok()?.checked_sub(1)
}
