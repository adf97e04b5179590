//! One change to a program that mostly leaves it valid.

use std::ops::Range;

use super::sites::{Sites, Statement};
use super::{Corpus, indented};
use crate::difftest::generate;
use crate::random::Random;

/// What can stand around a statement; `{}` is its place.
const AROUND: &[&str] = &[
    "if x:\n{}",
    "if not __debug__:\n  pass\nelse:\n{}",
    "while x:\n{}",
    "while True:\n{}  break\n",
    "for i in y:\n{}",
    "for i in (1, 2, 3):\n{}else:\n  z\n",
    "try:\n{}finally:\n  z\n",
    "try:\n  z\nfinally:\n{}",
    "try:\n{}except E as e:\n  z\n",
    "try:\n  z\nexcept E as e:\n{}",
    "try:\n{}except* E as e:\n  z\n",
    "try:\n  z\nexcept:\n  pass\nelse:\n{}",
    "with x as y:\n{}",
    "with a, b as c:\n{}",
    "def g(x, *, k=1):\n{}",
    "async def g(self):\n{}",
    "async def g(self):\n  async with x as y:\n    await z\n{}",
    "class C(B):\n{}",
    "class __D[T]:\n{}",
    "def g[T: int](x: T) -> T:\n{}",
    "match x:\n case [1, *y] if y:\n{}",
    "if x: pass\nelif y:\n{}",
];

const NAMES: &[&str] = &[
    "x",
    "y",
    "self",
    "__p",
    "__debug__",
    "__class__",
    "super",
    "é",
    "any",
    "tuple",
    "_",
    "type",
    "match",
    "i",
];

const OPERATORS: &[&str] = &[
    "+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@", "==", "!=", "<", ">=", " in ",
    " not in ", " is ", " is not ", " and ", " or ",
];

/// A program with one change; `None` where it would not parse.
pub(super) fn change(source: &str, corpus: &Corpus, random: &mut Random) -> Option<String> {
    let sites = Sites::of(source)?;
    let changed = match random.below(16) {
        0..=2 => replace_expression(source, &sites, corpus, random)?,
        3 => exchange(source, pick(&sites.statements, random)?, pick(&sites.statements, random)?)?,
        4 => duplicate(source, &sites, random)?,
        5 => splice(source, &pick(&sites.statements, random)?.range, "pass"),
        6..=8 => wrap(source, pick(&sites.statements, random)?, random),
        9 => rename(source, &sites, random)?,
        10 | 11 => {
            splice(source, pick(&sites.constants, random)?, &format!("({})", generate::constant(random)))
        }
        12 => replace_operator(source, &sites, random)?,
        13 => insert(source, pick(&sites.statements, random)?, &generate::statements(random)),
        14 => insert(source, pick(&sites.statements, random)?, &"\n".repeat(random.below(150))),
        _ => {
            splice(source, pick(&sites.expressions, random)?, &format!("({})", generate::expression(random)))
        }
    };
    Sites::of(&changed).map(|_| changed)
}

fn pick<'t, T>(from: &'t [T], random: &mut Random) -> Option<&'t T> {
    if from.is_empty() { None } else { Some(&from[random.below(from.len())]) }
}

fn splice(source: &str, range: &Range<usize>, text: &str) -> String {
    [&source[..range.start], text, &source[range.end..]].concat()
}

/// Another expression of the program or of the corpus in the place of one.
fn replace_expression(source: &str, sites: &Sites, corpus: &Corpus, random: &mut Random) -> Option<String> {
    let place = pick(&sites.expressions, random)?;
    let text = if random.one_in(2) {
        source[pick(&sites.expressions, random)?.clone()].to_owned()
    } else {
        let piece = corpus.piece(random);
        let sites = Sites::of(piece)?;
        piece[pick(&sites.expressions, random)?.clone()].to_owned()
    };
    let text = if random.one_in(3) { text } else { format!("({text})") };
    Some(splice(source, place, &text))
}

/// A statement as if it stood at column 0.
fn lifted(source: &str, statement: &Statement) -> String {
    super::dedented(&source[statement.range.clone()], statement.column)
}

/// A statement at a column: all lines but the first are indented.
fn lowered(text: &str, column: usize) -> String {
    indented(text, column).trim_start_matches(' ').to_owned()
}

/// Two statements, each in the place of the other.
fn exchange(source: &str, a: &Statement, b: &Statement) -> Option<String> {
    let (first, second) = if a.range.start <= b.range.start { (a, b) } else { (b, a) };
    if first.range.end > second.range.start {
        return None;
    }
    let after = splice(source, &second.range, &lowered(&lifted(source, first), second.column));
    Some(splice(&after, &first.range, &lowered(&lifted(source, second), first.column)))
}

/// A statement after another, once more.
fn duplicate(source: &str, sites: &Sites, random: &mut Random) -> Option<String> {
    let (statement, place) = (pick(&sites.statements, random)?, pick(&sites.statements, random)?);
    let text = lifted(source, statement) + "\n";
    Some(insert(source, place, &text))
}

/// Lines before a statement, at its indent.
fn insert(source: &str, before: &Statement, lines: &str) -> String {
    let start = before.range.start - before.column.min(before.range.start);
    splice(source, &(start..start), &indented(lines, before.column))
}

/// Something around a statement.
fn wrap(source: &str, statement: &Statement, random: &mut Random) -> String {
    let inner = indented(&(lifted(source, statement) + "\n"), 2);
    let text = random.pick(AROUND).replace("{}", &inner);
    splice(source, &statement.range, lowered(&text, statement.column).trim_end_matches('\n'))
}

fn rename(source: &str, sites: &Sites, random: &mut Random) -> Option<String> {
    let place = pick(&sites.names, random)?;
    let name = if random.one_in(2) {
        source[pick(&sites.names, random)?.clone()].to_owned()
    } else {
        random.pick(NAMES).to_owned()
    };
    if random.one_in(2) {
        return Some(splice(source, place, &name));
    }
    // Everywhere.
    let old = &source[place.clone()];
    let mut changed = source.to_owned();
    for place in sites.names.iter().rev().filter(|place| &source[(*place).clone()] == old) {
        if place.end <= changed.len()
            && changed.is_char_boundary(place.start)
            && changed.is_char_boundary(place.end)
        {
            changed = splice(&changed, place, &name);
        }
    }
    Some(changed)
}

fn replace_operator(source: &str, sites: &Sites, random: &mut Random) -> Option<String> {
    let place = pick(&sites.operators, random)?;
    let between = &source[place.clone()];
    let is_operator = |c: char| "+-*/%<>=!&|^@".contains(c) || c == ' ' || c.is_ascii_lowercase();
    between.chars().all(is_operator).then(|| splice(source, place, random.pick(OPERATORS)))
}
