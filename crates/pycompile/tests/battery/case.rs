//! The notation of the cases.
//!
//! ```text
//! tree NAME              a tree that cases start from; steps below it
//! case NAME              a case; steps below it, in order
//!   tree NAME            takes the steps of a tree (without one: those of `base`)
//!   + PATH = CONTENT     a file, mode 644, of a fixed time
//!   + PATH/              a folder
//!   + PATH -> TARGET     a symbolic link
//!   + PATH fifo          a named pipe
//!   same PATH OTHER      a hard link
//!   copy PATH OTHER      a copy
//!   chmod MODE PATH      touch PATH SECONDS      rm PATH
//!   env NAME=VALUE       for the runs that follow; `env NAME` takes it away
//!   stdin CONTENT        for the next run
//!   umask MODE           limit BLOCKS (of 512 bytes, the largest file)
//!   run WORD...          a program: `compileall -q .` is `-m compileall -q .`; a first word with `-` is the
//!                        interpreter's own option
//!   differs PART: WHY    a known difference: PART (stdout, stderr) is not compared
//! ```
//!
//! Words are written as [`super::words::unescape`] says. Lines that begin with `#` are comments.

use std::collections::BTreeMap;

/// One line of a case.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    File { path: String, content: String },
    Folder { path: String },
    Link { path: String, target: String },
    Fifo { path: String },
    Same { path: String, other: String },
    Copy { path: String, other: String },
    Chmod { mode: u32, path: String },
    Touch { path: String, seconds: u64 },
    Remove { path: String },
    Env { name: String, value: Option<String> },
    Stdin { content: String },
    Umask { mode: String },
    Limit { blocks: String },
    Run { words: Vec<String> },
}

/// A part of the outcome that is known to differ, and why.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) part: String,
}

/// A case of the battery.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) differs: Option<Known>,
}

impl Case {
    /// How many programs it runs.
    pub(crate) fn runs(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::Run { .. })).count()
    }
}

/// Reads the notation.
pub(crate) fn parse(text: &str) -> Vec<Case> {
    let mut trees: BTreeMap<String, Vec<Step>> = BTreeMap::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut tree: Option<String> = None;
    for line in text.lines() {
        let body = line.trim();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        let (word, rest) = body.split_once(' ').unwrap_or((body, ""));
        match (line.starts_with(' '), word) {
            (false, "tree") => tree = Some(rest.to_owned()),
            (false, "case") => {
                tree = None;
                cases.push(Case { name: rest.to_owned(), steps: Vec::new(), differs: None });
            }
            (false, _) => panic!("neither tree nor case: {line}"),
            (true, _) if tree.is_some() => {
                let name = tree.clone().expect("just seen");
                trees.entry(name).or_default().push(step(word, rest));
            }
            (true, _) => line_of_case(word, rest, cases.last_mut().expect("a case first"), &trees),
        }
    }
    for case in &cases {
        assert!(case.runs() > 0, "{} runs nothing", case.name);
    }
    cases
}

fn line_of_case(word: &str, rest: &str, case: &mut Case, trees: &BTreeMap<String, Vec<Step>>) {
    let tree = |name: &str| trees.get(name).unwrap_or_else(|| panic!("no tree {name}")).clone();
    match word {
        "tree" => case.steps.extend(tree(rest)),
        "differs" => {
            let (part, why) = rest.split_once(": ").expect("differs PART: WHY");
            assert!(matches!(part, "stdout" | "stderr") && !why.is_empty(), "{}: {rest}", case.name);
            case.differs = Some(Known { part: part.to_owned() });
        }
        _ => {
            if case.steps.is_empty() {
                case.steps = tree("base");
            }
            case.steps.push(step(word, rest));
        }
    }
}

fn step(word: &str, rest: &str) -> Step {
    let two = || {
        let (a, b) = rest.split_once(' ').unwrap_or_else(|| panic!("two words: {word} {rest}"));
        (a.to_owned(), b.to_owned())
    };
    match word {
        "+" => entry(rest),
        "same" => {
            let (path, other) = two();
            Step::Same { path, other }
        }
        "copy" => {
            let (path, other) = two();
            Step::Copy { path, other }
        }
        "chmod" => {
            let (mode, path) = two();
            Step::Chmod { mode: u32::from_str_radix(&mode, 8).expect("octal"), path }
        }
        "touch" => {
            let (path, seconds) = two();
            Step::Touch { path, seconds: seconds.parse().expect("seconds") }
        }
        "rm" => Step::Remove { path: rest.to_owned() },
        "env" => match rest.split_once('=') {
            Some((name, value)) => Step::Env { name: name.to_owned(), value: Some(value.to_owned()) },
            None => Step::Env { name: rest.to_owned(), value: None },
        },
        "stdin" => Step::Stdin { content: rest.to_owned() },
        "umask" => Step::Umask { mode: rest.to_owned() },
        "limit" => Step::Limit { blocks: rest.to_owned() },
        "run" => Step::Run { words: rest.split_whitespace().map(str::to_owned).collect() },
        _ => panic!("no such step: {word} {rest}"),
    }
}

fn entry(rest: &str) -> Step {
    if let Some((path, content)) = rest.split_once(" =") {
        return Step::File { path: path.to_owned(), content: content.trim_start().to_owned() };
    }
    if let Some((path, target)) = rest.split_once(" -> ") {
        return Step::Link { path: path.to_owned(), target: target.to_owned() };
    }
    if let Some(path) = rest.strip_suffix(" fifo") {
        return Step::Fifo { path: path.to_owned() };
    }
    let path = rest.strip_suffix('/').unwrap_or_else(|| panic!("what is {rest}?"));
    Step::Folder { path: path.to_owned() }
}
