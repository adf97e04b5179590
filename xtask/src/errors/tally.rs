//! Counts of what agrees, by class of message.

use std::collections::BTreeMap;
use std::fmt;

use super::oracle::{Call, Raised};
use super::ours::Verdict;

/// How an answer of ours compares with CPython's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Match {
    /// The two passes of ours disagree, or the slow one says something else about a part of the source.
    PassesDisagree,
    /// One accepts what the other refuses.
    Verdict,
    /// Both refuse, with different types or messages.
    Message,
    /// The same message stands elsewhere.
    Position,
    /// All the same.
    Exact,
}

/// Compares our answer with CPython's.
pub(crate) fn compare(ours: &Verdict, theirs: Option<&Raised>) -> Match {
    if !ours.passes_agree {
        return Match::PassesDisagree;
    }
    let theirs = theirs.filter(|error| error.stage == "parser" && !is_of_future(&error.message));
    let (ours, theirs) = match (&ours.error, theirs) {
        (None, None) => return Match::Exact,
        (Some(ours), Some(theirs)) => (ours, theirs),
        _ => return Match::Verdict,
    };
    if (&ours.kind, &ours.message) != (&theirs.kind, &theirs.message) {
        return Match::Message;
    }
    if ours == theirs { Match::Exact } else { Match::Position }
}

/// Whether a message is about `from __future__ import`, which CPython checks along with the syntax tree.
fn is_of_future(message: &str) -> bool {
    message.starts_with("future feature")
        || message.starts_with("from __future__")
        || message == "not a chance"
}

/// Counts by class of CPython's message.
#[derive(Default)]
pub(crate) struct Tally {
    classes: BTreeMap<String, (u64, u64)>,
    by_match: BTreeMap<Match, u64>,
    /// Calls that differ, of which the first ones are shown.
    pub differing: Vec<(Match, Call, Verdict, Option<Raised>)>,
}

impl Tally {
    pub(crate) fn add(&mut self, call: &Call, ours: Verdict, theirs: Option<Raised>) {
        let found = compare(&ours, theirs.as_ref());
        let class = theirs.as_ref().map_or("(valid)".to_owned(), |error| class(&error.message));
        let counts = self.classes.entry(class).or_default();
        counts.0 += u64::from(found == Match::Exact);
        counts.1 += 1;
        *self.by_match.entry(found).or_default() += 1;
        if found != Match::Exact {
            self.differing.push((found, call.clone(), ours, theirs));
        }
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
        Ok(())
    }
}
