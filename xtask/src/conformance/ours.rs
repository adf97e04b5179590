//! Our answers, in the form of CPython's.

use std::any::Any;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use pyast::{Arena, Mod, SyntaxError};
use pycode::Interner;
use pyparser::ParseOptions;

use super::Row;
use crate::oracle::{Answer, Item, Oracle, Request};
use crate::stage_text;

/// What we answer for a row; an error or a panic as text.
pub(crate) fn answer(row: Row, path: &Path, oracle: &Oracle) -> Result<Vec<u8>, String> {
    catch_unwind(AssertUnwindSafe(|| produce(row, path, oracle)))
        .unwrap_or_else(|payload| Err(format!("panic: {}", panic_text(&*payload))))
}

fn produce(row: Row, path: &Path, oracle: &Oracle) -> Result<Vec<u8>, String> {
    match row {
        Row::Ast => with_tree(path, |module, strings| Ok(stage_text::tree(module, strings))),
        Row::Symtable => with_tree(path, stage_text::symbol_table),
        Row::Marshal => stage_text::marshal_round_trip(&reference_pyc(path, oracle)?),
    }
}

/// Parses a file and makes text from the tree.
fn with_tree(
    path: &Path,
    make: impl FnOnce(Mod<'_>, &mut Interner) -> Result<String, SyntaxError>,
) -> Result<Vec<u8>, String> {
    let source = fs::read(path).map_err(|e| e.to_string())?;
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let parsed = pyparser::parse(&source, &arena, &mut strings, &ParseOptions::default());
    let text = parsed.and_then(|parsed| make(parsed.module, &mut strings));
    text.map(String::into_bytes).map_err(|error| error.to_string())
}

/// CPython's `.pyc` for a file, the input of the stages that take one.
fn reference_pyc(path: &Path, oracle: &Oracle) -> Result<Vec<u8>, String> {
    match oracle.ask(&Request { item: Item::Pyc(0), path: path.to_owned() }) {
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
