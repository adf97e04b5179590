//! Running one of the programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// What a run took.
pub(super) struct Measured {
    /// Seconds that passed.
    pub(super) wall: f64,
    /// Seconds on the processor, of all processes.
    pub(super) cpu: f64,
    /// The exit status: 1 where the tree has a file that does not compile.
    pub(super) status: i32,
    /// Of the process itself, and of the largest below it, in KiB.
    memory: (u64, u64),
}

/// A program and the tree that it compiles.
pub(super) struct Runner {
    python: PathBuf,
    folder: PathBuf,
    command: Vec<String>,
}

impl Runner {
    /// `python` runs the script that measures.
    pub(super) fn new(python: &Path, folder: &Path, command: &[&str]) -> Runner {
        let command = command.iter().map(|&word| word.to_owned()).collect();
        Runner { python: python.to_owned(), folder: folder.to_owned(), command }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Compiles the tree on all cores.
    pub(super) fn run(&self, options: &[&str]) -> Result<Measured> {
        self.start("0", options)
    }

    /// The most memory that the program had in a run of its own, and the most that one below it had.
    pub(super) fn peak_memory(&self) -> Result<(u64, u64)> {
        Ok(self.start("1", &["-f"])?.memory)
    }

    fn start(&self, sample: &str, options: &[&str]) -> Result<Measured> {
        let output = Command::new(&self.python)
            .args(["-I", "-c", include_str!("measure.py"), sample])
            .args(&self.command)
            .args(["-j0", "-q", "."])
            .args(options)
            .current_dir(&self.folder)
            .stdout(Stdio::null())
            .output()
            .with_context(|| format!("cannot run {}", self.python.display()))?;
        let text = String::from_utf8_lossy(&output.stderr);
        let last = text.lines().last().unwrap_or_default();
        parse(last).with_context(|| format!("{:?} said {text}", self.command))
    }
}

fn parse(line: &str) -> Result<Measured> {
    let [wall, cpu, own, below, status] = line.split_whitespace().collect::<Vec<_>>()[..] else {
        bail!("five numbers were expected");
    };
    let memory = (own.parse()?, below.parse()?);
    Ok(Measured { wall: wall.parse()?, cpu: cpu.parse()?, status: status.parse()?, memory })
}
