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
    let settings = invalidation_mode().and_then(|mode| Ok((mode, Staging::of_arguments(arguments)?)));
    let (mode, staging) = match settings {
        Ok(settings) => settings,
        Err(why) => return refuse(&why, streams),
    };
    let interpreter = Interpreter { warnings: WarningFilters::nothing(), ..interpreter.clone() };
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
            Err(why) => return refuse(&format!("ValueError: {why}"), streams),
        };
        files.compile(source, folder.as_deref(), &mut compiler);
        say(path, streams)?;
    }
    Ok(0)
}

/// How importers will tell whether a `.pyc` is up to date, or why that cannot be told.
fn invalidation_mode() -> Result<InvalidationMode, String> {
    let Some(name) = std::env::var_os("PYC_INVALIDATION_MODE") else {
        return Ok(InvalidationMode::from_environment());
    };
    InvalidationMode::from_member_name(&name.to_string_lossy()).ok_or_else(|| {
        let name = paths::backslashed(&name);
        let valid = InvalidationMode::MEMBERS.map(|(name, _)| format!("\"{name}\"")).join(", ");
        format!("Invalid value for PYC_INVALIDATION_MODE \"{name}\", valid are {valid}: ")
    })
}

/// The end of the worker.
fn refuse(why: &str, streams: &mut Streams<'_>) -> io::Result<u8> {
    writeln!(streams.err, "{why}")?;
    Ok(1)
}

/// A folder that is to be moved.
struct Staging<'a> {
    source: &'a OsStr,
    destination: &'a OsStr,
}

impl<'a> Staging<'a> {
    /// Two folders, or none.
    fn of_arguments(arguments: &'a [OsString]) -> Result<Option<Self>, String> {
        match arguments {
            [] => Ok(None),
            [source, destination] => Ok(Some(Staging { source, destination })),
            others => Err(format!("ValueError: two folders were expected, not {}", others.len())),
        }
    }

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
