//! `docs/conformance.md`: the record of what matches, one section for each corpus.

use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::{Difference, Row};
use crate::corpus::SourceFile;

/// What the stages are given.
const INPUTS: &str = "\
A stage is given what CPython's stage before it made, so that its row speaks of it alone:

* preprocessing, symbol table and code generation take the tree. It is the one of our parser, which the row
  `syntax tree` finds equal to CPython's, with all positions, on every file of the same corpus; under `golden/` they take
  CPython's own dump of it.
* the flow graph takes the units of our code generation, since CPython gives away no constants of nested ones; the rows
  `codegen` find their instructions equal to CPython's.
* the assembler takes what CPython's flow graph made of those, disassembly and marshal CPython's `.pyc`.
";

/// How one row fared.
pub(crate) struct Score {
    /// The name of the row.
    pub row: String,
    /// Files on which it is equal to CPython's.
    pub matched: usize,
    /// Files on which it is not, though CPython compiles them.
    pub differences: Vec<Difference>,
    /// Files that CPython and we refuse, as a count.
    pub refused: usize,
    /// Files that CPython refuses and we accept.
    pub accepted: Vec<usize>,
    /// Files on which CPython gives no answer.
    pub unknown: Vec<usize>,
}

impl Score {
    pub(crate) fn new(row: String) -> Score {
        Score {
            row,
            matched: 0,
            differences: Vec::new(),
            refused: 0,
            accepted: Vec::new(),
            unknown: Vec::new(),
        }
    }

    pub(crate) fn differ(&mut self, file: usize, class: String) {
        self.differences.push(Difference { file, class });
    }

    /// Files for which CPython has an answer.
    pub(crate) fn total(&self) -> usize {
        self.matched + self.differences.len()
    }
}

/// A recorded line: row, matched, total.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Line {
    row: String,
    matched: usize,
    total: usize,
}

/// A recorded corpus.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Section {
    corpus: String,
    lines: Vec<Line>,
    /// The names of what differs, as Markdown list items.
    notes: Vec<String>,
}

/// The whole record.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Scoreboard {
    sections: Vec<Section>,
}

impl Scoreboard {
    /// Reads the text of the record; what is not a heading, a row or a list item is prose.
    pub(crate) fn parse(text: &str) -> Scoreboard {
        let mut sections: Vec<Section> = Vec::new();
        for line in text.lines() {
            if let Some(corpus) = line.strip_prefix("## ") {
                sections.push(Section { corpus: corpus.to_owned(), ..Section::default() });
            } else if let Some(section) = sections.last_mut() {
                match line.strip_prefix("- ") {
                    Some(note) => section.notes.push(note.to_owned()),
                    None => section.lines.extend(parse_line(line)),
                }
            }
        }
        Scoreboard { sections }
    }

    /// The record with these scores in place of what it says about their rows.
    #[must_use]
    pub(crate) fn with(mut self, corpus: &str, scores: &[Score], files: &[SourceFile]) -> Scoreboard {
        let position = self.sections.iter().position(|s| s.corpus == corpus).unwrap_or_else(|| {
            self.sections.push(Section { corpus: corpus.to_owned(), ..Section::default() });
            self.sections.len() - 1
        });
        let section = &mut self.sections[position];
        for score in scores {
            let line = Line { row: score.row.clone(), matched: score.matched, total: score.total() };
            match section.lines.iter_mut().find(|l| l.row == score.row) {
                Some(old) => *old = line,
                None => section.lines.push(line),
            }
            section.notes.retain(|note| !note.starts_with(&format!("{}: ", score.row)));
            section.notes.extend(notes(score, files));
        }
        section.lines.sort_by_cached_key(|line| Row::all().position(|row| row.name() == line.row));
        self
    }

    /// The text of the record.
    pub(crate) fn to_text(&self, version: &str) -> String {
        let mut text = format!(
            "# Conformance\n\n\
             Files on which each stage is equal to that of CPython {version}, out of those that CPython \
             compiles.\nWritten by `cargo xtask conformance --write`; the gate fails when a row falls.\n\n{INPUTS}"
        );
        for section in &self.sections {
            write_section(&mut text, section);
        }
        text
    }

