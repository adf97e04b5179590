//! Conditions on matches, with the errors of what is matched but wrong.

use pyast::ErrorKind;
use pycode::Location;
use pytoken::TokenKind;

use super::super::node::Value;
use super::super::scene::Scene;
use super::super::tokens::Raised;
use super::{Check, table};
use crate::lexer::{Token, TokenFlags};
use crate::literal::{self, StringError};

table!(Check:
    nothing_to_run,
    note_future_import,
    is_real,
    is_imaginary,
    is_not_equal_sign,
    is_one_kind_of_string,
    is_decodable,
    are_decodable,
    is_decodable_specifier,
    is_conversion,
);

/// The end of interactive input is no program.
fn nothing_to_run(_: &mut Scene<'_>, _: &[Value]) -> Result<bool, Raised> {
    Ok(false)
}

/// `from __future__ import barry_as_FLUFL` changes the grammar from there on (`_PyPegen_checked_future_import`).
fn note_future_import(scene: &mut Scene<'_>, at: &[Value]) -> Result<bool, Raised> {
    let absolute = scene.children(at[0]).is_empty();
    if absolute && scene.name(at[1]) == "__future__" {
        let barry = scene.children(at[2]).iter().any(|&name| scene.name(name) == "barry_as_FLUFL");
        if barry {
            scene.barry_as_flufl = true;
            scene.tokens.enable_diamond();
        }
    }
    Ok(true)
}

fn is_real(scene: &mut Scene<'_>, at: &[Value]) -> Result<bool, Raised> {
    if is_complex(scene, at[0]) {
        return Err(scene.on(at[0], "real number required in complex literal"));
    }
    Ok(true)
}

fn is_imaginary(scene: &mut Scene<'_>, at: &[Value]) -> Result<bool, Raised> {
    if !is_complex(scene, at[0]) {
        return Err(scene.on(at[0], "imaginary number required in complex literal"));
    }
    Ok(true)
}

fn is_complex(scene: &Scene<'_>, number: Value) -> bool {
    scene.name(number).ends_with(['j', 'J'])
}

/// `_PyPegen_check_barry_as_flufl`
fn is_not_equal_sign(scene: &mut Scene<'_>, at: &[Value]) -> Result<bool, Raised> {
    let is_modern = scene.name(at[0]) == "!=";
    if scene.barry_as_flufl && is_modern {
        return Err(scene.on_last_token("with Barry as BDFL, use '<>' instead of '!='"));
    }
    Ok(scene.barry_as_flufl || is_modern)
}

/// Bytes and text do not mix (`_PyPegen_concatenate_strings`).
fn is_one_kind_of_string(scene: &mut Scene<'_>, at: &[Value]) -> Result<bool, Raised> {
    let is_bytes =
        |part: &&Value| scene.token(**part).is_some_and(|token| token.flags.contains(TokenFlags::BYTES));
    let parts = scene.children(at[0]);
    let bytes = parts.iter().filter(is_bytes).count();
    if bytes != 0 && bytes != parts.len() {
        return Err(scene.on_last_token("cannot mix bytes and nonbytes literals"));
    }
    Ok(true)
}

/// The escapes of a string literal have a meaning.
fn is_decodable(scene: &mut Scene<'_>, at: &[Value]) -> Result<bool, Raised> {
    match decode(scene, at[0], at[0]) {
        Ok(()) => Ok(true),
        Err(StringError::NotAscii) => Err(scene.on(at[0], "bytes can only contain ASCII literal characters")),
        Err(StringError::Unicode(error)) => Err(scene.on_last_token(format!("(unicode error) {error}"))),
        Err(StringError::Value(error)) => Err(scene.on_last_token(format!("(value error) {error}"))),
    }
}

