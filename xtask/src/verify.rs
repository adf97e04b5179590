//! `pycompile verify` over the standard library as an interpreter compiles it.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::{reference_test, succeed};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The interpreter that compiles
    #[arg(long)]
    python: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let mut command = reference_test("verify", &options.python)?;
    succeed(command.args(["--", "--ignored", "--nocapture"]), "all is as it should be")
}
