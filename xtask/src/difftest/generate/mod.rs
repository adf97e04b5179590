//! Programs written at random, nearly all of them valid.
//!
//! A [`Generator`] writes text straight away: statements a line each, expressions as strings with their
//! precedence. It knows what is legal where (`return` outside functions, `await`, names that are declared
//! `global`, captures of patterns), so that few programs are refused; those that are count too, since both sides
//! must refuse them.

mod constant;
mod definition;
mod expression;
mod format_string;
mod large;
mod pattern;
mod scope;
mod statement;

use super::judge::Program;
use crate::random::Random;
use scope::{Allowed, Scope};

/// Writes one program.
pub(super) struct Generator<'r> {
    random: &'r mut Random,
    out: String,
    indent: usize,
    scopes: Vec<Scope>,
    /// How many statements may still be written.
    budget: i32,
    /// What the expression at hand may hold.
    allowed: Allowed,
    /// How many brackets are open: line breaks are free inside.
    brackets: u32,
    /// How many f-strings are open: no comments inside.
    strings: u32,
}

/// One program.
pub(super) fn program(random: &mut Random) -> Program {
    let level = random.below(3) as u8;
    if random.one_in(400) {
        return Program { source: large::program(random).into_bytes(), level };
    }
    let mut generator = Generator::new(random);
    generator.module();
    Program { source: generator.out.into_bytes(), level }
}

/// A few statements, as lines.
pub(super) fn statements(random: &mut Random) -> String {
    let mut generator = Generator::new(random);
    generator.budget = 1 + generator.random.below(3) as i32;
    generator.statement();
    generator.out
}

/// An expression.
pub(super) fn expression(random: &mut Random) -> String {
    let mut generator = Generator::new(random);
    generator.allowed.walrus = false;
    let depth = 1 + generator.random.below(3) as u32;
    generator.expr_test(depth)
}

/// A constant expression.
pub(super) fn constant(random: &mut Random) -> String {
    let mut generator = Generator::new(random);
    if generator.random.one_in(2) { generator.folding(2) } else { generator.constant() }
}

impl<'r> Generator<'r> {
    fn new(random: &'r mut Random) -> Generator<'r> {
        let budget = 2 + random.below(20) as i32;
        Generator {
            random,
            out: String::with_capacity(2048),
            indent: 0,
            scopes: vec![Scope::module()],
            budget,
            allowed: Allowed::IN_MODULE,
            brackets: 0,
            strings: 0,
        }
    }

    fn module(&mut self) {
        if self.random.one_in(6) {
            self.docstring();
        }
        if self.random.one_in(10) {
            let future =
                self.random.pick(&["annotations", "annotations", "division", "barry_as_FLUFL, generators"]);
            if future.starts_with("barry") {
                // It changes what `!=` means.
                self.line("from __future__ import generators, division as d");
            } else {
                self.line(&format!("from __future__ import {future}"));
            }
        }
        while self.budget > 0 {
            self.statement();
        }
    }

    // -- text ----------------------------------------------------------------------------------

    /// Writes a line at the current indent.
    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
        if self.random.one_in(12) {
            self.gap();
        }
    }

    /// Writes blank lines and comments, rarely very many.
    fn gap(&mut self) {
        let lines = match self.random.below(60) {
            0 => 15 + self.random.below(20),
            1 => 120 + self.random.below(20),
            2 if self.random.one_in(8) => 4090 + self.random.below(20),
            3 => {
                self.out.push_str("# a comment\n");
                return;
            }
            _ => 1 + self.random.below(3),
        };
        self.out.extend(std::iter::repeat_n('\n', lines));
    }

    /// What may stand between two tokens within brackets, rarely a line break or many blanks.
    fn space(&mut self) -> String {
        if self.brackets == 0 || !self.random.one_in(24) {
            return " ".to_owned();
        }
        match self.random.below(8) {
            0 if self.strings == 0 => " # why\n ".to_owned(),
            1 => " ".repeat(70 + self.random.below(300)),
            2 => "\n".repeat(1 + self.random.below(40)),
            _ => "\n    ".to_owned(),
        }
    }

    /// Writes expressions with a bracket around them.
    fn bracketed<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.brackets += 1;
        let result = write(self);
        self.brackets -= 1;
        result
    }

    /// Joins parts with commas.
    fn commas(&mut self, parts: Vec<String>) -> String {
        let mut text = String::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                text.push(',');
                text.push_str(&self.space());
            }
            text.push_str(part);
        }
        text
    }

    // -- scopes --------------------------------------------------------------------------------

    fn scope(&self) -> &Scope {
        self.scopes.last().expect("the module is there throughout")
    }

    fn scope_mut(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("the module is there throughout")
    }

    /// Writes with other things allowed.
    fn allowing<T>(&mut self, allowed: Allowed, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.allowed, allowed);
        let result = write(self);
        self.allowed = before;
        result
    }

    fn docstring(&mut self) {
        let text = self.random.pick(&[
            "'''A docstring.'''",
            "'''  indented\n      more\n   less\t\n\n'''",
            "'a' 'b'",
            "u'u'",
            "r'''\\d\n  x'''",
            "f'no docstring'",
            "b'no docstring'",
            "('in brackets')",
            "'''\n\ttabs\n\t  and blanks\n'''",
            "''",
        ]);
        self.line(text);
    }
}
