//! The battery: the program against `python -m compileall` and its neighbours, over a table of invocations.
//!
//! `cases/*.txt` says which files there are and what is run ([`case`] explains the notation). Every case runs
//! in a fresh folder. What is compared is one text for each case ([`record`]): status, stdout, stderr, and
//! what became of the tree, byte for byte with modes.
//!
//! * Always: against `expected.txt`, which CPython wrote.
//! * With `PYCOMPILE_REFERENCE_PYTHON=PATH`: against that interpreter, run beside ours on the same tree.
//! * With `PYCOMPILE_BATTERY_WRITE=1` as well: `expected.txt` is written anew.
//!
//! `cargo xtask battery --python PATH [--write]` sets these.

#![allow(clippy::print_stderr, reason = "a test says which cases it leaves out")]

mod case;
mod record;
mod tree;
mod words;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use case::Case;
use rayon::prelude::*;
use record::Program;

const EXPECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/battery/expected.txt");
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/battery/cases");

/// The program under the name of the interpreter, which it prints in usage messages.
fn ours() -> (tempfile::TempDir, Program) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("python3.14");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_pycompile"), &path).expect("a link");
    (folder, Program::new(path))
}

fn cases() -> Vec<Case> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(CASES).expect("the cases").map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    let texts = files.iter().map(|file| fs::read_to_string(file).expect("cases are UTF-8"));
    let cases = case::parse(&texts.collect::<String>());
    match std::env::var("PYCOMPILE_BATTERY_ONLY") {
        Ok(part) => cases.into_iter().filter(|case| case.name.contains(&part)).collect(),
        Err(_) => cases,
    }
}

fn records(cases: &[Case], program: &Program) -> Vec<Option<String>> {
    cases.par_iter().map(|case| record::record(case, program)).collect()
}

/// The blocks of `expected.txt` by name.
fn expected() -> BTreeMap<String, String> {
    let text = fs::read_to_string(EXPECTED).expect("expected.txt");
    let blocks = text.split("=== ").skip(1);
    let named = |block: &str| block.split_once('\n').map(|(name, rest)| (name.to_owned(), rest.to_owned()));
    blocks.map(|block| named(block).expect("a block begins with its name")).collect()
}

fn reference() -> Option<OsString> {
    std::env::var_os("PYCOMPILE_REFERENCE_PYTHON").filter(|path| !path.is_empty())
}

/// What differs between what is wanted and what we do, as text.
fn differences(cases: &[Case], wanted: &[Option<String>], got: &[Option<String>]) -> (usize, String) {
    let mut text = String::new();
    let mut count = 0;
    for ((case, wanted), got) in cases.iter().zip(wanted).zip(got) {
        if let (Some(wanted), Some(got)) = (wanted, got)
            && wanted != got
        {
            count += 1;
            let diff = pretty_assertions::StrComparison::new(wanted, got);
            let _ = writeln!(text, "=== {} (< CPython, > ours)\n{diff}", case.name);
        }
    }
    (count, text)
}

#[test]
fn we_do_what_cpython_did() {
    if reference().is_some() {
        // The other test compares with the interpreter itself.
        return;
    }
    let (_folder, ours) = ours();
    let cases = cases();
    let expected = expected();
    let wanted: Vec<Option<String>> = cases.iter().map(|case| expected.get(&case.name).cloned()).collect();
    let got = records(&cases, &ours);
    let missing: Vec<&str> =
        cases.iter().zip(&wanted).filter(|(_, w)| w.is_none()).map(|(case, _)| case.name.as_str()).collect();
    assert!(missing.is_empty(), "expected.txt lacks {missing:?}: cargo xtask battery --write");
    for (case, _) in cases.iter().zip(&got).filter(|(_, got)| got.is_none()) {
        eprintln!("left out on this machine: {}", case.name);
    }
    let (count, text) = differences(&cases, &wanted, &got);
    assert_eq!(count, 0, "{count} of {} cases differ\n{text}", cases.len());
}

#[test]
fn we_do_what_cpython_does() {
    let Some(python) = reference() else { return };
    let (_folder, ours) = ours();
    let cases = cases();
    let wanted = records(&cases, &Program::new(PathBuf::from(python)));
    if std::env::var_os("PYCOMPILE_BATTERY_WRITE").is_some() {
        write(&cases, &wanted);
    }
    let got = records(&cases, &ours);
    let (count, text) = differences(&cases, &wanted, &got);
    let known = cases.iter().filter(|case| case.differs.is_some()).count();
    eprintln!(
        "{} cases, {} invocations, {} equal, {known} of them with a known difference",
        cases.len(),
        cases.iter().map(Case::runs).sum::<usize>(),
        cases.len() - count
    );
    assert_eq!(count, 0, "{count} of {} cases differ\n{text}", cases.len());
}

fn write(cases: &[Case], records: &[Option<String>]) {
    let mut text = String::new();
    for (case, record) in cases.iter().zip(records) {
        let record = record.as_ref().unwrap_or_else(|| panic!("{} cannot run here", case.name));
        let _ = write!(text, "=== {}\n{record}", case.name);
    }
    fs::write(Path::new(EXPECTED), text).expect("expected.txt is written");
}

#[test]
fn the_table_is_in_order() {
    let cases = cases();
    let names: std::collections::BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    if std::env::var_os("PYCOMPILE_BATTERY_ONLY").is_none() && reference().is_none() {
        let orphans: Vec<String> =
            expected().into_keys().filter(|name| !names.contains(name.as_str())).collect();
        assert!(orphans.is_empty(), "expected.txt has more than the table: {orphans:?}");
    }
}
