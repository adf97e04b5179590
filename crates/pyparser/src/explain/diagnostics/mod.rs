//! The messages of the parser, one constructor each, and the conditions on matches.
//!
//! A constructor is called with what the rule captured, in the order in which the grammar names it. It may find that
//! there is nothing to report after all (`None`); the rule then fails without trying its other alternatives, as
//! when an action of CPython's grammar gives NULL.

mod atoms;
mod calls;
mod checks;
mod compound;
mod expressions;
mod features;
mod names;
mod parameters;
mod patterns;
mod simple;
mod strings;
mod targets;

use super::node::Value;
use super::scene::Scene;
use super::tokens::Raised;

pub(super) use features::Feature;

/// Makes an error of what a rule matched.
pub(super) type Diagnostic = fn(&mut Scene<'_>, &[Value]) -> Option<Raised>;

/// Tells whether a match stands.
pub(super) type Check = fn(&mut Scene<'_>, &[Value]) -> Result<bool, Raised>;

/// The constructors of a file by their names, for [`diagnostic`].
macro_rules! table {
    ($kind:ty: $($name:ident),* $(,)?) => {
        pub(super) const TABLE: &[(&str, $kind)] = &[$((stringify!($name), $name)),*];
    };
}
use table;

/// The constructor that the grammar calls by that name.
pub(super) fn diagnostic(name: &str) -> Diagnostic {
    let tables = [
        simple::TABLE,
        compound::TABLE,
        parameters::TABLE,
        patterns::TABLE,
        expressions::TABLE,
        atoms::TABLE,
        strings::TABLE,
        calls::TABLE,
    ];
    let mut entries = tables.into_iter().flatten();
    entries.find(|entry| entry.0 == name).unwrap_or_else(|| panic!("no message is called {name}")).1
}

/// The condition that the grammar calls by that name.
pub(super) fn check(name: &str) -> Check {
    let mut entries = checks::TABLE.iter();
    entries.find(|entry| entry.0 == name).unwrap_or_else(|| panic!("no condition is called {name}")).1
}

pub(super) use checks::check_token;
