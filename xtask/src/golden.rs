//! `cargo xtask golden`: what CPython makes of each `golden/NAME/input.py`, beside it.
//!
//! Expectations come from CPython only. The inputs are compiled under the name `NAME.py` with a fixed
//! time of modification, so that the files depend on the input alone.

#[cfg(test)]
mod check;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use rayon::prelude::*;

use crate::oracle::{Answer, Item, Oracle, Request};
use crate::root;

/// The files beside an input, with what CPython is asked for them.
const FILES: &[(&str, Item)] = &[
    ("tokens.txt", Item::Tokens),
    ("ast.txt", Item::Ast),
    ("preprocessed.txt", Item::Preprocessed(2)),
    ("symtable.txt", Item::Symtable),
    ("codegen.txt", Item::Codegen(0)),
    ("optimized.txt", Item::Flowgraph),
    ("dis.txt", Item::Dis),
    ("O0.pyc", Item::Pyc(0)),
    ("O1.pyc", Item::Pyc(1)),
    ("O2.pyc", Item::Pyc(2)),
];

/// The time of modification that the `.pyc` files carry: 2001-09-09 01:46:40.
const MODIFIED: u64 = 1_000_000_000;

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The interpreter to ask
    #[arg(long)]
    python: PathBuf,
    /// Only these; default: all
    names: Vec<String>,
}

/// Writes the golden files.
pub(crate) fn run(options: &Options) -> Result<()> {
    let oracle = Oracle::new(&options.python)?;
    let folder = oracle.scratch().join(format!("golden-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let result = write_all(&oracle.in_folder(&folder), &folder, &options.names);
    fs::remove_dir_all(&folder)?;
    result
}

fn write_all(oracle: &Oracle, folder: &Path, only: &[String]) -> Result<()> {
    let names: Vec<String> =
        names()?.into_iter().filter(|name| only.is_empty() || only.contains(name)).collect();
    ensure!(!names.is_empty(), "no such golden input");
    for name in &names {
        stage_input(name, folder)?;
    }
    let requests: Vec<Request> = names
        .iter()
        .flat_map(|name| FILES.iter().map(move |(_, item)| (name, *item)))
        .map(|(name, item)| Request::new(item, format!("{name}.py")))
        .collect();
    requests.par_iter().enumerate().try_for_each(|(index, request)| {
        let (name, (file, _)) = (&names[index / FILES.len()], FILES[index % FILES.len()]);
        write_one(&root().join("golden").join(name), file, oracle.ask(request)?)
            .with_context(|| format!("{name}/{file}"))
    })?;
    println!("{} inputs, {} files", names.len(), requests.len());
    Ok(())
}

/// Puts an input where CPython sees it under its name, with the fixed time.
fn stage_input(name: &str, folder: &Path) -> Result<()> {
    let path = folder.join(format!("{name}.py"));
    fs::copy(root().join("golden").join(name).join("input.py"), &path)?;
    let file = fs::File::options().write(true).open(&path)?;
    file.set_modified(UNIX_EPOCH + Duration::from_secs(MODIFIED))?;
    Ok(())
}

fn write_one(folder: &Path, file: &str, answer: Answer) -> Result<()> {
    match answer {
        Answer::Ok(bytes) => fs::write(folder.join(file), bytes).context("writing"),
        Answer::Refused(message) => bail!("CPython refuses it: {message}"),
        Answer::Crashed => bail!("CPython crashes"),
    }
}

/// The names of the inputs.
fn names() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("golden"))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
