//! Which destinations hold the same files.
//!
//! The second time that a file is met it must be found up to date, whatever the number of threads. No link to a folder
//! is followed below a destination, so a file is met twice only where destinations overlap.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use crate::cli::paths;

/// Destinations that may still be worked on.
pub(super) struct Overlaps {
    /// Without links.
    paths: BTreeSet<PathBuf>,
    folders: RealFolders,
    /// Whether there is more than one.
    several: bool,
}

impl Overlaps {
    /// Among so many destinations.
    pub(super) fn among(count: usize) -> Self {
        Overlaps { paths: BTreeSet::new(), folders: RealFolders::default(), several: count > 1 }
    }

    /// Adds a destination. If it overlaps with one before it, those before must be done first.
    pub(super) fn add(&mut self, path: &Path) -> bool {
        if !self.several {
            return false;
        }
        let real = self.folders.real_path(path);
        let overlaps = self.overlaps(&real);
        if overlaps {
            self.paths.clear();
        }
        self.paths.insert(real);
        overlaps
    }

    fn overlaps(&self, path: &Path) -> bool {
        // Paths are sorted part by part: those below one come right behind it.
        let mut behind = self.paths.range::<Path, _>((Bound::Included(path), Bound::Unbounded));
        behind.next().is_some_and(|other| other.starts_with(path))
            || path.ancestors().any(|above| self.paths.contains(above))
    }
}

/// Paths without links. A folder is looked up once for all the files in it that follow each other.
#[derive(Default)]
struct RealFolders {
    folder: PathBuf,
    real: PathBuf,
}

impl RealFolders {
    /// That of a folder, or of a file but for a link to it: the `.pyc` lies beside the link.
    fn real_path(&mut self, path: &Path) -> PathBuf {
        if path.is_dir() {
            return real_path(path);
        }
        let (folder, name) = paths::split(path.as_os_str());
        if self.real.as_os_str().is_empty() || self.folder != folder {
            self.folder = folder.into();
            self.real = real_path(Path::new(if folder.is_empty() { ".".as_ref() } else { folder }));
        }
        self.real.join(name)
    }
}

fn real_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Whether a folder to write to, which need not be there yet, holds one of the folders to read or lies in it.
pub(super) fn is_tangled<'f>(output: &Path, folders: impl Iterator<Item = &'f Path>) -> bool {
    let absolute = paths::absolute(output.as_os_str());
    let Some(output) = absolute.ancestors().find_map(|above| {
        let rest = absolute.strip_prefix(above).ok()?;
        Some(fs::canonicalize(above).ok()?.join(rest))
    }) else {
        return false;
    };
    let mut folders = folders.filter(|path| path.is_dir()).map(real_path);
    folders.any(|folder| output.starts_with(&folder) || folder.starts_with(&output))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_or_lies_in_one_before_overlaps() {
        let overlap = |paths: &[&str]| {
            let mut overlaps = Overlaps::among(paths.len());
            paths.iter().map(|path| overlaps.add(Path::new(path))).collect::<Vec<_>>()
        };
        assert_eq!(overlap(&["/no/a", "/no/ab", "/no/b"]), [false; 3]);
        assert_eq!(overlap(&["/no/a", "/no/b", "/no/a/"]), [false, false, true]);
        assert_eq!(overlap(&["/no/a/b/c", "/no/a-", "/no/a"]), [false, false, true]);
        assert_eq!(overlap(&["/no/a", "/no/a.b", "/no/a/b/c"]), [false, false, true]);
        // What was before has been waited for.
        assert_eq!(overlap(&["/no/a", "/no/a/b", "/no/a/c"]), [false, true, false]);
        assert_eq!(overlap(&["src", "src/lib.rs", "./src/../src"]), [false, true, true]);
    }
}
