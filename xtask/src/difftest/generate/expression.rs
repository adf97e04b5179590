//! Expressions.
//!
//! Each is made with the precedence of its outermost operator, and put in brackets where what is around it
//! binds more tightly, and now and then where nothing asks for it.

use super::Generator;
use super::scope::{Allowed, BUILTINS, ITERATION, NAMES, WALRUS};

/// Precedences, loosest first.
pub(super) mod level {
    pub(in super::super) const NAMED: u8 = 1;
    pub(in super::super) const TEST: u8 = 2;
    pub(in super::super) const OR: u8 = 3;
    pub(in super::super) const AND: u8 = 4;
    pub(in super::super) const NOT: u8 = 5;
    pub(in super::super) const COMPARE: u8 = 6;
    pub(in super::super) const BIT_OR: u8 = 7;
    pub(in super::super) const BIT_XOR: u8 = 8;
    pub(in super::super) const BIT_AND: u8 = 9;
    pub(in super::super) const SHIFT: u8 = 10;
    pub(in super::super) const SUM: u8 = 11;
    pub(in super::super) const TERM: u8 = 12;
    pub(in super::super) const FACTOR: u8 = 13;
    pub(in super::super) const POWER: u8 = 14;
    pub(in super::super) const AWAIT: u8 = 15;
    pub(in super::super) const ATOM: u8 = 16;
}

const BINARY: &[(&str, u8)] = &[
    ("|", level::BIT_OR),
    ("^", level::BIT_XOR),
    ("&", level::BIT_AND),
    ("<<", level::SHIFT),
    (">>", level::SHIFT),
    ("+", level::SUM),
    ("+", level::SUM),
    ("-", level::SUM),
    ("*", level::TERM),
    ("/", level::TERM),
    ("//", level::TERM),
    ("%", level::TERM),
    ("@", level::TERM),
];

const COMPARISONS: &[&str] = &["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"];

/// An expression with the precedence of its outermost operator.
type Made = (String, u8);

