//! From a tree back to source text.

mod annotation;
mod operators;

pub use annotation::unparse_annotation;
