//! A list of paths, as mamba's script `compile_pyc.py` reads it.
//!
//! Each file is compiled as soon as its path is there, many at once; `MAMBA_EXTRACT_THREADS` says how many. The list
//! ends with an empty line or with the input. Errors are printed as by `compile_file(..., quiet=1)`, in the order
//! of the list, and make the status 1.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;

use pycompile::Compiler;

use super::input::{Line, Lines};
use crate::cli::compileall::{Report, SingleFiles};
use crate::cli::interpreter::Interpreter;
use crate::cli::pyc_file::InvalidationMode;
use crate::cli::threads::{self, Step, in_order};
use crate::cli::{Streams, paths};

/// The level at which `compile_file` prints errors alone.
const ERRORS_ONLY: u8 = 1;

pub(super) fn run(threads: usize, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    let files = SingleFiles::new(ERRORS_ONLY, false, InvalidationMode::from_environment(), interpreter);
    let threads = threads::count(if threads == 0 { threads_from_environment() } else { threads });
    let mut lines = Lines::new(io::BufReader::new(io::stdin()));
    let mut read = Ok(());
    // A path, or nothing for a line that is none; the list ends where the iterator does.
    let listed = std::iter::from_fn(|| match lines.next()? {
        Ok(Line::Text(line)) => {
            let path = paths::stripped(&line).to_vec();
            (!path.is_empty()).then_some(Some(path))
        }
        Ok(Line::TooLong) => Some(None),
        Err(error) => {
            read = Err(error);
            None
        }
    });
    let compile = |compiler: &mut Compiler, path: Option<Vec<u8>>| match path {
        Some(path) => files.compile(OsStr::from_bytes(&path), None, compiler),
        None => too_long(),
    };
    let mut success = true;
    let tell = |report: Report| {
        success &= report.success;
        report.print(streams)?;
        streams.out.flush()
    };
    in_order(threads, listed.map(Step::Job), compile, tell)?;
    read.map(|()| u8::from(!success))
}

fn threads_from_environment() -> usize {
    let threads = std::env::var("MAMBA_EXTRACT_THREADS").ok();
    threads.and_then(|threads| threads.trim().parse().ok()).unwrap_or(0)
}

fn too_long() -> Report {
    Report::failure("*** Error: a line that is too long for a path\n")
}
