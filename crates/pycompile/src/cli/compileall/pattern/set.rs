//! Sets of characters.

use super::{Last, Translator, error};

/// One member of a set.
enum Member {
    Char(char),
    /// `\d` and its like.
    Class(char),
}

impl Translator {
    /// The set whose bracket is at `start`.
    pub(super) fn set(&mut self, start: usize) -> Result<(), String> {
        let negated = self.take('^');
        self.push(if negated { "[^" } else { "[" }, Last::Item);
        let first = self.at;
        while self.at == first || !self.take(']') {
            self.members(start)?;
        }
        self.out.push(']');
        Ok(())
    }

    /// A member, or a range of them.
    fn members(&mut self, set_start: usize) -> Result<(), String> {
        let from = self.at;
        let low = self.member(set_start)?;
        if self.peek() != Some('-') || self.pattern.get(self.at + 1) == Some(&']') {
            self.push_member(&low);
            return Ok(());
        }
        self.at += 1;
        let high = self.member(set_start)?;
        if !matches!((&low, &high), (Member::Char(low), Member::Char(high)) if low <= high) {
            let range: String = self.pattern[from..self.at].iter().collect();
            return Err(error(&format!("bad character range {range}"), from));
        }
        self.push_member(&low);
        self.out.push('-');
        self.push_member(&high);
        Ok(())
    }

    /// `_class_escape`, or a character.
    fn member(&mut self, set_start: usize) -> Result<Member, String> {
        let start = self.at;
        let c = self.next().ok_or_else(|| error("unterminated character set", set_start))?;
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
}
