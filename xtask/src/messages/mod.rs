//! The list of CPython's messages: `crates/pycompile/tests/messages` with a reference interpreter.
//!
//! The test does the work, since it has the notation of the list.

use std::path::PathBuf;
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
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let python = std::path::absolute(&options.python)?;
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
