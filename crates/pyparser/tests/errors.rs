//! What we say about wrong programs is what CPython says.
//!
//! `errors/cases.txt` has, for each, a line `---- type line:offset end_line:end_offset message`, as CPython 3.14.10 has
//! it in its exception, and the source. An exception without a place has `- -`.

use std::fmt::Write;

use pretty_assertions::assert_eq;
use pyast::{Arena, SyntaxError};
use pycode::Interner;
use pyparser::{Mode, ParseOptions, Source, explain, parse_source, parse_str};

const CASES: &str = include_str!("errors/cases.txt");

/// The cases: what CPython says, and the source.
fn cases() -> impl Iterator<Item = (&'static str, &'static str)> {
    CASES.split("---- ").skip(1).map(|case| case.split_once('\n').expect("a source follows"))
}

fn parse_error(source: &str, options: &ParseOptions) -> Option<SyntaxError> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let source = Source::from_text(source, options).expect("there is no NUL");
    parse_source(&source, &arena, &mut strings, options).err()
}

fn show(error: Option<SyntaxError>) -> String {
    let Some(SyntaxError { kind, message, location: at, .. }) = error else { return "valid".to_owned() };
    let place = match at.lineno {
        -1 => "- -".to_owned(),
        line => format!("{line}:{} {}:{}", at.col_offset + 1, at.end_lineno, at.end_col_offset + 1),
    };
    format!("{} {place} {message}", kind.name())
}

/// All at once, so that a change shows all that it changes.
#[test]
fn errors_are_those_of_cpython() {
    let (mut expected, mut found) = (String::new(), String::new());
    for (error, source) in cases() {
        let ours = show(parse_error(source, &ParseOptions::default()));
        writeln!(expected, "{source}{error}\n").expect("a string takes all");
        writeln!(found, "{source}{ours}\n").expect("a string takes all");
    }
    assert_eq!(found, expected);
}

/// The slow pass steps over statements that are right; if it does not, it says the same.
#[test]
fn the_slow_pass_says_the_same_from_the_start() {
    let options = ParseOptions::default();
    for (_, source) in cases() {
        let source = format!("import a\n\n\ndef f(x):\n    return x\n{source}");
        let whole = explain(&Source::from_text(&source, &options).expect("there is no NUL"), &options);
        assert_eq!(parse_error(&source, &options), whole, "{source}");
    }
}

#[test]
fn valid_programs_have_no_error() {
    let options = ParseOptions::default();
    for source in ["", "x = 1\n", "if a:\n  b\nelif c: d\nelse:\n  e\n", "f'{a!r:>{b}}' 'c'\n", "print(x)\n"]
    {
        let source = Source::from_text(source, &options).expect("there is no NUL");
        assert_eq!(explain(&source, &options), None);
    }
}

/// The second pass costs nothing when there is nothing to explain.
#[test]
fn what_is_valid_takes_one_pass() {
    let second_pass = |source: &str, options: &ParseOptions| {
        let (arena, mut strings) = (Arena::new(), Interner::new());
        parse_str(source, &arena, &mut strings, options).expect("it is valid").second_pass
    };
    let options = ParseOptions::default();
    for source in ["", "x = 1\n", "def f(a, *b): return f'{a!r}' 'b'\n", "match x:\n    case [1, *_]: pass\n"]
    {
        assert!(!second_pass(source, &options), "{source}");
    }
    let deep = format!("{}1{}\n", "(".repeat(190), ")".repeat(190));
    assert!(second_pass(&deep, &options));
    assert!(!second_pass(&deep, &ParseOptions { explain: false, ..options.clone() }));
    let old = ParseOptions { feature_version: 13, ..options };
    assert!(second_pass("x = 1\n", &old));
}

#[test]
fn without_an_explanation_there_is_a_plain_error() {
    let options = ParseOptions { explain: false, ..ParseOptions::default() };
    let error = |source| show(parse_error(source, &options));
    assert_eq!(error("x = (1 2)\n"), "SyntaxError 1:8 1:9 invalid syntax");
    assert_eq!(error("x = 1\n"), "valid");
}

#[test]
fn what_ends_too_early_may_be_incomplete() {
    let interactive = ParseOptions {
        mode: Mode::Single,
        allow_incomplete_input: true,
        dont_imply_dedent: true,
        ..ParseOptions::default()
    };
    let incomplete = |source| parse_error(source, &interactive).map(|error| error.message);
    assert_eq!(incomplete("if x:\n").as_deref(), Some("incomplete input"));
    assert_eq!(incomplete("x = (\n").as_deref(), Some("incomplete input"));
    assert_eq!(incomplete("'''a\n").as_deref(), Some("incomplete input"));
    assert_eq!(incomplete("x = = 1\n").as_deref(), Some("invalid syntax"));
    assert_eq!(incomplete("x = 1\n"), None);
}

#[test]
fn older_versions_lack_syntax() {
    let old = ParseOptions { feature_version: 7, ..ParseOptions::default() };
    let error = show(parse_error("(x := 1)\n", &old));
    assert_eq!(
        error,
        "SyntaxError 1:8 1:9 Assignment expressions are only supported in Python 3.8 and greater"
    );
}

/// In a long list such as this, the second pass tries everything after the first name as what a legacy statement
/// prints, and again after the second: too deep, though the list is right.
#[test]
fn a_long_list_that_is_right_may_be_too_complex() {
    let options = ParseOptions::default();
    let after = |list: &str| show(parse_error(&format!("x = [{list}]\ny = 1\nz = = 1\n"), &options));
    let message = "MemoryError - - Parser stack overflowed - Python source too complex to parse";
    assert_eq!(after(&"a[0], ".repeat(2000)), message);
    assert_eq!(after(&"a(0), ".repeat(2000)), "SyntaxError 3:5 3:6 invalid syntax");
    assert_eq!(after(&"a[0], ".repeat(50)), "SyntaxError 3:5 3:6 invalid syntax");
}

/// CPython's parser has 6000 functions on its stack at most.
#[test]
fn deep_sources_are_too_complex() {
    let nested = |depth: usize| format!("{}1{}\n", "(x,".repeat(depth), ")".repeat(depth));
    let options = ParseOptions { recursion_limit: 1000, ..ParseOptions::default() };
    assert_eq!(show(parse_error(&nested(100), &options)), "valid");
    let message = "MemoryError - - Parser stack overflowed - Python source too complex to parse";
    assert_eq!(show(parse_error(&nested(200), &options)), message);
}
