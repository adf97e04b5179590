//! Disassembly of code objects, as Python's `dis` module shows them.
//!
//! * [`Instructions`] iterates over the [`Instruction`]s of a code object: CPython's
//!   `dis.Bytecode`, all attributes included (`dis.get_instructions` forgets the labels of handlers).
//!   `examples/list_pyc.rs` lists those of a `.pyc`.
//! * [`Unpack`] goes through a bytecode without looking up what the arguments refer to.
//! * [`disassemble`] writes the text of `python -m dis`, nested code objects included.
//! * [`show_code`] writes the text of `dis.show_code`, [`code_info`] gives it.
//!
//! A code object may come from anywhere. Opcodes that do not exist are shown as `<121>`, arguments that
//! point nowhere as `<unknown>`, constants that have no `repr` (an int of more than 4300 digits) by the error; bytes
//! that are cut off end the disassembly. (CPython's module raises.)
//!
//! The rules are those of `Lib/dis.py`.
//!
//! ```
//! use pycode::Pool;
//! use pydis::{DisOptions, disassemble_to_string};
//!
//! // RESUME 0; LOAD_SMALL_INT 7; RETURN_VALUE
//! let bytecode = [128, 0, 94, 7, 35, 0];
//! let mut pool = Pool::new();
//! let code = pydis::bare_code(&mut pool, &bytecode);
//! let text = disassemble_to_string(&pool, code, &DisOptions::default()).unwrap();
//! assert_eq!(text, concat!(
//!     "          RESUME                   0\n",
//!     "          LOAD_SMALL_INT           7\n",
//!     "          RETURN_VALUE\n",
//! ));
//! ```

mod code_info;
mod disassemble;
mod format;
mod instruction;
mod labels;
mod opcode_info;
mod operand;
mod quicken;
mod unpack;

pub use code_info::{bare_code, code_info, show_code};
pub use disassemble::{DisError, DisOptions, disassemble, disassemble_to_string};
pub use instruction::{CacheEntry, Instruction, Instructions};
pub use operand::ArgValue;
pub use unpack::{Unpack, Unpacked};
