//! Other processes, and this one.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::root;

/// Runs a command that must succeed; `what` says what it does.
pub(crate) fn succeed(command: &mut Command, what: &str) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(status.success(), "failed: {what} ({command:?}: {status})");
    Ok(())
}

/// `cargo test` of a test of the program's that asks a reference interpreter: only a test knows the program that was
/// built for it.
pub(crate) fn reference_test(name: &str, python: &Path) -> Result<Command> {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["test", "-p", "pycompile", "--test", name])
        .current_dir(root())
        .env("PYCOMPILE_REFERENCE_PYTHON", std::path::absolute(python)?);
    Ok(command)
}

/// The most memory that this process ever had, in KiB.
pub(crate) fn peak_memory() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.context("no VmHWM in /proc/self/status")?.parse().context("VmHWM is a number")
}
