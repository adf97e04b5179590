//! Escapes: what a backslash begins, outside a set and in one.

use pycode::{PyStr, repr_str};
use pyparser::character_of_name;

use super::{Last, Translator, error, stand_in};

impl Translator {
    /// What a backslash begins, outside a set (`_escape`).
    pub(super) fn escape(&mut self, start: usize) -> Result<(), String> {
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
    pub(super) fn character(&mut self, c: char, start: usize) -> Result<char, String> {
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
        stand_in(code).ok_or_else(|| bad(self))
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
}
