//! Python's regular expressions in the library's notation.
//!
//! Both share most of their syntax. What one lacks of the other, or reads otherwise, is rewritten here: an escape that
//! Python does not know is an error, as are repeats of nothing; sets hold no sets; `\Z`, octal escapes, comments and
//! verbose expressions are spelt out. The errors are those of `re` (`Lib/re/_parser.py`), with the position in characters.
//!
//! The flags `a` and `u` change nothing.

use fancy_regex::Regex;
use pycode::{PyStr, repr_str};
use pyparser::character_of_name;

/// Compiles an expression.
///
/// # Errors
/// What `re.PatternError` says, or why the library refuses what is left.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let translated = Translator::new(pattern).translate()?;
    Regex::new(&translated).map_err(|error| error.to_string())
}

/// What stands before a quantifier.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing that could be repeated.
    Nothing,
    Item,
    Repeated,
}

/// A group that is not closed yet.
struct Group {
    start: usize,
    /// Whether white space means something again behind it.
    was_verbose: bool,
}

struct Translator {
    pattern: Vec<char>,
    /// The number of the next character.
    at: usize,
    out: String,
    open: Vec<Group>,
    last: Last,
    verbose: bool,
    /// Whether flags for the whole may stand here.
    at_start: bool,
}

/// One member of a set.
enum Member {
    Char(char),
    /// `\d` and its like.
    Class(char),
}

impl Translator {
    fn new(pattern: &str) -> Self {
        let (pattern, out, open) = (pattern.chars().collect(), String::new(), Vec::new());
        Translator { pattern, at: 0, out, open, last: Last::Nothing, verbose: false, at_start: true }
    }

    fn translate(mut self) -> Result<String, String> {
        while let Some(c) = self.next() {
            let start = self.at - 1;
            match c {
                _ if self.verbose && matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c') => continue,
                '#' if self.verbose => {
                    while self.next().is_some_and(|c| c != '\n') {}
                    continue;
                }
                '(' if self.peek() == Some('?') => {
                    self.extension(start)?;
                    continue;
                }
                _ => self.one(c, start)?,
            }
            self.at_start = false;
        }
        match self.open.last() {
            Some(group) => Err(error("missing ), unterminated subpattern", group.start)),
            None => Ok(self.out),
        }
    }

