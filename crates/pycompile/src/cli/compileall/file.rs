//! One file with all its optimization levels (`compile_file`).

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use pycode::PyStr;
use pycompile::Compiler;
use pymarshal::pyc::PycHeader;

use super::walk::Item;
use super::{Plan, parts};
use crate::cli::paths;
use crate::cli::pyc_file::{Failure, Job, compile};

/// What became of a step.
#[derive(Default)]
pub(super) struct Report {
    pub(super) out: String,
    pub(super) err: String,
    pub(super) success: bool,
}

pub(super) fn process(item: &Item, plan: &Plan, compiler: &mut Compiler) -> Report {
    let mut report = Report { success: true, ..Report::default() };
    match item {
        Item::Say(line) => report.out.push_str(line),
        Item::File { path, stripdir, prependdir } => {
            let shown_as = shown_path(path, stripdir.as_deref(), prependdir.as_deref(), plan, &mut report);
            if is_wanted(path, plan) {
                compile_file(path, shown_as.as_deref(), plan, compiler, &mut report);
            }
        }
    }
    report
}

/// The path that the code gets, if it is another than the real one.
fn shown_path(
    path: &Path,
    stripdir: Option<&OsStr>,
    prependdir: Option<&OsStr>,
    plan: &Plan,
    report: &mut Report,
) -> Option<OsString> {
    let mut shown = None;
    if let Some(stripdir) = stripdir {
        match strip(path.as_os_str(), stripdir) {
            Some(rest) => shown = Some(rest),
            None if plan.quiet < 2 => {
                report.out.push_str(&format!(
                    "The stripdir path {} is not a valid prefix for source path {}; ignoring\n",
                    paths::repr(stripdir),
                    paths::repr(path.as_os_str())
                ));
            }
            None => {}
        }
    }
    match prependdir {
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

fn is_wanted(path: &Path, plan: &Plan) -> bool {
    if let Some(rx) = &plan.rx {
        let text = PyStr::from_wtf8(&paths::decode(path.as_os_str())).to_string_lossy();
        if rx.is_match(&text).unwrap_or(false) {
            return false;
        }
    }
    if let Some(limit) = plan.limit_links.as_ref().filter(|_| path.is_symlink()) {
        let real = fs::canonicalize(path).unwrap_or_default();
        if real == *limit || !real.starts_with(limit) {
            return false;
        }
    }
    let (_, name) = paths::split(path.as_os_str());
    name.as_bytes().ends_with(b".py") && path.is_file()
}

fn compile_file(
    path: &Path,
    shown_as: Option<&OsStr>,
    plan: &Plan,
    compiler: &mut Compiler,
    report: &mut Report,
) {
    let targets: Vec<(i32, PathBuf)> =
        plan.levels.iter().map(|&level| (level, target(path, level, plan))).collect();
    if !plan.force && is_up_to_date(path, &targets) {
        return;
    }
    if plan.quiet == 0 {
        report.out.push_str(&format!("Compiling {}...\n", paths::repr(path.as_os_str())));
    }
    let mut previous: Option<&Path> = None;
    for (level, target) in &targets {
        let job = Job { source: path, target, shown_as, optimize: *level, mode: plan.mode };
        match compile(&job, compiler) {
            Ok(warnings) => report.err.push_str(&warnings),
            Err(failure) => return fail(path, failure, plan, report),
        }
        if let Some(previous) = previous.filter(|_| plan.hardlink_dupes) {
            link_if_equal(previous, target);
        }
        previous = Some(target);
    }
}

fn target(path: &Path, level: i32, plan: &Plan) -> PathBuf {
    if plan.legacy {
        let mut name = path.as_os_str().to_owned();
        name.push("c");
        return name.into();
    }
    paths::cache_from_source(path, level, plan.cache_prefix.as_deref())
}

/// Whether the first twelve bytes of every target say so: the size is not looked at.
fn is_up_to_date(path: &Path, targets: &[(i32, PathBuf)]) -> bool {
    let Ok(metadata) = fs::metadata(path) else { return false };
    let header = PycHeader::Timestamp { mtime: metadata.mtime() as u32, size: 0 }.to_bytes();
    targets.iter().all(|(_, target)| {
        let mut start = [0; 12];
        let read = fs::File::open(target).and_then(|mut file| file.read_exact(&mut start));
        read.is_ok() && start == header[..12]
    })
}

/// Replaces a file by a link to the one of the level before, if they are the same.
fn link_if_equal(previous: &Path, target: &Path) {
    let same = matches!((fs::read(previous), fs::read(target)), (Ok(a), Ok(b)) if a == b);
    if same && fs::remove_file(target).is_ok() {
        let _ = fs::hard_link(previous, target);
    }
}

fn fail(path: &Path, failure: Failure, plan: &Plan, report: &mut Report) {
    report.success = false;
    if plan.quiet >= 2 {
        return;
    }
    if plan.quiet > 0 {
        report.out.push_str(&format!("*** Error compiling {}...\n", paths::repr(path.as_os_str())));
    } else {
        report.out.push_str("*** ");
    }
    match failure {
        Failure::Compile(text) => report.out.push_str(&format!("{text}\n")),
        Failure::System(class, text) => report.out.push_str(&format!("{class}: {text}\n")),
    }
}
