//! `compileall`: files and directory trees, as `python -m compileall` compiles them.
//!
//! Files are compiled on all cores; what is printed comes in the order of one worker, and is the same
//! for every number of threads.

mod file;
mod list;
mod overlap;
mod pattern;
mod plan;
mod single;
mod summary;
mod walk;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pycompile::Compiler;

use super::interpreter::Interpreter;
use super::progress::Progress;
use super::pyc_file::InvalidationMode;
use super::threads::{self, Step, in_order};
use super::usage::{BEYOND, int};
use super::{Streams, Usage, json};
use plan::{Plan, Refusal};
use summary::Summary;
use walk::{Destination, Item, Walk};

pub(crate) use file::Report;
pub(crate) use single::SingleFiles;

/// The options of `python -m compileall`.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// Show this help
    #[arg(short = 'h', long, action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// Don't recurse into subdirectories
    #[arg(short = 'l')]
    local: bool,
    /// The maximum recursion level; takes precedence over `-l`
    #[arg(short = 'r', value_name = "RECURSION", allow_negative_numbers = true, value_parser = int)]
    recursion: Option<i64>,
    /// Force rebuild even if timestamps are up to date
    #[arg(short = 'f')]
    force: bool,
    /// Output only error messages; -qq suppresses the error messages as well
    #[arg(short = 'q', action = clap::ArgAction::Count)]
    quiet: u8,
    /// Use legacy (pre-PEP 3147) compiled file locations
    #[arg(short = 'b')]
    legacy: bool,
    /// Directory to prepend to file paths for use in tracebacks
    #[arg(short = 'd', value_name = "DESTDIR")]
    ddir: Option<OsString>,
    /// Part of path to left-strip from path to source file
    #[arg(short = 's', value_name = "STRIPDIR")]
    stripdir: Option<OsString>,
    /// Path to add as prefix to path to source file
    #[arg(short = 'p', value_name = "PREPENDDIR")]
    prependdir: Option<OsString>,
    /// Skip files whose full path the regular expression is found in
    #[arg(short = 'x', value_name = "REGEXP")]
    rx: Option<OsString>,
    /// Add the files and directories listed in FILE; `-` reads them from standard input
    #[arg(short = 'i', value_name = "FILE")]
    list: Option<OsString>,
    /// How many threads to use; 0 is one for each core
    #[arg(short = 'j', long, default_value_t = 0, allow_negative_numbers = true, value_parser = int)]
    workers: i64,
    /// How importers tell whether the .pyc is up to date
    #[arg(long, value_enum)]
    invalidation_mode: Option<InvalidationMode>,
    /// Optimization level; may be given more than once
    #[arg(short = 'o', value_name = "OPT_LEVELS", allow_negative_numbers = true, value_parser = int,
          action = clap::ArgAction::Append)]
    levels: Vec<i64>,
    /// Ignore symlinks that point outside of the directory
    #[arg(short = 'e', value_name = "DIR")]
    limit_links: Option<OsString>,
    /// Hardlink duplicated .pyc files
    #[arg(long)]
    hardlink_dupes: bool,
    /// Compile, and write nothing
    #[arg(long, help_heading = BEYOND)]
    check: bool,
    /// Print a JSON object for each file, and one for the whole, instead of text
    #[arg(long, help_heading = BEYOND)]
    json: bool,
    /// End with a line of counts and rate on standard error; a terminal gets it anyway
    #[arg(long, help_heading = BEYOND)]
    summary: bool,
    /// Files and directories to compile; without any, the directories of PYTHONPATH
    #[arg(value_name = "FILE|DIR")]
    paths: Vec<OsString>,
}

