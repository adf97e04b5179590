//! One process that answers, one request after the other.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::{Answer, Item, Oracle, Request};

/// Sequences and constants as text: what stands before the scripts that need it.
pub(crate) const SEQUENCES: &str = include_str!("sequences.py");

/// Which of the scripts runs.
#[derive(Clone, Copy)]
pub(super) enum Script {
    Pyc,
    Stages,
    Units,
    Texts,
}

impl Script {
    pub(super) const ALL: [Script; 4] = [Script::Pyc, Script::Stages, Script::Units, Script::Texts];

    /// The script that answers for this item.
    pub(super) const fn for_item(item: Item) -> Script {
        match item {
            Item::Pyc(_) => Script::Pyc,
            Item::Units(_) => Script::Units,
            Item::Text(_) => Script::Texts,
            _ => Script::Stages,
        }
    }

    /// The text of the script.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Script::Pyc => include_str!("pyc.py"),
            Script::Stages => concat!(include_str!("sequences.py"), include_str!("stages.py")),
            Script::Units => concat!(include_str!("sequences.py"), include_str!("units.py")),
            Script::Texts => include_str!("texts.py"),
        }
    }
}

/// A running process.
pub(super) struct Worker {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts a process.
    pub(super) fn start(oracle: &Oracle, script: Script) -> Result<Worker> {
        let mut child = Command::new(&oracle.python)
            .args(["-I", "-c", script.text()])
            .arg(&oracle.scratch)
            .current_dir(&oracle.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", oracle.python.display()))?;
        let requests = child.stdin.take();
        let answers = BufReader::with_capacity(1 << 16, child.stdout.take().context("piped stdout")?);
        Ok(Worker { child, requests, answers })
    }

    /// Asks and waits for the answer; an error means that the process is of no use any more.
    pub(super) fn ask(&mut self, request: &Request) -> Result<Answer> {
        let path = request.path.to_str().context("a path of the corpus is not UTF-8")?;
        let requests = self.requests.as_mut().context("still open")?;
        match &request.input {
            None => writeln!(requests, "{} {path}", request.item)?,
            Some(input) => {
                writeln!(requests, "{} {}", request.item, input.len())?;
                requests.write_all(input)?;
            }
        }
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        let (kind, length) = header.trim_end().split_once(' ').context("no header")?;
        let mut bytes = vec![0; length.parse()?];
        self.answers.read_exact(&mut bytes)?;
        match kind {
            "ok" => Ok(Answer::Ok(bytes)),
            "error" => Ok(Answer::Refused(String::from_utf8_lossy(&bytes).into_owned())),
            _ => bail!("unknown header {header:?}"),
        }
    }
}

impl Drop for Worker {
    /// The process ends when its input does.
    fn drop(&mut self) {
        self.requests = None;
        // How it ended makes no difference: it answers no more.
        let _ = self.child.wait();
    }
}
