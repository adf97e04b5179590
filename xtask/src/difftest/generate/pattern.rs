//! Patterns of `match`.

use super::Generator;

/// Keys of mapping patterns, all different.
const KEYS: &[&str] =
    &["'a'", "1", "-2", "None", "True", "a.b", "b'k'", "1.5", "2+3j", "'x' 'y'", "z.y.x", "'%s'"];

const VALUES: &[&str] = &[
    "0",
    "1",
    "-1",
    "255",
    "-0.0",
    "1.5",
    "1+2j",
    "-1.5-3j",
    "'s'",
    "'a' 'b'",
    "b'b'",
    "None",
    "True",
    "False",
    "a.b",
    "x.y.z",
    "self.__p",
    "'''m\nl'''",
    "10000000000000000000000",
    "r'\\d'",
    "0x10",
];

const CLASSES: &[&str] = &["int", "str", "C", "a.b", "self.D", "tuple", "__p"];

impl Generator<'_> {
    /// A `match` statement.
    pub(super) fn match_statement(&mut self) {
        let subject = match self.random.below(5) {
            0 => format!("{}, {}", self.expr_test(2), self.expr_test(1)),
            1 => format!("*{}, {}", self.expr_operand(1), self.expr_test(1)),
            2 => format!("({})", self.expr_test(2)),
            3 => format!("[{}]", self.expr_test(1)),
            _ => self.expr_test(2),
        };
        self.line(&format!("match {subject}:"));
        self.indent += 1;
        let cases = 1 + self.random.below(5);
        for case in 0..cases {
            let last = case + 1 == cases;
            let pattern = if last && self.random.one_in(3) {
                self.random.pick(&["_", "rest", "_ as all_of_it", "(_)", "__p"]).to_owned()
            } else {
                let mut captures = 0;
                self.top_pattern(&mut captures)
            };
            let guard =
                if self.random.one_in(3) { format!(" if {}", self.expr_named(2)) } else { String::new() };
            self.suite(&format!("case {pattern}{guard}:"));
        }
        self.indent -= 1;
    }

    fn top_pattern(&mut self, captures: &mut u32) -> String {
        match self.random.below(6) {
            0 => {
                let parts = self.sequence_parts(captures, 2);
                if parts.len() == 1 { format!("{},", parts[0]) } else { parts.join(", ") }
            }
            _ => self.pattern(captures, 3),
        }
    }

    fn capture(captures: &mut u32) -> String {
        *captures += 1;
        match *captures {
            1 => "x".to_owned(),
            2 => "__c".to_owned(),
            n => format!("c{n}"),
        }
    }

    /// A pattern that can fail.
    fn pattern(&mut self, captures: &mut u32, depth: u32) -> String {
        if depth == 0 {
            return self.random.pick(VALUES).to_owned();
        }
        match self.random.below(12) {
            0 | 1 => self.random.pick(VALUES).to_owned(),
            2 => self.or_pattern(captures),
            3 => {
                let inner = self.pattern(captures, depth - 1);
                let inner = if inner.contains(" | ") || inner.contains(" as ") {
                    format!("({inner})")
                } else {
                    inner
                };
                format!("{inner} as {}", Self::capture(captures))
            }
            4 => format!("({})", self.pattern(captures, depth - 1)),
            5..=7 => self.sequence_pattern(captures, depth),
            8 | 9 => self.mapping_pattern(captures, depth),
            _ => self.class_pattern(captures, depth),
        }
    }

    /// A pattern within another: it may capture anything.
    fn sub_pattern(&mut self, captures: &mut u32, depth: u32) -> String {
        match self.random.below(4) {
            0 => Self::capture(captures),
            1 => "_".to_owned(),
            _ => self.pattern(captures, depth - 1),
        }
    }

    fn or_pattern(&mut self, captures: &mut u32) -> String {
        if self.random.one_in(2) {
            let alternatives: Vec<&str> =
                (0..2 + self.random.below(3)).map(|_| self.random.pick(VALUES)).collect();
            return alternatives.join(" | ");
        }
        // All alternatives bind the same names, in different orders.
        let (a, b) = (Self::capture(captures), Self::capture(captures));
        self.random
            .pick(&[
                "[A, B] | (1, B, A)",
                "{'a': A, 'b': B} | {1: B, **A}",
                "C(A, k=B) | [A, *B] | D(k=B, l=A)",
                "(1 as A, B) | (2 as B, A)",
                "[A, 1, (B | B)] | [[B], A]",
                "((A, B) | [[B, A]])",
            ])
            .replace('A', &a)
            .replace('B', &b)
    }

    fn sequence_pattern(&mut self, captures: &mut u32, depth: u32) -> String {
        let parts = self.sequence_parts(captures, depth);
        match self.random.below(2) {
            0 => format!("[{}]", parts.join(", ")),
            _ if parts.len() == 1 => format!("({},)", parts[0]),
            _ => format!("({})", parts.join(", ")),
        }
    }

    fn sequence_parts(&mut self, captures: &mut u32, depth: u32) -> Vec<String> {
        let count = self.random.below(4) + usize::from(depth == 2);
        let mut parts: Vec<String> = (0..count).map(|_| self.sub_pattern(captures, depth.max(1))).collect();
        if self.random.one_in(3) && !parts.is_empty() {
            let star =
                if self.random.one_in(2) { "*_".to_owned() } else { format!("*{}", Self::capture(captures)) };
            let at = self.random.below(parts.len() + 1);
            parts.insert(at, star);
        }
        parts
    }

    fn mapping_pattern(&mut self, captures: &mut u32, depth: u32) -> String {
        let first = self.random.below(KEYS.len());
        let count = self.random.below(4);
        let mut parts: Vec<String> = (0..count)
            .map(|index| {
                let key = KEYS[(first + index) % KEYS.len()];
                format!("{key}: {}", self.sub_pattern(captures, depth))
            })
            .collect();
        if self.random.one_in(3) {
            parts.push(format!("**{}", Self::capture(captures)));
        }
        format!("{{{}}}", parts.join(", "))
    }

    fn class_pattern(&mut self, captures: &mut u32, depth: u32) -> String {
        let mut parts: Vec<String> =
            (0..self.random.below(3)).map(|_| self.sub_pattern(captures, depth)).collect();
        for keyword in ["k", "__l", "m"] {
            if self.random.one_in(4) {
                parts.push(format!("{keyword}={}", self.sub_pattern(captures, depth)));
            }
        }
        format!("{}({})", self.random.pick(CLASSES), parts.join(", "))
    }
}
