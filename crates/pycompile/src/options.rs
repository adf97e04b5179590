//! What a caller decides.

use pyast::{ErrorKind, SyntaxError};
use pycode::{CodeFlags, Location, PyStr};
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

/// The bits of the `flags` that Python's `compile()` takes.
pub mod compile_flags {
    /// `PyCF_DONT_IMPLY_DEDENT`
    pub const DONT_IMPLY_DEDENT: u32 = 0x200;
    /// `PyCF_ONLY_AST`: no code, as with [`Compiler::check`](crate::Compiler::check)
    pub const ONLY_AST: u32 = 0x400;
    /// `PyCF_TYPE_COMMENTS`
    pub const TYPE_COMMENTS: u32 = 0x1000;
    /// `PyCF_ALLOW_TOP_LEVEL_AWAIT`
    pub const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;
    /// `PyCF_ALLOW_INCOMPLETE_INPUT`
    pub const ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;
    /// `PyCF_OPTIMIZED_AST`, without [`ONLY_AST`]
    pub const OPTIMIZED_AST: u32 = 0x8000;
    /// All that `from __future__ import` can turn on (`PyCF_MASK`)
    pub const FUTURE: u32 = 0x1FE_0000;
    /// What has no meaning any more (`CO_NESTED`)
    pub const OBSOLETE: u32 = 0x10;

    /// All that there are.
    pub(super) const ALL: u32 = DONT_IMPLY_DEDENT
        | ONLY_AST
        | TYPE_COMMENTS
        | ALLOW_TOP_LEVEL_AWAIT
        | ALLOW_INCOMPLETE_INPUT
        | OPTIMIZED_AST
        | FUTURE
        | OBSOLETE;
}

impl Options {
    /// From the `mode` and the `flags` of Python's `compile()`, with `dont_inherit`.
    ///
    /// Whether code or only a tree is wanted ([`compile_flags::ONLY_AST`]) is for the caller to heed.
    ///
    /// # Errors
    /// The `ValueError` that `compile()` raises (`builtin_compile_impl`).
    ///
    /// ```
    /// use pycompile::{Mode, Options, compile_flags};
    /// let options = Options::from_arguments("single", compile_flags::DONT_IMPLY_DEDENT)?;
    /// assert!(options.mode == Mode::Single && options.dont_imply_dedent);
    /// let error = Options::from_arguments("interactive", 0).unwrap_err();
    /// assert_eq!(error.message, "compile() mode must be 'exec', 'eval' or 'single'");
    /// # Ok::<(), pyast::SyntaxError>(())
    /// ```
    pub fn from_arguments(mode: &str, flags: u32) -> Result<Options, SyntaxError> {
        if flags & !compile_flags::ALL != 0 {
            return Err(value_error("compile(): unrecognised flags"));
        }
        let has = |flag| flags & flag != 0;
        Ok(Options {
            mode: mode_of(mode, has(compile_flags::ONLY_AST))?,
            optimize: 0,
            future: CodeFlags(flags & compile_flags::FUTURE),
            allow_top_level_await: has(compile_flags::ALLOW_TOP_LEVEL_AWAIT),
            type_comments: has(compile_flags::TYPE_COMMENTS),
            allow_incomplete_input: has(compile_flags::ALLOW_INCOMPLETE_INPUT),
            dont_imply_dedent: has(compile_flags::DONT_IMPLY_DEDENT),
            feature_version: None,
        })
    }
}

fn mode_of(name: &str, only_ast: bool) -> Result<Mode, SyntaxError> {
    match Mode::from_name(name) {
        Some(Mode::FuncType) if !only_ast => {
            Err(value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST"))
        }
        Some(mode) => Ok(mode),
        None if only_ast => {
            Err(value_error("compile() mode must be 'exec', 'eval', 'single' or 'func_type'"))
        }
        None => Err(value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    }
}

fn value_error(message: &str) -> SyntaxError {
    SyntaxError::of_kind(ErrorKind::ValueError, message, Location::NONE)
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
