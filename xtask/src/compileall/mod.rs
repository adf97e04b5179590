//! `cargo xtask compileall`: the program against `python -m compileall`, on a tree, in one run.
//!
//! Both get a copy of the tree of their own and compile it in turn, on all cores; then both find everything up to
//! date. What is compared is the median of the time that passed and of the time on the processor, of all processes
//! together: the first is right on a quiet machine, the second tells something on a busy one too. In the end the two
//! trees must hold the same `.pyc` files, byte for byte.

mod run;
mod tree;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::corpus;
use crate::oracle::Oracle;
use crate::process::succeed;
use crate::root;
use crate::timing::{Rounds, median};
use run::{Measured, Runner};

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    against: Rounds,
    /// Measure this program instead of one in the release profile
    #[arg(long)]
    program: Option<PathBuf>,
    /// Where the copies go: on a disk, its speed is measured too
    #[arg(long, default_value = "/dev/shm")]
    scratch: PathBuf,
    /// Folders or files to compile
    #[arg(required = true, value_name = "DIR")]
    roots: Vec<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<()> {
    let oracle = Oracle::new(&options.against.python)?;
    let program = options.program.clone().map_or_else(build, Ok)?;
    let files = corpus::collect(&options.roots)?;
    let scratch = options.scratch.join(format!("pycompile-{}", std::process::id()));
    let outcome = measure(options, &oracle, &program, &files, &scratch);
    let _ = std::fs::remove_dir_all(&scratch);
    outcome
}

/// The program as it is released.
fn build() -> Result<PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--release", "--package", "pycompile"]).current_dir(root());
    succeed(&mut cargo, "the program is built")?;
    Ok(root().join("target/release/pycompile"))
}

fn measure(
    options: &Options,
    oracle: &Oracle,
    program: &Path,
    files: &[corpus::SourceFile],
    scratch: &Path,
) -> Result<()> {
    let (ours, theirs) = (scratch.join("ours"), scratch.join("theirs"));
    let bytes = tree::copy(files, &ours)?;
    tree::copy(files, &theirs)?;
    let program = std::fs::canonicalize(program)?.display().to_string();
    let python = oracle.python().display().to_string();
    let ours = Runner::new(oracle.python(), &ours, &[&program, "compileall"]);
    let theirs = Runner::new(oracle.python(), &theirs, &[&python, "-m", "compileall"]);
    let (mut compiled, mut up_to_date) = (Pair::default(), Pair::default());
    for _ in 0..options.against.rounds {
        compiled.push(ours.run(&["-f"])?, theirs.run(&["-f"])?)?;
        up_to_date.push(ours.run(&[])?, theirs.run(&[])?)?;
    }
    let memory = (ours.peak_memory()?.0, theirs.peak_memory()?.1);
    println!(
        "{} files, {:.1} MB; {} rounds, medians; CPython {}",
        files.len(),
        bytes as f64 / 1e6,
        options.against.rounds,
        oracle.version()
    );
    println!("{:<28}{:>12}{:>12}{:>10}", "", "pycompile", "CPython", "ratio");
    compiled.report("compileall -j0 -f -q");
    up_to_date.report("compileall -j0 -q");
    println!(
        "{:<28}{:>8} MiB{:>8} MiB{:>10.2}",
        "  memory (of one worker)",
        memory.0 / 1024,
        memory.1 / 1024,
        memory.1 as f64 / memory.0 as f64
    );
    let (same, total) = tree::compare(ours.folder(), theirs.folder(), oracle.python())?;
    println!("{same} of {total} .pyc files are the same");
    ensure!(same == total, "the programs did not do the same work");
    Ok(())
}

/// The runs of both.
#[derive(Default)]
struct Pair {
    ours: Vec<Measured>,
    theirs: Vec<Measured>,
}

impl Pair {
    fn push(&mut self, ours: Measured, theirs: Measured) -> Result<()> {
        ensure!(ours.status == theirs.status, "status {} here, {} there", ours.status, theirs.status);
        self.ours.push(ours);
        self.theirs.push(theirs);
        Ok(())
    }

    fn report(&self, what: &str) {
        println!("{what}");
        let row = |name: &str, time: fn(&Measured) -> f64| {
            let [ours, theirs] = [&self.ours, &self.theirs].map(|runs| median(runs.iter().map(time)));
            println!("{name:<28}{ours:>10.3} s{theirs:>10.3} s{:>10.2}", theirs / ours);
        };
        row("  passed", |run| run.wall);
        row("  on the processor", |run| run.cpu);
    }
}
