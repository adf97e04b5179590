//! CPython's side: a process that times itself.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};

/// A process that holds the sources and waits for the next round.
pub(super) struct CPython {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl CPython {
    /// Starts the process; gives the indices of the files that it compiles.
    pub(super) fn start(python: &Path, names: &[String]) -> Result<(CPython, Vec<usize>)> {
        let mut child = Command::new(python)
            .args(["-I", "-c", include_str!("cpython.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", python.display()))?;
        let input = child.stdin.take().context("piped stdin")?;
        let output = BufReader::new(child.stdout.take().context("piped stdout")?);
        let mut cpython = CPython { child, input, output };
        cpython.say(&names.join("\t"))?;
        let accepted = cpython.line()?;
        let accepted = accepted.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        Ok((cpython, accepted))
    }

    /// Seconds for all sources.
    pub(super) fn round(&mut self) -> Result<f64> {
        self.say("round")?;
        self.line()?.parse().context("seconds")
    }

    /// Ends the process; gives the most memory that it ever had, in KiB.
    pub(super) fn finish(self) -> Result<u64> {
        let CPython { mut child, input, mut output } = self;
        drop(input);
        let mut line = String::new();
        output.read_line(&mut line)?;
        child.wait()?;
        line.trim().parse().context("KiB")
    }

    fn say(&mut self, line: &str) -> Result<()> {
        writeln!(self.input, "{line}")?;
        Ok(self.input.flush()?)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}
