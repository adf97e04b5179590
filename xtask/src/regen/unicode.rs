//! Character classes, for `pyparser`.

use std::fmt::Write;

use anyhow::Result;
use serde::Deserialize;

use super::{Output, load_json};

#[derive(Deserialize)]
struct Unicode {
    xid_start: Vec<(u32, u32)>,
    xid_continue: Vec<(u32, u32)>,
    printable: Vec<(u32, u32)>,
}

pub(crate) fn emit(out: &mut Output) -> Result<()> {
    let classes: Unicode = load_json("unicode.json")?;
    let mut body = String::new();
    table(&mut body, "XID_START", "What an identifier can begin with.", &classes.xid_start)?;
    table(&mut body, "XID_CONTINUE", "What an identifier can go on with.", &classes.xid_continue)?;
    table(&mut body, "PRINTABLE", "`str.isprintable()`", &classes.printable)?;
    let doc = "Classes of characters, as sorted ranges of code points, both ends included.";
    out.add("crates/pyparser/src/generated/unicode.rs", "unicode.json", doc, &body)
}

fn table(body: &mut String, name: &str, doc: &str, ranges: &[(u32, u32)]) -> Result<()> {
    writeln!(body, "/// {doc}\n#[rustfmt::skip]\npub(crate) const {name}: &[(u32, u32)] = &[")?;
    for row in ranges.chunks(6) {
        let row: Vec<String> = row.iter().map(|(first, last)| format!("({first:#x}, {last:#x})")).collect();
        writeln!(body, "    {},", row.join(", "))?;
    }
    writeln!(body, "];\n")?;
    Ok(())
}
