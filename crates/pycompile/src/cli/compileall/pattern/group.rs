//! What `(?` begins: groups of all kinds, comments and flags.

use std::mem;

use super::{Last, Translator, error};

/// The flags that a group begins with, as far as they are read.
#[derive(Default)]
struct Flags {
    on: String,
    off: String,
    /// Whether the hyphen was there, behind which are those to be switched off.
    negative: bool,
}

impl Translator {
    /// What `(?` begins, whose parenthesis is at `start`.
    pub(super) fn extension(&mut self, start: usize) -> Result<(), String> {
        self.at += 1;
        let question = self.at - 1;
        let Some(c) = self.next() else {
            return Err(error("unexpected end of pattern", self.at));
        };
        let at_start = mem::replace(&mut self.at_start, false);
        match c {
            ':' | '=' | '!' | '>' => self.begin(&format!("(?{c}"), start),
            '#' => {
                self.comment(start)?;
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
            '<' if self.take('=') => self.begin("(?<=", start),
            '<' if self.take('!') => self.begin("(?<!", start),
            '(' => self.condition(start)?,
            'a' | 'i' | 'L' | 'm' | 's' | 'u' | 'x' | '-' => self.flags(start, at_start)?,
            'P' | '<' => {
                let more = self.peek().map(String::from).unwrap_or_default();
                return Err(error(&format!("unknown extension ?{c}{more}"), question));
            }
            _ => return Err(error(&format!("unknown extension ?{c}"), question)),
        }
        Ok(())
    }

    fn comment(&mut self, start: usize) -> Result<(), String> {
        let closed = self.skip_to(')');
        if closed { Ok(()) } else { Err(error("missing ), unterminated comment", start)) }
    }

    /// `(?(1)yes|no)` or `(?(name)yes|no)`
    fn condition(&mut self, start: usize) -> Result<(), String> {
        let name = self.name(')')?;
        let is_number = name.bytes().all(|b| b.is_ascii_digit());
        self.begin(&if is_number { format!("(?({name})") } else { format!("(?(<{name}>)") }, start);
        Ok(())
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

    /// `(?im)` for the whole, or `(?im-s:` for a group (`_parse_flags`). White space is left out here, so that the
    /// library need not know of `x`.
    fn flags(&mut self, start: usize, at_start: bool) -> Result<(), String> {
        self.at -= 1;
        let mut flags = Flags::default();
        let mut verbose = self.verbose;
        loop {
            match self.next() {
                Some('-') if !flags.negative => flags.negative = true,
                Some('x') => verbose = !flags.negative,
                Some(c @ ('i' | 'm' | 's')) => flags.add(c),
                Some('a' | 'u') if !flags.negative => {}
                Some('L') => {
                    let text = "bad inline flags: cannot use 'L' flag with a str pattern";
                    return Err(error(text, self.at));
                }
                Some(')') if !flags.negative && !at_start => {
                    return Err(error("global flags not at the start of the expression", start));
                }
                Some(')') if !flags.negative => {
                    (self.verbose, self.at_start) = (verbose, true);
                    self.push(&flags.for_the_whole(), Last::Nothing);
                    return Ok(());
                }
                Some(':') => {
                    self.begin(&flags.for_a_group(), start);
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

impl Flags {
    fn add(&mut self, flag: char) {
        if self.negative { &mut self.off } else { &mut self.on }.push(flag);
    }

    fn for_the_whole(&self) -> String {
        if self.on.is_empty() { String::new() } else { format!("(?{})", self.on) }
    }

    fn for_a_group(&self) -> String {
        let minus = if self.off.is_empty() { "" } else { "-" };
        format!("(?{}{minus}{}:", self.on, self.off)
    }
}