    fn one(&mut self, c: char, start: usize) -> Result<(), String> {
        match c {
            '\\' => return self.escape(start),
            '[' => return self.set(start),
            '*' | '+' | '?' => return self.repeat(&c.to_string(), start),
            '{' => {
                if let Some(bounds) = self.bounds() {
                    return self.repeat(&bounds, start);
                }
                self.literal(c);
            }
            '(' => self.begin("(", start),
            ')' => {
                let group = self.open.pop().ok_or_else(|| error("unbalanced parenthesis", start))?;
                self.verbose = group.was_verbose;
                self.push(")", Last::Item);
            }
            '|' | '^' | '$' => self.push(&c.to_string(), Last::Nothing),
            '.' => self.push(".", Last::Item),
            _ => self.literal(c),
        }
        Ok(())
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn peek(&self) -> Option<char> {
        self.pattern.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let there = self.peek() == Some(c);
        self.at += usize::from(there);
        there
    }

    fn push(&mut self, text: &str, last: Last) {
        self.out.push_str(text);
        self.last = last;
    }

    fn begin(&mut self, text: &str, start: usize) {
        self.open.push(Group { start, was_verbose: self.verbose });
        self.push(text, Last::Nothing);
    }

    /// A character that stands for itself.
    fn literal(&mut self, c: char) {
        if matches!(
            c,
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' | '#'
        ) {
            self.out.push('\\');
        }
        self.out.push(c);
        self.last = Last::Item;
    }

    /// A quantifier, with the `?` or `+` behind it.
    fn repeat(&mut self, quantifier: &str, start: usize) -> Result<(), String> {
        match self.last {
            Last::Nothing => return Err(error("nothing to repeat", start)),
            Last::Repeated => return Err(error("multiple repeat", start)),
            Last::Item => {}
        }
        self.push(quantifier, Last::Repeated);
        if let Some(c @ ('?' | '+')) = self.peek() {
            self.at += 1;
            self.out.push(c);
        }
        Ok(())
    }

    /// `{2}`, `{2,}`, `{,3}` or `{2,3}` behind its brace; anything else is text.
    fn bounds(&mut self) -> Option<String> {
        let start = self.at;
        let low = self.digits();
        let comma = self.take(',');
        let high = if comma { self.digits() } else { low.clone() };
        if !self.take('}') || (low.is_empty() && !comma) {
            self.at = start;
            return None;
        }
        let low = if low.is_empty() { "0" } else { &low };
        Some(format!("{{{low},{high}}}"))
    }

    fn digits(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.pattern[start..self.at].iter().collect()
    }

    /// What a backslash begins, outside a set (`_escape`).
    fn escape(&mut self, start: usize) -> Result<(), String> {
        let c = self.next().ok_or_else(|| error("bad escape (end of pattern)", start))?;
        match c {
            'A' | 'b' | 'B' => self.push(&format!("\\{c}"), Last::Nothing),
            'Z' | 'z' => self.push(r"\z", Last::Nothing),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => self.push(&format!("\\{c}"), Last::Item),
            '1'..='9' if !self.is_octal() => {
                let second = self.peek().filter(char::is_ascii_digit);
                self.at += usize::from(second.is_some());
                let number = String::from_iter([Some(c), second].into_iter().flatten());
                self.push(&format!("(?:\\{number})"), Last::Item);
            }
            _ => {
                let c = self.character(c, start)?;
                self.literal(c);
            }
        }
        Ok(())
    }

    /// Whether three octal digits stand here, the first of which has been read.
    fn is_octal(&self) -> bool {
        let digits = self.pattern.get(self.at - 1..self.at + 2);
        digits.is_some_and(|digits| digits.iter().all(|c| c.is_digit(8)))
    }

    /// The character that an escape stands for, wherever it is.
    fn character(&mut self, c: char, start: usize) -> Result<char, String> {
        let bad = |this: &Self| {
            let escape: String = this.pattern[start..this.at].iter().collect();
            error(&format!("bad escape {escape}"), start)
        };
        let code = match c {
            'a' => 7,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            'x' => self.hex(2, start)?,
            'u' => self.hex(4, start)?,
            'U' => self.hex(8, start)?,
            '0'..='7' => self.octal(c),
            'N' => self.named()?,
            c if c.is_ascii_alphanumeric() => return Err(bad(self)),
            c => return Ok(c),
        };
        char::from_u32(code).ok_or_else(|| bad(self))
    }

    /// `\N{EM DASH}` behind its first letter.
    fn named(&mut self) -> Result<u32, String> {
        if !self.take('{') {
            return Err(error("missing {", self.at));
        }
        let start = self.at;
        let closed = self.skip_to('}');
        let name: String = self.pattern[start..self.at - usize::from(closed)].iter().collect();
        match character_of_name(&name) {
            _ if name.is_empty() => Err(error("missing character name", start)),
            _ if !closed => Err(error("missing }, unterminated name", start)),
            Some(code) => Ok(code),
            None => {
                let mut text = "undefined character name ".to_owned();
                repr_str(PyStr::from(name.as_str()), &mut text);
                Err(error(&text, start - r"\N{".len()))
            }
        }
    }

    fn hex(&mut self, digits: usize, start: usize) -> Result<u32, String> {
        let text: String =
            self.pattern[self.at..].iter().take(digits).take_while(|c| c.is_ascii_hexdigit()).collect();
        self.at += text.len();
        if text.len() < digits {
            let escape: String = self.pattern[start..self.at].iter().collect();
            return Err(error(&format!("incomplete escape {escape}"), start));
        }
        Ok(u32::from_str_radix(&text, 16).unwrap_or(u32::MAX))
    }

    /// Up to three octal digits.
    fn octal(&mut self, first: char) -> u32 {
        let mut code = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else { break };
            self.at += 1;
            code = code * 8 + digit;
        }
        code
    }

    fn set(&mut self, start: usize) -> Result<(), String> {
        let negated = self.take('^');
        self.push(if negated { "[^" } else { "[" }, Last::Item);
        let unterminated = || error("unterminated character set", start);
        let first = self.at;
        loop {
            let from = self.at;
            let c = self.next().ok_or_else(unterminated)?;
            if c == ']' && from != first {
                break;
            }
            let low = self.member(c, from)?;
            if self.peek() != Some('-') || self.pattern.get(self.at + 1) == Some(&']') {
                self.push_member(&low);
                continue;
            }
            self.at += 1;
            let at = self.at;
            let c = self.next().ok_or_else(unterminated)?;
            let high = self.member(c, at)?;
            match (&low, &high) {
                (Member::Char(a), Member::Char(b)) if a <= b => {
                    self.push_member(&low);
                    self.out.push('-');
                    self.push_member(&high);
                }
                _ => {
                    let range: String = self.pattern[from..self.at].iter().collect();
                    return Err(error(&format!("bad character range {range}"), from));
                }
            }
        }
        self.out.push(']');
        Ok(())
    }

