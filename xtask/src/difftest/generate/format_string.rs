//! f-strings and t-strings.

use super::Generator;

const TEXTS: &[&str] =
    &["", "", "a", " b ", "{{", "}}", "é", "\\n", "%s", "\\x41", "x=", "\\N{DASH}", ":", "!", "😀", "\\\n"];
const RAW_TEXTS: &[&str] = &["", "a", " b ", "{{", "}}", "é", "%s", "\\d", ":"];
const QUOTES: &[&str] = &["'", "\"", "'''", "\"\"\""];

impl Generator<'_> {
    /// An f-string, perhaps next to other strings.
    pub(super) fn f_string(&mut self, depth: u32) -> String {
        let first = self.template("f", "rf", depth);
        match self.random.below(8) {
            0 => format!("{first} {}", self.string()),
            1 => format!("{} {first}", self.string()),
            2 => format!("{first} {}", self.template("F", "Rf", depth)),
            _ => first,
        }
    }

    /// A t-string, perhaps next to another.
    pub(super) fn t_string(&mut self, depth: u32) -> String {
        let first = self.template("t", "rt", depth);
        if self.random.one_in(6) { format!("{first} {}", self.template("T", "tR", depth)) } else { first }
    }

    fn template(&mut self, prefix: &str, raw_prefix: &str, depth: u32) -> String {
        let raw = self.random.one_in(6);
        let quote = self.random.pick(QUOTES);
        let mut text = if raw { raw_prefix.to_owned() } else { prefix.to_owned() };
        text.push_str(quote);
        for _ in 0..self.random.below(4) {
            text.push_str(self.random.pick(if raw { RAW_TEXTS } else { TEXTS }));
            if self.random.below(4) > 0 {
                text.push_str(&self.field(depth, 0));
            }
        }
        if quote.len() == 3 && self.random.one_in(4) {
            text.push_str("\n  line");
        }
        text.push_str(quote);
        text
    }

    /// A replacement field.
    fn field(&mut self, depth: u32, nesting: u32) -> String {
        self.strings += 1;
        self.brackets += 1;
        let mut value = self.field_value(depth.min(2));
        self.brackets -= 1;
        self.strings -= 1;
        if value.starts_with('{') || self.random.one_in(6) {
            value.insert(0, ' ');
        }
        if value.ends_with('}') || self.random.one_in(10) {
            value.push(' ');
        }
        let equals = match self.random.below(8) {
            0 => "=",
            1 => " = ",
            _ => "",
        };
        let conversion = match self.random.below(8) {
            0 => "!r",
            1 => "!s",
            2 => "!a",
            _ => "",
        };
        let spec = if self.random.one_in(3) { self.spec(nesting) } else { String::new() };
        format!("{{{value}{equals}{conversion}{spec}}}")
    }

    fn field_value(&mut self, depth: u32) -> String {
        match self.random.below(16) {
            0 => format!("{}, {}", self.expr_test_in_field(depth), self.expr_test_in_field(0)),
            1 => format!("*{}, ", self.expr_operand(0)),
            2 if self.allowed.yields => format!("yield {}", self.expr_test_in_field(0)),
            3 => self.plain_constant(),
            4 => self.random.pick(&["x", "a", "__p", "'s'", "1", "x.y"]).to_owned(),
            _ => self.expr_test_in_field(depth),
        }
    }

    fn spec(&mut self, nesting: u32) -> String {
        let mut text = ":".to_owned();
        for _ in 0..self.random.below(3) {
            text.push_str(self.random.pick(&["", ">", "10", ".3", "x", "é", "%Y", " "]));
            if nesting < 1 && self.random.one_in(2) {
                text.push_str(&self.field(0, nesting + 1));
            }
        }
        text
    }
}
