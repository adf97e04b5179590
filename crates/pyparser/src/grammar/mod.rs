//! CPython's grammar, a method of [`Parser`](crate::parser::Parser) for each rule and under its name.
//!
//! CPython's grammar is a PEG with ordered choice. Almost everywhere the next token decides which
//! alternative can succeed, so rules here predict instead of trying. The exceptions:
//!
//! * assignments: the target is parsed as an expression and becomes a target when `=` follows
//!   (`targets`);
//! * `match` and parenthesised `with` items: tried, and taken back when they fail.
//!
//! `grammar::tests` holds the texts that distinguish the two ways of parsing.

mod arguments;
mod assignment;
mod atoms;
mod blocks;
mod comprehensions;
mod expressions;
mod file;
mod fstrings;
mod functions;
mod imports;
mod matching;
mod operators;
mod parameters;
mod patterns;
mod primary;
mod statements;
mod strings;
mod targets;
mod token_table;
mod tries;
mod type_params;
mod withs;

pub(crate) use blocks::IfPart;
pub(crate) use expressions::{EXPRESSION_STARTS, Ternary};
pub(crate) use fstrings::StringPart;
