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
//! [`FEATURES`] is the module `__future__` itself: which features there are, and since when.

mod collect;
mod feature;
mod generated {
    pub(crate) mod features;
}

pub use collect::FutureFeatures;
pub use feature::{Feature, Release};
pub use generated::features::*;
