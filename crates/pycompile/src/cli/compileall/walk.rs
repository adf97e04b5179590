//! Which files there are, in CPython's order (`_walk_dir`).
//!
//! A [`Walk`] looks at a path when its turn comes, while the files before it are being compiled. Where what there is
//! depends on what the files before leave behind, it says [`Step::Wait`] first: so every number of threads finds what
//! one would find.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirEntry, FileType};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::overlap::{Overlaps, is_tangled};
use super::plan::Plan;
use crate::cli::paths;
use crate::cli::threads::Step;

/// A step of the work.
pub(super) enum Item {
    /// A line to print.
    Say(String),
    /// An exception that CPython's program ends with.
    Abort(&'static str),
    /// A file to look at.
    File { path: PathBuf, kind: Kind, rewriting: Arc<Rewriting> },
}

/// What to strip from the path that the code gets, and what to put before it.
#[derive(Clone, Default)]
pub(super) struct Rewriting {
    pub(super) stripdir: Option<OsString>,
    pub(super) prependdir: Option<OsString>,
}

impl Rewriting {
    /// `-d` for a directory is: strip the directory, prepend the other.
    fn of_folder(folder: &OsStr, ddir: &OsStr) -> Self {
        Rewriting { stripdir: Some(folder.to_owned()), prependdir: Some(ddir.to_owned()) }
    }

    /// `-d` for a single file is: the directory and the file's name.
    pub(super) fn of_file(path: &OsStr, ddir: &OsStr) -> Self {
        let (head, _) = paths::split(path);
        let stripdir = (!head.is_empty()).then(|| head.to_owned());
        Rewriting { stripdir, prependdir: Some(ddir.to_owned()) }
    }
}

/// What the folder says that a name in it stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file, and no link to one.
    Regular,
    /// A link, a device, or not known.
    Other,
}

/// Where to look for files.
pub(super) enum Destination {
    /// A path of the command line.
    Named(OsString),
    /// A folder of the module search path: without those below it, and nothing of its name is stripped.
    SearchPath(OsString),
}

impl Destination {
    fn path(&self) -> &OsStr {
        match self {
            Destination::Named(path) | Destination::SearchPath(path) => path,
        }
    }
}

/// The steps for some destinations, one after the other.
pub(super) struct Walk<'p> {
    plan: &'p Plan,
    /// What is still to be looked at, last first.
    todo: Vec<Todo>,
    rewriting: Arc<Rewriting>,
    overlaps: Overlaps,
    /// Whether the folders that `.pyc` files are written to may be among those to be listed.
    lists_own_output: bool,
}

enum Todo {
    Approach(Destination),
    Enter(Destination),
    Wait,
    Say(String),
    List(OsString, i64),
    Read(OsString, i64),
    File(PathBuf, Kind),
}

impl<'p> Walk<'p> {
    pub(super) fn new(destinations: Vec<Destination>, plan: &'p Plan) -> Self {
        let overlaps = Overlaps::among(destinations.len());
        let prefix = plan.cache_prefix.as_ref().map(Path::new);
        let paths = || destinations.iter().map(|to| Path::new(to.path()));
        let lists_own_output = prefix.is_some_and(|prefix| is_tangled(prefix, paths()));
        let todo = destinations.into_iter().rev().map(Todo::Approach).collect();
        Walk { plan, todo, rewriting: Arc::default(), overlaps, lists_own_output }
    }

    /// Whether all steps can be known before the first is done.
    pub(super) fn can_look_ahead(&self) -> bool {
        !self.lists_own_output
    }

    /// What is there may be the work of the steps before, and so may be that there is nothing.
    fn approach(&mut self, to: Destination) {
        let path = Path::new(to.path());
        let wait = self.overlaps.add(path) || fs::metadata(path).is_err();
        self.todo.push(Todo::Enter(to));
        if wait {
            self.todo.push(Todo::Wait);
        }
    }

    fn enter(&mut self, to: Destination) -> Option<Item> {
        let plan = self.plan;
        let given = || Rewriting { stripdir: plan.stripdir.clone(), prependdir: plan.prependdir.clone() };
        let (rewriting, todo) = match to {
            Destination::SearchPath(folder) => (Rewriting::default(), Todo::List(folder, 0)),
            Destination::Named(path) if Path::new(&path).is_file() => {
                let rewriting = plan.ddir.as_ref().map_or_else(given, |ddir| Rewriting::of_file(&path, ddir));
                (rewriting, Todo::File(path.into(), Kind::Other))
            }
            Destination::Named(_) if plan.workers < 0 => {
                return Some(Item::Abort("ValueError: workers must be greater or equal to 0"));
            }
            Destination::Named(folder) => {
                let rewriting =
                    plan.ddir.as_ref().map_or_else(given, |ddir| Rewriting::of_folder(&folder, ddir));
                (rewriting, Todo::List(folder, plan.max_levels))
            }
        };
        self.rewriting = Arc::new(rewriting);
        self.todo.push(todo);
        None
    }

    fn list(&mut self, folder: OsString, levels: i64) {
        let listing = (self.plan.quiet == 0).then(|| format!("Listing {}...\n", paths::repr(&folder)));
        self.todo.push(Todo::Read(folder, levels));
        if self.lists_own_output {
            self.todo.push(Todo::Wait);
        }
        self.todo.extend(listing.map(Todo::Say));
    }

    fn read(&mut self, folder: &OsStr, levels: i64) {
        let Ok(names) = names(folder) else {
            if self.plan.quiet < 2 {
                self.todo.push(Todo::Say(format!("Can't list {}\n", paths::repr(folder))));
            }
            return;
        };
        for (name, kind) in names.into_iter().rev() {
            let path = paths::join(folder, &name);
            match kind {
                Some(kind) if kind.is_file() => self.todo.push(Todo::File(path, Kind::Regular)),
                Some(kind) if kind.is_dir() && levels > 0 => {
                    self.todo.push(Todo::List(path.into_os_string(), levels - 1));
                }
                Some(kind) if kind.is_dir() => {}
                // A link to a folder is neither entered nor a file.
                _ if path.is_dir() => {}
                _ => self.todo.push(Todo::File(path, Kind::Other)),
            }
        }
    }
}

impl Iterator for Walk<'_> {
    type Item = Step<Item>;

    fn next(&mut self) -> Option<Step<Item>> {
        loop {
            let item = match self.todo.pop()? {
                Todo::Approach(to) => {
                    self.approach(to);
                    continue;
                }
                Todo::List(folder, levels) => {
                    self.list(folder, levels);
                    continue;
                }
                Todo::Read(folder, levels) => {
                    self.read(&folder, levels);
                    continue;
                }
                Todo::Enter(to) => match self.enter(to) {
                    None => continue,
                    Some(item) => item,
                },
                Todo::Wait => return Some(Step::Wait),
                Todo::Say(line) => Item::Say(line),
                Todo::File(path, kind) => Item::File { path, kind, rewriting: Arc::clone(&self.rewriting) },
            };
            return Some(Step::Job(item));
        }
    }
}

/// The sorted names in a folder, without `__pycache__`, and what they stand for.
fn names(folder: &OsStr) -> std::io::Result<Vec<(OsString, Option<FileType>)>> {
    let named = |entry: DirEntry| (entry.file_name(), entry.file_type().ok());
    let mut names = fs::read_dir(folder)?.map(|entry| entry.map(named)).collect::<Result<Vec<_>, _>>()?;
    names.retain(|(name, _)| name != "__pycache__");
    // By code point, which for UTF-8 is by byte.
    names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    Ok(names)
}
