//! Development tasks: `cargo xtask help`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod battery;
mod bench;
mod cases;
mod compileall;
mod conformance;
mod corpus;
mod difftest;
mod dist;
mod errors;
mod fetch;
mod golden;
mod messages;
mod oracle;
mod process;
mod random;
mod regen;
mod snapshot;
mod sourceless;
mod stage_text;
mod timing;
mod units;
mod verify;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Development tasks")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Ask an installed CPython 3.14 for its facts and write them under `data/`
    Snapshot {
        /// The interpreter to ask
        #[arg(long)]
        python: PathBuf,
    },
    /// Turn `data/` into the checked-in generated Rust
    Regen {
        /// Write nothing; fail when a file is stale
        #[arg(long)]
        check: bool,
    },
    /// Compare every stage with CPython's on all files below some folders
    Conformance(conformance::Options),
    /// Compare with CPython on programs made at random
    Difftest(difftest::Options),
    /// Fetch the packages of `data/pypi.txt`, to compare on
    Corpus(fetch::Options),
    /// Run CPython's own tests and write down what they compile
    Record(errors::record::RecordOptions),
    /// Compare our errors with CPython's on what was recorded
    Replay(errors::replay::ReplayOptions),
    /// Time how long it takes to refuse large sources
    LargeErrors(errors::large::LargeOptions),
    /// Time the whole pipeline against CPython's
    Bench(bench::Options),
    /// Time `pycompile compileall` against `python -m compileall` on a tree
    Compileall(compileall::Options),
    /// Build `pycompile` as it is shipped, static and laid out for what it does most: `target/dist/pycompile`
    Dist(dist::Options),
    /// Run CPython's tests on a standard library of nothing but our `.pyc` files
    Sourceless(sourceless::Options),
    /// Run the battery of invocations with both programs and compare what they do
    Battery(battery::Options),
    /// Ask about every message of CPython's sources; with `--write`, write its answers and `docs/messages.md`
    Messages(messages::Options),
    /// Run `pycompile verify` over the standard library, and over a copy in which one constant was changed
    Verify(verify::Options),
    /// Write the cases of tests of single stages: what CPython's own tests hand to a stage, and its answer
    Cases(cases::Options),
    /// Write what CPython makes of each `golden/NAME/input.py` beside it
    Golden(golden::Options),
}

fn main() -> Result<()> {
    match Cli::parse().task {
        Task::Snapshot { python } => snapshot::run(&python),
        Task::Regen { check } => regen::run(check),
        Task::Conformance(options) => conformance::run(&options),
        Task::Difftest(options) => difftest::run(&options),
        Task::Corpus(options) => fetch::run(&options),
        Task::Record(options) => errors::record::run(&options),
        Task::Replay(options) => errors::replay::run(&options),
        Task::LargeErrors(options) => errors::large::run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Compileall(options) => compileall::run(&options),
        Task::Dist(options) => dist::run(&options),
        Task::Sourceless(options) => sourceless::run(&options),
        Task::Battery(options) => battery::run(&options),
        Task::Messages(options) => messages::run(&options),
        Task::Verify(options) => verify::run(&options),
        Task::Cases(options) => cases::run(&options),
        Task::Golden(options) => golden::run(&options),
    }
}

/// The root of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}
