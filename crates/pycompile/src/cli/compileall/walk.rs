//! Which files there are, in CPython's order (`_walk_dir`).

use std::ffi::{OsStr, OsString};
use std::fs;
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
        /// What to strip from the path that the code gets, and what to put before it.
        stripdir: Option<OsString>,
        prependdir: Option<OsString>,
    },
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
    let found =
        |path: PathBuf| Item::File { path, stripdir: stripdir.clone(), prependdir: prependdir.clone() };
    walk(path, plan.max_levels, plan, &found, &mut items);
    items
}

/// The steps for a folder of the module search path, of which nothing is stripped.
pub(super) fn folder(path: &OsStr, levels: i64, plan: &Plan) -> Vec<Item> {
    let mut items = Vec::new();
    let found = |path: PathBuf| Item::File { path, stripdir: None, prependdir: None };
    walk(path, levels, plan, &found, &mut items);
    items
}

/// `-d` for a single file is: the directory and the file's name.
fn single_file(path: &OsStr, plan: &Plan) -> Item {
    let path = PathBuf::from(path);
    match &plan.ddir {
        Some(ddir) => {
            let (head, _) = paths::split(path.as_os_str());
            let stripdir = (!head.is_empty()).then(|| head.to_owned());
            Item::File { stripdir, prependdir: Some(ddir.clone()), path }
        }
        None => Item::File { path, stripdir: plan.stripdir.clone(), prependdir: plan.prependdir.clone() },
    }
}

/// Directories that are still to be listed stand on a stack, last first.
fn walk(root: &OsStr, levels: i64, plan: &Plan, found: &dyn Fn(PathBuf) -> Item, items: &mut Vec<Item>) {
    enum Step {
        List(OsString, i64),
        File(PathBuf),
    }
    let mut steps = vec![Step::List(root.to_owned(), levels)];
    while let Some(step) = steps.pop() {
        let (folder, levels) = match step {
            Step::File(path) => {
                items.push(found(path));
                continue;
            }
            Step::List(folder, levels) => (folder, levels),
        };
        let mut below = Vec::new();
        for name in list(&folder, plan, items) {
            let path = paths::join(&folder, &name);
            if !path.is_dir() {
                below.push(Step::File(path));
            } else if levels > 0 && !path.is_symlink() {
                below.push(Step::List(path.into_os_string(), levels - 1));
            }
        }
        steps.extend(below.into_iter().rev());
    }
}

/// The sorted names in a folder, without `__pycache__`.
fn list(folder: &OsStr, plan: &Plan, items: &mut Vec<Item>) -> Vec<OsString> {
    if plan.quiet == 0 {
        items.push(Item::Say(format!("Listing {}...\n", paths::repr(folder))));
    }
    let entries = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|e| e.file_name())).collect::<Result<Vec<_>, _>>());
    let Ok(mut names) = entries else {
        if plan.quiet < 2 {
            items.push(Item::Say(format!("Can't list {}\n", paths::repr(folder))));
        }
        return Vec::new();
    };
    // By code point, which for UTF-8 is by byte.
    names.sort();
    names.retain(|name| name != "__pycache__");
    names
}
