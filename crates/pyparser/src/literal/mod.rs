//! Literals: from their text to their value.

pub(crate) mod diagnostics;
