//! Syntax that older versions of Python lack, for `ast.parse(feature_version=...)`.

use super::super::scene::Scene;
use super::super::tokens::Raised;

/// A piece of syntax, as the message calls it, and the minor version that brought it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Feature {
    what: &'static str,
    since: u8,
}

/// By the names in the grammar.
const FEATURES: [(&str, Feature); 17] = [
    ("assignment_expressions", Feature { what: "Assignment expressions are", since: 8 }),
    ("async_comprehensions", Feature { what: "Async comprehensions are", since: 6 }),
    ("async_for", Feature { what: "Async for loops are", since: 5 }),
    ("async_function", Feature { what: "Async functions are", since: 5 }),
    ("async_with", Feature { what: "Async with statements are", since: 5 }),
    ("await_expressions", Feature { what: "Await expressions are", since: 5 }),
    ("except_without_parentheses", Feature { what: "except expressions without parentheses are", since: 14 }),
    ("exception_groups", Feature { what: "Exception groups are", since: 11 }),
    ("matrix_multiplication", Feature { what: "The '@' operator is", since: 5 }),
    ("pattern_matching", Feature { what: "Pattern matching is", since: 10 }),
    ("positional_only_parameters", Feature { what: "Positional-only parameters are", since: 8 }),
    ("template_strings", Feature { what: "t-strings are", since: 14 }),
    ("type_parameter_defaults", Feature { what: "Type parameter defaults are", since: 13 }),
    ("type_parameters", Feature { what: "Type parameter lists are", since: 12 }),
    ("type_statement", Feature { what: "Type statement is", since: 12 }),
    ("variable_annotation", Feature { what: "Variable annotation syntax is", since: 6 }),
    ("variable_annotations", Feature { what: "Variable annotations syntax is", since: 6 }),
];

impl Feature {
    /// The feature that the grammar calls by that name.
    pub(in super::super) fn named(name: &str) -> Feature {
        let mut entries = FEATURES.iter();
        entries.find(|entry| entry.0 == name).unwrap_or_else(|| panic!("no feature is called {name}")).1
    }

    /// An error if the version asked for does not have it (`CHECK_VERSION`).
    pub(in super::super) fn check(self, scene: &Scene<'_>) -> Result<(), Raised> {
        if scene.options.feature_version >= self.since {
            return Ok(());
        }
        let message = format!("{} only supported in Python 3.{} and greater", self.what, self.since);
        Err(scene.on_last_token(message))
    }
}
