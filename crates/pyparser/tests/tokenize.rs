//! Listings of `python -m tokenize`, as CPython prints them.

use pyparser::tokenize::{Listing, TokenSource, TokenizeError, listing, listing_of_standard_input};
use pyparser::{TokenKind, tokenize};

/// A source and what CPython prints about it.
struct Case {
    source: Vec<u8>,
    stdout: String,
    stderr: String,
}

fn cases(data: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in data.lines().filter(|line| !line.starts_with("# ")) {
        if let Some(source) = line.strip_prefix("=== ") {
            cases.push(Case { source: unescape(source), stdout: String::new(), stderr: String::new() });
            continue;
        }
        let case = cases.last_mut().expect("a case begins with its source");
        match line.strip_prefix("! ") {
            Some(error) => case.stderr += &format!("{error}\n"),
            None => case.stdout += &format!("{line}\n"),
        }
    }
    cases
}

/// The bytes behind `\n`, `\\` and `\xNN`.
fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let escape = if byte == b'\\' { bytes.next() } else { None };
        out.push(match escape {
            None => byte,
            Some(b'n') => b'\n',
            Some(b'x') => {
                let digits = [bytes.next().expect("a digit"), bytes.next().expect("a digit")];
                u8::from_str_radix(std::str::from_utf8(&digits).expect("ASCII"), 16).expect("a number")
            }
            Some(other) => other,
        });
    }
    out
}

fn stderr(listing: &Listing) -> String {
    let error = listing.error.as_ref().map_or_else(String::new, |error| format!("{error}\n"));
    listing.warnings.clone() + &error
}

#[test]
fn listings_of_files_equal_those_of_cpython() {
    for case in cases(include_str!("tokenize/cases.txt")) {
        let ours = listing(&case.source, "case.py", true);
        let source = String::from_utf8_lossy(&case.source);
        assert_eq!(ours.text, case.stdout, "{source}");
        assert_eq!(stderr(&ours), case.stderr, "{source}");
    }
}

#[test]
fn listings_of_standard_input_equal_those_of_cpython() {
    for case in cases(include_str!("tokenize/stdin.txt")) {
        let ours = listing_of_standard_input(&case.source, false);
        let source = String::from_utf8_lossy(&case.source);
        assert_eq!((&ours.text, stderr(&ours)), (&case.stdout, case.stderr), "{source}");
    }
}

#[test]
fn a_token_knows_its_lines() {
    let source = TokenSource::from_text("x = '''a\nb''' + 'é'; y");
    let tokens: Vec<_> = source.tokens().collect::<Result<_, _>>().expect("no error");
    let lines: Vec<(&str, &str)> = tokens.iter().map(|token| (token.text, token.line)).collect();
    assert_eq!(lines[0], ("x", "x = '''a\n"));
    assert_eq!(lines[2], ("'''a\nb'''", "x = '''a\nb''' + 'é'; y"));
    assert_eq!(lines[6], ("y", "b''' + 'é'; y"));
    assert_eq!((tokens[6].start.line, tokens[6].start.column), (2, 12));
}

#[test]
fn the_iterator_ends_with_the_error() {
    let source = TokenSource::from_text("a\n  b\n c\n d\n");
    let tokens: Vec<_> = source.tokens().collect();
    let error = TokenizeError::Indentation {
        message: "unindent does not match any outer indentation level",
        line: 3,
        column: 3,
    };
    assert_eq!(tokens.last(), Some(&Err(error)));
    assert!(tokens[..tokens.len() - 1].iter().all(Result::is_ok));
}

#[test]
fn operators_are_told_apart_on_demand() {
    let source = TokenSource::from_text("a->b<>c");
    let kinds: Vec<_> = source.tokens().map(|token| token.expect("no error")).collect();
    let exact: Vec<TokenKind> = kinds.iter().map(tokenize::TokenInfo::exact_kind).collect();
    assert_eq!(kinds[1].kind, TokenKind::Op);
    assert_eq!(
        exact[..5],
        [TokenKind::Name, TokenKind::Rarrow, TokenKind::Name, TokenKind::Less, TokenKind::Greater]
    );
}
