//! Counts of what agrees, by class of message.

use std::collections::BTreeMap;
use std::fmt;

use super::oracle::{Answer, Call, Raised};

/// How an answer of ours compares with CPython's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Match {
    /// One accepts what the other refuses.
    Verdict,
    /// Both refuse, with different types or messages.
    Message,
    /// The same message stands elsewhere.
    Position,
    /// The same error has another source line, or looks different.
    Look,
    /// The same error, or none, with other warnings.
    Warnings,
    /// The two passes of our parser disagree, or the slow one says something else about a part of the source.
    PassesDisagree,
    /// All the same.
    Exact,
}

/// Compares our answer with CPython's.
fn compare(ours: &Answer, theirs: &Answer) -> Match {
    match (&ours.error, &theirs.error) {
        (None, None) => {}
        (Some(ours), Some(theirs)) if (&ours.kind, &ours.message) != (&theirs.kind, &theirs.message) => {
            return Match::Message;
        }
        (Some(ours), Some(theirs)) if places(ours) != places(theirs) => return Match::Position,
        (Some(ours), Some(theirs)) if ours != theirs => return Match::Look,
        (Some(_), Some(_)) => {}
        _ => return Match::Verdict,
    }
    if ours.warnings == theirs.warnings { Match::Exact } else { Match::Warnings }
}

fn places(error: &Raised) -> [Option<i32>; 4] {
    [error.lineno, error.offset, error.end_lineno, error.end_offset]
}

/// A call about which we say something else.
pub(super) struct Difference {
    pub(super) kind: Match,
    pub(super) call: Call,
    pub(super) ours: Answer,
    pub(super) theirs: Answer,
}

/// Counts by class of CPython's message.
#[derive(Default)]
pub(crate) struct Tally {
    classes: BTreeMap<String, (u64, u64)>,
    by_match: BTreeMap<Match, u64>,
    warned: u64,
    /// The first calls that differ.
    differences: Vec<Difference>,
}

/// How many differences to keep.
const KEPT: usize = 1000;

impl Tally {
    pub(crate) fn add(&mut self, call: &Call, ours: Answer, theirs: Answer, passes_agree: bool) {
        let kind = match compare(&ours, &theirs) {
            Match::Exact if !passes_agree => Match::PassesDisagree,
            kind => kind,
        };
        let class = theirs.error.as_ref().map_or("(valid)".to_owned(), |error| class(&error.message));
        let counts = self.classes.entry(class).or_default();
        counts.0 += u64::from(kind == Match::Exact);
        counts.1 += 1;
        self.warned += u64::from(!theirs.warnings.is_empty());
        *self.by_match.entry(kind).or_default() += 1;
        if kind != Match::Exact && self.differences.len() < KEPT {
            self.differences.push(Difference { kind, call: call.clone(), ours, theirs });
        }
    }

    /// How many calls differ.
    pub(super) fn differing(&self) -> u64 {
        self.by_match.iter().filter(|(kind, _)| **kind != Match::Exact).map(|(_, count)| count).sum()
    }

    /// The first calls that differ.
    pub(super) fn shown(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter()
    }
}

/// A message without what differs from source to source.
fn class(message: &str) -> String {
    let mut class = String::new();
    let mut quoted = false;
    for c in message.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                class.push('\'');
            }
            _ if quoted && !c.is_ascii_punctuation() => {
                if !class.ends_with('_') {
                    class.push('_');
                }
            }
            '0'..='9' => {
                if !class.ends_with('N') {
                    class.push('N');
                }
            }
            _ => class.push(c),
        }
    }
    class
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (class, (exact, all)) in &self.classes {
            let mark = if exact == all { ' ' } else { '*' };
            writeln!(f, "{mark} {exact:>8} / {all:<8} {class}")?;
        }
        for (found, count) in &self.by_match {
            writeln!(f, "{found:?}: {count}")?;
        }
        writeln!(f, "with warnings: {}", self.warned)?;
        Ok(())
    }
}