pub(crate) fn run(args: &Args, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    let plan = match Plan::new(args, interpreter, streams.out_color) {
        Ok(plan) => plan,
        Err(Refusal::Usage(text)) => return streams.usage_error(Usage::Compileall, &text),
        Err(Refusal::Exception(text)) => {
            writeln!(streams.err, "{text}")?;
            return Ok(1);
        }
    };
    let mut named = args.paths.clone();
    if let Some(file) = args.list.as_deref().filter(|file| !file.is_empty()) {
        match list::paths(file) {
            Ok(paths) => named.extend(paths),
            Err(error) => return error.tell(file, plan.quiet, streams),
        }
    }
    let Some(destinations) = destinations(named, interpreter) else {
        let text = "nothing to compile: without an interpreter there is no module search path; name files or directories, or set PYTHONPATH";
        return streams.usage_error(Usage::Compileall, text);
    };
    compile_all(&plan, args, Walk::new(destinations, &plan), streams)
}

/// What is named, or else the search path, if there is one.
fn destinations(named: Vec<OsString>, interpreter: &Interpreter) -> Option<Vec<Destination>> {
    if named.is_empty() {
        search_path(interpreter).map(|folders| folders.map(Destination::SearchPath).collect())
    } else {
        Some(named.into_iter().map(Destination::Named).collect())
    }
}

/// `compile_path`: the folders of the search path. The standard library is not there.
fn search_path(interpreter: &Interpreter) -> Option<impl Iterator<Item = OsString>> {
    let path = interpreter.path.as_ref()?;
    let current = interpreter.path_has_current.then(|| std::env::current_dir().unwrap_or_default());
    Some(current.into_iter().chain(std::env::split_paths(path)).map(PathBuf::into_os_string))
}

fn compile_all(plan: &Plan, args: &Args, mut walk: Walk<'_>, streams: &mut Streams<'_>) -> io::Result<u8> {
    let with_bar = streams.may_show_progress(plan.quiet > 0 && !args.json);
    let ahead: Vec<_> = if with_bar && walk.can_look_ahead() { walk.by_ref().collect() } else { Vec::new() };
    let mut progress = Progress::new(ahead.len(), with_bar);
    let mut jobs =
        Jobs { steps: ahead.into_iter().chain(walk), plan, interrupted: interruptible()?, aborted: None };
    let compile = |compiler: &mut Compiler, item: Item| file::process(&item, plan, compiler);
    let mut summary = Summary::new();
    let tell = |report: Report| {
        summary.count(&report);
        progress.advance();
        match &report.file {
            Some(file) if args.json => streams.print(&json::line(file)),
            _ if args.json || report.is_silent() => Ok(()),
            _ => progress.aside(|| report.print(streams)),
        }
    };
    let threads = threads::count(usize::try_from(plan.workers).unwrap_or(0));
    in_order(threads, &mut jobs, compile, tell)?;
    progress.finish();
    if jobs.interrupted.load(Ordering::Relaxed) {
        streams.out.write_all(if plan.quiet < 2 { b"\n[interrupted]\n" } else { b"" })?;
        return Ok(1);
    }
    if let Some(text) = jobs.aborted {
        writeln!(streams.err, "{text}")?;
        return Ok(1);
    }
    close(&summary, plan, args, streams)
}

/// What there is to do, until somebody or something ends it.
struct Jobs<'p, I> {
    steps: I,
    plan: &'p Plan,
    interrupted: Arc<AtomicBool>,
    /// The exception that CPython's program ends with.
    aborted: Option<&'static str>,
}

impl<I: Iterator<Item = Step<Item>>> Iterator for Jobs<'_, I> {
    type Item = Step<Item>;

    fn next(&mut self) -> Option<Step<Item>> {
        let step = self.steps.next()?;
        if let Step::Job(item) = &step {
            self.aborted = file::abort(item, self.plan);
        }
        let goes_on = self.aborted.is_none() && !self.interrupted.load(Ordering::Relaxed);
        goes_on.then_some(step)
    }
}

fn close(summary: &Summary, plan: &Plan, args: &Args, streams: &mut Streams<'_>) -> io::Result<u8> {
    if args.json {
        streams.out.write_all(&summary.json())?;
    } else if args.summary || (streams.err_is_terminal && plan.quiet == 0) {
        summary.write(streams)?;
    }
    Ok(u8::from(!summary.success()))
}

/// A flag that ^C raises: the files at hand are finished, so that nothing is left half done.
fn interruptible() -> io::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&flag))?;
    Ok(flag)
}
