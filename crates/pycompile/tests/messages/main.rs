//! Every message text of CPython's tokenizer, parser and compiler, with what CPython says about cases of each.
//!
//! `sources/*.txt` has one file for each of CPython's source files; [`data`] explains the notation. The list came from
//! reading the calls that raise errors and issue warnings; `docs/messages.md` is made of it.
//!
//! * Always: our answer to each case is CPython's, each text has a case that shows it, the document is up to date.
//! * With `PYCOMPILE_REFERENCE_PYTHON=PATH`: the answers are that interpreter's, and it holds each text.
//! * With `PYCOMPILE_MESSAGES_WRITE=1` as well: its answers and the document are written anew.
//!
//! `cargo xtask messages --python PATH [--write]` sets these.

mod answer;
mod call;
mod data;
mod document;
mod escape;
mod format;
mod oracle;
mod ours;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use data::{Case, Entry, Listing};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/messages/sources");
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/messages.md");

/// The listings by file, in the order of the pipeline: the files are numbered.
fn listings() -> Vec<(PathBuf, Listing)> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(SOURCES).expect("the listings").map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    let read = |file: PathBuf| {
        let text = fs::read_to_string(&file).expect("listings are UTF-8");
        (file, data::parse(&text))
    };
    files.into_iter().map(read).collect()
}

fn cases(listings: &[(PathBuf, Listing)]) -> impl Iterator<Item = (&Entry, &Case)> {
    let entries = listings.iter().flat_map(|(_, listing)| &listing.entries);
    entries.flat_map(|entry| entry.cases.iter().map(move |case| (entry, case)))
}

fn reference() -> Option<PathBuf> {
    std::env::var_os("PYCOMPILE_REFERENCE_PYTHON").filter(|path| !path.is_empty()).map(PathBuf::from)
}

#[test]
fn we_say_what_cpython_said() {
    if reference().is_some() {
        // The other test compares with the interpreter itself.
        return;
    }
    let listings = listings();
    let (mut differing, mut text) = (0, String::new());
    for (entry, case) in cases(&listings).filter(|(_, case)| !case.call().is_beyond_us()) {
        let ours = ours::answer(&case.call());
        if ours != case.answer {
            differing += 1;
            let diff = pretty_assertions::StrComparison::new(&case.answer, &ours);
            let _ = writeln!(text, "== {}\n{}(< CPython, > ours)\n{diff}", entry.text, case.text());
        }
    }
    assert_eq!(differing, 0, "{differing} cases differ\n{text}");
}

#[test]
fn every_text_has_a_case_that_shows_it_or_a_reason_why_not() {
    if reference().is_some() {
        return;
    }
    let mut wrong = String::new();
    for (_, listing) in listings() {
        for entry in &listing.entries {
            if entry.is_shown() == entry.reason.is_some() {
                let _ = writeln!(wrong, "{}: {}", listing.file, entry.text);
            }
        }
    }
    assert!(wrong.is_empty(), "with neither a case nor a reason, or with both:\n{wrong}");
}

#[test]
fn the_document_is_up_to_date() {
    if reference().is_some() {
        return;
    }
    let listings: Vec<Listing> = listings().into_iter().map(|(_, listing)| listing).collect();
    let found = fs::read_to_string(DOCUMENT).expect("docs/messages.md");
    let stale = "docs/messages.md is not what the listings say: cargo xtask messages --write";
    assert!(found == document::render(&listings), "{stale}");
}

#[test]
fn the_interpreter_says_so_itself() {
    let Some(python) = reference() else { return };
    let mut listings = listings();
    let formats: Vec<&str> =
        listings.iter().flat_map(|(_, listing)| &listing.entries).map(|entry| entry.text.as_str()).collect();
    let calls: Vec<call::Call> = cases(&listings).map(|(_, case)| case.call()).collect();
    let replies = oracle::ask(&python, &formats, &calls);
    let unknown: Vec<&str> =
        formats.iter().zip(&replies.holds).filter(|(_, holds)| !**holds).map(|(text, _)| *text).collect();
    assert!(unknown.is_empty(), "the interpreter has no such texts: {unknown:#?}");
    let stale =
        cases(&listings).zip(&replies.answers).filter(|((_, case), answer)| case.answer != **answer).count();
    if std::env::var_os("PYCOMPILE_MESSAGES_WRITE").is_none() {
        assert_eq!(stale, 0, "{stale} answers are not the interpreter's: cargo xtask messages --write");
        return;
    }
    let mut answers = replies.answers.into_iter();
    for (_, listing) in &mut listings {
        for case in listing.entries.iter_mut().flat_map(|entry| &mut entry.cases) {
            case.answer = answers.next().expect("an answer for each case");
        }
    }
    for (file, listing) in &listings {
        fs::write(file, listing.to_string()).expect("the listing is written");
    }
    let listings: Vec<Listing> = listings.into_iter().map(|(_, listing)| listing).collect();
    fs::write(DOCUMENT, document::render(&listings)).expect("the document is written");
}
