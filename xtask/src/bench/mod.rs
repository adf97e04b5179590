//! `cargo xtask bench`: the speed of the whole pipeline against CPython's, in one run.
//!
//! Both sides hold the sources in memory and make marshalled bytes of them on one thread; their rounds
//! alternate, so that a busy machine slows both. The medians of the time on the processor are compared.
//! The parser is also measured with and without its second pass at hand, which no valid source needs ([`passes`]).
//! Each of our stages on its own: `cargo bench -p pycompile`.

mod cpython;
mod passes;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pymarshal::DumpOptions;

use crate::corpus;
use crate::oracle::Oracle;
use crate::process::{peak_memory, succeed};
use crate::timing::{Rounds, median};
use cpython::CPython;
use passes::Passes;

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    against: Rounds,
    /// Measure this very build instead of one in the release profile
    #[arg(long)]
    this_build: bool,
    /// Folders or files to compile
    #[arg(required = true, value_name = "DIR")]
    roots: Vec<PathBuf>,
}

/// A source in memory, with the name it is compiled under.
pub(crate) struct Source {
    /// The path of the file.
    pub name: String,
    /// What the file holds.
    pub text: Vec<u8>,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<()> {
    if !options.this_build {
        return run_in_release();
    }
    let oracle = Oracle::new(&options.against.python)?;
    let names: Vec<String> = corpus::collect(&options.roots)?
        .into_iter()
        .map(|file| file.path.into_os_string().into_string().ok().context("a path that is not UTF-8"))
        .collect::<Result<_>>()?;
    let (mut cpython, accepted) = CPython::start(oracle.python(), &names)?;
    let sources = read(accepted.into_iter().map(|index| names[index].clone()))?;
    ensure!(!sources.is_empty(), "CPython compiles none of the files");
    let (mut ours, mut theirs, mut passes) = (Vec::new(), Vec::new(), Passes::default());
    for _ in 0..options.against.rounds {
        passes.round(&sources)?;
        ours.push(round(&sources)?);
        theirs.push(cpython.round()?);
    }
    let memory = [peak_memory()?, cpython.finish()?];
    report(&sources, median(ours), median(theirs), memory, oracle.version());
    passes.report(&sources);
    Ok(())
}

/// Runs the same command as a program built for speed.
fn run_in_release() -> Result<()> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--release", "--package", "xtask", "--"]);
    succeed(cargo.args(std::env::args_os().skip(1)).arg("--this-build"), "the benchmark")
}

fn read(names: impl Iterator<Item = String>) -> Result<Vec<Source>> {
    names
        .map(|name| {
            let text = fs::read(&name).with_context(|| format!("reading {name}"))?;
            Ok(Source { name, text })
        })
        .collect()
}

/// Seconds for all sources.
fn round(sources: &[Source]) -> Result<f64> {
    let mut compiler = pycompile::Compiler::new();
    let start = cpu_seconds()?;
    for source in sources {
        let compiled =
            compiler.compile(&source.text, source.name.as_str().into(), &pycompile::Options::default());
        let compiled = compiled.with_context(|| source.name.clone())?;
        std::hint::black_box(pymarshal::dumps(&compiled.pool, compiled.root, &DumpOptions::default())?);
    }
    Ok(cpu_seconds()? - start)
}

/// Seconds that this thread has run: unlike the time that passed, they do not grow when others run.
fn cpu_seconds() -> Result<f64> {
    let schedstat = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: u64 = schedstat.split_whitespace().next().context("a number")?.parse()?;
    Ok(nanoseconds as f64 / 1e9)
}

fn report(sources: &[Source], ours: f64, theirs: f64, memory: [u64; 2], version: &str) {
    let megabytes = megabytes(sources);
    println!(
        "{} files, {megabytes:.1} MB; source in memory to marshalled bytes, one thread, medians of CPU time",
        sources.len()
    );
    println!("pycompile        {ours:8.3} s {:8.1} MB/s {:6} MiB peak", megabytes / ours, memory[0] / 1024);
    println!(
        "CPython {version}  {theirs:8.3} s {:8.1} MB/s {:6} MiB peak",
        megabytes / theirs,
        memory[1] / 1024
    );
    println!("ratio            {:8.2}", theirs / ours);
}

fn megabytes(sources: &[Source]) -> f64 {
    sources.iter().map(|source| source.text.len()).sum::<usize>() as f64 / 1e6
}
