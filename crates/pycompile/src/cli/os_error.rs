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
        _ => "OSError",
    }
}

/// What `str(error)` gives for an `OSError` that names no file.
pub(crate) fn text(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => format!("[Errno {number}] {}", strerror(error)),
        None => error.to_string(),
    }
}

/// What `str(error)` gives for an `OSError` that names a file.
pub(crate) fn text_with_path(error: &io::Error, path: &OsStr) -> String {
    format!("{}: {}", text(error), paths::repr(path))
}

/// The system's own words: Rust adds the number to them.
fn strerror(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
