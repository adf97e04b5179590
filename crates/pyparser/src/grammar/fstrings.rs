//! f-strings (PEP 701) and t-strings (PEP 750).

use pyast::{Constant, Expr, StrId, SyntaxError};
use pycode::{Location, PyStr};
use pytoken::TokenKind as T;

use super::strings::{constant_of, is_empty_str};
use crate::lexer::{Token, TokenFlags};
use crate::literal::source_text;
use crate::parser::{Invalid, Parse, Parser};

/// A piece of an f-string before its end is known.
#[derive(Clone, Copy)]
pub(crate) enum StringPart<'a> {
    /// Literal text, not yet decoded: CPython decodes it when it has seen the end.
    Text(Token),
    /// A replacement field, or the text of one with `=`.
    Node(Expr<'a>),
}

/// Where a replacement field or literal text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flavor {
    FString,
    /// In a t-string itself: fields are interpolations.
    TString,
    /// In a format specifier of a t-string: fields are those of an f-string.
    TStringSpec,
}

impl Flavor {
    /// The kind of literal text.
    fn middle(self) -> T {
        if self == Flavor::FString { T::FstringMiddle } else { T::TstringMiddle }
    }

    /// That of a format specifier within this.
    fn of_spec(self) -> Flavor {
        if self == Flavor::FString { Flavor::FString } else { Flavor::TStringSpec }
    }

    /// What messages call it.
    fn letter(self) -> char {
        if self == Flavor::FString { 'f' } else { 't' }
    }
}

/// Which list a replacement field goes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Literal,
    FormatSpec,
}

/// The parts of a replacement field after its expression.
struct FieldTail<'a> {
    /// The conversion character, or -1.
    conversion: i32,
    format_spec: Option<Expr<'a>>,
    /// Where the source text of the expression ends: at the `!`, the `:` or the `}`.
    text_end: Token,
}

impl<'a> Parser<'_, 'a, '_> {
    /// `fstring: FSTRING_START fstring_middle* FSTRING_END`; its values go to the list of expressions.
    pub(crate) fn fstring(&mut self) -> Parse<()> {
        self.fstring_parts(Flavor::FString, T::FstringEnd)
    }

    /// `tstring+`
    pub(crate) fn tstrings(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let mark = self.scratch.exprs.len();
        while self.at(T::TstringStart) {
            self.fstring_parts(Flavor::TString, T::TstringEnd)?;
        }
        if matches!(self.kind(), T::String | T::FstringStart) {
            return Err(Invalid);
        }
        self.fold_constants(mark);
        let values = self.take_exprs(mark);
        Ok(self.arena.expr_template_str(self.since(start), values))
    }

    fn fstring_parts(&mut self, flavor: Flavor, end: T) -> Parse<()> {
        self.bump();
        let mark = self.scratch.string_parts.len();
        while !self.at(end) {
            if self.at(flavor.middle()) {
                let text = self.bump();
                self.scratch.string_parts.push(StringPart::Text(text));
            } else {
                self.replacement_field(flavor, Owner::Literal)?;
            }
        }
        let end = self.token();
        for at in mark..self.scratch.string_parts.len() {
            match self.scratch.string_parts[at] {
                StringPart::Text(text) => {
                    let part = self.decoded_middle(text, end)?;
                    // A backslash before a line end alone is nothing: what follows it does not begin there.
                    if !is_empty_str(part) {
                        self.scratch.exprs.push(part);
                    }
                }
                StringPart::Node(node) => self.scratch.exprs.push(node),
            }
        }
        self.scratch.string_parts.truncate(mark);
        self.bump();
        Ok(())
    }

