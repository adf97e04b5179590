//! An installed CPython that answers questions about source files.
//!
//! Four scripts run in it, each in several processes: `pyc.py` (what `py_compile` writes, each file in
//! a fresh child), `stages.py` (what every stage makes, as text), `units.py` (what flow graph and assembler
//! make of what they are given) and `texts.py` (what the command-line modules print). The protocol is a line
//! for a request, with bytes for what is not in a file; a header and bytes for an answer. A process that dies is started again; its request counts
//! as [`Answer::Crashed`].

mod store;
mod worker;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result, ensure};

pub(crate) use store::{Digest, Digests};
pub(crate) use worker::SEQUENCES;
use worker::{Script, Worker};

/// The optimization levels: nothing, `-O`, `-OO`.
pub(crate) const LEVELS: [u8; 3] = [0, 1, 2];

/// What can be asked about a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Item {
    /// The bytes of the `.pyc` at a level.
    Pyc(u8),
    /// The tokens as the parser takes them.
    Tokens,
    /// The flags of the future statements.
    Future,
    /// The syntax tree as the parser makes it.
    Ast,
    /// The syntax tree after preprocessing at a level.
    Preprocessed(u8),
    /// Every scope and every name.
    Symtable,
    /// The instruction sequences before the flow graph at a level.
    Codegen(u8),
    /// The module's own sequence after the flow graph.
    Flowgraph,
    /// The units of a level after the flow graph and after the assembler.
    Units(u8),
    /// The disassembly of everything.
    Dis,
    /// What a command-line module prints.
    Text(Text),
}

/// A text of one of CPython's modules.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Text {
    /// `ast.unparse`
    Unparse,
    /// `ast.dump` without the names of fields.
    DumpPositional,
    /// `ast.dump` with attributes, indented by two spaces.
    DumpIndented,
    /// `ast.dump` with attributes and empty lists, without names, a line for each field.
    DumpEmpty,
    /// `python -m symtable`
    Symtable,
    /// `python -m tokenize`, without and with `-e`.
    Tokenize,
    /// `python -m dis -C`
    DisCaches,
    /// `python -m dis -O`
    DisOffsets,
    /// `python -m dis -P`
    DisPositions,
    /// `python -m dis -S`
    DisSpecialized,
}

impl Text {
    /// All of them, in the order of the pipeline.
    pub(crate) const ALL: [Text; 10] = [
        Text::Tokenize,
        Text::Unparse,
        Text::DumpPositional,
        Text::DumpIndented,
        Text::DumpEmpty,
        Text::Symtable,
        Text::DisCaches,
        Text::DisOffsets,
        Text::DisPositions,
        Text::DisSpecialized,
    ];

    /// What `texts.py` calls it.
    const fn key(self) -> &'static str {
        match self {
            Text::Unparse => "unparse",
            Text::DumpPositional => "dump-positional",
            Text::DumpIndented => "dump-indented",
            Text::DumpEmpty => "dump-empty",
            Text::Symtable => "symtable-listing",
            Text::Tokenize => "tokenize",
            Text::DisCaches => "dis-C",
            Text::DisOffsets => "dis-O",
            Text::DisPositions => "dis-P",
            Text::DisSpecialized => "dis-S",
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // `pyc.py` takes the bare level.
            Item::Pyc(level) => write!(f, "{level}"),
            Item::Tokens => f.write_str("tokens"),
            Item::Future => f.write_str("future"),
            Item::Ast => f.write_str("ast"),
            Item::Preprocessed(level) => write!(f, "preprocessed{level}"),
            Item::Symtable => f.write_str("symtable"),
            Item::Codegen(level) => write!(f, "codegen{level}"),
            Item::Flowgraph => f.write_str("flowgraph"),
            Item::Units(level) => write!(f, "units{level}"),
            Item::Dis => f.write_str("dis"),
            Item::Text(text) => f.write_str(text.key()),
        }
    }
}

/// One question.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Request {
    /// What is asked.
    pub item: Item,
    /// About which file; a path without line breaks.
    pub path: PathBuf,
    /// What the stage is given, where that is not the file.
    pub input: Option<Vec<u8>>,
}

impl Request {
    /// A question about a file.
    pub(crate) fn new(item: Item, path: impl Into<PathBuf>) -> Request {
        Request { item, path: path.into(), input: None }
    }
}

/// What CPython says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// The text or the bytes.
    Ok(Vec<u8>),
    /// The exception, as text.
    Refused(String),
    /// The process died.
    Crashed,
}

/// An interpreter to ask.
pub(crate) struct Oracle {
    python: PathBuf,
    version: String,
    /// Where the scripts may put files.
    scratch: PathBuf,
    /// Where they run.
    folder: PathBuf,
    /// Processes that wait for a request, by script.
    idle: Mutex<[Vec<Worker>; Script::ALL.len()]>,
}

impl Oracle {
    /// Takes the interpreter at `python` into use.
    pub(crate) fn new(python: &Path) -> Result<Oracle> {
        let output = Command::new(python)
            .args(["-I", "-c", "import platform; print(platform.python_version())"])
            .output()
            .with_context(|| format!("cannot run {}", python.display()))?;
        ensure!(output.status.success(), "{} does not run: {}", python.display(), output.status);
        let version = String::from_utf8(output.stdout)?.trim().to_owned();
        let expected = pycode::version::PYTHON_VERSION;
        ensure!(
            version.rsplit_once('.').map(|v| v.0) == expected.rsplit_once('.').map(|v| v.0),
            "{} is CPython {version}; these crates are exact for {expected}",
            python.display()
        );
        let scratch = crate::root().join("target/reference");
        fs::create_dir_all(&scratch)?;
        let folder = crate::root().to_owned();
        Ok(Oracle { python: fs::canonicalize(python)?, version, scratch, folder, idle: Mutex::default() })
    }

    /// The interpreter.
    pub(crate) fn python(&self) -> &Path {
        &self.python
    }

    /// The same, but relative paths in requests start from `folder`.
    #[must_use]
    pub(crate) fn in_folder(self, folder: &Path) -> Oracle {
        Oracle { folder: folder.to_owned(), ..self }
    }

    /// A folder for temporary files.
    pub(crate) fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// `platform.python_version()`
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Asks and waits. Called from several threads, each is served by a process of its own.
    pub(crate) fn ask(&self, request: &Request) -> Result<Answer> {
        let script = Script::for_item(request.item);
        let idle = self.idle.lock().expect("no panic while holding it")[script as usize].pop();
        let mut worker = match idle {
            Some(worker) => worker,
            None => Worker::start(self, script)?,
        };
        match worker.ask(request) {
            Ok(answer) => {
                self.idle.lock().expect("no panic while holding it")[script as usize].push(worker);
                Ok(answer)
            }
            Err(_) => Ok(Answer::Crashed),
        }
    }
}
