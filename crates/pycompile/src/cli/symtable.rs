//! `symtable`: the scopes and names of files, as `python -m symtable` prints them.

use std::ffi::OsString;
use std::io;

use pyast::{Arena, SyntaxError, Warning};
use pycode::{Interner, PyStr};
use pycompile::{Depth, at_any_depth};
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
        let subject = Subject::new(&source, &name);
        let mut warnings = Vec::new();
        let text = at_any_depth(|depth| {
            warnings.clear();
            scopes(depth, subject, &mut warnings)
        });
        if let Some(status) = warn(&warnings, subject, interpreter, streams)? {
            return Ok(status);
        }
        match text {
            Ok(text) => streams.out.write_all(text.as_bytes())?,
            Err(error) => return refuse(&error.into(), subject, streams),
        }
    }
    Ok(0)
}

fn scopes(depth: Depth, subject: Subject<'_>, warnings: &mut Vec<Warning>) -> Result<String, SyntaxError> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let options = ParseOptions { recursion_limit: depth.parser_limit(), ..ParseOptions::default() };
    let source = pyparser::decode(subject.source, &options)?;
    let parsed = pyparser::parse_reporting(&source, &arena, &mut strings, &options, warnings)?;
    warnings.extend(parsed.warnings);
    let future = FutureFeatures::from_ast(parsed.module, &strings)?;
    let options = SymbolTableOptions { recursion: depth.limit(), ..SymbolTableOptions::default() };
    let table = SymbolTable::build(parsed.module, &future, &mut strings, options)?;
    let name = paths::decode(subject.name);
    Ok(pysymtable::inspect::listing(&table, &strings, PyStr::from_wtf8(&name)))
}
