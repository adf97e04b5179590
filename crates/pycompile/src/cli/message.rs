//! Errors and warnings as text, in the form of Python's `traceback` and `warnings` modules.

use std::fmt::Write;

use pyast::{ErrorKind, SyntaxError, Warning, WarningKind};
use pycode::PyStr;
use pycompile::Error;

/// What `traceback.format_exception_only` gives for an error of compilation.
pub(crate) fn traceback(error: &Error, source: &[u8], filename: PyStr<'_>) -> String {
    match error {
        Error::Syntax(error) if error.kind.is_syntax_error() => syntax_error(error, source, filename),
        Error::Syntax(error) => format!("{}: {}\n", error.kind.name(), error.message),
        other => format!("SystemError: {other}\n"),
    }
}

/// The message of `py_compile.PyCompileError`: a traceback for a `SyntaxError`, one line for its
/// subclasses and everything else.
pub(crate) fn py_compile_error(error: &Error, source: &[u8], filename: PyStr<'_>) -> String {
    match error {
        Error::Syntax(e) if e.kind == ErrorKind::SyntaxError => traceback(error, source, filename),
        Error::Syntax(e) if e.kind.is_syntax_error() && e.location.lineno > 0 => {
            let name = filename.to_string_lossy();
            let base = name.rsplit('/').next().unwrap_or(&name);
            format!("Sorry: {}: {} ({base}, line {})", e.kind.name(), e.message, e.location.lineno)
        }
        Error::Syntax(e) => format!("Sorry: {}: {}", e.kind.name(), e.message),
        other => format!("Sorry: SystemError: {other}"),
    }
}

/// What Python writes to stderr for warnings: `path:line: SyntaxWarning: text` and the source line.
pub(crate) fn warnings(warnings: &[Warning], source: &[u8], filename: PyStr<'_>) -> String {
    let mut out = String::new();
    // DeprecationWarnings are ignored by default.
    for warning in warnings.iter().filter(|w| w.kind == WarningKind::SyntaxWarning) {
        let (name, line) = (filename.to_string_lossy(), warning.location.lineno);
        let _ = writeln!(out, "{name}:{line}: SyntaxWarning: {}", warning.message);
        if let Some(text) = source_line(source, line).filter(|text| !text.trim().is_empty()) {
            let _ = writeln!(out, "  {}", text.trim());
        }
    }
    out
}

/// `TracebackException._format_syntax_error`
fn syntax_error(error: &SyntaxError, source: &[u8], filename: PyStr<'_>) -> String {
    let mut out = String::new();
    let location = error.location;
    if location.lineno > 0 {
        let _ = writeln!(out, "  File \"{}\", line {}", filename.to_string_lossy(), location.lineno);
        if let Some(line) = source_line(source, location.lineno) {
            marked_line(error, &line, &mut out);
        }
    }
    let _ = writeln!(out, "{}: {}", error.kind.name(), error.message);
    out
}

/// The source line, stripped, with carets below the range in question.
fn marked_line(error: &SyntaxError, line: &str, out: &mut String) {
    let text = line.trim_end_matches(['\n', '\r']);
    let stripped = text.trim_start_matches([' ', '\n', '\x0c']);
    let _ = writeln!(out, "    {}", stripped.trim_end());
    let location = error.location;
    if location.col_offset < 0 {
        return;
    }
    let chars_before = |bytes: i32| {
        let bytes = usize::try_from(bytes).unwrap_or(0);
        text.char_indices().take_while(|(at, _)| *at < bytes).count() + bytes.saturating_sub(text.len())
    };
    let start = chars_before(location.col_offset);
    let end = if location.end_lineno == location.lineno && location.end_col_offset > location.col_offset {
        chars_before(location.end_col_offset)
    } else if location.end_lineno > location.lineno {
        text.trim_end().chars().count()
    } else {
        start + 1
    };
    let indent = text.chars().count() - stripped.chars().count();
    let Some(from) = start.checked_sub(indent) else { return };
    let white: String =
        stripped.chars().take(from).map(|c| if c.is_whitespace() { c } else { ' ' }).collect();
    let padding = " ".repeat(from - white.chars().count());
    let carets = "^".repeat(end.max(start + 1) - start);
    let _ = writeln!(out, "    {white}{padding}{carets}");
}

/// A line of the source, 1-based, as text.
fn source_line(source: &[u8], lineno: i32) -> Option<String> {
    let index = usize::try_from(lineno).ok()?.checked_sub(1)?;
    let source = source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source);
    let line = source.split_inclusive(|&b| b == b'\n').nth(index)?;
    Some(String::from_utf8_lossy(line).into_owned())
}