    /// `_class_escape`, or a character.
    fn member(&mut self, c: char, start: usize) -> Result<Member, String> {
        if c != '\\' {
            return Ok(Member::Char(c));
        }
        let c = self.next().ok_or_else(|| error("bad escape (end of pattern)", start))?;
        match c {
            'b' => Ok(Member::Char('\x08')),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => Ok(Member::Class(c)),
            c => self.character(c, start).map(Member::Char),
        }
    }

    fn push_member(&mut self, member: &Member) {
        match member {
            Member::Char(c) if c.is_alphanumeric() => self.out.push(*c),
            Member::Char(c) => self.out.push_str(&format!("\\x{{{:x}}}", u32::from(*c))),
            Member::Class(c) => self.out.extend(['\\', *c]),
        }
    }

    /// What `(?` begins.
    fn extension(&mut self, start: usize) -> Result<(), String> {
        self.at += 1;
        let question = self.at - 1;
        let Some(c) = self.next() else {
            return Err(error("unexpected end of pattern", self.at));
        };
        let at_start = std::mem::replace(&mut self.at_start, false);
        match c {
            ':' | '=' | '!' | '>' => self.begin(&format!("(?{c}"), start),
            '#' => {
                if !self.skip_to(')') {
                    return Err(error("missing ), unterminated comment", start));
                }
                self.at_start = at_start;
            }
            'P' if self.take('<') => {
                let name = self.name('>')?;
                self.begin(&format!("(?P<{name}>"), start);
            }
            'P' if self.take('=') => {
                let name = self.name(')')?;
                self.push(&format!("(?P={name})"), Last::Item);
            }
            '<' if matches!(self.peek(), Some('=' | '!')) => {
                let kind = if self.take('=') { "(?<=" } else { "(?<!" };
                self.at += usize::from(kind == "(?<!");
                self.begin(kind, start);
            }
            '(' => {
                let name = self.name(')')?;
                let is_number = name.bytes().all(|b| b.is_ascii_digit());
                self.begin(&if is_number { format!("(?({name})") } else { format!("(?(<{name}>)") }, start);
            }
            'a' | 'i' | 'L' | 'm' | 's' | 'u' | 'x' | '-' => self.flags(start, at_start)?,
            'P' | '<' => {
                let more = self.peek().map(String::from).unwrap_or_default();
                return Err(error(&format!("unknown extension ?{c}{more}"), question));
            }
            _ => return Err(error(&format!("unknown extension ?{c}"), question)),
        }
        Ok(())
    }

    /// Moves behind the next such character.
    fn skip_to(&mut self, end: char) -> bool {
        while let Some(c) = self.next() {
            if c == end {
                return true;
            }
        }
        false
    }

    fn name(&mut self, end: char) -> Result<String, String> {
        let start = self.at;
        if !self.skip_to(end) {
            return Err(error(&format!("missing {end}, unterminated name"), start));
        }
        let name: String = self.pattern[start..self.at - 1].iter().collect();
        if name.is_empty() {
            return Err(error("missing group name", start));
        }
        Ok(name)
    }

    /// `(?im)` for the whole, or `(?im-s:` for a group. White space is left out here, so that the library need not
    /// know of `x`.
    fn flags(&mut self, start: usize, at_start: bool) -> Result<(), String> {
        self.at -= 1;
        let (mut on, mut off, mut negative) = (String::new(), String::new(), false);
        let mut verbose = self.verbose;
        loop {
            match self.next() {
                Some('-') if !negative => negative = true,
                Some('x') => verbose = !negative,
                Some(c @ ('i' | 'm' | 's')) => if negative { &mut off } else { &mut on }.push(c),
                Some('a' | 'u') if !negative => {}
                Some('L') => {
                    let text = "bad inline flags: cannot use 'L' flag with a str pattern";
                    return Err(error(text, self.at));
                }
                Some(')') if !negative && !at_start => {
                    return Err(error("global flags not at the start of the expression", start));
                }
                Some(')') if !negative => {
                    (self.verbose, self.at_start) = (verbose, true);
                    self.push(&if on.is_empty() { String::new() } else { format!("(?{on})") }, Last::Nothing);
                    return Ok(());
                }
                Some(':') => {
                    let minus = if off.is_empty() { "" } else { "-" };
                    self.begin(&format!("(?{on}{minus}{off}:"), start);
                    self.verbose = verbose;
                    return Ok(());
                }
                Some(c) if c.is_alphabetic() => return Err(error("unknown flag", self.at - 1)),
                Some(_) => return Err(error("missing -, : or )", self.at - 1)),
                None => return Err(error("missing -, : or )", self.at)),
            }
        }
    }
}

