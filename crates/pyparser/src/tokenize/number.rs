//! Numbers. With extra tokens CPython does not mind leading zeros, nor what follows a number.

use pytoken::TokenKind;

use super::scanner::{Raw, Scanned, Scanner};

fn is_digit(c: Option<u8>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

impl Scanner<'_> {
    /// A number whose first digit was read.
    pub(super) fn number(&mut self, first: u8) -> Scanned<Raw> {
        let after = if first == b'0' { self.after_zero()? } else { self.after_digits()? };
        Ok(self.number_token(after))
    }

    /// A number that begins with a period; `digit` after it was read.
    pub(super) fn fraction_number(&mut self, digit: Option<u8>) -> Scanned<Raw> {
        let after = self.fraction(digit)?;
        Ok(self.number_token(after))
    }

    fn number_token(&mut self, after: Option<u8>) -> Raw {
        self.backup(after);
        self.token(TokenKind::Number)
    }

    /// The rest of a number, like all functions below; each gives the character after it, which was read.
    fn after_digits(&mut self) -> Scanned<Option<u8>> {
        let c = self.decimal_tail()?;
        if c == Some(b'.') { self.after_period() } else { self.exponent(c) }
    }

    fn after_period(&mut self) -> Scanned<Option<u8>> {
        let c = self.next_char();
        self.fraction(c)
    }

    fn fraction(&mut self, c: Option<u8>) -> Scanned<Option<u8>> {
        let c = if is_digit(c) { self.decimal_tail()? } else { c };
        self.exponent(c)
    }

    fn exponent(&mut self, c: Option<u8>) -> Scanned<Option<u8>> {
        if !matches!(c, Some(b'e' | b'E')) {
            return Ok(self.imaginary(c));
        }
        let sign = self.next_char();
        if matches!(sign, Some(b'+' | b'-')) {
            let digit = self.next_char();
            if !is_digit(digit) {
                self.backup(digit);
                return Err(self.syntax_error("invalid decimal literal"));
            }
        } else if !is_digit(sign) {
            // `1else`: the number ends before the letter.
            self.backup(sign);
            return Ok(c);
        }
        let c = self.decimal_tail()?;
        Ok(self.imaginary(c))
    }

    fn imaginary(&mut self, c: Option<u8>) -> Option<u8> {
        if matches!(c, Some(b'j' | b'J')) { self.next_char() } else { c }
    }

    /// `tok_decimal_tail`
    fn decimal_tail(&mut self) -> Scanned<Option<u8>> {
        loop {
            let mut c = self.next_char();
            while is_digit(c) {
                c = self.next_char();
            }
            if c != Some(b'_') {
                return Ok(c);
            }
            let digit = self.next_char();
            if !is_digit(digit) {
                self.backup(digit);
                return Err(self.syntax_error("invalid decimal literal"));
            }
        }
    }

    fn after_zero(&mut self) -> Scanned<Option<u8>> {
        let c = self.next_char();
        match c {
            Some(b'x' | b'X') => self.radix("hexadecimal", |b| b.is_ascii_hexdigit()),
            Some(b'o' | b'O') => self.radix("octal", |b| matches!(b, b'0'..=b'7')),
            Some(b'b' | b'B') => self.radix("binary", |b| matches!(b, b'0' | b'1')),
            _ => self.zeros(c),
        }
    }

    /// The digits after `0x`, `0o` or `0b`, in groups each of which one underscore may precede.
    fn radix(&mut self, kind: &'static str, is_digit: fn(u8) -> bool) -> Scanned<Option<u8>> {
        let mut c = self.next_char();
        loop {
            if c == Some(b'_') {
                c = self.next_char();
            }
            if !c.is_some_and(is_digit) {
                return Err(self.wrong_digit(kind, c));
            }
            while c.is_some_and(is_digit) {
                c = self.next_char();
            }
            if c != Some(b'_') {
                break;
            }
        }
        match c {
            Some(b'0'..=b'9') => Err(self.wrong_digit(kind, c)),
            _ => Ok(c),
        }
    }

    fn wrong_digit(&mut self, kind: &'static str, c: Option<u8>) -> super::TokenizeError {
        if let Some(digit @ b'0'..=b'9') = c {
            return self.syntax_error(format!("invalid digit '{}' in {kind} literal", char::from(digit)));
        }
        self.backup(c);
        self.syntax_error(format!("invalid {kind} literal"))
    }

    /// Zeros, and what may follow them.
    fn zeros(&mut self, mut c: Option<u8>) -> Scanned<Option<u8>> {
        loop {
            if c == Some(b'_') {
                c = self.next_char();
                if !is_digit(c) {
                    self.backup(c);
                    return Err(self.syntax_error("invalid decimal literal"));
                }
            }
            if c != Some(b'0') {
                break;
            }
            c = self.next_char();
        }
        if is_digit(c) {
            c = self.decimal_tail()?;
        }
        if c == Some(b'.') { self.after_period() } else { self.exponent(c) }
    }
}
