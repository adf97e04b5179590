//! Python's regular expressions in the library's notation.
//!
//! Both share most of their syntax. What one lacks of the other, or reads otherwise, is rewritten here: an escape that
//! Python does not know is an error, as are repeats of nothing; sets hold no sets; `\Z`, octal escapes, comments and
//! verbose expressions are spelt out. The errors are those of `re` (`Lib/re/_parser.py`), with the position in characters.
//!
//! The flags `a` and `u` change nothing.
//!
//! What is not UTF-8, in an expression or a path, is lone surrogates to Python. The library knows none: characters for
//! private use stand in for them, which are no letters either.

mod escape;
mod group;
mod set;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use fancy_regex::Regex;

/// A compiled expression.
pub(super) struct Pattern(Regex);

impl Pattern {
    /// Compiles an expression.
    ///
    /// # Errors
    /// What `re.PatternError` says, or why the library refuses what is left.
    pub(super) fn new(pattern: &OsStr) -> Result<Pattern, String> {
        let translated =
            Translator::new(&text_of(pattern)).translate().map_err(|error| backslashed(&error))?;
        Regex::new(&translated).map(Pattern).map_err(|error| error.to_string())
    }

    /// `re.search`: whether it is found anywhere. Not, if the library gives up.
    pub(super) fn is_in(&self, path: &OsStr) -> bool {
        self.0.is_match(&text_of(path)).unwrap_or(false)
    }
}

/// `os.fsdecode`, with characters that [stand in](stand_in) for surrogates.
fn text_of(path: &OsStr) -> String {
    let mut text = String::with_capacity(path.len());
    for chunk in path.as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().filter_map(|&byte| stand_in(0xDC00 + u32::from(byte))));
    }
    text
}

/// How far behind surrogates the characters are that stand in for them.
const AWAY: u32 = 0x10_0000;

/// The character with a number; for a surrogate one for private use.
fn stand_in(code: u32) -> Option<char> {
    let is_surrogate = matches!(code, 0xD800..=0xDFFF);
    char::from_u32(if is_surrogate { code + AWAY } else { code })
}

/// A message with `\udcff` for what stands in for a surrogate: what a stream with `backslashreplace` gets.
fn backslashed(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    for c in message.chars() {
        match u32::from(c).wrapping_sub(AWAY) {
            surrogate @ 0xD800..=0xDFFF => out.push_str(&format!("\\u{surrogate:04x}")),
            _ => out.push(c),
        }
    }
    out
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

/// An expression that is being rewritten.
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

    /// What begins with a character other than `(?`.
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

    /// Moves behind the next such character.
    fn skip_to(&mut self, end: char) -> bool {
        while let Some(c) = self.next() {
            if c == end {
                return true;
            }
        }
        false
    }

    fn digits(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.pattern[start..self.at].iter().collect()
    }
}

fn error(text: &str, position: usize) -> String {
    format!("{text} at position {position}")
}

#[cfg(test)]
mod tests;
