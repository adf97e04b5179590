//! CPython's token table: the kinds of tokens with their numbers, names and texts, and the keywords.
//!
//! * Takes nothing, depends on nothing: a leaf of generated tables (`data/tokens.json`, which comes from
//!   Python's modules `token` and `keyword`).
//! * The numbers of [`TokenKind`] are CPython's, up to `N_TOKENS`; keywords, which CPython has as `NAME`, have
//!   kinds of their own behind them.
//! * The tokenizer that makes such tokens is in `pyparser`.
//!
//! CPython's counterparts: `Grammar/Tokens`, `Lib/token.py`, `Lib/keyword.py`.
//!
//! ```
//! use pytoken::{KEYWORDS, TokenKind, keyword};
//! assert_eq!(TokenKind::from_text("->"), Some(TokenKind::Rarrow));
//! assert_eq!((TokenKind::Rarrow.name(), TokenKind::Rarrow.text()), ("RARROW", Some("->")));
//! assert_eq!(keyword(b"while"), Some(TokenKind::While));
//! assert_eq!(KEYWORDS.len(), 35);
//! ```

mod generated {
    pub(crate) mod token;
}
mod keyword;

pub use generated::token::{KEYWORD_KINDS, KEYWORDS, SOFT_KEYWORDS, TokenKind};
pub use keyword::{keyword, kind_of_head};
