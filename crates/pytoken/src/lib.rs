//! CPython's token table: kinds, names, texts, keywords. Generated from `data/tokens.json`.

mod generated {
    pub(crate) mod token;
}
mod keyword;

pub use generated::token::{KEYWORD_KINDS, KEYWORDS, SOFT_KEYWORDS, TokenKind};
pub use keyword::{keyword, keyword_of_head};
