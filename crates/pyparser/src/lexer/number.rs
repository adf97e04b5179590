//! Numbers. Only their form is checked here; `literal/number.rs` has the values.

use pytoken::TokenKind;

use super::classes::{is_name_char, is_word};
use super::{Lexer, TokenFlags};

/// Decimal digits that fit 64 bits, whatever they are.
const SMALL_DIGITS: usize = 18;

/// There is an error; it was recorded.
struct Failed;

impl Lexer<'_> {
    /// A number; the current byte is a digit.
    pub(super) fn number(&mut self) {
        let start = self.pos;
        let mut end = start;
        while self.byte(end).is_ascii_digit() {
            end += 1;
        }
        let next = self.byte(end);
        if is_word(next) || next == b'.' || self.byte(start) == b'0' && end - start > 1 {
            return self.other_number(start);
        }
        self.pos = end;
        let flags = TokenFlags::NONE.with_if(TokenFlags::SMALL, end - start <= SMALL_DIGITS);
        self.emit_with(TokenKind::Number, flags, start, end);
    }

    /// Any number but plain decimal digits.
    fn other_number(&mut self, start: usize) {
        let scanned = match (self.byte(start), self.byte(start + 1)) {
            (b'0', b'x' | b'X') => self.radix_number("hexadecimal", |b| b.is_ascii_hexdigit()),
            (b'0', b'o' | b'O') => self.radix_number("octal", |b| matches!(b, b'0'..=b'7')),
            (b'0', b'b' | b'B') => self.radix_number("binary", |b| matches!(b, b'0' | b'1')),
            (b'0', _) => self.zeros(),
            _ => self.decimal_tail().and_then(|()| self.after_integer()),
        };
        self.number_token(scanned, start);
    }

    /// A number that begins with the period at the current position; a digit follows.
    pub(super) fn fraction_number(&mut self) {
        let start = self.pos;
        self.pos += 1;
        let scanned = self.fraction();
        self.number_token(scanned, start);
    }

    fn number_token(&mut self, scanned: Result<(), Failed>, start: usize) {
        match scanned {
            Ok(()) => self.emit(TokenKind::Number, start, self.pos),
            Err(Failed) => self.error_token(),
        }
    }

    /// `0x`, `0o` or `0b`, then groups of digits, each of which one underscore may precede.
    fn radix_number(&mut self, kind: &'static str, is_digit: fn(u8) -> bool) -> Result<(), Failed> {
        self.pos += 2;
        loop {
            if self.byte(self.pos) == b'_' {
                self.pos += 1;
            }
            if !is_digit(self.byte(self.pos)) {
                return self.wrong_digit(kind);
            }
            while is_digit(self.byte(self.pos)) {
                self.pos += 1;
            }
            if self.byte(self.pos) != b'_' {
                break;
            }
        }
        if self.byte(self.pos).is_ascii_digit() {
            return self.wrong_digit(kind);
        }
        self.verify_end_of_number(kind)
    }

    fn wrong_digit(&mut self, kind: &'static str) -> Result<(), Failed> {
        let byte = self.byte(self.pos);
        if byte.is_ascii_digit() {
            self.pos += 1;
            return self.fail(format!("invalid digit '{}' in {kind} literal", char::from(byte)));
        }
        self.fail(format!("invalid {kind} literal"))
    }

    /// A number that begins with `0` and has no radix: zeros, or a decimal fraction.
    fn zeros(&mut self) -> Result<(), Failed> {
        let start = self.pos;
        self.pos += 1;
        loop {
            if self.byte(self.pos) == b'_' {
                self.pos += 1;
                if !self.byte(self.pos).is_ascii_digit() {
                    return self.fail("invalid decimal literal");
                }
            }
            if self.byte(self.pos) != b'0' {
                break;
            }
            self.pos += 1;
        }
        let zeros_end = self.pos;
        let nonzero = self.byte(self.pos).is_ascii_digit();
        if nonzero {
            self.decimal_tail()?;
        }
        if nonzero && !matches!(self.byte(self.pos), b'.' | b'e' | b'E' | b'j' | b'J') {
            self.leading_zeros(start, zeros_end);
            return Err(Failed);
        }
        self.after_integer()
    }

    /// `tok_decimal_tail`: digits in groups with single underscores between them.
    fn decimal_tail(&mut self) -> Result<(), Failed> {
        loop {
            while self.byte(self.pos).is_ascii_digit() {
                self.pos += 1;
            }
            if self.byte(self.pos) != b'_' {
                return Ok(());
            }
            self.pos += 1;
            if !self.byte(self.pos).is_ascii_digit() {
                return self.fail("invalid decimal literal");
            }
        }
    }

    /// What may follow the digits before the period.
    fn after_integer(&mut self) -> Result<(), Failed> {
        if self.byte(self.pos) == b'.' {
            self.pos += 1;
            return self.fraction();
        }
        self.exponent()
    }

    /// What may follow the period.
    fn fraction(&mut self) -> Result<(), Failed> {
        if self.byte(self.pos).is_ascii_digit() {
            self.decimal_tail()?;
        }
        self.exponent()
    }

    /// An optional exponent, then an optional `j`.
    fn exponent(&mut self) -> Result<(), Failed> {
        if matches!(self.byte(self.pos), b'e' | b'E') {
            let letter = self.pos;
            let signed = matches!(self.byte(letter + 1), b'+' | b'-');
            let digits = letter + 1 + usize::from(signed);
            if self.byte(digits).is_ascii_digit() {
                self.pos = digits;
                self.decimal_tail()?;
            } else if signed {
                self.pos = digits;
                return self.fail("invalid decimal literal");
            } else {
                // `1else`: the number ends before the letter.
                return self.verify_end_of_number("decimal");
            }
        }
        if matches!(self.byte(self.pos), b'j' | b'J') {
            self.pos += 1;
            return self.verify_end_of_number("imaginary");
        }
        self.verify_end_of_number("decimal")
    }

    /// A number must not run into a name; CPython only warns when the name is a keyword that can
    /// follow a number in valid code.
    fn verify_end_of_number(&mut self, kind: &'static str) -> Result<(), Failed> {
        let byte = self.byte(self.pos);
        if !is_word(byte) {
            return Ok(());
        }
        let keyword_follows = match byte {
            b'a' => self.word_follows(b"and"),
            b'e' => self.word_follows(b"else"),
            b'f' => self.word_follows(b"for"),
            b'i' => matches!(self.byte(self.pos + 1), b'f' | b'n' | b's'),
            b'o' => self.word_follows(b"or"),
            b'n' => self.word_follows(b"not"),
            _ => false,
        };
        if !keyword_follows {
            return self.fail(format!("invalid {kind} literal"));
        }
        self.keyword_after_number(kind);
        Ok(())
    }

    fn word_follows(&self, word: &[u8]) -> bool {
        self.source[self.pos..].starts_with(word) && !is_name_char(self.byte(self.pos + word.len()))
    }

    fn fail(&mut self, message: impl Into<String>) -> Result<(), Failed> {
        self.syntax_error(message);
        Err(Failed)
    }
}
