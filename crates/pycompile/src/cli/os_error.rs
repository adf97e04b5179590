//! Errors of the system as Python words them.

use std::ffi::OsStr;
use std::io;

use super::paths;

/// The name of the class of an `OSError`.
pub(crate) fn class(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "FileNotFoundError",
        io::ErrorKind::PermissionDenied => "PermissionError",
        io::ErrorKind::AlreadyExists => "FileExistsError",
        io::ErrorKind::NotADirectory => "NotADirectoryError",
        io::ErrorKind::IsADirectory => "IsADirectoryError",
        io::ErrorKind::Interrupted => "InterruptedError",
        io::ErrorKind::TimedOut => "TimeoutError",
        _ if is_about_nul(error) => "ValueError",
        _ => "OSError",
    }
}

/// What `str(error)` gives for an `OSError` that names no file.
pub(crate) fn text(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => format!("[Errno {number}] {}", strerror(error)),
        None if is_about_nul(error) => "embedded null byte".to_owned(),
        None => error.to_string(),
    }
}

/// What `str(error)` gives for an `OSError` that names a file.
pub(crate) fn text_with_path(error: &io::Error, path: &OsStr) -> String {
    if is_about_nul(error) {
        return text(error);
    }
    format!("{}: {}", text(error), paths::repr(path))
}

/// Whether the path has a NUL, so that the system was not even asked.
fn is_about_nul(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidInput && error.raw_os_error().is_none()
}

/// The system's own words: Rust adds the number to them.
fn strerror(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
