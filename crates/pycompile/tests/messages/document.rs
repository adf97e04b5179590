//! `docs/messages.md`.

use std::fmt::Write;

use crate::answer;
use crate::data::{Entry, Listing};

const HEAD: &str = "\
<!-- Written by `cargo xtask messages --python PATH --write` from crates/pycompile/tests/messages/sources. -->
# CPython's messages

Every text with which the sources of CPython's tokenizer, parser and compiler raise an error or warn, file by file, as the C
source has it: `%s` and the like stand for what differs. For each, how many cases have CPython's own answer (type,
message, the four positions, the source line, the warnings) as the expectation of a test; the cases are
in `crates/pycompile/tests/messages/sources`. A text that no input of a compiler in Rust can raise has the reason instead.

CPython 3.14.10 holds each of these texts, and of the texts in the sources of 3.14.0a6 and 3.15.0a5 it holds no other
(`cargo xtask messages --python PATH --sources CHECKOUT`).

";

/// The whole document.
pub(crate) fn render(listings: &[Listing]) -> String {
    let mut out = HEAD.to_owned();
    let all = || listings.iter().flat_map(|listing| &listing.entries);
    let (texts, cases) = (all().count(), all().map(|entry| entry.cases.len()).sum::<usize>());
    let raised = all().filter(|entry| entry.reason.is_none()).count();
    let _ = writeln!(out, "**{texts} texts: {raised} raised in {cases} cases, {} not.**\n", texts - raised);
    out.push_str("| file | texts | raised | cases |\n|---|---:|---:|---:|\n");
    for listing in listings {
        let (texts, cases) =
            (listing.entries.len(), listing.entries.iter().map(|e| e.cases.len()).sum::<usize>());
        let raised = listing.entries.iter().filter(|entry| entry.reason.is_none()).count();
        let _ = writeln!(out, "| `{}` | {texts} | {raised} | {cases} |", listing.file);
    }
    for listing in listings {
        section(listing, &mut out);
    }
    out
}

fn section(listing: &Listing, out: &mut String) {
    let _ = writeln!(out, "\n## `{}`\n\n{}\n", listing.file, listing.about);
    out.push_str("| text | raised as | cases |\n|---|---|---:|\n");
    for entry in &listing.entries {
        let text = code(&entry.text);
        let _ = match &entry.reason {
            Some(reason) => {
                writeln!(out, "| {text} | *{}* | |", reason.replace('\n', " ").replace('|', "\\|"))
            }
            None => writeln!(out, "| {text} | {} | {} |", kinds(entry), entry.cases.len()),
        };
    }
}

/// The exceptions and warnings that carry the text in the cases.
fn kinds(entry: &Entry) -> String {
    let mut kinds: Vec<&str> = Vec::new();
    for line in entry.cases.iter().flat_map(|case| case.answer.lines()) {
        let kind = line.split(' ').nth(1).expect("a kind");
        if kind != "|" && kind != "valid" && answer::shows(line, &entry.text) && !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds.join(", ")
}

/// A code span that may hold backquotes and bars.
fn code(text: &str) -> String {
    format!("`` {} ``", text.replace('|', "\\|"))
}
