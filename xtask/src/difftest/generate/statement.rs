//! Statements.

use super::Generator;
use super::scope::{Allowed, NAMES, ScopeKind};

/// How deep blocks nest at most.
const MAX_INDENT: usize = 7;

impl Generator<'_> {
    /// One statement, with what it holds.
    pub(super) fn statement(&mut self) {
        self.budget -= 1;
        let simple = self.budget <= 0 || self.indent >= MAX_INDENT;
        match self.random.below(if simple { 10 } else { 30 }) {
            0..=9 => self.simple_line(),
            10..=12 => self.if_statement(),
            13 => self.while_statement(),
            14 | 15 => self.for_statement(),
            16..=19 => self.try_statement(),
            20 | 21 => self.with_statement(),
            22 => self.match_statement(),
            23..=26 => self.function(),
            27 | 28 => self.class(),
            _ => self.type_alias(),
        }
    }

    /// A block: a header and what it holds.
    pub(super) fn suite(&mut self, header: &str) {
        if self.random.one_in(14) {
            let (first, second) = (self.simple(), self.simple());
            let text = if self.random.one_in(3) {
                format!("{header} {first}; {second};")
            } else {
                format!("{header} {first}")
            };
            return self.line(&text);
        }
        self.line(header);
        self.indent += 1;
        self.block();
        self.indent -= 1;
    }

    /// One statement or more.
    pub(super) fn block(&mut self) {
        for _ in 0..1 + self.random.below(3) {
            self.statement();
        }
    }

    fn simple_line(&mut self) {
        let mut text = self.simple();
        while self.random.one_in(12) {
            text = format!("{text}; {}", self.simple());
        }
        self.line(&text);
    }

    fn simple(&mut self) -> String {
        let scope = self.scope();
        let (in_function, in_loop, stays) = (scope.kind == ScopeKind::Function, scope.loops > 0, scope.stays);
        match self.random.below(40) {
            0..=9 => self.assignment(),
            10..=12 => self.augmented(),
            13..=16 => self.annotated(),
            17..=22 => self.expression_statement(),
            23 => format!("del {}", self.del_targets()),
            24 => "pass".to_owned(),
            25..=28 if in_function && !stays => self.return_statement(),
            29 | 30 if in_loop => self.random.pick(&["break", "continue"]).to_owned(),
            31 | 32 => self.raise(),
            33 | 34 => self.import(),
            35 => self.assert(),
            36 => self.constant_statement(),
            37 if self.allowed.yields => self.yield_statement(),
            _ => self.assignment(),
        }
    }

    fn expression_statement(&mut self) -> String {
        match self.random.below(8) {
            0 => format!("{}, *{}", self.expr_test(2), self.expr_operand(1)),
            1 => format!("{},", self.expr_test(1)),
            _ => self.expr_test(3),
        }
    }

    fn constant_statement(&mut self) -> String {
        if self.random.one_in(2) { self.folding(3) } else { self.constant() }
    }

    fn yield_statement(&mut self) -> String {
        let is_async = self.scope().is_async;
        match self.random.below(4) {
            0 => "yield".to_owned(),
            1 if !is_async => format!("yield from {}", self.expr_test(2)),
            2 => format!("{} = yield {}", self.bind(), self.expr_test(2)),
            _ => format!("yield {}", self.expr_test(2)),
        }
    }

    /// A name that is bound here, and is remembered as such.
    pub(super) fn bind(&mut self) -> String {
        let name = self.random.pick(NAMES);
        let scope = self.scope_mut();
        if !scope.bound.contains(&name) && !scope.declared.contains(&name) {
            scope.bound.push(name);
        }
        name.to_owned()
    }

    // -- assignments -----------------------------------------------------------------------------

    fn assignment(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..1 + self.random.below(8) / 6 * self.random.below(3) {
            text.push_str(&format!("{} = ", self.target_list()));
        }
        text + &self.assigned()
    }

    fn assigned(&mut self) -> String {
        match self.random.below(10) {
            0 => format!("{}, {}", self.expr_test(2), self.expr_test(2)),
            1 => format!("*{}, {}", self.expr_operand(1), self.expr_test(2)),
            2 => format!("{}, {}, {}", self.name(), self.name(), self.expr_test(1)),
            3 => self.folding(3),
            _ => self.expr_test(3),
        }
    }

    fn target_list(&mut self) -> String {
        match self.random.below(12) {
            0 => format!("{}, {}", self.target(), self.target()),
            1 => format!("{}, {}, {}", self.target(), self.target(), self.target()),
            2 => format!("({}, *{})", self.target(), self.target()),
            3 => format!("[{}, [{}, {}]]", self.target(), self.target(), self.target()),
            4 => format!("*{}, {}", self.target(), self.target()),
            5 => "()".to_owned(),
            _ => self.target(),
        }
    }

    pub(super) fn target(&mut self) -> String {
        match self.random.below(10) {
            0 => format!("{}.{}", self.name(), self.name()),
            1 => format!("self.{}", self.name()),
            2 => format!("{}[{}]", self.name(), self.subscript(1)),
            3 => format!("({})", self.bind()),
            _ => self.bind(),
        }
    }

    fn augmented(&mut self) -> String {
        let operator = self
            .random
            .pick(&["+=", "-=", "*=", "/=", "//=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^=", "@="]);
        let target = match self.random.below(4) {
            0 => format!("{}.{}", self.name(), self.name()),
            1 => format!("{}[{}]", self.name(), self.subscript(1)),
            _ => self.bind(),
        };
        format!("{target} {operator} {}", self.assigned())
    }

    fn annotated(&mut self) -> String {
        let annotation = self.annotation(2);
        let target = match self.random.below(8) {
            0 => format!("({})", self.bind_local()),
            1 => format!("{}.{}", self.name(), self.name()),
            2 => format!("{}[{}]", self.name(), self.subscript(1)),
            3 => "__private".to_owned(),
            _ => self.bind_local(),
        };
        if self.random.one_in(2) {
            format!("{target}: {annotation}")
        } else {
            format!("{target}: {annotation} = {}", self.assigned())
        }
    }

    /// A name that is not declared `global` or `nonlocal`.
    fn bind_local(&mut self) -> String {
        let name = self.bind();
        if self.scope().declared.contains(&name.as_str()) { "local".to_owned() } else { name }
    }

    /// An annotation.
    pub(super) fn annotation(&mut self, depth: u32) -> String {
        self.allowing(Allowed { in_class: self.allowed.in_class, ..Allowed::IN_ANNOTATION }, |g| {
            match g.random.below(6) {
                0 => g
                    .random
                    .pick(&[
                        "int", "str", "'quoted'", "T", "list[T]", "__p", "None", "a.b", "x | None", "'a b'",
                    ])
                    .to_owned(),
                1 => format!("{}[{}]", g.name(), g.subscript(depth.min(1))),
                2 => format!("{} | {}", g.name(), g.name()),
                _ => g.expr_test(depth),
            }
        })
    }

    fn del_targets(&mut self) -> String {
        match self.random.below(6) {
            0 => format!("{}, {}", self.target(), self.target()),
            1 => format!("({}, [{}])", self.target(), self.target()),
            2 => "()".to_owned(),
            _ => self.target(),
        }
    }

    // -- leaving ---------------------------------------------------------------------------------

    fn return_statement(&mut self) -> String {
        let scope = self.scope();
        if scope.is_async && scope.yields || self.random.one_in(4) {
            return "return".to_owned();
        }
        match self.random.below(6) {
            0 => format!("return {}, *{}", self.expr_test(1), self.expr_operand(1)),
            1 => format!("return {}", self.constant()),
            _ => format!("return {}", self.expr_test(3)),
        }
    }

    fn raise(&mut self) -> String {
        match self.random.below(4) {
            0 => "raise".to_owned(),
            1 => format!("raise {} from {}", self.expr_test(1), self.expr_test(1)),
            _ => format!("raise {}", self.expr_test(2)),
        }
    }

    fn assert(&mut self) -> String {
        match self.random.below(4) {
            0 => format!("assert {}, {}", self.expr_test(2), self.expr_test(2)),
            1 => format!("assert {}", self.constant()),
            2 => format!("assert ({}, {})", self.expr_test(1), self.string()),
            _ => format!("assert {}", self.expr_test(2)),
        }
    }

    fn import(&mut self) -> String {
        let name = self.bind();
        match self.random.below(9) {
            0 => format!("import {name}"),
            1 => format!("import a.b.{name} as {}", self.bind()),
            2 => format!("import {name}.y, z as {}", self.bind()),
            3 => format!("from . import {name}"),
            4 => format!("from ...a.b import ({name}, c as {},)", self.bind()),
            5 => format!("from .{name} import x"),
            6 if self.scopes.len() == 1 => format!("from {name} import *"),
            _ => format!("from {name} import x as {}, __p", self.bind()),
        }
    }

    // -- blocks ----------------------------------------------------------------------------------

    fn condition(&mut self) -> String {
        match self.random.below(8) {
            0 => self
                .random
                .pick(&["__debug__", "not __debug__", "0", "1", "True", "None", "''", "not x", "...", "(1,)"])
                .to_owned(),
            1 => self.folding(2),
            _ => self.expr_named(3),
        }
    }

    fn if_statement(&mut self) {
        let condition = self.condition();
        self.suite(&format!("if {condition}:"));
        for _ in 0..self.random.below(6) / 4 {
            let condition = self.condition();
            self.suite(&format!("elif {condition}:"));
        }
        if self.random.one_in(3) {
            self.suite("else:");
        }
    }

    /// The body of a loop, and its `else`.
    fn loop_suites(&mut self, header: &str) {
        self.scope_mut().loops += 1;
        self.suite(header);
        self.scope_mut().loops -= 1;
        if self.random.one_in(4) {
            self.suite("else:");
        }
    }

    fn while_statement(&mut self) {
        let condition = self.condition();
        self.loop_suites(&format!("while {condition}:"));
    }

    fn for_statement(&mut self) {
        let is_async = self.allowed.awaits && self.random.one_in(3);
        let keyword = if is_async { "async for" } else { "for" };
        let iterable = match self.random.below(6) {
            0 => self.constant_container(1),
            1 => format!("{}, *{}", self.expr_test(1), self.expr_operand(1)),
            2 => format!("range({})", self.small_int()),
            _ => self.expr_test(2),
        };
        let target = match self.target_list() {
            empty if empty == "()" => "x".to_owned(),
            target => target,
        };
        self.loop_suites(&format!("{keyword} {target} in {iterable}:"));
    }

    fn try_statement(&mut self) {
        self.suite("try:");
        let handlers = self.random.below(3);
        let starred = handlers > 0 && self.random.one_in(5);
        for handler in 0..handlers {
            let last = handler + 1 == handlers;
            self.handler(starred, last);
        }
        if handlers > 0 && self.random.one_in(3) {
            self.suite("else:");
        }
        if handlers == 0 || self.random.one_in(3) {
            self.suite("finally:");
        }
    }

    fn handler(&mut self, starred: bool, last: bool) {
        if !starred {
            let header = match self.random.below(6) {
                0 if last => "except:".to_owned(),
                1 => format!("except {}, {}:", self.name(), self.name()),
                2 | 3 => format!("except {} as {}:", self.expr_test(1), self.bind()),
                _ => format!("except {}:", self.expr_test(1)),
            };
            return self.suite(&header);
        }
        let header = match self.random.below(3) {
            0 => format!("except* {}:", self.expr_test(1)),
            1 => format!("except* {}, {}:", self.name(), self.name()),
            _ => format!("except* {} as {}:", self.expr_test(1), self.bind()),
        };
        let scope = self.scope_mut();
        let (loops, stays) = (std::mem::take(&mut scope.loops), std::mem::replace(&mut scope.stays, true));
        self.suite(&header);
        let scope = self.scope_mut();
        (scope.loops, scope.stays) = (loops, stays);
    }

    fn with_statement(&mut self) {
        let is_async = self.allowed.awaits && self.random.one_in(3);
        let keyword = if is_async { "async with" } else { "with" };
        let mut items = Vec::new();
        for _ in 0..1 + self.random.below(6) / 4 * self.random.below(3) {
            let context = self.expr_test(2);
            // A bare tuple or list would be taken for something else.
            let item = match self.random.below(4) {
                0 => context,
                1 => format!("{context} as ({}, {})", self.target(), self.target()),
                _ => format!("{context} as {}", self.target()),
            };
            items.push(item);
        }
        let items = items.join(", ");
        let header = if self.random.one_in(4) {
            format!("{keyword} ({items},):")
        } else {
            format!("{keyword} {items}:")
        };
        self.suite(&header);
    }
}
