//! A list of paths, as mamba's script `compile_pyc.py` reads it.
//!
//! Each file is compiled as soon as its path is there, many at once; `MAMBA_EXTRACT_THREADS` says how many. The list
//! ends with an empty line or with the input. Errors are printed as by `compile_file(..., quiet=1)`, in the order
//! of the list, and make the status 1.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::sync::Mutex;

use super::input::{Line, Lines};
use super::{Compilers, lock, thread_pool};
use crate::cli::compileall::{Report, SingleFiles};
use crate::cli::interpreter::Interpreter;
use crate::cli::pyc_file::InvalidationMode;
use crate::cli::{Streams, paths};

/// The level at which `compile_file` prints errors alone.
const ERRORS_ONLY: u8 = 1;

pub(super) fn run(threads: usize, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    let files = SingleFiles::new(ERRORS_ONLY, false, InvalidationMode::from_environment(), interpreter);
    let pool = thread_pool(if threads == 0 { threads_from_environment() } else { threads })?;
    let compilers = Compilers::default();
    let printer = Mutex::new(Printer::new(streams));
    let read = pool.in_place_scope_fifo(|scope| {
        for (number, line) in Lines::new(io::stdin().lock()).enumerate() {
            let line = line?;
            let path = match &line {
                Line::Text(line) => paths::stripped(line).to_vec(),
                Line::TooLong => {
                    lock(&printer).print(number, too_long());
                    continue;
                }
            };
            if path.is_empty() || lock(&printer).has_failed() {
                break;
            }
            let (files, compilers, printer) = (&files, &compilers, &printer);
            scope.spawn_fifo(move |_| {
                let report = compilers.with(|compiler| files.compile(OsStr::from_bytes(&path), compiler));
                lock(printer).print(number, report);
            });
        }
        Ok(())
    });
    let success = printer.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).finish()?;
    read.map(|()| u8::from(!success))
}

fn threads_from_environment() -> usize {
    let threads = std::env::var("MAMBA_EXTRACT_THREADS").ok();
    threads.and_then(|threads| threads.trim().parse().ok()).unwrap_or(0)
}

fn too_long() -> Report {
    let out = b"*** Error: a line that is too long for a path\n".to_vec();
    Report { out, success: false, ..Report::default() }
}

/// Prints reports in the order of the list, each as soon as those before it are there.
struct Printer<'p, 's> {
    streams: &'p mut Streams<'s>,
    next: usize,
    waiting: BTreeMap<usize, Report>,
    success: bool,
    written: io::Result<()>,
}

impl<'p, 's> Printer<'p, 's> {
    fn new(streams: &'p mut Streams<'s>) -> Self {
        Printer { streams, next: 0, waiting: BTreeMap::new(), success: true, written: Ok(()) }
    }

    fn print(&mut self, number: usize, report: Report) {
        self.success &= report.success;
        self.waiting.insert(number, report);
        while let Some(report) = self.waiting.remove(&self.next) {
            self.next += 1;
            if self.written.is_ok() {
                self.written = self.write(&report);
            }
        }
    }

    fn write(&mut self, report: &Report) -> io::Result<()> {
        self.streams.err.write_all(report.err.as_bytes())?;
        if report.out.is_empty() {
            return Ok(());
        }
        self.streams.out.write_all(&report.out)?;
        self.streams.out.flush()
    }

    /// Whether nobody reads what is printed.
    fn has_failed(&self) -> bool {
        self.written.is_err()
    }

    /// Whether every file could be compiled.
    fn finish(self) -> io::Result<bool> {
        self.written.map(|()| self.success)
    }
}
