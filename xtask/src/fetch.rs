//! `cargo xtask corpus`: the packages of `data/pypi.txt`, unpacked, to compare on.
//!
//! Takes an interpreter that has pip (the wheels of the record were those for CPython 3.11 on Linux). Gives a folder
//! for each package below the folder named, for `cargo xtask conformance --corpus pypi`. Nothing is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::succeed;
use crate::root;

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// An interpreter that has pip
    #[arg(long)]
    pip: PathBuf,
    /// Where to put the packages; default: `target/pypi`
    #[arg(long)]
    into: Option<PathBuf>,
}

/// Fetches and unpacks what is not there yet.
pub(crate) fn run(options: &Options) -> Result<()> {
    let into = options.into.clone().unwrap_or_else(|| root().join("target/pypi"));
    let list = fs::read_to_string(root().join("data/pypi.txt"))?;
    let packages: Vec<&str> = list.lines().filter(|line| line.contains("==")).collect();
    for package in &packages {
        let folder = into.join(package.replace("==", "-"));
        if !folder.exists() {
            fetch(&options.pip, package, &folder).with_context(|| format!("fetching {package}"))?;
        }
    }
    println!("{} packages in {}", packages.len(), into.display());
    Ok(())
}

fn fetch(python: &Path, package: &str, folder: &Path) -> Result<()> {
    let wheels = folder.with_file_name(format!("{package}.wheel"));
    fs::create_dir_all(&wheels)?;
    let pip =
        ["-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"];
    succeed(Command::new(python).args(pip).arg("-d").arg(&wheels).arg(package), "pip fetches a wheel")?;
    let wheel = fs::read_dir(&wheels)?.next().context("pip left no wheel")??.path();
    succeed(Command::new(python).args(["-m", "zipfile", "-e"]).arg(&wheel).arg(folder), "it is unpacked")?;
    Ok(fs::remove_dir_all(&wheels)?)
}
