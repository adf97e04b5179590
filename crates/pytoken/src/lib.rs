//! CPython's token table: kinds, names, texts, keywords. Generated from `data/tokens.json`.

mod generated {
    pub(crate) mod token;
}

pub use generated::token::{KEYWORDS, SOFT_KEYWORDS, TokenKind};
