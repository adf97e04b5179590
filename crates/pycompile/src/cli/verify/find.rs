//! Which `.pyc` files there are, and which source each is of.
//!
//! The names are those of PEP 3147 and PEP 488, read backwards (`importlib.util.source_from_cache`):
//! `__pycache__/NAME.cpython-314.opt-1.pyc` is of `NAME.py`, at level 1. A `NAME.pyc` beside `NAME.py` does not say
//! its level. Below a `PYTHONPYCACHEPREFIX` the folders of the sources are repeated, without `__pycache__`; with a
//! prefix set, the `.pyc` files of a folder of sources are looked for in both places.
//!
//! Links to folders are not followed. That one leads to a folder which is checked anyway does no harm; any other
//! would be a place to hide in, and is a failure.

use std::ffi::{OsStr, OsString};
use std::fs::{self, FileType};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use pycode::version::CACHE_TAG;

use crate::cli::{os_error, paths};

/// A `.pyc` to check, or a path with what is wrong about it.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) origin: Result<Origin, Problem>,
}

/// What a `.pyc` should be made of.
pub(super) struct Origin {
    pub(super) source: PathBuf,
    /// The levels of optimization that its name allows.
    pub(super) levels: &'static [u8],
}

/// Why a path is not even looked into.
pub(super) enum Problem {
    /// It is no `.pyc` that the interpreter would take for one.
    NotPyc(String),
    /// It cannot be told what is there.
    Unchecked(String),
}

/// A tree to search.
struct Root {
    folder: PathBuf,
    /// The sources of the files right in the folder, for a tree below a prefix.
    sources: Option<PathBuf>,
}

const ANY_LEVEL: &[u8] = &[0, 1, 2];

/// Everything below the paths of the command line, in their order, below each sorted by name.
pub(super) fn all(given: &[OsString], prefix: Option<&OsStr>) -> Vec<Found> {
    let mut roots = Vec::new();
    let mut found = Vec::new();
    for path in given.iter().map(Path::new) {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => roots.extend(trees(path, prefix)),
            Ok(_) if is_source(path) => of_source(path, prefix, &mut found),
            Ok(_) => found.push(named(path, prefix)),
            // A link that leads nowhere is there.
            Err(_) if path.is_symlink() => found.push(named(path, prefix)),
            Err(error) => found.push(unchecked(path, os_error::text(&error))),
        }
    }
    let real: Vec<PathBuf> = roots.iter().filter_map(|root| fs::canonicalize(&root.folder).ok()).collect();
    roots.iter().for_each(|root| walk(root, &real, &mut found));
    found
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py")
}

fn unchecked(path: &Path, why: String) -> Found {
    Found { path: path.to_owned(), origin: Err(Problem::Unchecked(why)) }
}

/// A folder, and with a prefix the folder where the `.pyc` files of its sources are.
fn trees(folder: &Path, prefix: Option<&OsStr>) -> Vec<Root> {
    if let Some(sources) = mirrored(folder, prefix) {
        return vec![Root { folder: folder.to_owned(), sources: Some(sources) }];
    }
    let mut roots = vec![Root { folder: folder.to_owned(), sources: None }];
    if let Some(prefix) = prefix {
        let mirror = below(prefix, &paths::absolute(folder.as_os_str()));
        if mirror.is_dir() {
            roots.push(Root { folder: mirror, sources: Some(folder.to_owned()) });
        }
    }
    roots
}

/// The folder of sources that a folder below the prefix repeats.
fn mirrored(folder: &Path, prefix: Option<&OsStr>) -> Option<PathBuf> {
    let prefix = fs::canonicalize(prefix?).ok()?;
    let real = fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }).ok()?;
    real.strip_prefix(prefix).ok().map(|rest| Path::new("/").join(rest))
}

fn below(prefix: &OsStr, absolute: &Path) -> PathBuf {
    Path::new(prefix).join(absolute.strip_prefix("/").unwrap_or(absolute))
}

/// A file of the command line, whatever its name.
fn named(path: &Path, prefix: Option<&OsStr>) -> Found {
    let (folder, _) = paths::split(path.as_os_str());
    let sources = mirrored(Path::new(folder), prefix);
    Found { path: path.to_owned(), origin: origin(path, sources.as_deref()) }
}

/// The `.pyc` files of a source: at least one has to be there.
fn of_source(source: &Path, prefix: Option<&OsStr>, found: &mut Vec<Found>) {
    let cached = [0, 1, 2].map(|level| paths::cache_from_source(source, level, prefix));
    let mut legacy = source.as_os_str().to_owned();
    legacy.push("c");
    let levels: [&[u8]; 4] = [&[0], &[1], &[2], ANY_LEVEL];
    let before = found.len();
    for (path, levels) in cached.into_iter().chain([legacy.into()]).zip(levels) {
        if fs::symlink_metadata(&path).is_ok() {
            let origin = Ok(Origin { source: source.to_owned(), levels });
            found.push(Found { path, origin });
        }
    }
    if found.len() == before {
        found.push(unchecked(source, "it has no .pyc".to_owned()));
    }
}

