//! The trees that the programs compile.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::corpus::SourceFile;

/// Copies the files below `into`, with their times; gives their size in bytes.
pub(super) fn copy(files: &[SourceFile], into: &Path) -> Result<u64> {
    let mut bytes = 0;
    for file in files {
        let target = into.join(file.path.strip_prefix("/")?);
        fs::create_dir_all(target.parent().context("a file lies in a folder")?)?;
        bytes += fs::copy(&file.path, &target).with_context(|| format!("copying {}", file.path.display()))?;
        let time = fs::metadata(&file.path)?.modified()?;
        fs::File::options().append(true).open(&target)?.set_modified(time)?;
    }
    Ok(bytes)
}

/// How many `.pyc` files of two trees are the same, and how many there are in either.
pub(super) fn compare(ours: &Path, theirs: &Path) -> Result<(usize, usize)> {
    let mut names = Vec::new();
    for root in [ours, theirs] {
        compiled(root, root, &mut names)?;
    }
    names.sort();
    names.dedup();
    let same = |name: &&PathBuf| matches!((fs::read(ours.join(name)), fs::read(theirs.join(name))), (Ok(a), Ok(b)) if a == b);
    Ok((names.iter().filter(same).count(), names.len()))
}

fn compiled(folder: &Path, root: &Path, names: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            compiled(&path, root, names)?;
        } else if path.extension().is_some_and(|e| e == "pyc") {
            names.push(path.strip_prefix(root)?.to_owned());
        }
    }
    Ok(())
}
