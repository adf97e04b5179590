//! `dis`: the bytecode of a file, as `python -m dis` prints it.

use std::ffi::OsString;
use std::io;

use pycode::PyStr;
use pycompile::{Compiler, Options};
use pydis::{DisOptions, disassemble_to_string};

use super::{Streams, message, os_error, source};

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
    #[arg(default_value = "-")]
    infile: OsString,
}

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> io::Result<u8> {
    let (source, name) = match source::read_or_stdin(&args.infile) {
        Ok(read) => read,
        Err(error) => {
            let (class, text) = os_error::describe(&error, &args.infile);
            writeln!(streams.err, "{class}: {text}")?;
            return Ok(1);
        }
    };
    let name = PyStr::from_wtf8(&name);
    let compiled = match Compiler::new().compile(&source, name, &Options::default()) {
        Ok(compiled) => compiled,
        Err(error) => {
            streams.err.write_all(message::traceback(&error, &source, name).as_bytes())?;
            return Ok(1);
        }
    };
    streams.err.write_all(message::warnings(&compiled.warnings, &source, name).as_bytes())?;
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
