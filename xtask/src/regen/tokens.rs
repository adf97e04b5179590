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
    let mut body = String::new();
    kinds(&table, &mut body)?;
    body += "impl TokenKind {\n";
    names(&table, &mut body)?;
    from_text(&table, &mut body)?;
    text(&table, &mut body)?;
    body += "}\n\n";
    keywords(&table, &mut body)?;
    out.add("crates/pytoken/src/generated/token.rs", "tokens.json", "Token kinds and keywords.", &body)
}

/// The enum: CPython's kinds under CPython's numbers, then a kind for each keyword.
fn kinds(table: &Tokens, body: &mut String) -> Result<()> {
    *body += "/// The kind of a token. Up to `ENCODING` the discriminant is CPython's number; the kinds after it are\n\
              /// those of keywords, which CPython's `token` module calls `NAME`.\n\
              #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]\n#[repr(u8)]\npub enum TokenKind {\n";
    for token in &table.tokens {
        let doc = token.text.as_ref().unwrap_or(&token.name);
        writeln!(body, "/// `{doc}`\n{} = {},", camel(&token.name), token.number)?;
    }
    for (keyword, number) in table.keywords.iter().zip(table.tokens.len()..) {
        writeln!(body, "/// `{keyword}`\n{} = {number},", camel(keyword))?;
    }
    *body += "}\n\n";
    Ok(())
}

fn names(table: &Tokens, body: &mut String) -> Result<()> {
    *body += "/// The name in CPython's `token` module.\n\
              pub const fn name(self) -> &'static str {\nmatch self {\n";
    for token in &table.tokens {
        writeln!(body, "TokenKind::{} => {:?},", camel(&token.name), token.name)?;
    }
    let keywords: Vec<String> = table.keywords.iter().map(|k| format!("TokenKind::{}", camel(k))).collect();
    writeln!(body, "{} => \"NAME\",\n}}\n}}\n", keywords.join(" | "))?;
    Ok(())
}

fn from_text(table: &Tokens, body: &mut String) -> Result<()> {
    *body += "/// The operator or delimiter of that text.\n\
              pub fn from_text(text: &str) -> Option<TokenKind> {\nSome(match text {\n";
    for (text, kind) in operators(table) {
        writeln!(body, "{text:?} => TokenKind::{kind},")?;
    }
    *body += "_ => return None,\n})\n}\n\n";
    Ok(())
}

fn text(table: &Tokens, body: &mut String) -> Result<()> {
    *body += "/// The text of an operator, delimiter or keyword.\n\
              pub const fn text(self) -> Option<&'static str> {\nSome(match self {\n";
    for (text, kind) in operators(table) {
        writeln!(body, "TokenKind::{kind} => {text:?},")?;
    }
    for keyword in &table.keywords {
        writeln!(body, "TokenKind::{} => {keyword:?},", camel(keyword))?;
    }
    *body += "_ => return None,\n})\n}\n";
    Ok(())
}

fn operators(table: &Tokens) -> impl Iterator<Item = (&str, String)> {
    table.tokens.iter().filter_map(|token| Some((token.text.as_deref()?, camel(&token.name))))
}

fn keywords(table: &Tokens, body: &mut String) -> Result<()> {
    let kinds: Vec<String> = table.keywords.iter().map(|k| format!("TokenKind::{}", camel(k))).collect();
    writeln!(body, "/// `keyword.kwlist`, sorted.\npub const KEYWORDS: &[&str] = &{:?};\n", table.keywords)?;
    writeln!(
        body,
        "/// The kinds of [`KEYWORDS`], in the same order.\npub const KEYWORD_KINDS: &[TokenKind] = &[{}];\n",
        kinds.join(", ")
    )?;
    writeln!(
        body,
        "/// `keyword.softkwlist`, sorted.\npub const SOFT_KEYWORDS: &[&str] = &{:?};",
        table.soft_keywords
    )?;
    Ok(())
}
