//! From Python source to CPython's bytecode: all stages in a row.
//!
//! [`compile`] takes source bytes and gives a code object in a [`Pool`]; [`Compiled::to_pyc`] gives the
//! bytes of the `.pyc`. Who wants a single stage takes its crate instead; `examples/stages.rs` calls
//! them one by one. [`compile_ast`] takes a tree instead, such as one built by hand:
//! `examples/hand_built_tree.rs`.
//!
//! [`verify`](verify::verify) asks the other way round: whether a `.pyc` holds what its source compiles to.
//!
//! * What CPython refuses gives CPython's exception ([`Error::Syntax`]); a program that it accepts gives the
//!   bytes that a fresh `python -m py_compile` writes.
//! * The output depends on the source, the file name and [`Options`] alone. A [`Compiler`] keeps its buffers
//!   from one file to the next and nothing else.
//! * However deep or long the source is, memory is bounded by a multiple of it, and no stack overflows.
//!
//! CPython's counterparts: `Python/pythonrun.c`, `Python/compile.c`, `Lib/py_compile.py`; the program's are
//! `Lib/compileall.py` and the command lines of `dis`, `ast`, `symtable` and `tokenize`.
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
pub mod traceback;
mod units;
pub mod verify;

pub use compiler::{Compiled, Compiler, compile, compile_ast};
pub use deep::{Depth, at_any_depth};
pub use error::Error;
pub use options::{Input, Options, compile_flags};
pub use pycode::Pool;
pub use pyparser::Mode;
pub use units::{PassFilter, UnitTrace};
