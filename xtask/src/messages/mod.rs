//! The list of CPython's messages: `crates/pycompile/tests/messages` with a reference interpreter.
//!
//! That no text is missing shows with CPython's sources (`missing.py`), which an installation does not have.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::process::{reference_test, succeed};
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
    if let Some(sources) = &options.sources {
        look_for_missing(&options.python, sources)?;
    }
    let mut command = reference_test("messages", &options.python)?;
    if options.write {
        command.env("PYCOMPILE_MESSAGES_WRITE", "1");
    }
    succeed(&mut command, "the list is the interpreter's")
}

fn look_for_missing(python: &Path, sources: &Path) -> Result<()> {
    let listings = root().join("crates/pycompile/tests/messages/sources");
    let mut command = Command::new(python);
    command.args(["-I", "-c", include_str!("missing.py")]).arg(sources).arg(listings);
    succeed(&mut command, "the list has every text")
}