    /// Fails when a row has more differences than are recorded for it, or is not recorded.
    pub(crate) fn hold(&self, corpus: &str, scores: &[Score]) -> Result<()> {
        let Some(section) = self.sections.iter().find(|s| s.corpus == corpus) else {
            bail!("docs/conformance.md has no section {corpus:?}; write it with --write");
        };
        let fallen: Vec<String> = scores.iter().filter_map(|score| fall(section, score)).collect();
        if fallen.is_empty() {
            println!("no row has fallen");
            return Ok(());
        }
        bail!("rows have fallen:\n  {}", fallen.join("\n  "));
    }
}

fn parse_line(line: &str) -> Option<Line> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let row = cells.next()?.to_owned();
    Some(Line { row, matched: cells.next()?.parse().ok()?, total: cells.next()?.parse().ok()? })
}

/// One list item for each file that differs.
fn notes(score: &Score, files: &[SourceFile]) -> Vec<String> {
    let different =
        score.differences.iter().map(|d| format!("{}: `{}`: {}", score.row, files[d.file].name, d.class));
    let accepted = score
        .accepted
        .iter()
        .map(|&file| format!("{}: `{}`: CPython refuses it, we do not", score.row, files[file].name));
    different.chain(accepted).collect()
}

fn write_section(text: &mut String, section: &Section) {
    write!(text, "\n## {}\n\n| stage | matched | total |\n|---|---:|---:|\n", section.corpus)
        .expect("writing to a string");
    for Line { row, matched, total } in &section.lines {
        writeln!(text, "| {row} | {matched} | {total} |").expect("writing to a string");
    }
    if !section.notes.is_empty() {
        text.push_str("\nWhat differs:\n\n");
        section.notes.iter().for_each(|note| writeln!(text, "- {note}").expect("writing to a string"));
    }
}

/// The complaint about a row that is worse than recorded.
fn fall(section: &Section, score: &Score) -> Option<String> {
    let Some(line) = section.lines.iter().find(|line| line.row == score.row) else {
        return Some(format!("{}: not recorded", score.row));
    };
    let recorded = line.total - line.matched;
    let now = score.differences.len();
    (now > recorded).then(|| format!("{}: {now} files differ, {recorded} are recorded", score.row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(row: &str, matched: usize, different: usize) -> Score {
        let mut score = Score::new(row.to_owned());
        score.matched = matched;
        (0..different).for_each(|file| score.differ(file, "a class".to_owned()));
        score
    }

    fn files() -> Vec<SourceFile> {
        (0..3).map(|i| SourceFile { path: format!("/x/{i}.py").into(), name: format!("{i}.py") }).collect()
    }

    #[test]
    fn the_record_reads_back_what_it_wrote() {
        let board = Scoreboard::default()
            .with("stdlib", &[score("codegen -O0", 5, 2), score("symbol table", 7, 0)], &files())
            .with("other", &[score("codegen -O0", 1, 0)], &files());
        assert_eq!(Scoreboard::parse(&board.to_text("3.14.10")), board);
    }

    #[test]
    fn a_new_score_replaces_the_old_one_and_its_notes() {
        let board = Scoreboard::default().with("stdlib", &[score("codegen -O0", 5, 2)], &files()).with(
            "stdlib",
            &[score("codegen -O0", 7, 0)],
            &files(),
        );
        assert_eq!(board, Scoreboard::default().with("stdlib", &[score("codegen -O0", 7, 0)], &files()));
    }

    #[test]
    fn the_floor_holds_the_number_of_differences() {
        let board = Scoreboard::default().with("stdlib", &[score("codegen -O0", 5, 2)], &files());
        assert!(board.hold("stdlib", &[score("codegen -O0", 50, 2)]).is_ok());
        assert!(board.hold("stdlib", &[score("codegen -O0", 50, 3)]).is_err());
        assert!(board.hold("stdlib", &[score("symbol table", 50, 0)]).is_err());
        assert!(board.hold("other", &[score("codegen -O0", 50, 0)]).is_err());
    }
}
