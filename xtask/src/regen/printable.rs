//! Emits the characters that Python's `repr` of a string shows as they are.

use std::fmt::Write;

use anyhow::Result;
use serde::Deserialize;

use super::{Output, load_json};

const INPUT: &str = "unicode.json";

/// The part of `unicode.json` that is used here.
#[derive(Deserialize)]
struct Unicode {
    /// First and last code point of each range.
    printable: Vec<(u32, u32)>,
}

pub(super) fn emit(out: &mut Output) -> Result<()> {
    let unicode: Unicode = load_json(INPUT)?;
    let mut body = format!(
        "/// First and last code point of each range of printable characters, in order.\n\
         pub(crate) const PRINTABLE: [(u32, u32); {}] = [\n",
        unicode.printable.len()
    );
    for (first, last) in &unicode.printable {
        let _ = writeln!(body, "({first:#x}, {last:#x}),");
    }
    body += "];\n";
    out.add(
        "crates/pycode/src/generated/printable.rs",
        INPUT,
        "The characters for which Python's `str.isprintable` is true.",
        &body,
    )
}
