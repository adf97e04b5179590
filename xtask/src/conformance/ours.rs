//! Our answers, in the form of CPython's.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use pycode::Pool;
use pymarshal::pyc;

use super::Row;
use crate::oracle::{Answer, Item, Oracle, Request};

/// What we answer for a row; an error or a panic as text.
pub(crate) fn answer(row: Row, path: &Path, oracle: &Oracle) -> Result<Vec<u8>, String> {
    catch_unwind(AssertUnwindSafe(|| produce(row, path, oracle)))
        .unwrap_or_else(|payload| Err(format!("panic: {}", panic_text(&*payload))))
}

fn produce(row: Row, path: &Path, oracle: &Oracle) -> Result<Vec<u8>, String> {
    match row {
        Row::Marshal => marshal_round_trip(&reference_pyc(path, oracle)?),
    }
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

fn marshal_round_trip(file: &[u8]) -> Result<Vec<u8>, String> {
    let mut pool = Pool::new();
    let (header, loaded) = pyc::read(file, &mut pool).map_err(|e| e.to_string())?;
    pyc::write(header, &pool, loaded.root).map_err(|e| e.to_string())
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("of unknown kind");
    text.lines().next().unwrap_or_default().to_owned()
}
