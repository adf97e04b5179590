//! CPython's abstract syntax tree: `Python.asdl` as Rust types in a bump arena.
//!
//! * Made by `pyparser`, or by hand with the constructors of [`Arena`]; read by every later stage.
//! * A sum type such as [`Stmt`] is a `Copy` enum of references to one struct for each kind
//!   ([`StmtFunctionDef`]); lists are slices; all live as long as the arena.
//! * Identifiers and string constants are [`StrId`]s of one [`Interner`](pycode::Interner).
//! * Located nodes carry a [`Location`]: 1-based lines, columns in UTF-8 bytes.
//! * The nodes, constructors and visitor are generated from `data/Python.asdl`.

mod arena;
mod build;
mod builder;
mod constant;
mod docstring;
mod dump;
mod error;
mod generated {
    pub(crate) mod build;
    pub(crate) mod constructors;
    pub(crate) mod kinds;
    pub(crate) mod nodes;
    pub(crate) mod refs;
    pub(crate) mod rewriter;
    pub(crate) mod visitor;
}
mod key;
mod literal;
mod literal_key;
mod load;
mod number;
mod preprocess;
#[cfg(test)]
mod random;
mod recursion;
pub mod reflect;
mod repr;
mod rewrite;
mod unparse;
mod validate;

pub use arena::Arena;
pub use builder::TreeBuilder;
pub use constant::{BigIntRef, Constant};
pub use docstring::{docstring, get_docstring};
pub use dump::{DumpOptions, dump};
pub use error::{ErrorKind, SyntaxError, Warning, WarningKind};
pub use generated::nodes::*;
pub use key::NodeKey;
pub use literal::{Literal, literal_eval};
pub use load::{LoadError, LoadErrorKind, load, load_mod};
pub use preprocess::{PreprocessOptions, preprocess};
pub use pycode::{Location, StrId};
pub use recursion::{RecursionLimit, depth};
pub use reflect::NodeRef;
pub use repr::repr_node;
pub use unparse::{unparse, unparse_annotation};
pub use validate::validate;

/// Walking a tree.
pub mod visitor {
    pub use crate::generated::rewriter::*;
    pub use crate::generated::visitor::*;
}
