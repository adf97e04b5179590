//! `py_compile`: single files, stopping at the first failure.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use pycompile::Compiler;

use super::pyc_file::{Failure, InvalidationMode, Job, compile};
use super::{Streams, paths};

/// The options of `python -m py_compile`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Suppress error output
    #[arg(short, long)]
    quiet: bool,
    /// Files to compile; `-` reads their names from standard input
    #[arg(required = true)]
    filenames: Vec<OsString>,
}

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> io::Result<u8> {
    let names = if args.filenames == ["-"] { names_from_stdin()? } else { args.filenames.clone() };
    let prefix = std::env::var_os("PYTHONPYCACHEPREFIX").filter(|p| !p.is_empty());
    let mode = InvalidationMode::from_environment();
    let mut compiler = Compiler::new();
    for name in &names {
        let source = Path::new(name);
        let target = paths::cache_from_source(source, 0, prefix.as_deref().map(OsStr::new));
        let job = Job { source, target: &target, shown_as: None, optimize: -1, mode };
        match compile(&job, &mut compiler) {
            Ok(warnings) => streams.err.write_all(warnings.as_bytes())?,
            Err(Failure::Compile(text) | Failure::System(_, text)) => {
                if !args.quiet {
                    streams.err.write_all(text.as_bytes())?;
                }
                return Ok(1);
            }
        }
    }
    Ok(0)
}

fn names_from_stdin() -> io::Result<Vec<OsString>> {
    let lines = io::stdin().lock().split(b'\n');
    lines.map(|line| line.map(OsString::from_vec)).collect()
}
