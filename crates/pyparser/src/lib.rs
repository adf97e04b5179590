//! From source bytes to CPython's abstract syntax tree.

mod generated {
    pub(crate) mod unicode;
}
mod lexer;
mod literal;
mod unicode;

pub use lexer::{Lexer, Token, TokenFlags};
pub use pytoken::TokenKind;
