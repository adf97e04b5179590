//! CPython's grammar, in the notation of [`super::notation`], by subject.
//!
//! The names of rules are CPython's (`Grammar/python.gram`), so that either text is a key to the other. The rules
//! named `invalid_...` match what is wrong; they run in the second pass only, and the order of alternatives
//! decides which of them speaks.

/// The texts. A rule may use those of any other file.
pub(super) const TEXTS: [&str; 11] = [
    include_str!("modules.peg"),
    include_str!("simple.peg"),
    include_str!("compound.peg"),
    include_str!("parameters.peg"),
    include_str!("patterns.peg"),
    include_str!("typing.peg"),
    include_str!("expressions.peg"),
    include_str!("atoms.peg"),
    include_str!("strings.peg"),
    include_str!("calls.peg"),
    include_str!("targets.peg"),
];
