//! `cargo xtask cases`: the inputs and outcomes that tests of single stages hold, written by an installed CPython.
//!
//! Each script runs in a folder of its own and leaves files there, which then go where the tests look for
//! them: what CPython's own tests hand to a stage (`stage_tests.py`), what was made by hand for the flow graph,
//! and programs of very many parts (`large.py`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::oracle::{Oracle, SEQUENCES};
use crate::root;

/// What runs in the interpreter.
struct Script {
    text: &'static str,
    /// The files it leaves, with the places of ours.
    files: &'static [(&'static str, &'static str)],
}

const SCRIPTS: &[Script] = &[
    Script {
        text: include_str!("large.py"),
        files: &[("large.txt", "crates/pycompile/tests/large/programs.txt")],
    },
    Script {
        text: include_str!("stage_tests.py"),
        files: &[
            ("codegen.txt", "crates/pycodegen/tests/against_cpython/cpython.txt"),
            ("flowgraph.txt", "crates/pyflowgraph/tests/cases/cpython.txt"),
            ("assemble.txt", "crates/pyassemble/tests/cases/cpython.txt"),
        ],
    },
    Script {
        text: include_str!("../../../crates/pyflowgraph/tests/cases/regenerate.py"),
        files: &[("cases.txt", "crates/pyflowgraph/tests/cases/cases.txt")],
    },
    Script {
        text: include_str!("../../../crates/pyflowgraph/tests/folding/regenerate.py"),
        files: &[("folding.txt", "crates/pyflowgraph/tests/folding/folding.txt")],
    },
];

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The interpreter to ask, with its tests
    #[arg(long)]
    python: PathBuf,
    /// Write nothing; fail when a file is stale
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<()> {
    let oracle = Oracle::new(&options.python)?;
    let folder = oracle.scratch().join(format!("cases-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let result = SCRIPTS.iter().try_for_each(|script| run_script(script, &oracle, &folder, options.check));
    fs::remove_dir_all(&folder)?;
    result
}

fn run_script(script: &Script, oracle: &Oracle, folder: &Path, check: bool) -> Result<()> {
    let text = format!("{SEQUENCES}{}", script.text);
    let status = Command::new(oracle.python()).args(["-I", "-c", &text]).current_dir(folder).status()?;
    ensure!(status.success(), "the script that writes {:?} failed: {status}", script.files);
    script.files.iter().try_for_each(|(file, place)| {
        let made =
            fs::read_to_string(folder.join(file)).with_context(|| format!("{file} was not written"))?;
        take(&made, &root().join(place), check)
    })
}

/// Puts a text in its place, or holds what is there against it.
fn take(made: &str, place: &Path, check: bool) -> Result<()> {
    if fs::read_to_string(place).is_ok_and(|text| text == made) {
        println!("{}: fresh", place.display());
        return Ok(());
    }
    if check {
        bail!("{} is not what CPython says; run `cargo xtask cases`", place.display());
    }
    println!("{}: written anew", place.display());
    fs::write(place, made).with_context(|| format!("writing {}", place.display()))
}
