//! The battery of the command line: `crates/pycompile/tests/battery` with a reference interpreter.
//!
//! The test does the work, since only it knows the program that was built for it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::root;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The interpreter to compare with
    #[arg(long)]
    python: PathBuf,
    /// Write what it does as the expectation of the tests that need no Python
    #[arg(long)]
    write: bool,
    /// Only cases with this in their name
    #[arg(long, conflicts_with = "write")]
    only: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let python = std::path::absolute(&options.python)?;
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["test", "-p", "pycompile", "--test", "battery", "--", "--nocapture"])
        .current_dir(root())
        .env("PYCOMPILE_REFERENCE_PYTHON", python);
    if options.write {
        command.env("PYCOMPILE_BATTERY_WRITE", "1");
    }
    if let Some(part) = &options.only {
        command.env("PYCOMPILE_BATTERY_ONLY", part);
    }
    let status = command.status().context("cargo runs")?;
    ensure!(status.success(), "the programs differ");
    Ok(())
}
