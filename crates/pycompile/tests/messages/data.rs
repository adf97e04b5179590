//! The notation of a listing.
//!
//! ```text
//! file: Python/symtable.c
//! what it is, in a paragraph or two
//!
//! == duplicate argument '%U' in function definition
//! -- exec
//! def f(a, a): pass
//! => SyntaxError 1:10-1:11 duplicate argument 'a' in function definition
//!
//! == unknown symbol table entry
//! !! why no input can raise it
//! ```
//!
//! After `==` stands a text as the C source has it, placeholders included. Each `--` begins a case, with what
//! [`call`](crate::call) says; the lines up to the first `=>` are the source. `=>` lines are CPython's answer
//! ([`answer`](crate::answer)) and are written by it alone. `!!` says why a text has no case, or none that we can answer.

use std::fmt;

use crate::answer;
use crate::call::Call;

/// The texts of one of CPython's source files.
pub(crate) struct Listing {
    /// Its path in CPython's repository.
    pub(crate) file: String,
    /// What there is to say about all of them.
    pub(crate) about: String,
    pub(crate) entries: Vec<Entry>,
}

/// A text and its cases.
pub(crate) struct Entry {
    /// As in the C source: a message, or a part of one.
    pub(crate) text: String,
    pub(crate) cases: Vec<Case>,
    /// Why there are no cases.
    pub(crate) reason: Option<String>,
}

impl Entry {
    /// Whether the answer to a case that we answer too has the text.
    pub(crate) fn is_shown(&self) -> bool {
        let ours = self.cases.iter().filter(|case| !case.call().is_beyond_us());
        ours.into_iter().any(|case| answer::shows(&case.answer, &self.text))
    }
}

/// A case and CPython's answer.
pub(crate) struct Case {
    /// The words after `--`.
    pub(crate) words: String,
    /// The lines up to the answer.
    pub(crate) source: String,
    /// The answer, a line after the other.
    pub(crate) answer: String,
}

impl Case {
    pub(crate) fn call(&self) -> Call {
        Call::new(&self.words, &self.source)
    }

    /// The case without its answer.
    pub(crate) fn text(&self) -> String {
        format!("-- {}\n{}", self.words, self.source)
    }
}

/// Reads a listing.
pub(crate) fn parse(text: &str) -> Listing {
    let (head, rest) = text.split_once("\n== ").expect("a listing has entries");
    let (file, about) = head.strip_prefix("file: ").expect("a file").split_once('\n').expect("a description");
    let entries = rest.split("\n== ").map(entry).collect();
    Listing { file: file.to_owned(), about: about.trim().to_owned(), entries }
}

fn entry(text: &str) -> Entry {
    let (text, body) = text.split_once('\n').unwrap_or((text, ""));
    let mut entry = Entry { text: text.to_owned(), cases: Vec::new(), reason: None };
    for line in body.lines() {
        if let Some(words) = line.strip_prefix("--") {
            let words = words.trim().to_owned();
            entry.cases.push(Case { words, source: String::new(), answer: String::new() });
        } else if let Some(reason) = line.strip_prefix("!! ") {
            let reasons = entry.reason.get_or_insert_default();
            reasons.push_str(if reasons.is_empty() { "" } else { "\n" });
            reasons.push_str(reason);
        } else if let Some(case) = entry.cases.last_mut() {
            case.add(line);
        } else {
            assert!(line.is_empty(), "a line before the first case of {text:?}: {line:?}");
        }
    }
    entry
}

impl Case {
    fn add(&mut self, line: &str) {
        if line.starts_with("=> ") {
            self.answer.push_str(line);
            self.answer.push('\n');
        } else if self.answer.is_empty() {
            self.source.push_str(line);
            self.source.push('\n');
        } else {
            assert!(line.is_empty(), "a line after an answer: {line:?}");
        }
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "file: {}\n{}", self.file, self.about)?;
        for entry in &self.entries {
            writeln!(f, "\n== {}", entry.text)?;
            for line in entry.reason.iter().flat_map(|reason| reason.lines()) {
                writeln!(f, "!! {line}")?;
            }
            for case in &entry.cases {
                write!(f, "{}{}", case.text(), case.answer)?;
            }
        }
        Ok(())
    }
}
