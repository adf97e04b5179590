//! From a tree back to source text, in CPython's two ways: [`unparse`] is `ast.unparse`,
//! [`unparse_annotation`] is what the compiler itself uses.

mod annotation;
mod operators;
mod source;

pub use annotation::{unparse_annotation, unparse_annotation_into};
pub use source::unparse;