fn error(text: &str, position: usize) -> String {
    format!("{text} at position {position}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether an expression is found in a text, or what is wrong with it; all as CPython says.
    fn search(pattern: &str, text: &str) -> Result<bool, String> {
        compile(pattern).map(|rx| rx.is_match(text).expect("a small text"))
    }

    #[test]
    fn what_python_reads_otherwise_is_rewritten() {
        let found = [
            (r"a\Z", "ba"),
            (r"\\Z", r"a\Z"),
            (r"\<a", "<a"),
            (r"[[:alpha:]]", "a]"),
            (r"[a&&b]", "&"),
            (r"[]a]", "]"),
            (r"[^]a]", "b"),
            (r"[a-]", "-"),
            (r"[\b]", "\x08"),
            (r"\141\0\x62\u0063", "a\0bc"),
            (r"\N{EM DASH}+[\N{bel}-\N{DIGIT ONE}]", "\u{2014}0"),
            (r"(a)\1", "aa"),
            (r"a{,2}b", "b"),
            (r"^a{b}$", "a{b}"),
            (r"a{", "a{"),
            (r"x{,}y", "xxxy"),
            ("(?x) a # (\n b", "ab"),
            ("(?x: a b)[ ]c d", "ab c d"),
            (r"(?#comment)(?i)A", "a"),
            (r"(?P<q>['x])(?P=q)", "''"),
            (r"(a)?(?(1)b|c)$", "c"),
            (r"(?<!t)/a", "s/a"),
            (r"(?i:A)b", "ab"),
            (r"a++b", "aab"),
            ("]}", "]}"),
            ("", "anything"),
        ];
        for (pattern, text) in found {
            assert_eq!(search(pattern, text), Ok(true), "{pattern} in {text:?}");
        }
        for (pattern, text) in [(r"\<a", "a"), (r"[a&&a]", "b"), (r"(?i:A)b", "aB"), (r"a\Z", "a\n")] {
            assert_eq!(search(pattern, text), Ok(false), "{pattern} in {text:?}");
        }
    }

    #[test]
    fn what_python_refuses_is_refused_in_its_words() {
        let refused = [
            (r"\h", r"bad escape \h at position 0"),
            (r"a\p{L}", r"bad escape \p at position 1"),
            (r"[\A]", r"bad escape \A at position 1"),
            ("\\", "bad escape (end of pattern) at position 0"),
            (r"\x1", r"incomplete escape \x1 at position 0"),
            (r"a\N", "missing { at position 3"),
            (r"\N{}", "missing character name at position 3"),
            (r"\N{", "missing character name at position 3"),
            (r"a\N{BEL", "missing }, unterminated name at position 4"),
            (r"[\N{A'B}]", r#"undefined character name "A'B" at position 1"#),
            (r"\N{KEYCAP DIGIT ONE}", "undefined character name 'KEYCAP DIGIT ONE' at position 0"),
            ("a[bc", "unterminated character set at position 1"),
            ("[z-a]", "bad character range z-a at position 1"),
            (r"[\d-z]", r"bad character range \d-z at position 1"),
            ("a(b", "missing ), unterminated subpattern at position 1"),
            ("a)", "unbalanced parenthesis at position 1"),
            ("*a", "nothing to repeat at position 0"),
            ("(|*)", "nothing to repeat at position 2"),
            ("a**", "multiple repeat at position 2"),
            ("a{2}{3}", "multiple repeat at position 4"),
            ("(?<n>a)", "unknown extension ?<n at position 1"),
            ("(?P>n)", "unknown extension ?P> at position 1"),
            ("(?@a)", "unknown extension ?@ at position 1"),
            ("a(?i)b", "global flags not at the start of the expression at position 1"),
        ];
        for (pattern, why) in refused {
            assert_eq!(search(pattern, ""), Err(why.to_owned()), "{pattern}");
        }
    }
}
