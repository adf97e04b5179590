//! The battery of the command line: `crates/pycompile/tests/battery` with a reference interpreter.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::{reference_test, succeed};

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
    let mut command = reference_test("battery", &options.python)?;
    command.args(["--", "--nocapture"]);
    if options.write {
        command.env("PYCOMPILE_BATTERY_WRITE", "1");
    }
    if let Some(part) = &options.only {
        command.env("PYCOMPILE_BATTERY_ONLY", part);
    }
    succeed(&mut command, "the programs do the same")
}
