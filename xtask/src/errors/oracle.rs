//! CPython as a judge of sources: what it says about each.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// A call of `compile()`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    /// `exec`, `eval`, `single`, `func_type`
    pub mode: String,
    /// The flags given, and those inherited from the caller.
    pub flags: u32,
    /// The minor version, or -1.
    pub feature_version: i32,
    /// Whether the source is text, and not bytes.
    pub is_text: bool,
    /// The source; text is encoded as UTF-8, with surrogates.
    #[serde(with = "hex")]
    pub source: Vec<u8>,
}

/// What CPython raises.
#[derive(Clone, Default, PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct Raised {
    /// The name of the exception's type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The message.
    pub message: String,
    /// Positions, as attributes of the exception; an exception that is no `SyntaxError` has none.
    #[serde(default)]
    pub lineno: Option<i32>,
    #[serde(default)]
    #[allow(missing_docs, reason = "see above")]
    pub offset: Option<i32>,
    #[serde(default)]
    #[allow(missing_docs, reason = "see above")]
    pub end_lineno: Option<i32>,
    #[serde(default)]
    #[allow(missing_docs, reason = "see above")]
    pub end_offset: Option<i32>,
    /// The source line.
    #[serde(default)]
    pub text: Option<String>,
    /// The text of the traceback, without and with colours, if it was asked for.
    #[serde(default)]
    pub shown: Option<[String; 2]>,
}

/// A warning: category, message and line.
pub(crate) type Warned = (String, String, i32);

/// What CPython says about a call, or we do.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct Answer {
    /// The exception, if any.
    pub error: Option<Raised>,
    /// Category, message and line of each warning.
    pub warnings: Vec<Warned>,
}

/// A running interpreter.
pub(crate) struct Judge {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Judge {
    /// Starts the interpreter at `python`.
    pub(crate) fn start(python: &Path) -> Result<Judge> {
        Judge::start_with(python, &[])
    }

    /// Starts an interpreter that shows the errors, too.
    pub(crate) fn start_showing(python: &Path) -> Result<Judge> {
        Judge::start_with(python, &["show"])
    }

    fn start_with(python: &Path, arguments: &[&str]) -> Result<Judge> {
        let mut child = Command::new(python)
            .args(["-I", "-c", include_str!("worker.py")])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", python.display()))?;
        let requests = child.stdin.take();
        let answers = BufReader::with_capacity(1 << 16, child.stdout.take().context("piped stdout")?);
        Ok(Judge { child, requests, answers })
    }

    /// Asks about a batch of calls.
    pub(crate) fn ask(&mut self, calls: &[Call]) -> Result<Vec<Answer>> {
        let requests = self.requests.as_mut().context("still open")?;
        let mut batch = format!("{}\n", calls.len()).into_bytes();
        for call in calls {
            let text = u8::from(call.is_text);
            let Call { mode, flags, feature_version, source, .. } = call;
            writeln!(batch, "{mode} {flags} {feature_version} {text} {}", source.len())?;
            batch.extend_from_slice(source);
        }
        requests.write_all(&batch)?;
        requests.flush()?;
        calls.iter().map(|_| self.answer()).collect()
    }

    fn answer(&mut self) -> Result<Answer> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        serde_json::from_str(&line).with_context(|| format!("no answer: {line:?}"))
    }
}

impl Drop for Judge {
    /// The process ends when its input does.
    fn drop(&mut self) {
        self.requests = None;
        // How it ended makes no difference: it answers no more.
        let _ = self.child.wait();
    }
}

/// Bytes as a string of hexadecimal digits.
mod hex {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits: Result<Vec<u8>, _> = text
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(&String::from_utf8_lossy(pair), 16))
            .collect();
        digits.map_err(serde::de::Error::custom)
    }
}
