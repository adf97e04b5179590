//! `py_compile`: single files, stopping at the first failure.

use std::ffi::OsString;
use std::io::{self, BufRead};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use pycompile::Compiler;

use super::interpreter::Interpreter;
use super::pyc_file::{Failure, InvalidationMode, Job, compile};
use super::{Streams, paths};

/// The options of `python -m py_compile`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Suppress error output
    #[arg(short, long)]
    quiet: bool,
    /// Files to compile; `-` reads their names from standard input
    #[arg(required = true, value_name = "filenames")]
    filenames: Vec<OsString>,
}

pub(crate) fn run(args: &Args, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    let names = if args.filenames == ["-"] { names_from_stdin()? } else { args.filenames.clone() };
    let mode = InvalidationMode::from_environment();
    let mut compiler = Compiler::new();
    for name in &names {
        let source = Path::new(name);
        let optimize = i64::from(interpreter.optimize);
        let target = paths::cache_from_source(source, optimize, interpreter.pycache_prefix.as_deref());
        let job = Job {
            source,
            target: &target,
            shown_as: None,
            optimize,
            mode,
            warnings: &interpreter.warnings,
            write: true,
        };
        let outcome = compile(&job, &mut compiler);
        streams.err.write_all(outcome.warnings.as_bytes())?;
        if let Err(failure) = outcome.result {
            if !args.quiet {
                let text = match failure {
                    Failure::Compile(text) => text,
                    Failure::System(_, text) => paths::backslashed(&OsString::from_vec(text)),
                };
                streams.err.write_all(text.as_bytes())?;
            }
            return Ok(1);
        }
    }
    Ok(0)
}

/// Standard input is the one text that Python reads without making `\n` of `\r\n`.
fn names_from_stdin() -> io::Result<Vec<OsString>> {
    let lines = io::stdin().lock().split(b'\n');
    lines.map(|line| line.map(OsString::from_vec)).collect()
}
