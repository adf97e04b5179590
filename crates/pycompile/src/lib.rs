//! From Python source to CPython's bytecode: all stages in a row.
//!
//! [`compile`] takes source bytes and gives a code object in a [`Pool`]; [`Compiled::to_pyc`] gives the
//! bytes of the `.pyc`. Who wants a single stage takes its crate instead; `examples/stages.rs` calls
//! them one by one. [`compile_ast`] takes a tree instead, such as one built by hand:
//! `examples/hand_built_tree.rs`.
//!
//! [`verify`](verify::verify) asks the other way round: whether a `.pyc` holds what its source compiles to.
//!
//! ```
//! use pycompile::{Options, compile};
//! let compiled = compile(b"print('hello')\n", "hello.py", &Options::default())?;
//! assert_eq!(compiled.pool.text(compiled.code().filename).unwrap(), "hello.py");
//! # Ok::<(), pycompile::Error>(())
//! ```

mod compiler;
mod deep;
mod error;
mod options;
mod units;
pub mod verify;

pub use compiler::{Compiled, Compiler, compile, compile_ast};
pub use error::Error;
pub use options::{Input, Options};
pub use pycode::Pool;
pub use pyparser::Mode;
pub use units::{PassFilter, UnitTrace};
