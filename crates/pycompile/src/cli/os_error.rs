//! Errors of the system as Python words them.

use std::ffi::OsStr;
use std::io;

use super::paths;

/// What `str(error)` gives for an `OSError`, and the name of its class.
pub(crate) fn describe(error: &io::Error, path: &OsStr) -> (&'static str, String) {
    let class = match error.kind() {
        io::ErrorKind::NotFound => "FileNotFoundError",
        io::ErrorKind::PermissionDenied => "PermissionError",
        io::ErrorKind::AlreadyExists => "FileExistsError",
        io::ErrorKind::NotADirectory => "NotADirectoryError",
        io::ErrorKind::IsADirectory => "IsADirectoryError",
        io::ErrorKind::Interrupted => "InterruptedError",
        io::ErrorKind::TimedOut => "TimeoutError",
        _ => "OSError",
    };
    let text = match error.raw_os_error() {
        Some(number) => format!("[Errno {number}] {}: {}", strerror(error), paths::repr(path)),
        None => error.to_string(),
    };
    (class, text)
}

/// The system's own words: Rust adds the number to them.
fn strerror(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
