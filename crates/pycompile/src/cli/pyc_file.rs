//! One source file to one `.pyc` file: what `py_compile.compile` does.

use std::any::Any;
use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use pyast::Warning;
use pycode::PyStr;
use pycompile::{Compiled, Compiler, Error, Input, Options};
use pymarshal::pyc::{PycHeader, source_hash};
use rustix::buffer::spare_capacity;

use super::json::Diagnostic;
use super::message::{self, Subject};
use super::warnings::{self, Checked, WarningFilters};
use super::{os_error, paths};

/// How an importer will tell whether a `.pyc` is up to date (`py_compile.PycInvalidationMode`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum InvalidationMode {
    CheckedHash,
    Timestamp,
    UncheckedHash,
}

impl InvalidationMode {
    /// The members of Python's enumeration, in its order.
    pub(crate) const MEMBERS: [(&str, InvalidationMode); 3] = [
        ("TIMESTAMP", InvalidationMode::Timestamp),
        ("CHECKED_HASH", InvalidationMode::CheckedHash),
        ("UNCHECKED_HASH", InvalidationMode::UncheckedHash),
    ];

    /// `PycInvalidationMode[name]`
    pub(crate) fn from_member_name(name: &str) -> Option<Self> {
        Self::MEMBERS.into_iter().find(|(member, _)| *member == name).map(|(_, mode)| mode)
    }

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
    /// What the caller asked for: there are levels that do not exist.
    pub(crate) optimize: i64,
    pub(crate) mode: InvalidationMode,
    pub(crate) warnings: &'j WarningFilters,
    /// Whether the `.pyc` is written, or only what would become of it is found out.
    pub(crate) write: bool,
}

/// Why there is no `.pyc`.
pub(crate) enum Failure {
    /// `PyCompileError`, with its message.
    Compile(String),
    /// Another exception: class and message. The message may hold a path, that is, any bytes.
    System(&'static str, Vec<u8>),
}

impl Failure {
    fn of_path(error: &io::Error, path: &Path) -> Self {
        let text = os_error::text_with_path(error, path.as_os_str());
        Failure::System(os_error::class(error), text.into_bytes())
    }

    pub(crate) fn of_paths(error: &io::Error, from: &Path, to: &Path) -> Self {
        let text = os_error::text_with_path(error, from.as_os_str());
        let text = format!("{text} -> {}", paths::repr(to.as_os_str()));
        Failure::System(os_error::class(error), text.into_bytes())
    }

    /// The panic itself has been told on stderr.
    fn of_bug(bug: &(dyn Any + Send)) -> Self {
        let text = bug.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| bug.downcast_ref::<&str>().copied()).unwrap_or("no message");
        Failure::System("SystemError", format!("a bug in pycompile: {text}").into_bytes())
    }

    fn without_path(error: &io::Error) -> Self {
        Failure::System(os_error::class(error), os_error::text(error).into_bytes())
    }
}

/// What became of a job.
pub(crate) struct Outcome {
    /// How many bytes were written.
    pub(crate) result: Result<u64, Failure>,
    /// How many bytes the source has, if it could be read.
    pub(crate) read: u64,
    /// The warnings, as Python prints them.
    pub(crate) warnings: String,
    /// Errors and warnings as data.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        let diagnostics = vec![Diagnostic::of_failure(&failure)];
        Outcome { result: Err(failure), read: 0, warnings: String::new(), diagnostics }
    }
}

/// Compiles and writes.
pub(crate) fn compile(job: &Job<'_>, compiler: &mut Compiler) -> Outcome {
    if let Err(failure) = refuse_special_target(job.target) {
        return failure.into();
    }
    let (source, metadata) = match read(job.source) {
        Ok(read) => read,
        Err(error) => return Failure::of_path(&error, job.source).into(),
    };
    let Some(optimize) = u8::try_from(job.optimize).ok().filter(|&level| level <= 2) else {
        return Failure::Compile("Sorry: ValueError: compile(): invalid optimize value".to_owned()).into();
    };
    let work = || compile_source(job, &source, &metadata, optimize, compiler);
    // A bug that one file brings to light is an error of that file; the others are compiled all the same.
    match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(outcome) => outcome,
        Err(bug) => {
            *compiler = Compiler::new();
            Failure::of_bug(&*bug).into()
        }
    }
}

fn compile_source(
    job: &Job<'_>,
    source: &[u8],
    metadata: &fs::Metadata,
    optimize: u8,
    compiler: &mut Compiler,
) -> Outcome {
    let name = job.shown_as.filter(|name| !name.is_empty()).unwrap_or(job.source.as_os_str());
    let subject = Subject::new(source, name);
    let decoded = paths::decode(name);
    let options = Options { optimize, ..Options::default() };
    let (input, name, mut reported) = (Input::Bytes(source), PyStr::from_wtf8(&decoded), Vec::new());
    let compiled = compiler.compile_reporting(input, name, &options, &mut reported);
    let Checked { compiled, shown } = warnings::check(compiled, reported, subject.name, job.warnings);
    match compiled {
        Ok(compiled) => {
            let result = if job.write { write(job, source, metadata, &compiled) } else { Ok(0) };
            compiler.recycle(compiled);
            finish(result, None, &shown, subject)
        }
        Err(error) => {
            let failure = Failure::Compile(message::py_compile_error(&error, subject));
            finish(Err(failure), Some(&error), &shown, subject)
        }
    }
}

