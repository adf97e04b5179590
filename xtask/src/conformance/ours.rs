//! Our answers, in the form of CPython's.

use std::any::Any;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::UNIX_EPOCH;

use pyast::{Arena, DumpOptions, SyntaxError};
use pycode::Interner;
use pydis::DisOptions;
use pymarshal::pyc::PycHeader;
use pyparser::ParseOptions;

use super::Row;
use crate::oracle::{Answer, Item, Oracle, Request, Text};
use crate::stage_text::{self, Tree};
use crate::units::Units;

/// What we answer for a row; an error or a panic as text.
pub(crate) fn answer(row: Row, path: &Path, oracle: &Oracle) -> Result<Vec<u8>, String> {
    catch_unwind(AssertUnwindSafe(|| produce(row, path, oracle)))
        .unwrap_or_else(|payload| Err(format!("panic: {}", panic_text(&*payload))))
}

fn produce(row: Row, path: &Path, oracle: &Oracle) -> Result<Vec<u8>, String> {
    match row {
        Row::Tokens => stage_text::tokens(&read(path)?),
        // CPython gives the flags away with a compiled module.
        Row::Future => compile(path, 0).and_then(|_| with_tree(path, |tree| stage_text::future_flags(&tree))),
        Row::Ast => with_tree(path, |tree| Ok(stage_text::tree(tree.module, &tree.strings))),
        Row::Preprocessed(level) => with_tree(path, |tree| stage_text::preprocessed(tree, level)),
        Row::Symtable => with_tree(path, |mut tree| stage_text::symbol_table(tree.module, &mut tree.strings)),
        Row::Codegen(level) => with_tree(path, |tree| stage_text::codegen(tree, level)),
        Row::FlowGraph(level) | Row::Assembler(level) => Ok(units(path, level)?.text().into_bytes()),
        Row::Code(level) | Row::Pyc(level) => compile(path, level),
        Row::Dis => stage_text::disassembly(&reference_pyc(path, 0, oracle)?, &DisOptions::default()),
        Row::Marshal(level) => stage_text::marshal_round_trip(&reference_pyc(path, level, oracle)?),
        Row::Text(text) => self::text(text, path, oracle),
    }
}

/// What CPython is asked for a row about a file.
pub(crate) fn request(row: Row, path: &Path) -> Request {
    let request = Request::new(row.item(), path);
    match row {
        // Without units there is no input, and CPython's side refuses to answer, as ours does.
        Row::FlowGraph(level) | Row::Assembler(level) => Request { input: payload(path, level), ..request },
        _ => request,
    }
}

fn payload(path: &Path, level: u8) -> Option<Vec<u8>> {
    catch_unwind(|| units(path, level)?.payload()).ok()?.ok()
}

/// The units of a level; beyond level 0 only those that are not the same there.
fn units(path: &Path, level: u8) -> Result<Units, String> {
    let at = |level| from_tree(path, |tree| Units::of(tree, level));
    match level {
        0 => at(0),
        _ => Ok(at(level)?.without(&at(0)?)),
    }
}

/// What our assembler makes of the sequences that CPython's flow graph has made.
pub(crate) fn assembled(path: &Path, level: u8, theirs: &[u8]) -> Result<Vec<u8>, String> {
    let theirs = str::from_utf8(theirs).map_err(|e| e.to_string())?;
    units(path, level)?.text_with_sequences_of(theirs).map(String::into_bytes)
}

/// What the command-line modules print.
fn text(text: Text, path: &Path, oracle: &Oracle) -> Result<Vec<u8>, String> {
    let dump = |options: DumpOptions<'_>| {
        with_tree(path, |tree| Ok(pyast::dump(tree.module, &tree.strings, &options)))
    };
    let dis = |options| stage_text::disassembly(&reference_pyc(path, 0, oracle)?, &options);
    let (no_names, no_dis) =
        (DumpOptions { annotate_fields: false, ..DumpOptions::default() }, DisOptions::default());
    match text {
        Text::Tokenize => stage_text::tokenize_listing(path),
        Text::Unparse => with_tree(path, |tree| stage_text::unparsed(&tree)),
        Text::DumpPositional => dump(no_names),
        Text::DumpIndented => {
            dump(DumpOptions { include_attributes: true, indent: Some("  "), ..DumpOptions::default() })
        }
        Text::DumpEmpty => {
            dump(DumpOptions { include_attributes: true, indent: Some(""), show_empty: true, ..no_names })
        }
        Text::Symtable => with_tree(path, |mut tree| {
            stage_text::symtable_listing(tree.module, &mut tree.strings, &path.to_string_lossy())
        }),
        Text::DisCaches => dis(DisOptions { show_caches: true, ..no_dis }),
        Text::DisOffsets => dis(DisOptions { show_offsets: true, ..no_dis }),
        Text::DisPositions => dis(DisOptions { show_positions: true, ..no_dis }),
        Text::DisSpecialized => dis(DisOptions { adaptive: true, ..no_dis }),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|e| e.to_string())
}

/// Parses a file and makes text from the tree.
fn with_tree<T: Into<Vec<u8>>>(
    path: &Path,
    make: impl FnOnce(Tree<'_>) -> Result<T, SyntaxError>,
) -> Result<Vec<u8>, String> {
    from_tree(path, make).map(Into::into)
}

/// Parses a file and makes something from the tree.
fn from_tree<T>(path: &Path, make: impl FnOnce(Tree<'_>) -> Result<T, SyntaxError>) -> Result<T, String> {
    let source = read(path)?;
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let parsed = pyparser::parse(&source, &arena, &mut strings, &ParseOptions::default());
    let made = parsed.and_then(|parsed| make(Tree { module: parsed.module, arena: &arena, strings }));
    made.map_err(|error| error.to_string())
}

/// The `.pyc` of a file, with the time and size of the file.
fn compile(path: &Path, optimize: u8) -> Result<Vec<u8>, String> {
    let source = read(path)?;
    let modified = fs::metadata(path).and_then(|m| m.modified()).map_err(|e| e.to_string())?;
    let mtime = modified.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as u32);
    let header = PycHeader::Timestamp { mtime, size: source.len() as u32 };
    let options = pycompile::Options { optimize, ..pycompile::Options::default() };
    let filename = path.to_str().ok_or("a path that is not UTF-8")?;
    let compiled = pycompile::compile(&source, filename, &options).map_err(|e| e.to_string())?;
    compiled.to_pyc(header).map_err(|e| e.to_string())
}

/// CPython's `.pyc` for a file, the input of the stages that take one.
fn reference_pyc(path: &Path, level: u8, oracle: &Oracle) -> Result<Vec<u8>, String> {
    match oracle.ask(&Request::new(Item::Pyc(level), path)) {
        Ok(Answer::Ok(bytes)) => Ok(bytes),
        Ok(Answer::Refused(message)) => Err(message),
        Ok(Answer::Crashed) => Err("CPython crashes".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("of unknown kind");
    text.lines().next().unwrap_or_default().to_owned()
}
