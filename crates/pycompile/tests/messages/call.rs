//! What is asked: a call of `compile()`.
//!
//! Words after `--`: a mode (`exec`, `eval`, `single`, `func_type`; default `exec`), or `tree` for the text of a syntax tree, as
//! `ast.dump` writes it and `pyast::load` reads it. Then, in any order:
//!
//! * `str`: the source is text, and not bytes;
//! * `escaped`: one line with escapes ([`escape`](crate::escape)), and no newline at its end;
//! * `ast`: only the tree is asked for (`PyCF_ONLY_AST`);
//! * `type_comments`, `await`, `incomplete`, `flufl`, `dedent`: flags of `compile()`;
//! * `feature=7`: a minor version of Python;
//! * `errors`: warnings are errors, as with `-W error`;
//! * `beyond`: we cannot answer; the document says why.

use crate::escape;

/// A call.
pub(crate) struct Call {
    /// The mode, or `tree`.
    pub(crate) mode: String,
    pub(crate) is_text: bool,
    pub(crate) only_ast: bool,
    pub(crate) type_comments: bool,
    pub(crate) top_level_await: bool,
    pub(crate) incomplete: bool,
    pub(crate) dont_imply_dedent: bool,
    pub(crate) flufl: bool,
    pub(crate) feature_version: Option<u8>,
    pub(crate) warnings_are_errors: bool,
    beyond: bool,
    /// The source, or the text of the tree.
    pub(crate) source: Vec<u8>,
}

impl Call {
    pub(crate) fn new(words: &str, source: &str) -> Call {
        let words: Vec<&str> = words.split_whitespace().collect();
        let has = |word| words.contains(&word);
        let modes = ["eval", "single", "func_type", "tree"];
        let mode = words.iter().find(|word| modes.contains(word)).unwrap_or(&"exec");
        let feature = words.iter().find_map(|word| word.strip_prefix("feature="));
        let escaped = source.strip_suffix('\n').filter(|_| has("escaped"));
        Call {
            mode: (*mode).to_owned(),
            is_text: has("str"),
            only_ast: has("ast") || feature.is_some() || *mode == "func_type",
            type_comments: has("type_comments"),
            top_level_await: has("await"),
            incomplete: has("incomplete"),
            dont_imply_dedent: has("dedent"),
            flufl: has("flufl"),
            feature_version: feature.map(|minor| minor.parse().expect("a minor version")),
            warnings_are_errors: has("errors"),
            beyond: has("beyond"),
            source: escaped.map_or_else(|| source.as_bytes().to_vec(), escape::bytes),
        }
    }

    /// Whether only CPython answers.
    pub(crate) const fn is_beyond_us(&self) -> bool {
        self.beyond
    }

    /// The flags of `compile()`.
    pub(crate) fn flags(&self) -> u32 {
        let flags = [
            (self.dont_imply_dedent, 0x200),
            (self.only_ast, 0x400),
            // A tree is looked at only if it is to be preprocessed (`PyCF_OPTIMIZED_AST`).
            (self.only_ast && self.mode == "tree", 0x8000),
            (self.type_comments, 0x1000),
            (self.top_level_await, 0x2000),
            (self.incomplete, 0x4000),
            (self.flufl, 0x40_0000),
        ];
        flags.iter().filter(|(on, _)| *on).map(|(_, flag)| flag).sum()
    }
}
