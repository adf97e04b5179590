//! Functions, classes, type parameters and type aliases.

use super::Generator;
use super::scope::{Allowed, NAMES, Scope, ScopeKind};

const PARAMETERS: &[&str] = &["self", "a", "x", "__p", "é", "k", "y"];

impl Generator<'_> {
    fn decorators(&mut self) {
        while self.random.one_in(5) {
            let text = match self.random.below(4) {
                0 => self.name(),
                1 => format!("{}.{}({})", self.name(), self.name(), self.arguments(1)),
                _ => self.expr_named(2),
            };
            self.line(&format!("@{text}"));
        }
    }

    /// A function with its body.
    pub(super) fn function(&mut self) {
        let is_async = self.random.one_in(3);
        let yields = self.random.one_in(4);
        self.decorators();
        let keyword = if is_async { "async def" } else { "def" };
        let name = if self.random.one_in(8) { "__init__".to_owned() } else { self.bind() };
        let type_parameters = self.type_parameters();
        let mut scope = Scope::function(is_async, yields);
        let parameters = self.parameters(&mut scope);
        let returns =
            if self.random.one_in(4) { format!(" -> {}", self.annotation(1)) } else { String::new() };
        let header = format!("{keyword} {name}{type_parameters}({parameters}){returns}:");
        self.scopes.push(scope);
        self.allowing(Allowed::in_function(is_async, yields), |g| g.body(&header));
        self.scopes.pop();
    }

    /// What a function or class holds.
    fn body(&mut self, header: &str) {
        if self.random.one_in(12) {
            return self.suite(header);
        }
        self.line(header);
        self.indent += 1;
        if self.random.one_in(6) {
            self.docstring();
        }
        if self.scopes.len() > 2 || self.random.one_in(3) {
            self.declarations();
        }
        if self.scope().yields && self.random.one_in(2) {
            self.line("yield");
        }
        self.block();
        if self.random.one_in(2) {
            self.block();
        }
        self.indent -= 1;
    }

    fn declarations(&mut self) {
        if self.random.one_in(4) {
            let name = self.random.pick(NAMES);
            self.declare("global", &[name]);
        }
        if !self.random.one_in(3) {
            return;
        }
        let Some((_, enclosing)) = self.scopes.split_last() else { return };
        let mut functions = enclosing.iter().rev().filter(|scope| scope.kind == ScopeKind::Function);
        let Some(function) = functions.next() else { return };
        let names: Vec<&'static str> =
            function.bound.iter().copied().filter(|name| !function.declared.contains(name)).collect();
        let count = names.len().min(1 + self.random.below(2));
        self.declare("nonlocal", &names[..count]);
    }

    /// Declares names, parameters and such as are declared already left out.
    fn declare(&mut self, keyword: &str, names: &[&'static str]) {
        let scope = self.scope_mut();
        let free = |name: &&&'static str| !scope.bound.contains(*name) && !scope.declared.contains(*name);
        let names: Vec<&'static str> = names.iter().filter(free).copied().collect();
        if names.is_empty() {
            return;
        }
        scope.declared.extend(&names);
        self.line(&format!("{keyword} {}", names.join(", ")));
    }

    fn parameters(&mut self, scope: &mut Scope) -> String {
        self.bracketed(|g| {
            let count = g.random.below(PARAMETERS.len());
            let mut parts = Vec::new();
            let (mut defaults, mut starred) = (false, false);
            for &name in &PARAMETERS[..count] {
                scope.bound.push(name);
                defaults = starred && g.random.one_in(2) || !starred && (defaults || g.random.one_in(4));
                parts.push(g.parameter(name, defaults));
                match g.random.below(10) {
                    0 if !starred && !parts.contains(&"/".to_owned()) => parts.push("/".to_owned()),
                    1 if !starred => {
                        starred = true;
                        scope.bound.push("z");
                        parts.push(format!("*{}", g.star_parameter()));
                    }
                    2 if !starred && name != PARAMETERS[count - 1] => {
                        starred = true;
                        parts.push("*".to_owned());
                    }
                    _ => {}
                }
            }
            if g.random.one_in(8) {
                scope.bound.push("d");
                parts.push(format!("**{}", g.parameter("d", false)));
            }
            g.commas(parts)
        })
    }

    fn star_parameter(&mut self) -> String {
        match self.random.below(6) {
            0 => format!("z: *{}", self.name()),
            1 => format!("z: {}", self.annotation(1)),
            _ => "z".to_owned(),
        }
    }

    fn parameter(&mut self, name: &str, default: bool) -> String {
        let annotation =
            if self.random.one_in(5) { format!(": {}", self.annotation(1)) } else { String::new() };
        let default = match default {
            true if self.random.one_in(2) => format!("={}", self.constant()),
            true => format!("={}", self.expr_test(1)),
            false => String::new(),
        };
        format!("{name}{annotation}{default}")
    }

    /// A class with its body.
    pub(super) fn class(&mut self) {
        self.decorators();
        let name = match self.random.below(3) {
            0 => self.random.pick(&["C", "__C", "_D_", "A"]).to_owned(),
            _ => self.bind(),
        };
        let type_parameters = self.type_parameters();
        let bases = match self.random.below(4) {
            0 => format!("({})", self.arguments(1)),
            1 => "(Base)".to_owned(),
            _ => String::new(),
        };
        self.scopes.push(Scope::new(ScopeKind::Class));
        self.allowing(Allowed::IN_CLASS, |g| g.body(&format!("class {name}{type_parameters}{bases}:")));
        self.scopes.pop();
    }

    fn type_parameters(&mut self) -> String {
        if !self.random.one_in(5) {
            return String::new();
        }
        let mut parts = Vec::new();
        let mut defaults = false;
        for index in 0..1 + self.random.below(3) {
            defaults = defaults || self.random.one_in(3);
            let part = self
                .allowing(Allowed { in_class: self.allowed.in_class, ..Allowed::IN_ANNOTATION }, |g| {
                    g.type_parameter(index, defaults)
                });
            parts.push(part);
        }
        self.bracketed(|g| format!("[{}]", g.commas(parts)))
    }

    fn type_parameter(&mut self, index: usize, default: bool) -> String {
        let name = ["T", "__U", "x"][index];
        let default_value =
            |g: &mut Self| if default { format!(" = {}", g.expr_test(1)) } else { String::new() };
        match self.random.below(6) {
            0 => format!("{name}: {}{}", self.expr_test(2), default_value(self)),
            1 => format!("{name}: (int, {}){}", self.name(), default_value(self)),
            2 if default => format!("*{name} = *{}", self.expr_operand(1)),
            2 => format!("*{name}"),
            3 => format!("**{name}{}", default_value(self)),
            _ => format!("{name}{}", default_value(self)),
        }
    }

    /// `type X[...] = ...`
    pub(super) fn type_alias(&mut self) {
        let name = self.bind();
        let type_parameters = self.type_parameters();
        let allowed = Allowed { in_class: self.allowed.in_class, ..Allowed::IN_ANNOTATION };
        let value = self.allowing(allowed, |g| g.expr_test(2));
        self.line(&format!("type {name}{type_parameters} = {value}"));
    }
}
