//! The value of a number.
//!
//! The lexer has checked the form, so only the size of a decimal int can be wrong here.

use std::borrow::Cow;

use num_bigint::BigInt;
use pyast::{Constant, SyntaxError};
use pycode::Location;

use super::diagnostics;
use crate::lexer::{Token, TokenFlags};
use crate::parser::{Parse, Parser};

/// `sys.int_info.default_max_str_digits`: decimal ints with more digits are refused.
pub(super) const MAX_STR_DIGITS: usize = 4300;

impl<'a> Parser<'_, 'a, '_> {
    /// The value of a `NUMBER` token (`parsenumber`).
    #[inline]
    pub(crate) fn number_value(&mut self, token: Token) -> Parse<Constant<'a>> {
        let text = self.text(token);
        if token.flags.contains(TokenFlags::SMALL) {
            return Ok(Constant::Int(small_decimal(text)));
        }
        self.other_number_value(token, text)
    }

    fn other_number_value(&mut self, token: Token, text: &[u8]) -> Parse<Constant<'a>> {
        let digits = without_underscores(text);
        let radix = match digits.as_bytes() {
            [b'0', b'x' | b'X', ..] => 16,
            [b'0', b'o' | b'O', ..] => 8,
            [b'0', b'b' | b'B', ..] => 2,
            _ => return self.decimal_number(token, &digits),
        };
        Ok(self.int(&digits[2..], radix))
    }

    fn decimal_number(&mut self, token: Token, digits: &str) -> Parse<Constant<'a>> {
        if let Some(imag) = digits.strip_suffix(['j', 'J']) {
            return Ok(Constant::Complex { real: 0.0, imag: float(imag) });
        }
        if digits.contains(['.', 'e', 'E']) {
            return Ok(Constant::Float(float(digits)));
        }
        let significant = digits.trim_start_matches('0').len();
        if digits.len() > MAX_STR_DIGITS && significant > 0 {
            return self.too_many_digits(token.location(), digits.len());
        }
        Ok(self.int(digits, 10))
    }

    fn int(&self, digits: &str, radix: u32) -> Constant<'a> {
        if let Ok(small) = i64::from_str_radix(digits, radix) {
            return Constant::Int(small);
        }
        let value = BigInt::parse_bytes(digits.as_bytes(), radix).expect("the lexer has seen digits only");
        Constant::from_bigint(self.arena, &value)
    }

    #[cold]
    fn too_many_digits<T>(&mut self, at: Location, digits: usize) -> Parse<T> {
        let message = diagnostics::too_many_digits(MAX_STR_DIGITS, digits);
        let location = Location::new(at.lineno, at.end_lineno, -1, -1);
        self.fail(SyntaxError::new(message, location))
    }
}

fn without_underscores(text: &[u8]) -> Cow<'_, str> {
    let text = std::str::from_utf8(text).expect("the lexer has seen ASCII only");
    if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) }
}

/// The value of decimal digits that fit.
#[inline]
fn small_decimal(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |value, &digit| value * 10 + i64::from(digit - b'0'))
}

/// The nearest float; infinity when it is too large.
fn float(text: &str) -> f64 {
    text.parse().expect("the lexer has seen a float")
}
