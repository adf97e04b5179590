//! `tokenize`: the tokens of a file, as `python -m tokenize` prints them.

use std::ffi::{OsStr, OsString};
use std::io;

use pyparser::tokenize;

use super::interpreter::Interpreter;
use super::{Streams, os_error, paths, source};

/// The options of `python -m tokenize`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file; standard input when it is missing
    #[arg(value_name = "filename.py")]
    filename: Option<OsString>,
    /// Display token names using the exact type
    #[arg(short, long)]
    exact: bool,
}

pub(crate) fn run(args: &Args, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    let listing = match args.filename.as_deref().filter(|name| !name.is_empty()) {
        None => {
            let (source, _) = source::read_or_stdin(OsStr::new("-"))?;
            tokenize::listing_of_standard_input(&source, args.exact)
        }
        Some(name) => match std::fs::read(name) {
            Ok(source) => tokenize::listing(&source, &paths::backslashed(name), args.exact),
            Err(error) => {
                writeln!(streams.err, "error: {}", os_error::text_with_path(&error, name))?;
                return Ok(1);
            }
        },
    };
    if interpreter.warnings.show_syntax_warnings() {
        streams.err.write_all(listing.warnings.as_bytes())?;
    }
    streams.out.write_all(listing.text.as_bytes())?;
    let Some(error) = listing.error else { return Ok(0) };
    writeln!(streams.err, "{error}")?;
    Ok(1)
}
