//! `verify`: whether `.pyc` files hold what their sources compile to.
//!
//! The comparison is the library's ([`pycompile::verify`]); here is which files there are ([`find`]), reading them
//! without trusting them ([`check`]), and telling ([`show`]). What cannot be checked counts as a failure: a link, a
//! folder that cannot be listed, a path where there is nothing.

mod check;
mod find;
mod show;

use std::ffi::OsString;
use std::io;

use pycompile::verify::Verifier;
use serde::Serialize;

use super::interpreter::Interpreter;
use super::progress::Progress;
use super::threads::{self, Step, in_order};
use super::usage::int;
use super::{Streams, json};
use check::Report;

/// The options of `pycompile verify`.
#[derive(clap::Args)]
#[command(after_help = EXPLANATION)]
pub(crate) struct Args {
    /// .pyc files, directories to search for them, or .py files whose .pyc files are meant
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<OsString>,
    /// Print a JSON object for each file, and one for the whole, instead of text
    #[arg(long)]
    json: bool,
    /// Name the files that are ok as well
    #[arg(short, long)]
    verbose: bool,
    /// Print nothing; the status tells
    #[arg(short, long)]
    quiet: bool,
    /// How many threads to use; 0 is one for each core
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, value_parser = int)]
    workers: i64,
}

const EXPLANATION: &str = "\
Each file is one of:
  ok         it holds what its source compiles to
  stale      its source has changed since, by time, size or hash
  different  it claims to be of its source, and holds something else
  no-source  there is no source to compare with
  not-pyc    it is no .pyc of this version of CPython, or no regular file
  error      it could not be checked
The status is 0 if there are files and all are ok, else 1.

The path that the source is compiled as is the one that the .pyc says (co_filename); the level of optimization is
that of the file's name (.opt-1, .opt-2), and any for NAME.pyc beside NAME.py. PYTHONPYCACHEPREFIX and
-X pycache_prefix are heeded. Nothing of a .pyc is ever run.";

pub(crate) fn run(args: &Args, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    let found = find::all(&args.paths, interpreter.pycache_prefix.as_deref());
    let mut progress = Progress::new(found.len(), streams.may_show_progress(args.quiet));
    let mut counts = Counts::default();
    let tell = |report: Report| {
        counts.count(&report);
        progress.advance();
        match report.result {
            _ if args.json => streams.print(&json::line(&report)),
            check::Outcome::Ok if !args.verbose => Ok(()),
            _ if args.quiet => Ok(()),
            _ => progress.aside(|| show::report(&report, streams)),
        }
    };
    let threads = threads::count(usize::try_from(args.workers).unwrap_or(0));
    let jobs = found.iter().map(Step::Job);
    in_order(threads, jobs, |verifier: &mut Verifier, found| check::check(verifier, found), tell)?;
    progress.finish();
    if args.json {
        streams.out.write_all(&json::line(&Line { summary: &counts }))?;
    } else if !args.quiet {
        show::counts(&counts, streams)?;
    }
    Ok(u8::from(counts.ok != counts.files || counts.files == 0))
}

/// How many files came to what.
#[derive(Default, Serialize)]
struct Counts {
    files: u64,
    ok: u64,
    stale: u64,
    different: u64,
    no_source: u64,
    not_pyc: u64,
    error: u64,
}

/// The last line of a report for machines.
#[derive(Serialize)]
struct Line<'c> {
    summary: &'c Counts,
}

impl Counts {
    fn count(&mut self, report: &Report) {
        use check::Outcome;
        self.files += 1;
        *match report.result {
            Outcome::Ok => &mut self.ok,
            Outcome::Stale => &mut self.stale,
            Outcome::Different => &mut self.different,
            Outcome::NoSource => &mut self.no_source,
            Outcome::NotPyc => &mut self.not_pyc,
            Outcome::Error => &mut self.error,
        } += 1;
    }
}
