//! Errors look as CPython's `traceback` shows them.
//!
//! `traceback/cases.txt` has, for each wrong program, its source after `==== source`, and CPython's text after
//! `---- plain` and `---- colours`.

use pretty_assertions::assert_eq;
use pycompile::traceback::{Report, Theme};
use pycompile::{Error, Options, compile};

const CASES: &str = include_str!("traceback/cases.txt");

fn show(source: &str, theme: &Theme) -> String {
    match compile(source.as_bytes(), "a.py", &Options::default()) {
        Err(Error::Syntax(error)) => {
            let report = Report { error: &error, filename: Some("a.py"), source: Some(source) };
            report.to_text(theme).replace('\x1b', "␛")
        }
        other => format!("no error: {other:?}"),
    }
}

#[test]
fn errors_look_as_cpython_shows_them() {
    let mut found = CASES.split("==== source\n").next().expect("a heading").to_owned();
    for case in CASES.split("==== source\n").skip(1) {
        let (source, _) = case.split_once("---- plain\n").expect("a text follows");
        let [plain, colours] = [Theme::PLAIN, Theme::COLORED].map(|theme| show(source, &theme));
        found.push_str(&format!("==== source\n{source}---- plain\n{plain}---- colours\n{colours}"));
    }
    assert_eq!(found, CASES);
}

#[test]
fn an_error_without_a_place_names_the_file_at_its_end() {
    let mut error = pyast::SyntaxError::new("some message", pyast::Location::NONE);
    let show = |error: &pyast::SyntaxError, filename| {
        Report { error, filename, source: None }.to_text(&Theme::PLAIN)
    };
    assert_eq!(show(&error, Some("a.py")), "SyntaxError: some message (a.py)\n");
    assert_eq!(show(&error, None), "SyntaxError: some message\n");
    error.location = pyast::Location::new(3, 3, 0, 1);
    assert_eq!(show(&error, None), "  File \"<string>\", line 3\nSyntaxError: some message\n");
}
