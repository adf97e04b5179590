//! String literals and their concatenation: CPython's `action_helpers.c`.
//!
//! Adjacent literals are one node. Its parts are collected in the scratch buffer: each literal without
//! replacement fields is a constant, each f-string contributes its constants and fields.

use pyast::{Constant, Expr, StrId, SyntaxError};
use pycode::PyStr;
use pytoken::TokenKind as T;

use crate::lexer::{Position, TokenFlags};
use crate::parser::{Invalid, Parse, Parser};

impl<'a> Parser<'_, 'a, '_> {
    /// `strings: (fstring | string)+ | tstring+`
    pub(crate) fn strings(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        match self.kind() {
            T::TstringStart => self.tstrings(),
            T::FstringStart => self.more_strings(start, None),
            _ => {
                let first = self.string()?;
                let is_last = !matches!(self.kind(), T::String | T::FstringStart | T::TstringStart);
                if is_last { Ok(first) } else { self.more_strings(start, Some(first)) }
            }
        }
    }

    /// `(fstring | string)+`, after the first if that is a `string`.
    fn more_strings(&mut self, start: Position, first: Option<Expr<'a>>) -> Parse<Expr<'a>> {
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.extend(first);
        let mut has_fields = false;
        let mut has_bytes = first.is_some_and(is_bytes);
        let mut has_text = first.is_some_and(|first| !is_bytes(first));
        loop {
            match self.kind() {
                T::String => {
                    let part = self.string()?;
                    has_bytes |= is_bytes(part);
                    has_text |= !is_bytes(part);
                    self.scratch.exprs.push(part);
                }
                T::FstringStart => {
                    has_fields = true;
                    self.fstring()?;
                }
                T::TstringStart => return Err(Invalid),
                _ => break,
            }
        }
        if has_bytes && (has_text || has_fields) {
            return self.mixed_bytes();
        }
        if has_fields {
            return Ok(self.concatenated_joined_str(start, mark));
        }
        Ok(self.concatenated_constants(start, mark))
    }

    #[cold]
    fn mixed_bytes<T>(&mut self) -> Parse<T> {
        self.fail(SyntaxError::new("cannot mix bytes and nonbytes literals", self.token().location()))
    }

    /// `string: STRING`
    fn string(&mut self) -> Parse<Expr<'a>> {
        let value = self.string_value()?;
        let (location, flags) = (self.lexer.token.location(), self.lexer.token.flags);
        let kind = flags.contains(TokenFlags::UNICODE).then(|| self.strings.intern("u"));
        self.bump();
        Ok(self.arena.expr_constant(location, value, kind))
    }

    /// `_build_concatenated_unicode`, `_build_concatenated_bytes`
    fn concatenated_constants(&mut self, start: Position, mark: usize) -> Expr<'a> {
        let location = self.since(start);
        let kind = kind_of(self.scratch.exprs[mark]);
        let value = self.concatenate(mark, self.scratch.exprs.len());
        self.scratch.exprs.truncate(mark);
        self.arena.expr_constant(location, value, kind)
    }

    /// The strings, or bytes, in a range of the scratch buffer as one constant.
    fn concatenate(&mut self, from: usize, to: usize) -> Constant<'a> {
        let mut joined = std::mem::take(&mut self.scratch.bytes);
        joined.clear();
        let mut is_bytes = false;
        for part in &self.scratch.exprs[from..to] {
            match constant_of(*part) {
                Some(Constant::Str(text)) => joined.extend_from_slice(self.strings.get(text).as_bytes()),
                Some(Constant::Bytes(bytes)) => {
                    is_bytes = true;
                    joined.extend_from_slice(bytes);
                }
                _ => unreachable!("parts of a string are string constants"),
            }
        }
        let value = if is_bytes {
            Constant::Bytes(self.arena.list(&joined))
        } else {
            Constant::Str(self.strings.intern_pystr(PyStr::from_wtf8(&joined)))
        };
        self.scratch.bytes = joined;
        value
    }

    /// `_build_concatenated_joined_str`
    pub(crate) fn concatenated_joined_str(&mut self, start: Position, mark: usize) -> Expr<'a> {
        self.fold_constants(mark);
        let values = self.take_exprs(mark);
        self.arena.expr_joined_str(self.since(start), values)
    }

    /// `_build_concatenated_str`: joins neighbouring constants since `mark` and drops empty ones.
    pub(crate) fn fold_constants(&mut self, mark: usize) {
        let end = self.scratch.exprs.len();
        let mut kept = mark;
        let mut at = mark;
        while at < end {
            let run = self.run_of_constants(at, end);
            let part = match run {
                0 | 1 => self.scratch.exprs[at],
                _ => self.join_run(at, at + run),
            };
            at += run.max(1);
            if !is_empty_str(part) {
                self.scratch.exprs[kept] = part;
                kept += 1;
            }
        }
        self.scratch.exprs.truncate(kept);
    }

    /// How many constants stand next to each other from `at` on.
    fn run_of_constants(&self, at: usize, end: usize) -> usize {
        self.scratch.exprs[at..end].iter().take_while(|&&part| constant_of(part).is_some()).count()
    }

    fn join_run(&mut self, from: usize, to: usize) -> Expr<'a> {
        let (first, last) = (self.scratch.exprs[from], self.scratch.exprs[to - 1]);
        let value = self.concatenate(from, to);
        self.arena.expr_constant(first.location().to(last.location()), value, kind_of(first))
    }
}

/// The value of a constant.
pub(crate) fn constant_of(expr: Expr<'_>) -> Option<Constant<'_>> {
    match expr {
        Expr::Constant(e) => Some(e.value),
        _ => None,
    }
}

fn is_bytes(expr: Expr<'_>) -> bool {
    matches!(constant_of(expr), Some(Constant::Bytes(_)))
}

fn kind_of(expr: Expr<'_>) -> Option<StrId> {
    match expr {
        Expr::Constant(e) => e.kind,
        _ => None,
    }
}

pub(crate) fn is_empty_str(expr: Expr<'_>) -> bool {
    matches!(constant_of(expr), Some(Constant::Str(text)) if text == pycode::known::EMPTY)
}
