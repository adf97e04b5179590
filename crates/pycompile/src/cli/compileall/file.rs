//! One file with all its optimization levels (`compile_file`).

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pycompile::Compiler;
use pymarshal::pyc::PycHeader;

use super::plan::{Plan, Rx};
use super::walk::{Item, Kind, Rewriting};
use crate::cli::json::{Diagnostic, FileReport, FileResult};
use crate::cli::pyc_file::{Failure, Job, compile, link_if_equal};
use crate::cli::{Streams, paths, style};

/// What became of a step.
#[derive(Default)]
pub(crate) struct Report {
    out: Vec<u8>,
    /// Warnings.
    err: String,
    /// How much of the output comes before the warnings.
    before_err: usize,
    pub(crate) success: bool,
    /// Nothing for what is no source.
    pub(crate) file: Option<FileReport>,
}

impl Report {
    /// Of what cannot be done.
    pub(crate) fn failure(text: &str) -> Self {
        Report { out: text.as_bytes().to_vec(), ..Report::default() }
    }

    fn say(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn warn(&mut self, text: &str) {
        if self.err.is_empty() {
            self.before_err = self.out.len();
        }
        self.err.push_str(text);
    }

    /// Whether there is nothing to print.
    pub(super) fn is_silent(&self) -> bool {
        self.out.is_empty() && self.err.is_empty()
    }

    /// Prints it, for a person in the order in which it came about.
    pub(crate) fn print(&self, streams: &mut Streams<'_>) -> io::Result<()> {
        let (before, after) = self.out.split_at(self.before_err);
        streams.print(before)?;
        streams.err.write_all(self.err.as_bytes())?;
        streams.print(after)
    }
}

pub(super) fn process(item: &Item, plan: &Plan, compiler: &mut Compiler) -> Report {
    let mut report = Report { success: true, ..Report::default() };
    match item {
        Item::Say(line) => report.say(line),
        Item::Abort(_) => report.success = false,
        Item::File { path, kind, rewriting } => {
            let shown_as = shown_path(path, rewriting, plan, &mut report);
            if is_wanted(path, *kind, plan) {
                compile_file(path, shown_as.as_deref(), plan, compiler, &mut report);
            }
        }
    }
    report
}

/// What makes CPython's program end with an exception at this step, if anything does.
pub(super) fn abort(item: &Item, plan: &Plan) -> Option<&'static str> {
    match item {
        Item::Say(_) => None,
        Item::Abort(text) => Some(text),
        Item::File { path, rewriting, .. } => {
            let strips_all = rewriting.stripdir.as_deref() == Some(path.as_os_str());
            if strips_all {
                return Some("TypeError: join() missing 1 required positional argument: 'a'");
            }
            if plan.hardlink_dupes && plan.levels.len() < 2 {
                return Some(
                    "ValueError: Hardlinking of duplicated bytecode makes sense only for more than one optimization level",
                );
            }
            matches!(plan.rx, Some(Rx::Empty))
                .then_some("AttributeError: 'str' object has no attribute 'search'")
        }
    }
}

/// The path that the code gets, if it is another than the real one.
fn shown_path(path: &Path, rewriting: &Rewriting, plan: &Plan, report: &mut Report) -> Option<OsString> {
    let mut shown = None;
    if let Some(stripdir) = rewriting.stripdir.as_deref() {
        match strip(path.as_os_str(), stripdir) {
            Some(rest) => shown = Some(rest),
            None if plan.quiet < 2 => report.say(&format!(
                "The stripdir path {} is not a valid prefix for source path {}; ignoring\n",
                paths::repr(stripdir),
                paths::repr(path.as_os_str())
            )),
            None => {}
        }
    }
    match rewriting.prependdir.as_deref() {
        Some(prefix) => {
            let rest = shown.as_deref().unwrap_or(path.as_os_str());
            Some(paths::join(prefix, rest).into_os_string())
        }
        None => shown,
    }
}

/// `os.path.join(*parts)` of what remains behind the prefix.
fn strip(path: &OsStr, prefix: &OsStr) -> Option<OsString> {
    let mut rest = parts(path);
    if !parts(prefix).all(|part| rest.next() == Some(part)) {
        return None;
    }
    let mut joined = OsString::new();
    for part in rest {
        joined = paths::join(&joined, OsStr::from_bytes(part)).into_os_string();
    }
    Some(joined)
}

/// `path.split('/')`, for comparing prefixes.
fn parts(path: &OsStr) -> impl Iterator<Item = &[u8]> {
    path.as_bytes().split(|&b| b == b'/')
}

