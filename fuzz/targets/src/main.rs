//! `cargo run --profile quick -p pyfuzz -- --count 5000000 --target dis`: many mutated inputs through a target.
//!
//! Prints how it fared, and fails when an input made the target panic or take too much memory; such inputs are
//! written to `target/fuzz/`.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Parser;
use pyfuzz::campaign::{Report, run};
use pyfuzz::memory::Counting;
use pyfuzz::seeds::{self, Seeds};
use pyfuzz::targets::{TARGETS, Target};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many inputs between two lines of progress.
const STEP: u64 = 250_000;

#[derive(Parser)]
#[command(about = "Many mutated inputs through what takes bytes from anywhere")]
struct Options {
    /// Which target; all of them if none is named
    #[arg(long)]
    target: Vec<String>,
    /// How many inputs for each
    #[arg(long, default_value_t = 100_000)]
    count: u64,
    /// The number of the first input: the same numbers make the same inputs
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Files or folders of files to mutate, besides the golden ones
    seeds: Vec<PathBuf>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let is_wanted =
        |target: &Target| options.target.is_empty() || options.target.iter().any(|name| name == target.name);
    let targets: Vec<Target> = TARGETS.into_iter().filter(is_wanted).collect();
    if targets.is_empty() {
        bail!("no such target; there are {}", TARGETS.map(|target| target.name).join(", "));
    }
    let mut clean = true;
    for target in targets {
        let seeds = seeds::of_target(target.name, &options.seeds)?;
        let report = all(target, &seeds, &options);
        print_report(target, &report);
        write_finds(target, &report)?;
        clean &= report.is_clean();
    }
    if clean { Ok(()) } else { bail!("see target/fuzz/") }
}

fn all(target: Target, seeds: &Seeds, options: &Options) -> Report {
    let (mut report, end) = (Report::default(), options.first + options.count);
    let mut from = options.first;
    while from < end {
        let to = (from + STEP).min(end);
        report = report.and(run(target, seeds, from..to));
        println!("{}: inputs up to {to}", target.name);
        from = to;
    }
    report
}

fn print_report(target: Target, report: &Report) {
    let Report { runs, good, panics, greedy, peak, slowest } = report;
    println!("{}: {runs} inputs, {good} of them good", target.name);
    println!("  {} panics, {} took too much memory", panics.len(), greedy.len());
    println!("  most memory: {} bytes for an input of {}", peak.0, peak.1);
    println!("  longest run: {:?} for an input of {}", slowest.0, slowest.1);
}

fn write_finds(target: Target, report: &Report) -> Result<()> {
    let folder = PathBuf::from("target/fuzz");
    let inputs = report.panics.iter().chain(report.greedy.iter().map(|(_, input)| input));
    for (index, input) in inputs.enumerate() {
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{}-{index}", target.name)), input)?;
    }
    Ok(())
}
