//! `cargo xtask difftest`: ours against CPython's on programs that nobody wrote.
//!
//! * `--mode valid`: programs that CPython compiles, generated or made of pieces of real ones; the bytes of the
//!   `.pyc` must be equal.
//! * `--mode errors`: real programs with a small change that makes them wrong; the errors must be equal.
//!
//! The same seed gives the same programs.

mod generate;
mod judge;
mod reduce;
mod splice;
mod valid;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::errors;

/// What to compare.
#[derive(Args)]
pub(crate) struct Options {
    /// The interpreter to compare with
    #[arg(long)]
    pub python: PathBuf,
    /// What kind of programs
    #[arg(long, value_enum, default_value_t = Mode::Valid)]
    pub mode: Mode,
    /// How many programs to try
    #[arg(long, default_value_t = 10_000)]
    pub programs: u64,
    /// Where the random numbers begin: the same seed gives the same programs
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// The number of the first program (`--mode valid`): a run can be continued, a program made again
    #[arg(long, default_value_t = 0)]
    pub first: u64,
    /// How many differences to show
    #[arg(long, default_value_t = 20)]
    pub show: usize,
    /// Options of `--mode errors`
    #[command(flatten)]
    pub errors: errors::DiffOptions,
    /// Folders or files with Python programs to start from; default for `--mode valid`: the standard library
    #[arg(value_name = "DIR")]
    pub roots: Vec<PathBuf>,
}

/// What kind of programs to try.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Mode {
    /// Those that CPython compiles: the bytes must be equal
    Valid,
    /// Those that it refuses: the errors must be equal
    Errors,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<()> {
    match options.mode {
        Mode::Valid => valid::run(options),
        Mode::Errors => errors::difftest(options),
    }
}