fn finish(
    result: Result<u64, Failure>,
    error: Option<&Error>,
    warnings: &[Warning],
    subject: Subject<'_>,
) -> Outcome {
    let mut diagnostics: Vec<Diagnostic> = warnings.iter().map(Diagnostic::of_warning).collect();
    match (error, &result) {
        (Some(error), _) => diagnostics.push(Diagnostic::of_error(error)),
        (None, Err(failure)) => diagnostics.push(Diagnostic::of_failure(failure)),
        (None, Ok(_)) => {}
    }
    let (read, warnings) = (subject.source.len() as u64, message::warnings(warnings, subject));
    Outcome { result, read, warnings, diagnostics }
}

/// What a file holds, with its time from before it was read: CPython asks for the time after it has compiled, and a
/// source that is changed in between gets a `.pyc` that is up to date and wrong.
fn read(source: &Path) -> io::Result<(Vec<u8>, fs::Metadata)> {
    let file = fs::File::open(source)?;
    let metadata = file.metadata()?;
    let bytes = read_all(&file, metadata.len())?;
    Ok((bytes, metadata))
}

/// What a file of such a size holds, and what it has grown by: `read_to_end` would ask for the size again.
fn read_all(file: &fs::File, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One more than there is: the end is seen without room for another piece.
    bytes.try_reserve_exact(usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1))?;
    loop {
        bytes.try_reserve(1)?;
        let read = rustix::io::retry_on_intr(|| rustix::io::read(file, spare_capacity(&mut bytes)))?;
        if read == 0 {
            return Ok(bytes);
        }
    }
}

fn write(job: &Job<'_>, source: &[u8], metadata: &fs::Metadata, compiled: &Compiled) -> Result<u64, Failure> {
    let header = match job.mode {
        InvalidationMode::Timestamp => {
            PycHeader::Timestamp { mtime: metadata.mtime() as u32, size: metadata.size() as u32 }
        }
        InvalidationMode::CheckedHash => PycHeader::CheckedHash(source_hash(source)),
        InvalidationMode::UncheckedHash => PycHeader::UncheckedHash(source_hash(source)),
    };
    let bytes = compiled
        .to_pyc(header)
        .map_err(|error| Failure::System("ValueError", error.to_string().into_bytes()))?;
    let mode = (metadata.mode() | 0o200) & 0o666;
    write_atomic(job.target, &bytes, mode)?;
    Ok(bytes.len() as u64)
}

/// A rename would turn a link or a device into a regular file: refused, as CPython does.
fn refuse_special_target(target: &Path) -> Result<(), Failure> {
    let why = match fs::symlink_metadata(target).map(|found| found.file_type()) {
        Ok(kind) if kind.is_symlink() => {
            " is a symlink and will be changed into a regular file if import writes a byte-compiled file to it"
        }
        Ok(kind) if !kind.is_file() => {
            " is a non-regular file and will be changed into a regular one if import writes a byte-compiled file to it"
        }
        _ => return Ok(()),
    };
    Err(Failure::System("FileExistsError", [target.as_os_str().as_bytes(), why.as_bytes()].concat()))
}

/// Writes a temporary file beside the target and renames it, so that nobody ever sees half a file
/// (`_write_atomic`).
fn write_atomic(target: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let (temporary, mut file) = create_temporary(target, mode)?;
    let written = file.write_all(bytes).map_err(|error| Failure::without_path(&error)).and_then(|()| {
        fs::rename(&temporary, target).map_err(|error| Failure::of_paths(&error, &temporary, target))
    });
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn create_temporary(target: &Path, mode: u32) -> Result<(PathBuf, fs::File), Failure> {
    let mut tries = 0;
    loop {
        let temporary = temporary_name(target);
        match OpenOptions::new().write(true).create_new(true).mode(mode).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            // What another run was killed over.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < 16 => tries += 1,
            // Where a folder should be is nothing, or a file: the first folder that cannot be made is what CPython names.
            Err(error) if tries == 0 && lacks_folder(&error) => {
                make_parent(target)?;
                tries += 1;
            }
            Err(error) => return Err(Failure::of_path(&error, &temporary)),
        }
    }
}

fn lacks_folder(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The folder is made when it turns out to be missing: mostly it is there.
fn make_parent(target: &Path) -> Result<(), Failure> {
    let (folder, _) = paths::split(target.as_os_str());
    if folder.is_empty() {
        return Ok(());
    }
    paths::make_folders(Path::new(folder)).map_err(|(error, path)| Failure::of_path(&error, &path))
}

/// A name that no other thread or process uses.
///
/// CPython appends an address of 15 digits: as many here, so that the same names are too long.
pub(crate) fn temporary_name(target: &Path) -> PathBuf {
    static START: OnceLock<u64> = OnceLock::new();
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let start = *START.get_or_init(|| {
        let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        (time.as_nanos() as u64)
            .wrapping_add(u64::from(std::process::id()).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    });
    let number = start.wrapping_add(COUNTER.fetch_add(1, Ordering::Relaxed)) % 1_000_000_000_000_000;
    let mut name = target.as_os_str().as_bytes().to_vec();
    name.extend_from_slice(format!(".{number:015}").as_bytes());
    std::ffi::OsString::from_vec(name).into()
}

/// Replaces a file by a link to the one of the level before, if they are the same.
///
/// The link is made beside and renamed: CPython removes the file first, and a run that is killed in between
/// leaves none.
pub(crate) fn link_if_equal(previous: &Path, target: &Path) -> Result<(), Failure> {
    let (first, second) = (fs::read(previous), fs::read(target));
    let (Ok(first), Ok(second)) = (first, second) else { return Ok(()) };
    if first != second {
        return Ok(());
    }
    if previous == target {
        // Both levels have one name (`-b`): CPython has removed it by the time it wants to link it.
        let _ = fs::remove_file(target);
    }
    let temporary = temporary_name(target);
    fs::hard_link(previous, &temporary)
        .and_then(|()| fs::rename(&temporary, target))
        .map_err(|error| Failure::of_paths(&error, previous, target))
}
