//! Both sides: what CPython and what we make of a program.

use std::io::{BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use pycompile::Compiler;
use pymarshal::pyc::PycHeader;

/// A program and the level at which to compile it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Program {
    /// The source.
    pub source: Vec<u8>,
    /// `-O0`, `-O1`, `-O2`
    pub level: u8,
}

/// What a side makes of a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// The bytes of the `.pyc`.
    Pyc(Vec<u8>),
    /// It is refused, with this message.
    Refused(String),
    /// The compiler died: a crash of CPython, a panic of ours.
    Crashed(String),
}

/// The name under which programs are compiled: that of `worker.py`.
const FILENAME: &str = "f.py";

/// A running CPython.
pub(super) struct CPython {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl CPython {
    /// Starts the interpreter at `python`.
    pub(super) fn start(python: &Path) -> Result<CPython> {
        let mut child = Command::new(python)
            .args(["-I", "-c", include_str!("worker.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot run {}", python.display()))?;
        let requests = child.stdin.take();
        let answers = BufReader::with_capacity(1 << 16, child.stdout.take().context("piped stdout")?);
        Ok(CPython { child, requests, answers })
    }

    /// Sends programs; [`receive`](CPython::receive) gives the answers.
    pub(super) fn send(&mut self, programs: &[Program]) -> Result<()> {
        let mut request = format!("{}\n", programs.len()).into_bytes();
        for program in programs {
            writeln!(request, "{} {}", program.level, program.source.len())?;
            request.extend_from_slice(&program.source);
        }
        let requests = self.requests.as_mut().context("still open")?;
        requests.write_all(&request)?;
        Ok(requests.flush()?)
    }

    /// The answers to the `count` programs that were sent.
    pub(super) fn receive(&mut self, count: usize) -> Result<Vec<Answer>> {
        (0..count).map(|_| self.receive_one()).collect()
    }

    fn receive_one(&mut self) -> Result<Answer> {
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        let (kind, length) = header.trim_end().split_once(' ').context("CPython's side is gone")?;
        let mut bytes = vec![0; length.parse()?];
        self.answers.read_exact(&mut bytes)?;
        match kind {
            "ok" => Ok(Answer::Pyc(bytes)),
            "error" => Ok(Answer::Refused(String::from_utf8_lossy(&bytes).into_owned())),
            "crashed" => Ok(Answer::Crashed("CPython died".to_owned())),
            _ => bail!("unknown header {header:?}"),
        }
    }

    /// What a process that compiles nothing else makes of a program.
    pub(super) fn fresh(&mut self, program: &Program) -> Result<Answer> {
        self.send(std::slice::from_ref(program))?;
        self.receive_one()
    }
}

impl Drop for CPython {
    /// The process ends when its input does.
    fn drop(&mut self) {
        self.requests = None;
        // How it ended makes no difference: it answers no more.
        let _ = self.child.wait();
    }
}

/// Our side.
#[derive(Default)]
pub(super) struct Ours {
    compiler: Compiler,
}

impl Ours {
    /// What we make of a program.
    pub(super) fn answer(&mut self, program: &Program) -> Answer {
        let compiler = &mut self.compiler;
        let result = catch_unwind(AssertUnwindSafe(|| {
            let options = pycompile::Options { optimize: program.level, ..pycompile::Options::default() };
            let header = PycHeader::Timestamp { mtime: 0, size: program.source.len() as u32 };
            compiler.compile(&program.source, FILENAME.into(), &options)?.to_pyc(header)
        }));
        match result {
            Ok(Ok(bytes)) => Answer::Pyc(bytes),
            Ok(Err(error)) => Answer::Refused(error.to_string()),
            Err(_) => {
                // Its buffers are in an unknown state.
                self.compiler = Compiler::new();
                Answer::Crashed("a panic".to_owned())
            }
        }
    }
}