/// The escapes in the literal text of an f-string have a meaning. Warnings count from the token at its end.
fn are_decodable(scene: &mut Scene<'_>, at: &[Value]) -> Result<bool, Raised> {
    for part in scene.children(at[0]).to_vec() {
        if let Err(StringError::Unicode(error)) = decode(scene, part, at[1]) {
            return Err(scene.on(part, format!("(unicode error) {error}")));
        }
    }
    Ok(true)
}

/// The escapes in a format specifier have a meaning. If not, CPython forgets to make a `SyntaxError` of it.
fn is_decodable_specifier(scene: &mut Scene<'_>, at: &[Value]) -> Result<bool, Raised> {
    match decode(scene, at[0], at[0]) {
        Err(StringError::Unicode(error)) => {
            Err(Raised::by_parser(ErrorKind::UnicodeDecodeError, error, Location::NONE))
        }
        _ => Ok(true),
    }
}

/// Looks at the escapes of a string token. CPython warns of those that mean nothing in the first pass only, or more
/// exactly, while no `invalid_` rule can run (`warn_invalid_escape_sequence`).
fn decode(scene: &mut Scene<'_>, value: Value, counted_from: Value) -> Result<(), StringError> {
    let Some(token) = scene.token(value) else { return Ok(()) };
    let text = scene.tokens.text(token);
    let Some(escape) = literal::check_string(token.kind, token.flags, text)? else { return Ok(()) };
    if let Some(at) = scene.token(counted_from).filter(|_| !scene.invalid) {
        let (category, is_fstring) = (scene.options.invalid_escape(), token.kind != TokenKind::String);
        scene.tokens.warn_invalid_escape(category, escape, is_fstring, at);
    }
    Ok(())
}

/// `_PyPegen_check_fstring_conversion`
fn is_conversion(scene: &mut Scene<'_>, at: &[Value]) -> Result<bool, Raised> {
    let (sign, name) = (scene.location(at[0]), scene.location(at[1]));
    let letter = scene.tokens.lexer().string_letter();
    if sign.lineno != name.lineno || sign.end_col_offset != name.col_offset {
        let message = format!("{letter}-string: conversion type must come right after the exclamation mark");
        return Err(scene.on_range(at[0], at[1], message));
    }
    let conversion = scene.name(at[1]);
    if matches!(&*conversion, "s" | "r" | "a") {
        return Ok(true);
    }
    let message =
        format!("{letter}-string: invalid conversion character '{conversion}': expected 's', 'r', or 'a'");
    Err(scene.on(at[1], message))
}

/// What can be wrong with a name or a number alone. Called when a rule has matched it.
pub(in super::super) fn check_token(scene: &Scene<'_>, token: Token) -> Result<(), Raised> {
    match token.kind {
        TokenKind::Name if token.flags.contains(TokenFlags::NON_ASCII) => check_name(scene, token),
        TokenKind::Number
            if !token.flags.contains(TokenFlags::SMALL) || scene.options.feature_version < 6 =>
        {
            check_number(scene, token)
        }
        _ => Ok(()),
    }
}

/// A name whose normal form is a constant (`_PyPegen_new_identifier`).
fn check_name(scene: &Scene<'_>, token: Token) -> Result<(), Raised> {
    let name = crate::identifier::normalize(scene.tokens.text(token));
    if !matches!(&*name, "None" | "True" | "False") {
        return Ok(());
    }
    let message = format!("identifier field can't represent '{name}' constant");
    Err(Raised::by_parser(ErrorKind::ValueError, message, Location::NONE))
}

/// `_PyPegen_number_token`
fn check_number(scene: &Scene<'_>, token: Token) -> Result<(), Raised> {
    let text = scene.tokens.text(token);
    if scene.options.feature_version < 6 && text.contains(&b'_') {
        let message = "Underscores in numeric literals are only supported in Python 3.6 and greater";
        return Err(scene.on_last_token(message));
    }
    match literal::error_of_number(text) {
        None => Ok(()),
        Some(message) => Err(scene.on_lines_of(token, message)),
    }
}
