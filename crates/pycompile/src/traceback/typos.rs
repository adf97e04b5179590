//! Misspelt keywords: `TracebackException._find_keyword_typos`.
//!
//! When the message is a plain one, each of the first names between the last block that was parsed and the end of the line
//! of the error is replaced by keywords that are like it. If what results compiles, this was meant.

use pyast::SyntaxError;
use pycode::PyStr;
use pyparser::tokenize::{TokenInfo, TokenSource};
use pytoken::{KEYWORDS, TokenKind};

use super::close_matches::{close_matches, suggestion};
use crate::{Compiler, Error, Input, Options};

/// How many characters there may be to look at.
const MAX_CODE: usize = 1024;
/// How many names to look at.
const MAX_NAMES: usize = 10;
/// How many keywords to try for each.
const MAX_MATCHES: usize = 3;
/// How alike a keyword must be.
const CUTOFF: f64 = 0.5;

/// A keyword that was meant.
pub(super) struct Typo {
    pub(super) keyword: &'static str,
    /// The line with what stands there instead.
    pub(super) line: String,
    /// Where on the line, in characters from 0.
    pub(super) start: i64,
    /// Exclusive.
    pub(super) end: i64,
}

/// Looks for one behind an error that [may be a typo](super::may_be_a_typo).
pub(super) fn find(error: &SyntaxError, source: &str) -> Option<Typo> {
    let first = usize::try_from(error.last_statement?).ok()?.saturating_sub(1);
    let end = usize::try_from(error.location.lineno).unwrap_or(0);
    let lines = split_lines(source);
    let code = dedent(lines.get(first..end.min(lines.len()))?);
    if code.chars().count() > MAX_CODE {
        return None;
    }
    let tokens = TokenSource::from_text(&code);
    // An error of the tokenizer ends the search.
    let names = tokens.tokens().map_while(Result::ok).filter(|token| token.kind == TokenKind::Name);
    names.filter(|token| !KEYWORDS.contains(&token.text)).take(MAX_NAMES).find_map(|name| meant(&code, &name))
}

/// The keyword that was meant by a name.
fn meant(code: &str, name: &TokenInfo<'_>) -> Option<Typo> {
    let mut matches: Vec<&str> = suggestion(KEYWORDS, name.text).into_iter().collect();
    matches.extend(close_matches(KEYWORDS, name.text, MAX_MATCHES, CUTOFF));
    let keyword = matches.into_iter().take(MAX_MATCHES).find(|keyword| {
        let replaced = replace(code, name, keyword);
        replaced.is_some_and(|code| may_compile(&code))
    })?;
    let (start, end) = (i64::from(name.start.column), i64::from(name.end.column));
    Some(Typo { keyword, line: name.line.to_owned(), start, end })
}

fn replace(code: &str, name: &TokenInfo<'_>, keyword: &str) -> Option<String> {
    let mut lines: Vec<String> = split_lines(code).into_iter().map(str::to_owned).collect();
    let line = lines.get_mut(name.start.line as usize - 1)?;
    let byte = |column: i32| super::byte_of(line, column as usize);
    let range = byte(name.start.column)..byte(name.end.column);
    line.replace_range(range, keyword);
    Some(lines.join("\n"))
}

/// Whether `codeop.compile_command` takes a source, complete or not.
fn may_compile(code: &str) -> bool {
    let is_blank = |line: &str| line.trim().is_empty() || line.trim().starts_with('#');
    if code.split('\n').all(is_blank) {
        return true;
    }
    let check = |code: &str| {
        let options = Options { allow_incomplete_input: true, dont_imply_dedent: true, ..Options::default() };
        Compiler::new().check(text(code), &options, &mut Vec::new())
    };
    if check(code).is_err() && is_fine_or_incomplete(check(&format!("{code}\n"))) {
        return true;
    }
    let options = Options::default();
    Compiler::new().compile_reporting(text(code), PyStr::from("<input>"), &options, &mut Vec::new()).is_ok()
}

fn text(code: &str) -> Input<'_> {
    Input::Text(PyStr::from(code))
}

fn is_fine_or_incomplete(result: Result<(), Error>) -> bool {
    match result {
        Ok(()) => true,
        Err(Error::Syntax(error)) => error.kind == pyast::ErrorKind::IncompleteInputError,
        Err(_) => false,
    }
}

/// `str.splitlines`
fn split_lines(text: &str) -> Vec<&str> {
    let is_end = |c: char| {
        matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(at) = rest.find(is_end) else {
            lines.push(rest);
            break;
        };
        lines.push(&rest[..at]);
        let end = rest[at..].chars().next().map_or(0, char::len_utf8);
        let end = if rest[at..].starts_with("\r\n") { 2 } else { end };
        rest = &rest[at + end..];
    }
    lines
}

/// `textwrap.dedent` of lines, joined.
fn dedent(lines: &[&str]) -> String {
    let joined = lines.join("\n");
    let lines: Vec<&str> = joined.split('\n').collect();
    let is_blank = |line: &&str| line.chars().all(pycode::is_space);
    let mut texts = lines.iter().filter(|line| !is_blank(line));
    let margin = texts.next().map_or("", |first| {
        let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
        texts.fold(&first[..indent(first)], |margin, line| common_prefix(margin, &line[..indent(line)]))
    });
    let dedented = lines.iter().map(|line| if is_blank(line) { "" } else { &line[margin.len()..] });
    dedented.collect::<Vec<_>>().join("\n")
}

fn common_prefix<'t>(a: &'t str, b: &str) -> &'t str {
    let length = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    &a[..length]
}
