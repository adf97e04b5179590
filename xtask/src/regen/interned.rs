//! The strings that a process has interned when it begins to compile.

use anyhow::{Result, ensure};

use super::{Output, load_json};

const DOC: &str = "The strings that a fresh CPython process has interned when it begins to compile a file, as
far as they look like names or qualified names: its static strings, the names of its built-in types and
functions, and names and constants of the modules that it imports at start.";

pub(crate) fn emit(out: &mut Output) -> Result<()> {
    let strings: Vec<String> = load_json("interned.json")?;
    ensure!(strings.is_sorted(), "data/interned.json is not sorted");
    let rows: String = strings.iter().map(|s| format!("{s:?},\n")).collect();
    let body = format!("/// Sorted by bytes.\npub(crate) const INTERNED_AT_START: &[&str] = &[{rows}];\n");
    out.add("crates/pycode/src/generated/interned.rs", "interned.json", DOC, &body)
}
