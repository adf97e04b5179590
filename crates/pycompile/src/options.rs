//! What a caller decides.

use pyast::SyntaxError;
use pycode::{CodeFlags, PyStr};
use pyparser::{Mode, ParseOptions, Source};

/// How to compile. The default is what `py_compile` does.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The starting rule of the grammar.
    pub mode: Mode,
    /// The level of optimization: 0, 1 (`-O`) or 2 (`-OO`).
    pub optimize: u8,
    /// Future features that are on from the start, as `CO_FUTURE_*` bits.
    pub future: CodeFlags,
    /// Whether `await` is legal outside functions (`PyCF_ALLOW_TOP_LEVEL_AWAIT`).
    pub allow_top_level_await: bool,
    /// Whether type comments are part of the grammar (`PyCF_TYPE_COMMENTS`).
    pub type_comments: bool,
    /// Whether a source that ends too early is an `_IncompleteInputError` (`PyCF_ALLOW_INCOMPLETE_INPUT`).
    pub allow_incomplete_input: bool,
    /// Whether the end of interactive source leaves blocks open (`PyCF_DONT_IMPLY_DEDENT`).
    pub dont_imply_dedent: bool,
    /// The minor version of Python 3 whose syntax is allowed, if not all of it (`feature_version`). As in CPython,
    /// [`check`](crate::Compiler::check) heeds it, and code is compiled without.
    pub feature_version: Option<u8>,
}

/// Source that may or may not have been decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Input<'s> {
    /// What a file holds, in whatever encoding it says (PEP 263).
    Bytes(&'s [u8]),
    /// A Python string: what it says about an encoding means nothing.
    Text(PyStr<'s>),
}

impl<'s> Input<'s> {
    /// Decodes it.
    ///
    /// # Errors
    /// When the bytes are not text in the encoding that they claim, or the text has lone surrogates.
    pub fn decode(self, options: &ParseOptions) -> Result<Source<'s>, SyntaxError> {
        match self {
            Input::Bytes(bytes) => pyparser::decode(bytes, options),
            Input::Text(text) => Source::from_pystr(text, options),
        }
    }
}
