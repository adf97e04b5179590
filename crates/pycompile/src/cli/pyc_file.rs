//! One source file to one `.pyc` file: what `py_compile.compile` does.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use pycode::PyStr;
use pycompile::{Compiler, Options};
use pymarshal::pyc::{PycHeader, source_hash};

use super::{message, os_error, paths};

/// How an importer will tell whether a `.pyc` is up to date (`py_compile.PycInvalidationMode`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum InvalidationMode {
    CheckedHash,
    Timestamp,
    UncheckedHash,
}

impl InvalidationMode {
    /// The default: hashes where builds are to be reproducible.
    pub(crate) fn from_environment() -> Self {
        match std::env::var_os("SOURCE_DATE_EPOCH") {
            Some(value) if !value.is_empty() => InvalidationMode::CheckedHash,
            _ => InvalidationMode::Timestamp,
        }
    }
}

/// What to make of a source file.
pub(crate) struct Job<'j> {
    pub(crate) source: &'j Path,
    /// Where the `.pyc` goes.
    pub(crate) target: &'j Path,
    /// The file name that the code gets, if it is not the source's.
    pub(crate) shown_as: Option<&'j OsStr>,
    /// -1 is the interpreter's own level, 0.
    pub(crate) optimize: i32,
    pub(crate) mode: InvalidationMode,
}

/// Why there is no `.pyc`.
pub(crate) enum Failure {
    /// `PyCompileError`, with its message.
    Compile(String),
    /// Another exception: class and message.
    System(&'static str, String),
}

/// Compiles and writes; gives the text of the warnings.
pub(crate) fn compile(job: &Job<'_>, compiler: &mut Compiler) -> Result<String, Failure> {
    refuse_special_target(job.target)?;
    let system = |error: io::Error, path: &Path| system_failure(&error, path);
    let source = fs::read(job.source).map_err(|e| system(e, job.source))?;
    let name = paths::decode(job.shown_as.unwrap_or(job.source.as_os_str()));
    let name = PyStr::from_wtf8(&name);
    let Some(optimize) = level(job.optimize) else {
        return Err(Failure::Compile("Sorry: ValueError: compile(): invalid optimize value".to_owned()));
    };
    let options = Options { optimize, ..Options::default() };
    let compiled = compiler
        .compile(&source, name, &options)
        .map_err(|error| Failure::Compile(message::py_compile_error(&error, &source, name)))?;
    let warnings = if compiled.warnings.is_empty() {
        String::new()
    } else {
        // Python looks for the line in the file that the code says it is from, which need not exist.
        let shown = job.shown_as.map(|path| fs::read(path).unwrap_or_default());
        message::warnings(&compiled.warnings, shown.as_deref().unwrap_or(&source), name)
    };
    make_folder(job.target).map_err(|e| system(e, parent(job.target)))?;
    let metadata = fs::metadata(job.source).map_err(|e| system(e, job.source))?;
    let header = match job.mode {
        InvalidationMode::Timestamp => {
            PycHeader::Timestamp { mtime: metadata.mtime() as u32, size: metadata.size() as u32 }
        }
        InvalidationMode::CheckedHash => PycHeader::CheckedHash(source_hash(&source)),
        InvalidationMode::UncheckedHash => PycHeader::UncheckedHash(source_hash(&source)),
    };
    let bytes = compiled.to_pyc(header).map_err(|error| Failure::System("ValueError", error.to_string()))?;
    let mode = (metadata.mode() | 0o200) & 0o666;
    write_atomic(job.target, &bytes, mode).map_err(|e| system(e, job.target))?;
    Ok(warnings)
}

fn level(optimize: i32) -> Option<u8> {
    match optimize {
        -1 | 0 => Some(0),
        1 => Some(1),
        2 => Some(2),
        _ => None,
    }
}

fn system_failure(error: &io::Error, path: &Path) -> Failure {
    let (class, text) = os_error::describe(error, path.as_os_str());
    Failure::System(class, text)
}

/// A rename would turn a link or a device into a regular file: refused, as CPython does.
fn refuse_special_target(target: &Path) -> Result<(), Failure> {
    let shown = || PyStr::from_wtf8(&paths::decode(target.as_os_str())).to_string_lossy();
    let text = if target.is_symlink() {
        format!(
            "{} is a symlink and will be changed into a regular file if import writes a byte-compiled file to it",
            shown()
        )
    } else if target.exists() && !target.is_file() {
        format!(
            "{} is a non-regular file and will be changed into a regular one if import writes a byte-compiled file to it",
            shown()
        )
    } else {
        return Ok(());
    };
    Err(Failure::System("FileExistsError", text))
}

fn parent(target: &Path) -> &Path {
    target.parent().unwrap_or(target)
}

fn make_folder(target: &Path) -> io::Result<()> {
    let folder = parent(target);
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).create(folder)
}

/// Writes a temporary file beside the target and renames it, so that nobody ever sees half a file
/// (`_write_atomic`).
fn write_atomic(target: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let temporary = temporary_name(target);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&temporary)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&temporary, target));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A name that no other thread or process uses.
fn temporary_name(target: &Path) -> PathBuf {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let mut name = target.as_os_str().as_bytes().to_vec();
    name.extend_from_slice(format!(".{}-{number}", std::process::id()).as_bytes());
    std::ffi::OsString::from_vec(name).into()
}
