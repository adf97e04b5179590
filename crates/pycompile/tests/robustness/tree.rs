//! A tree of sources in two versions, and what has become of its `.pyc` files.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

const PROGRAM: &str = env!("CARGO_BIN_EXE_pycompile");

/// How many sources a tree has.
pub(crate) const FILES: usize = 120;

/// A version of the sources, told by its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Version(pub(crate) u32);

/// Bytes by path relative to the root.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A tree in a folder of its own.
pub(crate) struct Tree {
    folder: tempfile::TempDir,
}

/// What was found beside the sources.
#[derive(Default, Debug)]
pub(crate) struct Found {
    /// How many `.pyc` files there are.
    pub(crate) present: usize,
    /// Temporary files of runs that were killed.
    pub(crate) leftovers: usize,
}

impl Tree {
    pub(crate) fn new(version: Version) -> Tree {
        let tree = Tree { folder: tempfile::tempdir().expect("a temporary folder") };
        tree.write_sources(version);
        tree
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Makes the sources those of a version, whose time is its own.
    pub(crate) fn write_sources(&self, version: Version) {
        for index in 0..FILES {
            let path = self.root().join(source_path(index));
            fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
            fs::write(&path, source(index, version)).expect("a source");
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + u64::from(version.0));
            File::options()
                .append(true)
                .open(&path)
                .and_then(|file| file.set_modified(time))
                .expect("a time");
        }
    }

    /// `pycompile compileall ARGS...` in the tree, ready to be started.
    pub(crate) fn compileall(&self, args: &[&str]) -> Command {
        command(PROGRAM.as_ref(), &[&["compileall"], args].concat(), self.root())
    }

    /// Compares each `.pyc` with what one of `allowed` has for it. `must_exist` says whether it may be missing.
    pub(crate) fn check(&self, allowed: &[&Files], must_exist: bool) -> Found {
        let mut found = Found::default();
        for path in allowed[0].keys() {
            match fs::read(self.root().join(path)) {
                Ok(bytes) => {
                    found.present += 1;
                    let right = allowed.iter().any(|files| files[path] == bytes);
                    assert!(right, "{} is wrong: {} bytes", path.display(), bytes.len());
                }
                Err(error) => assert!(!must_exist, "{}: {error}", path.display()),
            }
        }
        for path in paths_below(self.root()).iter().filter(|path| path.extension().is_none_or(|e| e != "py"))
        {
            let path = path.strip_prefix(self.root()).expect("below the root");
            if !allowed[0].contains_key(path) {
                let name = path.to_string_lossy();
                let number = name.rsplit_once(".pyc.").map_or("", |(_, number)| number);
                let is_temporary = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
                assert!(is_temporary, "what is {name}?");
                found.leftovers += 1;
            }
        }
        found
    }
}

/// What a run that nothing happens to makes of a version.
pub(crate) fn expected(version: Version) -> Files {
    let tree = Tree::new(version);
    let mut run = match std::env::var_os("PYCOMPILE_REFERENCE_PYTHON").filter(|path| !path.is_empty()) {
        Some(python) => command(python.as_ref(), &["-m", "compileall", "-q", "."], tree.root()),
        None => tree.compileall(&["-q", "."]),
    };
    assert!(run.status().expect("the program starts").success());
    let paths =
        paths_below(tree.root()).into_iter().filter(|path| path.extension().is_some_and(|e| e == "pyc"));
    let relative = |path: &Path| path.strip_prefix(tree.root()).expect("below the root").to_owned();
    let files: Files = paths.map(|path| (relative(&path), fs::read(&path).expect("a .pyc"))).collect();
    assert_eq!(files.len(), FILES);
    files
}

fn command(program: &Path, args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// The path of a source, relative to the root.
pub(crate) fn source_path(index: usize) -> PathBuf {
    format!("package{}/module{index}.py", index % 6).into()
}

/// The path of its `.pyc`.
pub(crate) fn pyc_path(index: usize) -> PathBuf {
    format!("package{}/__pycache__/module{index}.cpython-314.pyc", index % 6).into()
}

/// Sources of all sizes up to some 20 KB.
fn source(index: usize, version: Version) -> String {
    let mut text = format!("VERSION = {}\n", version.0);
    for number in 0..(index * 7919) % 97 {
        let _ = write!(
            text,
            "def function{number}(x, *args, **kwargs):\n    \
             \"\"\"Function {number} of version {version:?}.\"\"\"\n    \
             return [x + {number} for x in args if x] or kwargs.get('key{number}', {{x: {index}}})\n\n"
        );
    }
    text
}

fn paths_below(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            paths.extend(paths_below(&path));
        } else {
            paths.push(path);
        }
    }
    paths
}
