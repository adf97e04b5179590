//! `compileall`: files and directory trees, as `python -m compileall` compiles them.
//!
//! Files are compiled on all cores; what is printed comes in the order of one worker, and is the same
//! for every number of threads.

mod file;
mod walk;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use fancy_regex::Regex;
use pycompile::Compiler;
use rayon::prelude::*;

use super::pyc_file::InvalidationMode;
use super::{Streams, USAGE_ERROR};
use file::Report;
use walk::Item;

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
    #[arg(short = 'r', value_name = "RECURSION", allow_hyphen_values = true)]
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
    rx: Option<String>,
    /// Add the files and directories listed in FILE; `-` reads them from standard input
    #[arg(short = 'i', value_name = "FILE")]
    list: Option<OsString>,
    /// Use so many threads; 0, the default, is one for each core
    #[arg(short = 'j', long, default_value_t = 0, allow_hyphen_values = true)]
    workers: i64,
    /// How importers tell whether the .pyc is up to date
    #[arg(long, value_enum)]
    invalidation_mode: Option<InvalidationMode>,
    /// Optimization levels, one or more
    #[arg(short = 'o', value_name = "OPT_LEVEL", allow_hyphen_values = true)]
    levels: Vec<i32>,
    /// Ignore symlinks that point outside of the directory
    #[arg(short = 'e', value_name = "DIR")]
    limit_links: Option<OsString>,
    /// Hardlink duplicated .pyc files
    #[arg(long)]
    hardlink_dupes: bool,
    /// Files and directories to compile
    #[arg(value_name = "FILE|DIR")]
    paths: Vec<OsString>,
}

/// The options, checked.
struct Plan {
    max_levels: i64,
    force: bool,
    quiet: u8,
    legacy: bool,
    ddir: Option<OsString>,
    stripdir: Option<OsString>,
    prependdir: Option<OsString>,
    rx: Option<Regex>,
    mode: InvalidationMode,
    /// Sorted, each once.
    levels: Vec<i32>,
    limit_links: Option<PathBuf>,
    hardlink_dupes: bool,
    cache_prefix: Option<OsString>,
}

/// Python's recursion limit, which bounds the walk where nothing else does.
const DEFAULT_MAX_LEVELS: i64 = 1000;

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> io::Result<u8> {
    let plan = match plan(args) {
        Ok(plan) => plan,
        Err(text) => {
            writeln!(streams.err, "pycompile compileall: error: {text}")?;
            return Ok(USAGE_ERROR);
        }
    };
    let mut paths = args.paths.clone();
    if let Some(list) = &args.list {
        match listed(list) {
            Ok(more) => paths.extend(more),
            Err(_) => {
                if plan.quiet < 2 {
                    writeln!(streams.out, "Error reading file list {}", list.to_string_lossy())?;
                }
                return Ok(1);
            }
        }
    }
    if paths.is_empty() {
        match std::env::var_os("PYTHONPATH").filter(|path| !path.is_empty()) {
            Some(path) => paths.extend(std::env::split_paths(&path).map(PathBuf::into_os_string)),
            None => {
                let text = "nothing to compile: without an interpreter there is no module search path; name files or directories, or set PYTHONPATH";
                writeln!(streams.err, "pycompile compileall: error: {text}")?;
                return Ok(USAGE_ERROR);
            }
        }
    }
    compile_all(&plan, &paths, args.workers, streams)
}

fn compile_all(plan: &Plan, paths: &[OsString], workers: i64, streams: &mut Streams<'_>) -> io::Result<u8> {
    let items: Vec<Item> = paths.iter().flat_map(|path| walk::items(path, plan)).collect();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(usize::try_from(workers).unwrap_or(0))
        .build()
        .map_err(io::Error::other)?;
    let mut success = true;
    // In portions, so that output comes while the work goes on and reports do not pile up.
    for portion in items.chunks(PORTION) {
        let reports: Vec<Report> = pool.install(|| {
            let compile = |compiler: &mut Compiler, item: &Item| file::process(item, plan, compiler);
            portion.par_iter().map_init(Compiler::new, compile).collect()
        });
        for report in reports {
            streams.out.write_all(report.out.as_bytes())?;
            streams.err.write_all(report.err.as_bytes())?;
            success &= report.success;
        }
    }
    Ok(u8::from(!success))
}

/// How many files are compiled between two moments of output.
const PORTION: usize = 512;

fn plan(args: &Args) -> Result<Plan, String> {
    let mut levels = if args.levels.is_empty() { vec![-1] } else { args.levels.clone() };
    if levels.len() == 1 && args.hardlink_dupes {
        return Err(
            "Hardlinking of duplicated bytecode makes sense only for more than one optimization level."
                .into(),
        );
    }
    if args.ddir.is_some() && (args.stripdir.is_some() || args.prependdir.is_some()) {
        return Err("-d cannot be used in combination with -s or -p".into());
    }
    if args.workers < 0 {
        return Err("workers must be greater or equal to 0".into());
    }
    levels.sort_unstable();
    levels.dedup();
    let rx = args.rx.as_deref().map(Regex::new).transpose();
    let limit_links = args.limit_links.as_ref().filter(|dir| !dir.is_empty());
    Ok(Plan {
        max_levels: args.recursion.unwrap_or(if args.local { 0 } else { DEFAULT_MAX_LEVELS }),
        force: args.force,
        quiet: args.quiet,
        legacy: args.legacy,
        ddir: args.ddir.clone(),
        stripdir: args.stripdir.clone(),
        prependdir: args.prependdir.clone(),
        rx: rx.map_err(|error| format!("argument -x: {error}"))?,
        mode: args.invalidation_mode.unwrap_or_else(InvalidationMode::from_environment),
        levels,
        limit_links: limit_links.map(|dir| fs::canonicalize(dir).unwrap_or_else(|_| dir.into())),
        hardlink_dupes: args.hardlink_dupes,
        cache_prefix: std::env::var_os("PYTHONPYCACHEPREFIX").filter(|prefix| !prefix.is_empty()),
    })
}

/// The paths that a list file names, one a line.
fn listed(list: &OsStr) -> io::Result<Vec<OsString>> {
    let text = if list == "-" {
        let mut text = Vec::new();
        io::stdin().lock().read_to_end(&mut text)?;
        text
    } else {
        fs::read(Path::new(list))?
    };
    let lines = text.split(|&b| b == b'\n');
    let count = lines.clone().count() - usize::from(text.is_empty() || text.ends_with(b"\n"));
    Ok(lines.take(count).map(|line| OsString::from_vec(line.trim_ascii().to_vec())).collect())
}

/// `path.split('/')`, for comparing prefixes.
fn parts(path: &OsStr) -> impl Iterator<Item = &[u8]> + Clone {
    path.as_bytes().split(|&b| b == b'/')
}