    /// `_PyPegen_decode_fstring_part`. `at` is the token that warnings and errors count from.
    fn decoded_middle(&mut self, text: Token, at: Token) -> Parse<Expr<'a>> {
        let raw = text.flags.contains(TokenFlags::RAW);
        let value = self.decoded_text(text, raw, at)?;
        Ok(self.arena.expr_constant(text.location(), Constant::Str(value), None))
    }

    /// `fstring_replacement_field: '{' annotated_rhs '='? [fstring_conversion] [fstring_full_format_spec] '}'`
    fn replacement_field(&mut self, flavor: Flavor, owner: Owner) -> Parse<()> {
        let start = self.start();
        let open = self.expect(T::Lbrace)?;
        let value = self.annotated_rhs()?;
        let equal = if self.at(T::Equal) { Some(self.bump()) } else { None };
        let tail = self.field_tail(flavor, equal.is_some())?;
        let location = self.since(start);
        if equal.is_some() {
            let debug_text = self.debug_text(open, tail.text_end);
            self.push_part(owner, debug_text);
        }
        let node = if flavor == Flavor::TString {
            let text = Constant::Str(self.field_text(open, equal.unwrap_or(tail.text_end)));
            self.arena.expr_interpolation(location, value, text, tail.conversion, tail.format_spec)
        } else {
            self.arena.expr_formatted_value(location, value, tail.conversion, tail.format_spec)
        };
        self.push_part(owner, node);
        Ok(())
    }

    /// The source text between two tokens.
    fn field_text(&mut self, open: Token, end: Token) -> StrId {
        let text = source_text(self.lexer.source(), open.end, end.start);
        self.strings.intern_pystr(PyStr::from_wtf8(&text))
    }

    fn push_part(&mut self, owner: Owner, node: Expr<'a>) {
        match owner {
            Owner::Literal => self.scratch.string_parts.push(StringPart::Node(node)),
            Owner::FormatSpec => self.scratch.exprs.push(node),
        }
    }

    /// The constant of a field with `=`: the text of the expression, blanks and all.
    fn debug_text(&mut self, open: Token, end: Token) -> Expr<'a> {
        let text = self.field_text(open, end);
        let (start, end) = (open.location(), end.location());
        let location = Location::new(start.lineno, end.lineno, start.col_offset + 1, end.col_offset);
        self.arena.expr_constant(location, Constant::Str(text), None)
    }

    fn field_tail(&mut self, flavor: Flavor, debug: bool) -> Parse<FieldTail<'a>> {
        let mut text_end = None;
        let mut conversion = None;
        if self.at(T::Exclamation) {
            text_end = Some(self.token());
            conversion = Some(self.fstring_conversion(flavor)?);
        }
        let mut format_spec = None;
        if self.at(T::Colon) {
            text_end = text_end.or(Some(self.token()));
            format_spec = Some(self.full_format_spec(flavor)?);
        }
        let close = self.expect(T::Rbrace)?;
        // A field with `=` shows the `repr`, unless something else is said.
        let default = if debug && format_spec.is_none() { i32::from(b'r') } else { -1 };
        Ok(FieldTail {
            conversion: conversion.unwrap_or(default),
            format_spec,
            text_end: text_end.unwrap_or(close),
        })
    }

    /// `fstring_conversion: "!" NAME`, with nothing between them.
    fn fstring_conversion(&mut self, flavor: Flavor) -> Parse<i32> {
        let mark = self.bump();
        let name = self.token();
        let id = self.name()?;
        let letter = flavor.letter();
        let is_next = mark.location().lineno == name.location().lineno
            && mark.location().end_col_offset == name.location().col_offset;
        if !is_next {
            let message =
                format!("{letter}-string: conversion type must come right after the exclamation mark");
            return self.fail(SyntaxError::new(message, mark.location().to(name.location())));
        }
        match self.strings.get(id).as_bytes() {
            &[conversion @ (b's' | b'r' | b'a')] => Ok(i32::from(conversion)),
            _ => {
                let text = self.strings.get(id);
                let message = format!(
                    "{letter}-string: invalid conversion character '{text}': expected 's', 'r', or 'a'"
                );
                self.fail(SyntaxError::new(message, name.location()))
            }
        }
    }

    /// `fstring_full_format_spec: ':' fstring_format_spec*` (`_PyPegen_setup_full_format_spec`)
    fn full_format_spec(&mut self, flavor: Flavor) -> Parse<Expr<'a>> {
        let start = self.bump().begin;
        let flavor = flavor.of_spec();
        let mark = self.scratch.exprs.len();
        loop {
            if self.at(flavor.middle()) {
                let text = self.token();
                let part = self.decoded_middle(text, text)?;
                self.bump();
                if !is_empty_str(part) {
                    self.scratch.exprs.push(part);
                }
            } else if self.at(T::Lbrace) {
                self.replacement_field(flavor, Owner::FormatSpec)?;
            } else {
                break;
            }
        }
        let parts = &self.scratch.exprs[mark..];
        if parts.len() == 1 && constant_of(parts[0]).is_some() {
            let values = self.take_exprs(mark);
            return Ok(self.arena.expr_joined_str(self.since(start), values));
        }
        Ok(self.concatenated_joined_str(start, mark))
    }
}
