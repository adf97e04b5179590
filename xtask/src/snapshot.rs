//! `cargo xtask snapshot`: the facts of an installed CPython, as files under `data/`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::root;

const SCRIPT: &str = include_str!("snapshot.py");

/// Runs the script that writes `data/` in the interpreter at `python`.
pub(crate) fn run(python: &Path) -> Result<()> {
    let status = Command::new(python)
        .args(["-I", "-c", SCRIPT])
        .arg(root().join("data"))
        .status()
        .with_context(|| format!("cannot run {}", python.display()))?;
    ensure!(status.success(), "the snapshot script failed: {status}");
    Ok(())
}
