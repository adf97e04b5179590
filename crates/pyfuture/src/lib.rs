//! The `__future__` features that a module asks for: the rules of CPython's `Python/future.c`.
//!
//! * Takes a module's tree, gives [`FutureFeatures`]: the compiler flags that the module switches on and
//!   where its last future statement stands.
//! * Only the future statements at the beginning of the module count: after the docstring, before any
//!   other statement. One that stands elsewhere is an error too, but not of this stage: CPython's symbol
//!   table raises it (`check_import_from`), by comparing positions with [`FutureFeatures::location`]; so
//!   does `pysymtable`.
//! * The parser has its own look at `barry_as_FLUFL`, since `<>` must be tokenized before there is a tree.
//!
//! ```
//! use pyast::{Arena, load_mod};
//! use pyfuture::FutureFeatures;
//! let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
//! let mut future = |name: &str| {
//!     let text = format!("Module(body=[ImportFrom(module='__future__', names=[alias(name='{name}')], level=0)])");
//!     FutureFeatures::from_ast(load_mod(&text, &arena, &mut strings).unwrap(), &strings)
//! };
//! assert!(future("annotations").unwrap().annotations());
//! assert_eq!(future("braces").unwrap_err().message, "not a chance");
//! ```
//!
//! [`FEATURES`] is the module `__future__` itself: which features there are, and since when.

mod collect;
mod feature;
mod generated {
    pub(crate) mod features;
}

pub use collect::FutureFeatures;
pub use feature::{Feature, Release};
pub use generated::features::*;
