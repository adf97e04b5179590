//! The source files to compare on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A source file of a corpus.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    /// Where it lies: absolute.
    pub path: PathBuf,
    /// Its name in reports: relative to the folder that was named.
    pub name: String,
}

/// The standard library of an interpreter.
pub(crate) fn stdlib(python: &Path) -> Result<PathBuf> {
    let output = Command::new(python)
        .args(["-I", "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"])
        .output()
        .with_context(|| format!("cannot run {}", python.display()))?;
    Ok(fs::canonicalize(String::from_utf8(output.stdout)?.trim())?)
}

/// Every `.py` file below the folders (or the files themselves), sorted by path. What is not a regular
/// file, links that lead nowhere among them, is left out.
pub(crate) fn collect(roots: &[PathBuf]) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for root in roots {
        let root = fs::canonicalize(root).with_context(|| format!("cannot find {}", root.display()))?;
        if root.is_file() {
            files.push(source_file(&root, root.parent().context("a file lies in a folder")?)?);
        } else {
            walk(&root, &root, &mut files)?;
        }
    }
    ensure!(!files.is_empty(), "no Python files there");
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Ok(files)
}

fn walk(folder: &Path, root: &Path, files: &mut Vec<SourceFile>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() && !path.is_symlink() {
            walk(&path, root, files)?;
        } else if path.extension().is_some_and(|e| e == "py") && path.is_file() {
            files.push(source_file(&path, root)?);
        }
    }
    Ok(())
}

fn source_file(path: &Path, root: &Path) -> Result<SourceFile> {
    let name = path.strip_prefix(root)?.display().to_string();
    Ok(SourceFile { path: path.to_owned(), name })
}
