//! Reading a line piece by piece.

use pycode::push_code_point;

/// What is left of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Cursor { rest: line.trim_start() }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Skips a piece of text and the blanks behind it. Whether it was there.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    pub(super) fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.eat(text) { Ok(()) } else { Err(format!("expected {text:?} before {:?}", self.rest)) }
    }

    pub(super) fn expect_end(&self) -> Result<(), String> {
        if self.is_at_end() { Ok(()) } else { Err(format!("unexpected {:?}", self.rest)) }
    }

    /// The characters up to the next blank or one of `(),:@`, with the blanks behind them skipped.
    pub(super) fn word(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| c.is_whitespace() || "(),:@".contains(c));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.trim_start();
        word
    }

    /// A word that is a number, hexadecimal with `0x`.
    pub(super) fn number<T: TryFrom<i64>>(&mut self) -> Result<T, String> {
        let word = self.word();
        let parsed = match word.strip_prefix("0x") {
            Some(digits) => i64::from_str_radix(digits, 16).ok(),
            None => word.parse().ok(),
        };
        parsed
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| format!("{word:?} is no such number"))
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.rest.starts_with(text)
    }

    /// A string in double quotes, as WTF-8.
    pub(super) fn string(&mut self) -> Result<Vec<u8>, String> {
        self.quoted(|out, escape, rest| match escape {
            'u' => {
                let (digits, after) =
                    rest.strip_prefix('{')?.split_once('}').filter(|(digits, _)| digits.len() <= 6)?;
                let code_point = u32::from_str_radix(digits, 16).ok().filter(|&c| c <= 0x10_FFFF)?;
                push_code_point(out, code_point);
                Some(after)
            }
            _ => None,
        })
    }

    /// Bytes in double quotes.
    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, String> {
        self.quoted(|out, escape, rest| match escape {
            'x' => {
                out.push(u8::from_str_radix(rest.get(..2)?, 16).ok()?);
                rest.get(2..)
            }
            _ => None,
        })
    }

    /// `escape` gets what follows the letter of an escape sequence, and gives what follows the sequence.
    fn quoted(
        &mut self,
        escape: impl Fn(&mut Vec<u8>, char, &'a str) -> Option<&'a str>,
    ) -> Result<Vec<u8>, String> {
        let start = self.rest;
        let mut rest = start.strip_prefix('"').ok_or_else(|| format!("expected a string at {start:?}"))?;
        let mut out = Vec::new();
        loop {
            let mut chars = rest.chars();
            let c = chars.next().ok_or_else(|| format!("unterminated string {start:?}"))?;
            rest = chars.as_str();
            match c {
                '"' => break,
                '\\' => {
                    let letter = chars.next().unwrap_or(' ');
                    let after = chars.as_str();
                    rest = match letter {
                        '"' | '\\' => {
                            out.push(letter as u8);
                            after
                        }
                        _ => escape(&mut out, letter, after)
                            .ok_or_else(|| format!("bad escape in {start:?}"))?,
                    };
                }
                _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        self.rest = rest.trim_start();
        Ok(out)
    }
}
