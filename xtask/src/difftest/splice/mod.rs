//! Programs made of pieces of real files.
//!
//! A [`Corpus`] holds statements cut out of files. A program is one or a few of them, each put where it is legal
//! (a `return` into a function), and then changed a few times: see `change.rs`.

mod change;
mod sites;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::judge::Program;
use crate::corpus;
use crate::random::Random;
use sites::Home;
pub(super) use sites::Sites;

/// Pieces up to this size are cut out, in bytes.
const MAX_PIECE: usize = 700;

/// Programs grow up to this size, in bytes.
const MAX_PROGRAM: usize = 3000;

/// Files up to this size are read, in bytes.
const MAX_FILE: u64 = 300_000;

/// A statement cut out of a file.
struct Piece {
    /// Its lines, not indented.
    text: String,
    /// Where it stood.
    home: Home,
}

/// Statements of real files.
pub(super) struct Corpus {
    pieces: Vec<Piece>,
    files: usize,
}

impl fmt::Display for Corpus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} statements of {} files", self.pieces.len(), self.files)
    }
}

impl Corpus {
    /// The files below `roots`; without, the standard library of the interpreter.
    pub(super) fn load(python: &Path, roots: &[PathBuf]) -> Result<Corpus> {
        let files = if roots.is_empty() {
            corpus::collect(&[corpus::stdlib(python)?])?
        } else {
            corpus::collect(roots)?
        };
        let mut corpus = Corpus { pieces: Vec::new(), files: 0 };
        for file in files {
            if fs::metadata(&file.path)?.len() > MAX_FILE {
                continue;
            }
            if let Ok(source) = String::from_utf8(fs::read(&file.path)?) {
                corpus.add(&source);
            }
        }
        ensure!(!corpus.pieces.is_empty(), "no statements there");
        Ok(corpus)
    }

    fn add(&mut self, source: &str) {
        // Other line ends and blanks are for the golden files.
        if source.contains(['\r', '\x0c', '\t', '\u{feff}']) {
            return;
        }
        let Some(sites) = Sites::of(source) else { return };
        self.files += 1;
        for statement in &sites.statements {
            if (8..=MAX_PIECE).contains(&statement.range.len()) {
                let text = dedented(&source[statement.range.clone()], statement.column);
                self.pieces.push(Piece { text, home: statement.home });
            }
        }
    }

    /// A program made of pieces.
    pub(super) fn program(&self, random: &mut Random) -> Program {
        let mut source = String::new();
        for _ in 0..1 + random.below(3) {
            let piece = &self.pieces[random.below(self.pieces.len())];
            if source.len() + piece.text.len() < MAX_PROGRAM {
                source.push_str(&piece.at_home(random));
            }
        }
        for _ in 0..1 + random.below(6) {
            let changed = change::change(&source, self, random);
            if let Some(changed) = changed.filter(|changed| changed.len() < MAX_PROGRAM) {
                source = changed;
            }
        }
        Program { source: source.into_bytes(), level: random.below(3) as u8 }
    }

    /// The text of some piece.
    fn piece(&self, random: &mut Random) -> &str {
        &self.pieces[random.below(self.pieces.len())].text
    }
}

impl Piece {
    /// The piece with what it needs around it.
    fn at_home(&self, random: &mut Random) -> String {
        let mut text = self.text.clone() + "\n";
        if self.home.in_loop {
            text = random.pick(&["for i in x:\n", "while x:\n", "for i, j in y:\n"]).to_owned()
                + &indented(&text, 2);
        }
        if self.home.in_async {
            text = "async def f(self, x, *args):\n".to_owned() + &indented(&text, 4);
        } else if self.home.in_function {
            let header =
                random.pick(&["def f(x):\n", "def f(self, a=1, *args, **kwds):\n", "def __f(self, x):\n"]);
            text = header.to_owned() + &indented(&text, 4);
        }
        if random.one_in(8) {
            text = "class C:\n".to_owned() + &indented(&text, 4);
        }
        text
    }
}

/// Lines with `width` blanks before each that is not empty.
fn indented(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4);
    for line in text.split_inclusive('\n') {
        if line != "\n" {
            out.extend(std::iter::repeat_n(' ', width));
        }
        out.push_str(line);
    }
    out
}

/// The lines of a statement that starts at a column, with so many blanks less before all but the first.
fn dedented(text: &str, column: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let blanks = line.bytes().take_while(|&b| b == b' ').count();
        let cut = if index == 0 { 0 } else { blanks.min(column) };
        out.push_str(&line[cut..]);
    }
    out
}
