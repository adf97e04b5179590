//! Which files there are, in CPython's order (`_walk_dir`).

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirEntry, FileType};
use std::path::PathBuf;

use super::plan::Plan;
use crate::cli::paths;

/// A step of the work.
pub(super) enum Item {
    /// A line to print.
    Say(String),
    /// An exception that CPython's program ends with.
    Abort(String),
    /// A file to look at.
    File {
        path: PathBuf,
        kind: Kind,
        /// What to strip from the path that the code gets, and what to put before it.
        stripdir: Option<OsString>,
        prependdir: Option<OsString>,
    },
}

/// What the folder says that a name in it stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file, and no link to one.
    Regular,
    /// A link, a device, or not known.
    Other,
}

/// The steps for a path of the command line.
pub(super) fn items(path: &OsStr, plan: &Plan) -> Vec<Item> {
    let mut items = Vec::new();
    if PathBuf::from(path).is_file() {
        items.push(single_file(path, plan));
        return items;
    }
    if plan.workers < 0 {
        items.push(Item::Abort("ValueError: workers must be greater or equal to 0".to_owned()));
        return items;
    }
    // `-d` for a directory is: strip the directory, prepend the other.
    let (stripdir, prependdir) = match &plan.ddir {
        Some(ddir) => (Some(path.to_owned()), Some(ddir.clone())),
        None => (plan.stripdir.clone(), plan.prependdir.clone()),
    };
    let found = |path: PathBuf, kind: Kind| Item::File {
        path,
        kind,
        stripdir: stripdir.clone(),
        prependdir: prependdir.clone(),
    };
    walk(path, plan.max_levels, plan, &found, &mut items);
    items
}

/// The steps for a folder of the module search path, of which nothing is stripped.
pub(super) fn folder(path: &OsStr, levels: i64, plan: &Plan) -> Vec<Item> {
    let mut items = Vec::new();
    let found = |path: PathBuf, kind: Kind| Item::File { path, kind, stripdir: None, prependdir: None };
    walk(path, levels, plan, &found, &mut items);
    items
}

/// `-d` for a single file is: the directory and the file's name.
fn single_file(path: &OsStr, plan: &Plan) -> Item {
    let path = PathBuf::from(path);
    let kind = Kind::Other;
    match &plan.ddir {
        Some(ddir) => {
            let (head, _) = paths::split(path.as_os_str());
            let stripdir = (!head.is_empty()).then(|| head.to_owned());
            Item::File { stripdir, prependdir: Some(ddir.clone()), path, kind }
        }
        None => {
            Item::File { path, kind, stripdir: plan.stripdir.clone(), prependdir: plan.prependdir.clone() }
        }
    }
}

/// Directories that are still to be listed stand on a stack, last first.
fn walk(
    root: &OsStr,
    levels: i64,
    plan: &Plan,
    found: &dyn Fn(PathBuf, Kind) -> Item,
    items: &mut Vec<Item>,
) {
    enum Step {
        List(OsString, i64),
        File(PathBuf, Kind),
    }
    let mut steps = vec![Step::List(root.to_owned(), levels)];
    while let Some(step) = steps.pop() {
        let (folder, levels) = match step {
            Step::File(path, kind) => {
                items.push(found(path, kind));
                continue;
            }
            Step::List(folder, levels) => (folder, levels),
        };
        let mut below = Vec::new();
        for (name, kind) in list(&folder, plan, items) {
            let path = paths::join(&folder, &name);
            match kind {
                Some(kind) if kind.is_file() => below.push(Step::File(path, Kind::Regular)),
                Some(kind) if kind.is_dir() && levels > 0 => {
                    below.push(Step::List(path.into_os_string(), levels - 1));
                }
                Some(kind) if kind.is_dir() => {}
                // A link to a folder is neither entered nor a file.
                _ if path.is_dir() => {}
                _ => below.push(Step::File(path, Kind::Other)),
            }
        }
        steps.extend(below.into_iter().rev());
    }
}

/// The sorted names in a folder, without `__pycache__`, and what they stand for.
fn list(folder: &OsStr, plan: &Plan, items: &mut Vec<Item>) -> Vec<(OsString, Option<FileType>)> {
    if plan.quiet == 0 {
        items.push(Item::Say(format!("Listing {}...\n", paths::repr(folder))));
    }
    let named = |entry: DirEntry| (entry.file_name(), entry.file_type().ok());
    let entries = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(named)).collect::<Result<Vec<_>, _>>());
    let Ok(mut names) = entries else {
        if plan.quiet < 2 {
            items.push(Item::Say(format!("Can't list {}\n", paths::repr(folder))));
        }
        return Vec::new();
    };
    // By code point, which for UTF-8 is by byte.
    names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    names.retain(|(name, _)| name != "__pycache__");
    names
}
