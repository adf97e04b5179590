//! What uv starts an interpreter for: its script `pip_compileall.py`.
//!
//! The worker says `Ready`. For each path that it reads, it compiles the file and echoes the path, whether it could
//! be compiled or not: uv mutes the errors, as pip does, and takes the echo for leave to send the next path.
//! `PYC_INVALIDATION_MODE` says how importers will tell whether a `.pyc` is up to date.
//!
//! With two folders as arguments, what lies in the first is compiled as if it lay in the second: uv compiles an
//! environment before it is moved to where it belongs.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;

use super::input::{Line, Lines};
use crate::cli::compileall::SingleFiles;
use crate::cli::interpreter::Interpreter;
use crate::cli::pyc_file::InvalidationMode;
use crate::cli::warnings::WarningFilters;
use crate::cli::{Streams, paths};

/// The level at which `compile_file` says nothing.
const SILENT: u8 = 2;

pub(super) fn run(
    arguments: &[OsString],
    interpreter: &Interpreter,
    streams: &mut Streams<'_>,
) -> io::Result<u8> {
    // Before the mode is looked at, as in uv's script: the answer to a wrong one is the end of the worker.
    say(b"Ready", streams)?;
    let mode = match std::env::var_os("PYC_INVALIDATION_MODE") {
        None => InvalidationMode::from_environment(),
        Some(name) => match InvalidationMode::from_member_name(&name.to_string_lossy()) {
            Some(mode) => mode,
            None => return refuse(&name, streams),
        },
    };
    let interpreter = Interpreter { warnings: WarningFilters::nothing(), ..interpreter.clone() };
    let staging = match arguments {
        [] => None,
        [source, destination] => Some(Staging { source, destination }),
        others => {
            writeln!(streams.err, "ValueError: two folders were expected, not {}", others.len())?;
            return Ok(1);
        }
    };
    // A `.pyc` with a current time would stand in the way of the hash or of the path that is asked for.
    let force = mode != InvalidationMode::Timestamp || staging.is_some();
    let files = SingleFiles::new(SILENT, force, mode, &interpreter);
    let mut compiler = pycompile::Compiler::new();
    for line in Lines::new(io::stdin().lock()) {
        let Line::Text(line) = line? else {
            writeln!(streams.err, "pycompile: a line that is too long for a path was skipped")?;
            continue;
        };
        let path = paths::stripped(&line);
        if path.is_empty() {
            continue;
        }
        let source = OsStr::from_bytes(path);
        let folder = match staging.as_ref().map(|staging| staging.final_folder(source)).transpose() {
            Ok(folder) => folder,
            Err(why) => {
                writeln!(streams.err, "ValueError: {why}")?;
                return Ok(1);
            }
        };
        files.compile(source, folder.as_deref(), &mut compiler);
        say(path, streams)?;
    }
    Ok(0)
}

/// A folder that is to be moved.
struct Staging<'a> {
    source: &'a OsStr,
    destination: &'a OsStr,
}

impl Staging<'_> {
    /// Where the folder of a file in the source will be.
    fn final_folder(&self, path: &OsStr) -> Result<OsString, &'static str> {
        let (folder, _) = paths::split(path);
        if folder.is_empty() {
            return Err("no path specified");
        }
        let relative = paths::relative(folder, self.source);
        if relative == ".." || relative.as_bytes().starts_with(b"../") {
            return Err("bytecode source is outside the staged directory");
        }
        Ok(paths::normal(paths::join(self.destination, &relative).as_os_str()))
    }
}

fn say(line: &[u8], streams: &mut Streams<'_>) -> io::Result<()> {
    streams.out.write_all(line)?;
    streams.out.write_all(b"\n")?;
    streams.out.flush()
}

fn refuse(name: &OsString, streams: &mut Streams<'_>) -> io::Result<u8> {
    let name = paths::backslashed(name);
    let valid = InvalidationMode::MEMBERS.map(|(name, _)| format!("\"{name}\"")).join(", ");
    writeln!(streams.err, "Invalid value for PYC_INVALIDATION_MODE \"{name}\", valid are {valid}: ")?;
    Ok(1)
}
