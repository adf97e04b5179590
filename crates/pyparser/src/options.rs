//! What a caller can choose, and what it gets.

use pyast::{Mod, Warning, WarningKind};

/// Which of the starting rules: the `mode` of `compile()`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// `exec`: a module.
    #[default]
    Exec,
    /// `eval`: one expression.
    Eval,
    /// `single`: one interactive statement.
    Single,
    /// `func_type`: the type of a function, as in a type comment.
    FuncType,
}

impl Mode {
    /// The mode of that name, as `compile()` takes it.
    pub fn from_name(name: &str) -> Option<Mode> {
        Some(match name {
            "exec" => Mode::Exec,
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            "func_type" => Mode::FuncType,
            _ => return None,
        })
    }
}

/// How to parse. The default is what `compile(source, filename, 'exec')` does.
#[derive(Clone, Debug)]
pub struct ParseOptions {
    /// The starting rule.
    pub mode: Mode,
    /// Keep type comments and `# type: ignore` (`PyCF_TYPE_COMMENTS`).
    pub type_comments: bool,
    /// "Not equal" is `<>` from the start (`CO_FUTURE_BARRY_AS_BDFL`).
    pub barry_as_flufl: bool,
    /// A source that ends too early is an `_IncompleteInputError` (`PyCF_ALLOW_INCOMPLETE_INPUT`).
    pub allow_incomplete_input: bool,
    /// The end of interactive source does not close blocks (`PyCF_DONT_IMPLY_DEDENT`).
    pub dont_imply_dedent: bool,
    /// The minor version of Python 3 whose syntax is allowed (`feature_version`).
    pub feature_version: u8,
    /// Find out what CPython says about a source that it refuses, by a second pass over it. If not, an error is
    /// the lexer's, or an `invalid syntax` where the first pass ended, and what only CPython's limits refuse is
    /// accepted.
    pub explain: bool,
    /// How deep rules may nest before the parser gives up with a `RecursionError`. A level takes some
    /// hundred bytes of stack; the default is safe on any thread. For more, call on a larger stack.
    pub recursion_limit: u32,
}

impl Default for ParseOptions {
    fn default() -> Self {
        ParseOptions {
            mode: Mode::Exec,
            type_comments: false,
            barry_as_flufl: false,
            allow_incomplete_input: false,
            dont_imply_dedent: false,
            feature_version: 14,
            explain: true,
            recursion_limit: 500,
        }
    }
}

impl ParseOptions {
    /// The category of the warning about an escape that does not exist.
    pub(crate) fn invalid_escape(&self) -> WarningKind {
        if self.feature_version < 12 { WarningKind::DeprecationWarning } else { WarningKind::SyntaxWarning }
    }
}

/// A parsed source.
#[derive(Clone, Debug)]
pub struct Parsed<'a> {
    /// The tree.
    pub module: Mod<'a>,
    /// Warnings, in the order in which CPython issues them.
    pub warnings: Vec<Warning>,
    /// An upper bound of the number of nodes above each other, so that a caller can choose a stack
    /// for the stages that walk the tree.
    pub depth: usize,
    /// The second pass ran, as it does when `feature_version` is an old one, or when the source is so deep that CPython
    /// may have given up. Other sources that are valid never need it.
    pub second_pass: bool,
    /// The lines on which there may be something to preprocess, ascending: what
    /// [`pyast::preprocess_lines`] takes.
    pub preprocess_lines: Vec<i32>,
}
