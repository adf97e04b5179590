//! `symtable`: the scopes and names of files, as `python -m symtable` prints them.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;

use pyast::{Arena, SyntaxError, Warning};
use pycode::{Interner, PyStr};
use pycompile::{Depth, Input, at_any_depth};
use pyfuture::FutureFeatures;
use pyparser::ParseOptions;
use pysymtable::{SymbolTable, SymbolTableOptions};

use super::interpreter::Interpreter;
use super::message::Subject;
use super::stage::{read, refuse, warn};
use super::{Streams, paths};

/// The options of `python -m symtable`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The files; standard input for `-` or when there is none
    files: Vec<OsString>,
}

pub(crate) fn run(args: &Args, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    let files = if args.files.is_empty() { vec![OsString::from("-")] } else { args.files.clone() };
    for file in &files {
        let Some((source, name)) = read(Some(file), streams)? else { return Ok(1) };
        let text = standard_input(file, &source);
        let input = match &text {
            Some(text) => Input::Text(PyStr::from_wtf8(text)),
            None => Input::Bytes(&source),
        };
        let subject = Subject::new(&source, &name);
        let mut warnings = Vec::new();
        let listing = at_any_depth(|depth| {
            warnings.clear();
            scopes(depth, input, subject.name, &mut warnings)
        });
        if let Some(status) = warn(&warnings, subject, interpreter, streams)? {
            return Ok(status);
        }
        match listing {
            Ok(listing) => streams.out.write_all(listing.as_bytes())?,
            Err(error) => return refuse(&error.into(), subject, streams),
        }
    }
    Ok(0)
}

/// Python reads a file as bytes, which say how they are encoded, and standard input as text: its UTF-8, with lone surrogates
/// for what is not.
fn standard_input(file: &OsStr, source: &[u8]) -> Option<Vec<u8>> {
    (file == "-").then(|| paths::decode(OsStr::from_bytes(source)))
}

fn scopes(
    depth: Depth,
    input: Input<'_>,
    name: &OsStr,
    warnings: &mut Vec<Warning>,
) -> Result<String, SyntaxError> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let options = ParseOptions { recursion_limit: depth.parser_limit(), ..ParseOptions::default() };
    let source = input.decode(&options)?;
    let parsed = pyparser::parse_reporting(&source, &arena, &mut strings, &options, warnings)?;
    warnings.extend(parsed.warnings);
    let future = FutureFeatures::from_ast(parsed.module, &strings)?;
    let options = SymbolTableOptions { recursion: depth.limit(), ..SymbolTableOptions::default() };
    let table = SymbolTable::build(parsed.module, &future, &mut strings, options)?;
    let name = paths::decode(name);
    Ok(pysymtable::inspect::listing(&table, &strings, PyStr::from_wtf8(&name)))
}
