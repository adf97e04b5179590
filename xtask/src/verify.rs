//! `pycompile verify` over the standard library as an interpreter compiles it.
//!
//! The test does the work, since only it knows the program that was built for it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::root;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The interpreter that compiles
    #[arg(long)]
    python: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let python = std::path::absolute(&options.python)?;
    let status = Command::new(env!("CARGO"))
        .args(["test", "-p", "pycompile", "--test", "verify", "--", "--ignored", "--nocapture"])
        .current_dir(root())
        .env("PYCOMPILE_REFERENCE_PYTHON", python)
        .status()
        .context("cargo runs")?;
    ensure!(status.success(), "not all is as it should be");
    Ok(())
}
