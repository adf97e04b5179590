//! `dis`: the bytecode of a file, as `python -m dis` prints it.

use std::ffi::OsString;
use std::io;

use pycode::PyStr;
use pycompile::{Compiler, Input, Options};
use pydis::{DisOptions, disassemble_to_string};

use super::interpreter::Interpreter;
use super::message::{self, Subject};
use super::stage::{read, refuse};
use super::warnings::{self, Checked};
use super::{Streams, paths};

/// The options of `python -m dis`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Show inline caches
    #[arg(short = 'C', long)]
    show_caches: bool,
    /// Show instruction offsets
    #[arg(short = 'O', long)]
    show_offsets: bool,
    /// Show instruction positions
    #[arg(short = 'P', long)]
    show_positions: bool,
    /// Show specialized bytecode
    #[arg(short = 'S', long)]
    specialized: bool,
    /// The file; standard input when it is missing or `-`
    #[arg(value_name = "infile")]
    infile: Option<OsString>,
}

pub(crate) fn run(args: &Args, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Some((source, name)) = read(args.infile.as_deref(), streams)? else { return Ok(1) };
    let decoded = paths::decode(&name);
    let subject = Subject::new(&source, &name);
    let options = Options { optimize: interpreter.optimize, ..Options::default() };
    let (input, name) = (Input::Bytes(&source), PyStr::from_wtf8(&decoded));
    let mut reported = Vec::new();
    let compiled = Compiler::new().compile_reporting(input, name, &options, &mut reported);
    let Checked { compiled, shown } =
        warnings::check(compiled, reported, subject.name, &interpreter.warnings);
    streams.err.write_all(message::warnings(&shown, subject).as_bytes())?;
    let compiled = match compiled {
        Ok(compiled) => compiled,
        Err(error) => return refuse(&error, subject, streams),
    };
    let options = DisOptions {
        show_caches: args.show_caches,
        show_offsets: args.show_offsets,
        show_positions: args.show_positions,
        adaptive: args.specialized,
        depth: None,
    };
    let text = disassemble_to_string(&compiled.pool, compiled.root, &options).map_err(io::Error::other)?;
    streams.out.write_all(text.as_bytes())?;
    Ok(0)
}