/// Folders that are still to be searched stand on a stack, last first.
fn walk(root: &Root, real_roots: &[PathBuf], found: &mut Vec<Found>) {
    let mut pending = vec![(root.folder.clone(), root.sources.clone())];
    while let Some((folder, sources)) = pending.pop() {
        let entries = match list(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                found.push(unchecked(&folder, os_error::text(&error)));
                continue;
            }
        };
        let mut folders = Vec::new();
        for (name, kind) in entries {
            let path = folder.join(&name);
            if kind.is_symlink() && path.is_dir() {
                found.extend(hidden_by_link(&path, real_roots));
            } else if kind.is_dir() {
                folders.push((path, sources.as_ref().map(|sources| sources.join(&name))));
            } else if name.as_bytes().ends_with(b".pyc") {
                let origin = origin(&path, sources.as_deref());
                found.push(Found { path, origin });
            }
        }
        pending.extend(folders.into_iter().rev());
    }
}

fn list(folder: &Path) -> io::Result<Vec<(OsString, FileType)>> {
    let mut entries = fs::read_dir(folder)?
        .map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort_by(|one, two| one.0.cmp(&two.0));
    Ok(entries)
}

/// A link to a folder, unless that is checked where it is. A linked `__pycache__` belongs to other sources there.
fn hidden_by_link(link: &Path, real_roots: &[PathBuf]) -> Option<Found> {
    let target = fs::canonicalize(link).ok();
    let checked = target
        .is_some_and(|target| real_roots.iter().any(|root| target.starts_with(root)) && !is_cache(link));
    (!checked).then(|| unchecked(link, "a symbolic link to a folder; those are not followed".to_owned()))
}

fn is_cache(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name == "__pycache__")
}

/// The source of a `.pyc`; `sources` is where it must be for one below a prefix.
fn origin(path: &Path, sources: Option<&Path>) -> Result<Origin, Problem> {
    let (folder, name) = paths::split(path.as_os_str());
    let Some(stem) = name.as_bytes().strip_suffix(b".pyc") else {
        return Err(Problem::NotPyc("its name does not end in .pyc".to_owned()));
    };
    let folder = Path::new(folder);
    let sources = match sources {
        Some(sources) => sources,
        None if is_cache(folder) => folder.parent().unwrap_or(Path::new("")),
        None => {
            let source = paths::join(folder.as_os_str(), &file_name(stem, b".py"));
            return Ok(Origin { source, levels: ANY_LEVEL });
        }
    };
    let (stem, levels) = match level(stem) {
        Some(parts) => parts,
        None => {
            return Err(Problem::NotPyc(
                "its name has a level of optimization that does not exist".to_owned(),
            ));
        }
    };
    let Some(stem) = stem.strip_suffix(CACHE_TAG.as_bytes()) else {
        return Err(Problem::NotPyc(format!("its name does not say {CACHE_TAG}")));
    };
    // A source without extension gives a name without a dot before the tag.
    let source = match stem.strip_suffix(b".") {
        Some(stem) => file_name(stem, b".py"),
        None => file_name(stem, b""),
    };
    Ok(Origin { source: paths::join(sources.as_os_str(), &source), levels })
}

fn file_name(stem: &[u8], extension: &[u8]) -> OsString {
    OsString::from_vec([stem, extension].concat())
}

/// The level at the end of a name, and what is before it; `None` for a level that does not exist.
fn level(stem: &[u8]) -> Option<(&[u8], &'static [u8])> {
    let dot = stem.iter().rposition(|&byte| byte == b'.').unwrap_or(0);
    match &stem[dot..] {
        b".opt-1" => Some((&stem[..dot], &[1])),
        b".opt-2" => Some((&stem[..dot], &[2])),
        other if other.starts_with(b".opt-") => None,
        _ => Some((stem, &[0])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source_of(path: &str) -> Result<(String, &'static [u8]), String> {
        match origin(Path::new(path), None) {
            Ok(origin) => Ok((origin.source.display().to_string(), origin.levels)),
            Err(Problem::NotPyc(why) | Problem::Unchecked(why)) => Err(why),
        }
    }

    #[test]
    fn names_tell_source_and_level() {
        let cases: [(&str, &str, &[u8]); 6] = [
            ("a/__pycache__/b.cpython-314.pyc", "a/b.py", &[0]),
            ("__pycache__/b.cpython-314.opt-1.pyc", "b.py", &[1]),
            ("/__pycache__/b.c.cpython-314.opt-2.pyc", "/b.c.py", &[2]),
            ("a/__pycache__/scriptcpython-314.pyc", "a/script", &[0]),
            ("a/b.pyc", "a/b.py", ANY_LEVEL),
            ("b.opt-1.pyc", "b.opt-1.py", ANY_LEVEL),
        ];
        for (path, source, levels) in cases {
            assert_eq!(source_of(path), Ok((source.to_owned(), levels)), "{path}");
        }
    }

    #[test]
    fn names_of_others_are_refused() {
        for name in ["b.cpython-313.pyc", "b.pyc", "b.cpython-314.opt-3.pyc", "b.cpython-314-pytest-8.pyc"] {
            assert!(source_of(&format!("__pycache__/{name}")).is_err(), "{name}");
        }
        assert!(source_of("b.py").is_err());
    }
}
