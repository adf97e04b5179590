//! The options of `compileall`, checked.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;

use super::Args;
use super::pattern::Pattern;
use crate::cli::interpreter::Interpreter;
use crate::cli::pyc_file::InvalidationMode;
use crate::cli::warnings::WarningFilters;

/// What is to be done with every file.
pub(super) struct Plan {
    pub(super) max_levels: i64,
    pub(super) force: bool,
    pub(super) quiet: u8,
    pub(super) legacy: bool,
    pub(super) ddir: Option<OsString>,
    pub(super) stripdir: Option<OsString>,
    pub(super) prependdir: Option<OsString>,
    pub(super) rx: Option<Rx>,
    pub(super) workers: i64,
    pub(super) mode: InvalidationMode,
    /// Sorted, each once; -1 is the interpreter's own.
    pub(super) levels: Vec<i64>,
    pub(super) limit_links: Option<PathBuf>,
    pub(super) hardlink_dupes: bool,
    pub(super) cache_prefix: Option<OsString>,
    /// The interpreter's own level.
    pub(super) optimize: u8,
    pub(super) warnings: WarningFilters,
    /// Compile, and write nothing.
    pub(super) check: bool,
    /// Whether the output is for a terminal that shows colours.
    pub(super) color: bool,
}

/// `-x`
pub(super) enum Rx {
    Search(Pattern),
    /// An empty expression is never compiled to one, and CPython fails over it at the first file.
    Empty,
}

/// Why there is no plan.
pub(super) enum Refusal {
    /// `parser.error`
    Usage(String),
    /// An exception of another kind.
    Exception(String),
}

/// Python's recursion limit, which bounds the walk where nothing else does.
const DEFAULT_MAX_LEVELS: i64 = 1000;

impl Plan {
    pub(super) fn new(args: &Args, interpreter: &Interpreter, color: bool) -> Result<Plan, Refusal> {
        let rx = args.rx.as_deref().map(rx).transpose()?;
        let mut levels = if args.levels.is_empty() { vec![-1] } else { args.levels.clone() };
        if levels.len() == 1 && args.hardlink_dupes {
            let text =
                "Hardlinking of duplicated bytecode makes sense only for more than one optimization level.";
            return Err(Refusal::Usage(text.to_owned()));
        }
        if args.ddir.is_some() && (args.stripdir.is_some() || args.prependdir.is_some()) {
            return Err(Refusal::Usage("-d cannot be used in combination with -s or -p".to_owned()));
        }
        levels.sort_unstable();
        levels.dedup();
        let limit_links = args.limit_links.as_ref().filter(|dir| !dir.is_empty());
        let mode = args.invalidation_mode.unwrap_or_else(InvalidationMode::from_environment);
        Ok(Plan {
            max_levels: args.recursion.unwrap_or(if args.local { 0 } else { DEFAULT_MAX_LEVELS }),
            legacy: args.legacy,
            ddir: args.ddir.clone(),
            stripdir: args.stripdir.clone(),
            prependdir: args.prependdir.clone(),
            rx,
            workers: args.workers,
            levels,
            limit_links: limit_links.map(|dir| fs::canonicalize(dir).unwrap_or_else(|_| dir.into())),
            hardlink_dupes: args.hardlink_dupes,
            check: args.check,
            color,
            ..Plan::of_single_files(args.quiet, args.force || args.check, mode, interpreter)
        })
    }

    /// The plan of a caller of `compileall.compile_file` that gives these arguments.
    pub(super) fn of_single_files(
        quiet: u8,
        force: bool,
        mode: InvalidationMode,
        interpreter: &Interpreter,
    ) -> Plan {
        Plan {
            max_levels: 0,
            force,
            quiet,
            legacy: false,
            ddir: None,
            stripdir: None,
            prependdir: None,
            rx: None,
            workers: 1,
            mode,
            levels: vec![-1],
            limit_links: None,
            hardlink_dupes: false,
            cache_prefix: interpreter.pycache_prefix.clone(),
            optimize: interpreter.optimize,
            warnings: interpreter.warnings.clone(),
            check: false,
            color: false,
        }
    }

    /// The level that is compiled with: -1 is the interpreter's own.
    pub(super) fn level(&self, level: i64) -> i64 {
        if level == -1 { i64::from(self.optimize) } else { level }
    }
}

fn rx(text: &OsStr) -> Result<Rx, Refusal> {
    if text.is_empty() {
        return Ok(Rx::Empty);
    }
    let refused = |error| Refusal::Exception(format!("re.PatternError: {error}"));
    Pattern::new(text).map(Rx::Search).map_err(refused)
}
