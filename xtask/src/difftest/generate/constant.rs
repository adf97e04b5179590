//! Constants, and operators on constants at their limits.

use super::Generator;

const INTS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "5",
    "7",
    "10",
    "-1",
    "-5",
    "-6",
    "31",
    "63",
    "64",
    "100",
    "127",
    "128",
    "129",
    "255",
    "256",
    "257",
    "1000",
    "4095",
    "4096",
    "4097",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
    "0b1011",
    "0o17",
    "1_000_000",
    "340282366920938463463374607431768211456",
    "1073741823",
    "1073741824",
    "100000000000000000000000000000000000000000",
    "0x10000000000000000000000000000000000000000",
];

const FLOATS: &[&str] = &[
    "0.0",
    "-0.0",
    "1.0",
    "-1.0",
    "0.1",
    "1e400",
    "-1e400",
    "1e308",
    "1.7976931348623157e308",
    "5e-324",
    "1e-320",
    "2.5",
    "1e16",
    "123456789.123456789",
    "1e22",
    "1e23",
    "9007199254740993.0",
    "0.5",
    "1e-5",
    "(1e400-1e400)",
];

const COMPLEX: &[&str] = &[
    "0j",
    "-0j",
    "1j",
    "-1j",
    "1e400j",
    "0.5j",
    "(1+2j)",
    "(-0.0-0j)",
    "1e-320j",
    "(1e400-1e400j)",
    "3.14j",
];

const STRINGS: &[&str] = &[
    "''",
    "'a'",
    "'ab'",
    "'abc_1'",
    "'a b'",
    "'é'",
    "'\\ud800'",
    "'%s'",
    "'%s %r'",
    "'%a%%'",
    "'%d'",
    "'%5s'",
    "'%-4r|'",
    "'%(k)s'",
    "'😀'",
    "'\\0'",
    "'\\xff'",
    "'x' 'y'",
    "r'\\n'",
    "u'u'",
    "'''a\nb'''",
    "'\\N{DIGIT ONE}'",
    "'name'",
    "'λ' 'μ'",
    "\"it's\"",
    "'%s%%%s'",
    "'%.3s'",
    "'%'",
    "'{}'",
    "'a\\\nb'",
    "'%c'",
    "'%x'",
    "'__p'",
    "'self'",
];

const BYTES: &[&str] = &[
    "b''",
    "b'a'",
    "b'ab'",
    "b'\\xff'",
    "rb'\\n'",
    "b'a' b'b'",
    "b'%s'",
    "b'\\x00\\x01'",
    "b'abcdefgh'",
    "b'__p'",
];

const SINGLES: &[&str] = &["None", "True", "False", "...", "__debug__"];

const BINARY: &[&str] = &["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"];

const COMPARE: &[&str] = &["==", "!=", "<", ">=", "in", "not in", "is", "is not"];

impl Generator<'_> {
    /// A constant; a number may have a sign.
    pub(super) fn constant(&mut self) -> String {
        let kind = match self.random.below(12) {
            0..=3 => INTS,
            4 | 5 => FLOATS,
            6 => COMPLEX,
            7..=8 => STRINGS,
            9 => BYTES,
            _ => SINGLES,
        };
        self.random.pick(kind).to_owned()
    }

    /// A constant that needs no brackets as an operand.
    pub(super) fn plain_constant(&mut self) -> String {
        let text = self.constant();
        if text.starts_with('-') { format!("({text})") } else { text }
    }

    pub(super) fn string(&mut self) -> String {
        self.random.pick(STRINGS).to_owned()
    }

    pub(super) fn small_int(&mut self) -> String {
        match self.random.below(3) {
            0 => self.random.pick(INTS).to_owned(),
            _ => self.random.below(20).to_string(),
        }
    }

    /// An expression of constants only, in brackets where it needs them.
    pub(super) fn folding(&mut self, depth: u32) -> String {
        if depth == 0 || self.random.one_in(6) {
            return if self.random.one_in(8) { self.constant_container(depth) } else { self.constant() };
        }
        let depth = depth - 1;
        match self.random.below(16) {
            0..=6 => {
                format!("({} {} {})", self.folding(depth), self.random.pick(BINARY), self.folding(depth))
            }
            7 | 8 => format!(
                "({}{})",
                self.random.pick(&["-", "+", "~", "not ", "- -", "~-", "not not "]),
                self.folding(depth)
            ),
            9 => format!("({})[{}]", self.folding(depth), self.folding(depth)),
            10 => format!("({} {} {})", self.folding(depth), self.random.pick(COMPARE), self.folding(depth)),
            11 => format!(
                "({} {} {})",
                self.folding(depth),
                self.random.pick(&["and", "or"]),
                self.folding(depth)
            ),
            12 => self.repeat(),
            13 => self.constant_slice(depth),
            14 => {
                format!("({} if {} else {})", self.folding(depth), self.folding(depth), self.folding(depth))
            }
            _ => self.constant_container(depth),
        }
    }

    /// Near the limits of what is folded: lengths of repeats, bits of powers and shifts.
    fn repeat(&mut self) -> String {
        let (a, b, n) = (self.random.below(300), self.random.below(140), 4090 + self.random.below(12));
        match self.random.below(12) {
            0 => format!("('a' * {n})"),
            1 => format!("({n} * b'x')"),
            2 => format!("('ab' * {})", n / 2),
            3 => format!("((1,) * {a})"),
            4 => format!("({a} * ('a', 2))"),
            5 => format!("(1 << {b})"),
            6 => format!("(2 ** {b})"),
            7 => format!("({a} ** {})", b / 4),
            8 => format!("(3 ** -{})", b / 8),
            9 => format!("((-{a}) >> {b})"),
            10 => format!("({a}.5 ** {b})"),
            _ => format!(
                "(0x{:x} * 0x{:x})",
                u128::from(self.random.next()) << self.random.below(64),
                self.random.next()
            ),
        }
    }

    fn constant_slice(&mut self, depth: u32) -> String {
        let object = if self.random.one_in(2) { self.string() } else { self.constant_container(depth) };
        let bound = |g: &mut Self| match g.random.below(4) {
            0 => String::new(),
            1 => g.folding(depth.min(1)),
            2 => format!("-{}", g.random.below(4)),
            _ => g.random.below(4).to_string(),
        };
        let (start, stop, step) = (bound(self), bound(self), bound(self));
        match self.random.below(3) {
            0 => format!("({object})[{start}:{stop}]"),
            1 => format!("({object})[{start}:{stop}:{step}]"),
            _ => format!("({object})[{}]", self.small_int()),
        }
    }

    /// A display of constants, now and then longer than 30 elements.
    pub(super) fn constant_container(&mut self, depth: u32) -> String {
        let length = match self.random.below(14) {
            0 => 29 + self.random.below(4),
            1 => 31 + self.random.below(12),
            2 => 3,
            _ => self.random.below(4),
        };
        let inner = depth.saturating_sub(1);
        let parts: Vec<String> = (0..length)
            .map(|index| if length > 8 { index.to_string() } else { self.folding(inner) })
            .collect();
        self.bracketed(|g| match g.random.below(6) {
            0 => format!("[{}]", g.commas(parts)),
            1 if length > 0 => format!("{{{}}}", g.commas(parts)),
            2 if length > 0 => format!("{{{}: None}}", parts.join(": 1, ")),
            _ if length == 0 => "()".to_owned(),
            _ => format!("({},)", g.commas(parts)),
        })
    }
}
