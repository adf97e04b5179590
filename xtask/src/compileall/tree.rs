//! The trees that the programs compile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use pycode::version::CACHE_TAG;

use crate::corpus::SourceFile;
use crate::process::succeed;

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
///
/// A worker of CPython's compiles many files, and what it compiled before can show in the bytes of the next
/// (`docs/identity.md`). So a file that differs is compiled again by a process that compiles nothing else.
pub(super) fn compare(ours: &Path, theirs: &Path, python: &Path) -> Result<(usize, usize)> {
    let mut names = Vec::new();
    for root in [ours, theirs] {
        compiled(root, root, &mut names)?;
    }
    names.sort();
    names.dedup();
    let mut same = 0;
    for name in &names {
        let is_same =
            || matches!((fs::read(ours.join(name)), fs::read(theirs.join(name))), (Ok(a), Ok(b)) if a == b);
        if !is_same() {
            compile_alone(name, theirs, python)?;
        }
        same += usize::from(is_same());
    }
    Ok((same, names.len()))
}

/// What a fresh process means in `docs/identity.md`: `python -m py_compile` knows more strings, those of `argparse`.
const COMPILE_ALONE: &str = "import py_compile, sys; py_compile.compile(sys.argv[1], doraise=True)";

/// Has CPython write a `.pyc` anew, under the name that `compileall` gives its source.
fn compile_alone(pyc: &Path, tree: &Path, python: &Path) -> Result<()> {
    let folder = pyc.parent().and_then(Path::parent).context("a .pyc lies in __pycache__")?;
    let name = pyc.file_name().and_then(|name| name.to_str()).context("a name in UTF-8")?;
    let stem = name.strip_suffix(&format!(".{CACHE_TAG}.pyc")).context("a .pyc of CPython's")?;
    let source = Path::new(".").join(folder).join(format!("{stem}.py"));
    let mut command = Command::new(python);
    succeed(command.args(["-c", COMPILE_ALONE]).arg(source).current_dir(tree), "CPython compiles it again")
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
