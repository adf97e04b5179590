//! The list of CPython's messages: `crates/pycompile/tests/messages` with a reference interpreter.
//!
//! The test does the work, since it has the notation of the list. That no text is missing shows with CPython's sources
//! (`missing.py`), which an installation does not have.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::root;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The interpreter to ask
    #[arg(long)]
    python: PathBuf,
    /// Write its answers into the list, and `docs/messages.md`
    #[arg(long)]
    write: bool,
    /// A checkout of CPython, of about the same version: look for texts that the list does not have
    #[arg(long)]
    sources: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let python = std::path::absolute(&options.python)?;
    if let Some(sources) = &options.sources {
        look_for_missing(&python, sources)?;
    }
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["test", "-p", "pycompile", "--test", "messages"])
        .current_dir(root())
        .env("PYCOMPILE_REFERENCE_PYTHON", python);
    if options.write {
        command.env("PYCOMPILE_MESSAGES_WRITE", "1");
    }
    let status = command.status().context("cargo runs")?;
    ensure!(status.success(), "the list is not the interpreter's");
    Ok(())
}

fn look_for_missing(python: &Path, sources: &Path) -> Result<()> {
    let status = Command::new(python)
        .args(["-I", "-c", include_str!("missing.py")])
        .arg(sources)
        .arg(root().join("crates/pycompile/tests/messages/sources"))
        .status()
        .with_context(|| format!("cannot run {}", python.display()))?;
    ensure!(status.success(), "the list lacks texts");
    Ok(())
}