impl Generator<'_> {
    /// An expression that may be a walrus.
    pub(super) fn expr_named(&mut self, depth: u32) -> String {
        self.expr(level::NAMED, depth)
    }

    /// What may stand almost anywhere: no bare walrus, tuple or star.
    pub(super) fn expr_test(&mut self, depth: u32) -> String {
        self.expr(level::TEST, depth)
    }

    /// What may follow a star.
    pub(super) fn expr_operand(&mut self, depth: u32) -> String {
        self.expr(level::BIT_OR, depth)
    }

    /// What may stand in a field of an f-string: no bare `lambda`, whose colon would end it.
    pub(super) fn expr_test_in_field(&mut self, depth: u32) -> String {
        self.expr(level::OR, depth)
    }

    /// What may stand before `.`, `(`, `[`.
    fn primary(&mut self, depth: u32) -> String {
        let text = self.expr(level::ATOM, depth);
        // `1.x` is no attribute.
        if text.starts_with(|c: char| c.is_ascii_digit()) { format!("({text})") } else { text }
    }

    fn expr(&mut self, min: u8, depth: u32) -> String {
        self.brackets += 1;
        let bracketed = self.random.one_in(18);
        if !bracketed {
            self.brackets -= 1;
        }
        let (text, made) = if depth == 0 { self.leaf() } else { self.composed(depth - 1) };
        if bracketed {
            self.brackets -= 1;
        }
        if made < min || bracketed { format!("({text})") } else { text }
    }

    fn leaf(&mut self) -> Made {
        match self.random.below(10) {
            0..=4 => (self.name(), level::ATOM),
            5 => (self.random.pick(BUILTINS).to_owned(), level::ATOM),
            6 | 7 => {
                let text = self.constant();
                let made = if text.starts_with('-') { level::FACTOR } else { level::ATOM };
                (text, made)
            }
            8 => (format!("{}.{}", self.name(), self.name()), level::ATOM),
            _ => (self.small_int().replace('-', ""), level::ATOM),
        }
    }

    /// A variable: mostly one that is bound.
    pub(super) fn name(&mut self) -> String {
        let bound = &self.scopes[self.random.below(self.scopes.len())].bound;
        if bound.is_empty() || self.random.one_in(3) {
            return self.random.pick(NAMES).to_owned();
        }
        bound[self.random.below(bound.len())].to_owned()
    }

    fn composed(&mut self, depth: u32) -> Made {
        match self.random.below(64) {
            0..=7 => self.binary(depth),
            8 | 9 => self.power_or_unary(depth),
            10..=14 => self.bool_op(depth),
            15..=19 => self.comparison(depth),
            20..=22 => self.if_else(depth),
            23 | 24 => self.lambda(depth),
            25..=30 => (self.call(depth), level::ATOM),
            31..=33 => (format!("{}.{}", self.primary(depth), self.name()), level::ATOM),
            34..=36 => (format!("{}[{}]", self.primary(depth), self.subscript(depth)), level::ATOM),
            37..=41 => (self.display(depth), level::ATOM),
            42..=46 => (self.comprehension(depth), level::ATOM),
            47..=49 => (self.f_string(depth), level::ATOM),
            50 => (self.t_string(depth), level::ATOM),
            51 | 52 if self.allowed.awaits => (format!("await {}", self.primary(depth)), level::AWAIT),
            53 | 54 if self.allowed.yields => (self.yield_expr(depth), level::ATOM),
            55 | 56 if self.allowed.walrus => self.walrus(depth),
            57..=59 => (self.folding(2), level::NOT),
            60 => (self.implicit_concatenation(), level::ATOM),
            61 => (self.super_call(depth), level::ATOM),
            _ => self.leaf(),
        }
    }

    fn binary(&mut self, depth: u32) -> Made {
        let (operator, made) = BINARY[self.random.below(BINARY.len())];
        if operator == "%" && self.random.one_in(2) {
            return (self.percent_format(depth), level::TERM);
        }
        let (left, right) = (self.expr(made, depth), self.expr(made + 1, depth));
        let (before, after) = (self.space(), self.space());
        (format!("{left}{before}{operator}{after}{right}"), made)
    }

    /// `'...' % (...)`: becomes an f-string where it can.
    fn percent_format(&mut self, depth: u32) -> String {
        let format = self.random.pick(&[
            "'%s'",
            "'%s%s'",
            "'%s %r %a'",
            "'%s%%%s'",
            "'a%sb'",
            "'%5s|%-3r'",
            "'%d'",
            "'%s'",
            "'%.2s%s'",
            "b'%s'",
            "'%%'",
        ]);
        let count = format.matches('%').count().max(1);
        let parts: Vec<String> = (0..count).map(|_| self.expr_test(depth.min(1))).collect();
        let values = self.bracketed(|g| g.commas(parts));
        format!("{format} % ({values},)")
    }

    fn power_or_unary(&mut self, depth: u32) -> Made {
        match self.random.below(4) {
            0 => {
                let (base, power) = (self.expr(level::AWAIT, depth), self.expr(level::FACTOR, depth));
                (format!("{base} ** {power}"), level::POWER)
            }
            1 => (format!("not {}", self.expr(level::NOT, depth)), level::NOT),
            _ => {
                let operator = self.random.pick(&["-", "+", "~"]);
                (format!("{operator}{}", self.expr(level::FACTOR, depth)), level::FACTOR)
            }
        }
    }

    fn bool_op(&mut self, depth: u32) -> Made {
        let (operator, made) = if self.random.one_in(2) { ("and", level::AND) } else { ("or", level::OR) };
        let count = 2 + self.random.below(3);
        let mut text = self.expr(made + 1, depth);
        for _ in 1..count {
            let (before, after) = (self.space(), self.space());
            let operand =
                if self.random.one_in(6) { self.plain_constant() } else { self.expr(made + 1, depth) };
            text = format!("{text}{before}{operator}{after}{operand}");
        }
        (text, made)
    }

    fn comparison(&mut self, depth: u32) -> Made {
        let mut text = self.expr(level::BIT_OR, depth);
        for _ in 0..1 + self.random.below(8) / 4 * self.random.below(4) {
            let operator = self.random.pick(COMPARISONS);
            let right = match self.random.below(5) {
                0 => "None".to_owned(),
                1 if operator.ends_with("in") => self.constant_container(1),
                _ => self.expr(level::BIT_OR, depth),
            };
            let space = self.space();
            text = format!("{text} {operator}{space}{right}");
        }
        (text, level::COMPARE)
    }

    fn if_else(&mut self, depth: u32) -> Made {
        let (body, test) = (self.expr(level::OR, depth), self.expr(level::OR, depth));
        let space = self.space();
        (format!("{body} if {test}{space}else {}", self.expr_test(depth)), level::TEST)
    }

    fn lambda(&mut self, depth: u32) -> Made {
        let parameters = self.lambda_parameters(depth);
        let yields = self.random.one_in(8);
        let allowed = Allowed::in_function(false, yields);
        let body = self.allowing(allowed, |g| g.expr_test(depth));
        (format!("lambda{parameters}: {body}"), level::TEST)
    }

    fn lambda_parameters(&mut self, depth: u32) -> String {
        let default = |g: &mut Self| g.expr_test(depth.min(1));
        match self.random.below(8) {
            0 => " x".to_owned(),
            1 => format!(" x, a={}", default(self)),
            2 => format!(" *, k={}, **__p", default(self)),
            3 => " *args".to_owned(),
            4 => format!(" x, /, y, *z, i={}", default(self)),
            5 => " self, a".to_owned(),
            _ => String::new(),
        }
    }

    /// A call, in one of the shapes that compile in their own way.
    fn call(&mut self, depth: u32) -> String {
        let function = match self.random.below(5) {
            0 => self.random.pick(BUILTINS).to_owned(),
            1 | 2 => format!("{}.{}", self.primary(depth), self.name()),
            3 => self.name(),
            _ => self.primary(depth),
        };
        let allowed = self.allowed;
        if self.random.one_in(7) {
            let iteration = self.bracketed(|g| g.generator(depth));
            self.allowed = allowed;
            return format!("{function}({iteration})");
        }
        format!("{function}({})", self.arguments(depth))
    }

    pub(super) fn arguments(&mut self, depth: u32) -> String {
        self.bracketed(|g| {
            let mut parts: Vec<String> = Vec::new();
            for _ in 0..g.random.below(4) {
                let star = g.random.one_in(8);
                parts.push(if star { format!("*{}", g.expr_operand(depth)) } else { g.expr_named(depth) });
            }
            for keyword in ["k", "__p", "x", "y"] {
                if g.random.one_in(8) {
                    parts.push(format!("{keyword}={}", g.expr_test(depth)));
                }
            }
            if g.random.one_in(10) {
                parts.push(format!("**{}", g.expr_test(depth)));
                if g.random.one_in(2) {
                    parts.push(format!("last={}", g.expr_test(0)));
                }
            }
            let comma = if !parts.is_empty() && g.random.one_in(10) { "," } else { "" };
            g.commas(parts) + comma
        })
    }

    pub(super) fn subscript(&mut self, depth: u32) -> String {
        self.bracketed(|g| {
            let bound =
                |g: &mut Self| if g.random.one_in(3) { String::new() } else { g.expr_test(depth.min(1)) };
            match g.random.below(10) {
                0 => ":".to_owned(),
                1 => format!("{}:{}", bound(g), bound(g)),
                2 => format!("{}:{}:{}", bound(g), bound(g), bound(g)),
                3 => format!("{}:{}, {}", bound(g), bound(g), g.expr_test(depth)),
                4 => format!("{}, {}", g.expr_test(depth), g.expr_test(depth)),
                5 => format!("*{}, {}", g.expr_operand(depth), g.expr_test(depth)),
                6 => format!("{}:{}", g.small_int(), g.small_int()),
                7 => g.small_int(),
                _ => g.expr_named(depth),
            }
        })
    }

    fn display(&mut self, depth: u32) -> String {
        if self.random.one_in(5) {
            return self.constant_container(1);
        }
        let count = self.random.below(4);
        self.bracketed(|g| match g.random.below(5) {
            0 if count > 0 => format!("{{{}}}", g.elements(count, depth)),
            1 => g.dict(count, depth),
            2 => format!("[{}]", g.elements(count, depth)),
            _ if count == 0 => "()".to_owned(),
            _ => format!("({},)", g.elements(count, depth)),
        })
    }

    fn elements(&mut self, count: usize, depth: u32) -> String {
        let parts = (0..count)
            .map(|_| match self.random.below(6) {
                0 => format!("*{}", self.expr_operand(depth)),
                1 => self.constant(),
                _ => self.expr_named(depth),
            })
            .collect();
        self.commas(parts)
    }

    fn dict(&mut self, count: usize, depth: u32) -> String {
        let parts = (0..count)
            .map(|_| match self.random.below(6) {
                0 => format!("**{}", self.expr_operand(depth)),
                1 => format!("{}: {}", self.string(), self.constant()),
                _ => format!("{}: {}", self.expr_test(depth), self.expr_test(depth)),
            })
            .collect();
        format!("{{{}}}", self.commas(parts))
    }

    fn comprehension(&mut self, depth: u32) -> String {
        let kind = self.random.below(4);
        let allowed = self.allowed;
        self.bracketed(|g| {
            let clauses = g.clauses(depth);
            let inner = allowed.in_comprehension();
            g.allowing(inner, |g| match kind {
                0 => format!("{{{}: {} {clauses}}}", g.expr_test(depth), g.expr_test(depth)),
                1 => format!("{{{} {clauses}}}", g.expr_named(depth)),
                2 => format!("({} {clauses})", g.expr_named(depth)),
                _ => format!("[{} {clauses}]", g.expr_named(depth)),
            })
        })
    }

    /// The only argument of a call.
    fn generator(&mut self, depth: u32) -> String {
        let clauses = self.clauses(depth);
        let inner = self.allowed.in_comprehension();
        let element = self.allowing(inner, |g| g.expr_named(depth));
        format!("{element} {clauses}")
    }

    fn clauses(&mut self, depth: u32) -> String {
        let allowed = self.allowed;
        let mut text = String::new();
        for clause in 0..1 + self.random.below(6) / 4 * self.random.below(3) {
            if clause > 0 {
                text.push_str(&self.space());
            }
            let keyword = if allowed.awaits && self.random.one_in(4) { "async for" } else { "for" };
            let target = self.iteration_target();
            let iterable = self.allowing(allowed.in_iterable(), |g| g.iterable(depth));
            text.push_str(&format!("{keyword} {target} in {iterable}"));
            for _ in 0..self.random.below(6) / 4 {
                let condition = self.allowing(allowed.in_comprehension(), |g| g.expr(level::OR, depth));
                text.push_str(&format!(" if {condition}"));
            }
        }
        text
    }

    fn iteration_target(&mut self) -> String {
        let name = |g: &mut Self| g.random.pick(ITERATION).to_owned();
        match self.random.below(8) {
            0 => format!("{}, {}", name(self), name(self)),
            1 => format!("({}, *{})", name(self), name(self)),
            2 => format!("{}.at", name(self)),
            3 => format!("[{}]", name(self)),
            _ => name(self),
        }
    }

    fn iterable(&mut self, depth: u32) -> String {
        match self.random.below(6) {
            0 => self.constant_container(1),
            // A loop that runs once is an assignment.
            1 => format!("[{}]", self.expr_test(depth)),
            2 => format!("({},)", self.expr_test(depth)),
            _ => self.expr(level::OR, depth),
        }
    }

    fn yield_expr(&mut self, depth: u32) -> String {
        self.bracketed(|g| match g.random.below(4) {
            0 => "(yield)".to_owned(),
            1 if !g.allowed.awaits => format!("(yield from {})", g.expr_test(depth)),
            2 => format!("(yield {}, *{})", g.expr_test(depth), g.expr_operand(depth)),
            _ => format!("(yield {})", g.expr_test(depth)),
        })
    }

    fn walrus(&mut self, depth: u32) -> Made {
        let name = self.random.pick(WALRUS);
        (format!("{name} := {}", self.expr_test(depth)), level::NAMED)
    }

    fn implicit_concatenation(&mut self) -> String {
        self.brackets += 1;
        let mut text = format!("({}", self.string());
        for _ in 0..1 + self.random.below(3) {
            let space = self.space();
            let next = if self.random.one_in(4) { self.f_string(0) } else { self.string() };
            text = format!("{text}{space}{next}");
        }
        self.brackets -= 1;
        text + ")"
    }

    fn super_call(&mut self, depth: u32) -> String {
        let name = self.name();
        match self.random.below(5) {
            0 => format!("super().{name}"),
            1 => format!("super().{name}({})", self.arguments(depth)),
            2 => format!("super(cls, self).{name}"),
            3 => format!("super(__class__, self).{name}({})", self.arguments(depth)),
            _ => "super()".to_owned(),
        }
    }
}
