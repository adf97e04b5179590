//! The token table, for `pytoken`.

use std::fmt::Write;

use anyhow::Result;
use serde::Deserialize;

use super::rust::camel;
use super::{Output, load_json};

#[derive(Deserialize)]
struct Tokens {
    tokens: Vec<Token>,
    keywords: Vec<String>,
    soft_keywords: Vec<String>,
}

#[derive(Deserialize)]
struct Token {
    name: String,
    number: u8,
    text: Option<String>,
}

pub(crate) fn emit(out: &mut Output) -> Result<()> {
    let table: Tokens = load_json("tokens.json")?;
    let mut body = String::from(
        "/// The kind of a token; the discriminant is CPython's number.\n\
         #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]\n#[repr(u8)]\npub enum TokenKind {\n",
    );
    for token in &table.tokens {
        let doc = token.text.as_ref().unwrap_or(&token.name);
        writeln!(body, "/// `{doc}`\n{} = {},", camel(&token.name), token.number)?;
    }
    body += "}\n\nimpl TokenKind {\n/// The name in CPython's `token` module.\npub const fn name(self) -> &'static str {\nmatch self {\n";
    for token in &table.tokens {
        writeln!(body, "TokenKind::{} => {:?},", camel(&token.name), token.name)?;
    }
    body += "}\n}\n\n/// The operator or delimiter of that text.\npub fn from_text(text: &str) -> Option<TokenKind> {\nSome(match text {\n";
    for token in table.tokens.iter().filter(|t| t.text.is_some()) {
        writeln!(body, "{:?} => TokenKind::{},", token.text.as_deref().unwrap_or(""), camel(&token.name))?;
    }
    body += "_ => return None,\n})\n}\n\n/// The text of an operator or delimiter.\npub const fn text(self) -> Option<&'static str> {\nSome(match self {\n";
    for token in table.tokens.iter().filter(|t| t.text.is_some()) {
        writeln!(body, "TokenKind::{} => {:?},", camel(&token.name), token.text.as_deref().unwrap_or(""))?;
    }
    body += "_ => return None,\n})\n}\n}\n\n";
    writeln!(body, "/// `keyword.kwlist`, sorted.\npub const KEYWORDS: &[&str] = &{:?};\n", table.keywords)?;
    writeln!(
        body,
        "/// `keyword.softkwlist`, sorted.\npub const SOFT_KEYWORDS: &[&str] = &{:?};",
        table.soft_keywords
    )?;
    out.add("crates/pytoken/src/generated/token.rs", "tokens.json", "Token kinds and keywords.", &body)
}
