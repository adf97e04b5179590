//! What a caller decides.

use pycode::CodeFlags;
use pyparser::Mode;

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
}
