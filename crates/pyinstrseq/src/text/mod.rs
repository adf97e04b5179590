//! Sequences and units as text that reads back: for tests, dumps and bug reports.
//!
//! A sequence is a line for each instruction: its index, the opcode, the argument (for a jump an arrow
//! and the index of the target) and the location as first line, column, last line, column; `?` stands
//! for an unknown number, `@none` and `@next` for [`Location::NONE`](pycode::Location::NONE) and
//! [`Location::NEXT`](pycode::Location::NEXT). Without location an instruction has none. Annotations
//! follow after a line `annotations`. Empty lines and lines that begin with `#` are skipped, so are the
//! indices.
//!
//! ```
//! let text = "\
//! 0: RESUME 0 @1:0-1:0
//! 1: LOAD_NAME 0 @1:0-1:1
//! 2: TO_BOOL @1:0-1:1
//! 3: POP_JUMP_IF_FALSE -> 4 @1:0-1:6
//! 4: LOAD_CONST 0 @none
//! 5: RETURN_VALUE @none
//! ";
//! let sequence = pyinstrseq::text::parse_sequence(text)?;
//! assert_eq!(sequence.to_string(), text);
//! # Ok::<(), pyinstrseq::text::TextError>(())
//! ```
//!
//! A unit begins with `unit`, its number, its name and its qualified name; then come its facts, its
//! constants one a line, and its code in braces ([`print_unit`], [`parse_units`]).

mod cursor;
mod sequence;
mod unit;
mod value;

use thiserror::Error;

pub use sequence::{parse_instruction, parse_sequence};
pub use unit::{parse_units, print_unit};
pub use value::{parse_const, print_const};

/// Text that is not of the form.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("line {line}: {message}")]
pub struct TextError {
    /// The line, 1-based.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Adds the line number to an error within a line.
fn on_line<T>(line: usize, result: Result<T, String>) -> Result<T, TextError> {
    result.map_err(|message| TextError { line, message })
}

/// The lines that say something, with their 1-based numbers.
fn significant_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}
