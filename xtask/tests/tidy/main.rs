//! What no compiler checks: which crate may use which, the shape of files, and that documents tell the
//! truth about paths.

mod crates;
mod documents;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// The files that the repository holds or is about to hold, relative to the root, sorted.
fn repository_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(root(), &mut files);
    files.sort();
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().expect("entries have names").to_string_lossy().into_owned();
        if matches!(name.as_str(), "target" | ".git" | "__pycache__") {
            continue;
        }
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path.strip_prefix(root()).expect("below the root").to_path_buf());
        }
    }
}

/// Hand-written Rust files.
fn rust_files() -> Vec<PathBuf> {
    let is_ours = |path: &PathBuf| path.extension().is_some_and(|e| e == "rs") && !is_generated(path);
    repository_files().into_iter().filter(is_ours).collect()
}

fn is_generated(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "generated")
}

/// The text of a file of the repository; `None` when it is not UTF-8.
fn read(path: &Path) -> Option<String> {
    String::from_utf8(fs::read(root().join(path)).expect("a file that was listed")).ok()
}

/// `cargo metadata` without dependencies from outside.
fn metadata() -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}