fn is_wanted(path: &Path, kind: Kind, plan: &Plan) -> bool {
    if let Some(Rx::Search(rx)) = &plan.rx
        && rx.is_in(path.as_os_str())
    {
        return false;
    }
    let is_file = kind == Kind::Regular;
    if let Some(limit) = plan.limit_links.as_ref().filter(|_| !is_file && path.is_symlink()) {
        let real = fs::canonicalize(path).unwrap_or_default();
        if real == *limit || !real.starts_with(limit) {
            return false;
        }
    }
    let (_, name) = paths::split(path.as_os_str());
    name.as_bytes().ends_with(b".py") && (is_file || path.is_file())
}

fn compile_file(
    path: &Path,
    shown_as: Option<&OsStr>,
    plan: &Plan,
    compiler: &mut Compiler,
    report: &mut Report,
) {
    let start = Instant::now();
    let targets: Vec<(i64, PathBuf)> =
        plan.levels.iter().map(|&level| (plan.level(level), target(path, level, plan))).collect();
    if !plan.force && is_up_to_date(path, &targets) {
        let result = FileResult::UpToDate;
        report.file = Some(FileReport::new(path.as_os_str(), result, start.elapsed(), (0, 0), Vec::new()));
        return;
    }
    if plan.quiet == 0 {
        report.say(&format!("Compiling {}...\n", paths::repr(path.as_os_str())));
    }
    let levels = compile_levels(path, shown_as, &targets, plan, compiler, report);
    let (result, bytes) = match levels.written {
        Ok(bytes) if plan.check => (FileResult::Checked, bytes),
        Ok(bytes) => (FileResult::Written, bytes),
        Err(failure) => {
            fail(path, failure, plan, report);
            (FileResult::Failed, 0)
        }
    };
    let sizes = (levels.read, bytes);
    report.file = Some(FileReport::new(path.as_os_str(), result, start.elapsed(), sizes, levels.diagnostics));
}

/// What became of the levels of a file.
struct Levels {
    /// Bytes over all levels, or why one of them is not there.
    written: Result<u64, Failure>,
    /// Bytes of the source.
    read: u64,
    diagnostics: Vec<Diagnostic>,
}

/// All levels of a file, up to the first that fails.
fn compile_levels(
    path: &Path,
    shown_as: Option<&OsStr>,
    targets: &[(i64, PathBuf)],
    plan: &Plan,
    compiler: &mut Compiler,
    report: &mut Report,
) -> Levels {
    let mut levels = Levels { written: Ok(0), read: 0, diagnostics: Vec::new() };
    let mut bytes = 0;
    let mut previous: Option<&Path> = None;
    for (level, target) in targets {
        let job = Job {
            source: path,
            target,
            shown_as,
            optimize: *level,
            mode: plan.mode,
            warnings: &plan.warnings,
            write: !plan.check,
        };
        let outcome = compile(&job, compiler);
        report.warn(&outcome.warnings);
        levels.diagnostics.extend(outcome.diagnostics);
        levels.read = levels.read.max(outcome.read);
        match outcome.result {
            Ok(written) => bytes += written,
            Err(failure) => return Levels { written: Err(failure), ..levels },
        }
        if let Some(previous) = previous.filter(|_| plan.hardlink_dupes && !plan.check)
            && let Err(failure) = link_if_equal(previous, target)
        {
            return Levels { written: Err(failure), ..levels };
        }
        previous = Some(target);
    }
    Levels { written: Ok(bytes), ..levels }
}

fn target(path: &Path, level: i64, plan: &Plan) -> PathBuf {
    if plan.legacy {
        let mut name = path.as_os_str().to_owned();
        name.push("c");
        return name.into();
    }
    // A level below zero names no level: the interpreter's own stands in.
    let level = if level < 0 { i64::from(plan.optimize) } else { level };
    paths::cache_from_source(path, level, plan.cache_prefix.as_deref())
}

/// Whether the first twelve bytes of every target say so: the size is not looked at.
fn is_up_to_date(source: &Path, targets: &[(i64, PathBuf)]) -> bool {
    let Ok(source) = fs::metadata(source) else { return false };
    let header = PycHeader::Timestamp { mtime: source.mtime() as u32, size: 0 }.to_bytes();
    targets.iter().all(|(_, target)| {
        let mut start = [0; 12];
        let read = fs::File::open(target).and_then(|mut file| file.read_exact(&mut start));
        read.is_ok() && start == header[..12]
    })
}

fn fail(path: &Path, failure: Failure, plan: &Plan, report: &mut Report) {
    report.success = false;
    if plan.quiet >= 2 {
        return;
    }
    if plan.quiet > 0 {
        report.say(&format!(
            "{} Error compiling {}...\n",
            style::bad("***", plan.color),
            paths::repr(path.as_os_str())
        ));
    } else {
        report.say(&style::bad("***", plan.color));
        report.say(" ");
    }
    match failure {
        Failure::Compile(text) => report.say(&text),
        Failure::System(class, text) => {
            report.say(&format!("{class}: "));
            report.out.extend_from_slice(&text);
        }
    }
    report.say("\n");
}
