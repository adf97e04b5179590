//! Constants in a dump: what Python's `repr` writes.

use num_bigint::BigInt;
use pycode::{Interner, PyStr, StrId, push_code_point};

use super::scan::Scanner;
use super::{LoadError, LoadErrorKind};
use crate::{Arena, Constant};

/// How deep tuples may nest.
const MAX_DEPTH: usize = 100;

impl Scanner<'_> {
    /// An int of a field or attribute.
    pub(super) fn int(&mut self) -> Result<i32, LoadError> {
        self.skip_space();
        let length = self.number_length();
        let number = self.rest()[..length].parse().map_err(|_| self.error(LoadErrorKind::BadLiteral))?;
        self.advance(length);
        Ok(number)
    }

    /// A string of a field.
    pub(super) fn string(&mut self, strings: &mut Interner) -> Result<StrId, LoadError> {
        self.skip_space();
        let bytes = self.quoted(false)?;
        let text = PyStr::try_from_wtf8(&bytes).ok_or_else(|| self.error(LoadErrorKind::BadLiteral))?;
        Ok(strings.intern_pystr(text))
    }

    /// The value of a constant.
    pub(super) fn constant<'a>(
        &mut self,
        arena: &'a Arena,
        strings: &mut Interner,
    ) -> Result<Constant<'a>, LoadError> {
        self.nested_constant(arena, strings, 0)
    }

    fn nested_constant<'a>(
        &mut self,
        arena: &'a Arena,
        strings: &mut Interner,
        depth: usize,
    ) -> Result<Constant<'a>, LoadError> {
        self.skip_space();
        match self.peek() {
            Some(b'\'' | b'"') => return Ok(Constant::Str(self.string(strings)?)),
            Some(b'b') if matches!(self.rest().as_bytes().get(1), Some(b'\'' | b'"')) => {
                self.advance(1);
                return Ok(Constant::Bytes(arena.list(&self.quoted(true)?)));
            }
            Some(b'(') => {
                self.advance(1);
                return self.parenthesized(arena, strings, depth);
            }
            _ => {}
        }
        for (word, constant) in [
            ("None", Constant::None),
            ("True", Constant::Bool(true)),
            ("False", Constant::Bool(false)),
            ("Ellipsis", Constant::Ellipsis),
        ] {
            if self.eat_word(word) {
                return Ok(constant);
            }
        }
        if self.eat_word("frozenset") {
            return self.frozenset(arena, strings, depth);
        }
        self.number(arena)
    }

    /// After `(`: the rest of a tuple, or of a complex number with a real part.
    fn parenthesized<'a>(
        &mut self,
        arena: &'a Arena,
        strings: &mut Interner,
        depth: usize,
    ) -> Result<Constant<'a>, LoadError> {
        let (items, comma) = self.sequence(b')', arena, strings, depth)?;
        match *items {
            [number @ Constant::Complex { .. }] if !comma => Ok(number),
            [_] if !comma => Err(self.error(LoadErrorKind::Expected("`,`"))),
            _ => Ok(Constant::Tuple(items)),
        }
    }

    fn frozenset<'a>(
        &mut self,
        arena: &'a Arena,
        strings: &mut Interner,
        depth: usize,
    ) -> Result<Constant<'a>, LoadError> {
        self.expect(b'(', "`(`")?;
        if self.eat(b')') {
            return Ok(Constant::FrozenSet(&[]));
        }
        self.expect(b'{', "`{`")?;
        let (items, _) = self.sequence(b'}', arena, strings, depth)?;
        self.expect(b')', "`)`")?;
        Ok(Constant::FrozenSet(items))
    }

    /// The items up to `end`, and whether there was a comma after the last.
    fn sequence<'a>(
        &mut self,
        end: u8,
        arena: &'a Arena,
        strings: &mut Interner,
        depth: usize,
    ) -> Result<(&'a [Constant<'a>], bool), LoadError> {
        if depth == MAX_DEPTH {
            return Err(self.error(LoadErrorKind::TooDeep));
        }
        let mut items = Vec::new();
        let mut comma = false;
        while !self.eat(end) {
            if !items.is_empty() && !comma {
                return Err(self.error(LoadErrorKind::Expected("`,`")));
            }
            items.push(self.nested_constant(arena, strings, depth + 1)?);
            comma = self.eat(b',');
        }
        Ok((arena.list(&items), comma))
    }

    /// The body of a string or bytes literal, quotes included, as WTF-8 or bytes.
    fn quoted(&mut self, bytes: bool) -> Result<Vec<u8>, LoadError> {
        let quote = match self.peek() {
            Some(quote @ (b'\'' | b'"')) => char::from(quote),
            _ => return Err(self.error(LoadErrorKind::Expected("a string"))),
        };
        self.advance(1);
        let mut out = Vec::new();
        loop {
            let rest = self.rest();
            let stop =
                rest.find([quote, '\\']).ok_or_else(|| self.error(LoadErrorKind::Expected("a quote")))?;
            if bytes && !rest[..stop].is_ascii() {
                return Err(self.error(LoadErrorKind::BadLiteral));
            }
            out.extend_from_slice(&rest.as_bytes()[..stop]);
            self.advance(stop + 1);
            if rest.as_bytes()[stop] != b'\\' {
                return Ok(out);
            }
            match self.escape()? {
                code_point if bytes => {
                    out.push(u8::try_from(code_point).map_err(|_| self.error(LoadErrorKind::BadLiteral))?);
                }
                code_point => push_code_point(&mut out, code_point),
            }
        }
    }

    /// After a backslash: the escapes that `repr` writes.
    fn escape(&mut self) -> Result<u32, LoadError> {
        let letter = self.peek();
        let digits = match letter {
            Some(b'n') => return Ok(self.escaped(b'\n')),
            Some(b'r') => return Ok(self.escaped(b'\r')),
            Some(b't') => return Ok(self.escaped(b'\t')),
            Some(same @ (b'\\' | b'\'' | b'"')) => return Ok(self.escaped(same)),
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => return Err(self.error(LoadErrorKind::BadLiteral)),
        };
        let value = self.rest().get(1..=digits).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let value = value.and_then(|hex| u32::from_str_radix(hex, 16).ok()).filter(|&c| c <= 0x10_FFFF);
        let value = value.ok_or_else(|| self.error(LoadErrorKind::BadLiteral))?;
        self.advance(1 + digits);
        Ok(value)
    }

    fn escaped(&mut self, byte: u8) -> u32 {
        self.advance(1);
        u32::from(byte)
    }

    /// An int, float or complex number; `1+2j` too, as it stands in the parentheses of `repr`.
    fn number<'a>(&mut self, arena: &'a Arena) -> Result<Constant<'a>, LoadError> {
        let bad = self.error(LoadErrorKind::BadLiteral);
        let first = &self.rest()[..self.number_length()];
        self.advance(first.len());
        if self.eat_imaginary_unit() {
            let imag = first.parse().map_err(|_| bad)?;
            return Ok(Constant::Complex { real: 0.0, imag });
        }
        if !matches!(self.peek(), Some(b'+' | b'-')) {
            return int_or_float(first, arena).ok_or(bad);
        }
        let second = &self.rest()[..self.number_length()];
        self.advance(second.len());
        match (first.parse(), second.parse()) {
            (Ok(real), Ok(imag)) if self.eat_imaginary_unit() => Ok(Constant::Complex { real, imag }),
            _ => Err(bad),
        }
    }

    fn eat_imaginary_unit(&mut self) -> bool {
        let found = self.peek() == Some(b'j');
        self.advance(usize::from(found));
        found
    }

    /// The length of the number that stands here: sign, digits, point and exponent, or `inf`, `nan`.
    fn number_length(&self) -> usize {
        let bytes = self.rest().as_bytes();
        let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
        if bytes[sign..].starts_with(b"inf") || bytes[sign..].starts_with(b"nan") {
            return sign + 3;
        }
        let mut length = sign;
        while let Some(&byte) = bytes.get(length) {
            let exponent_sign = matches!(byte, b'+' | b'-') && length > sign && bytes[length - 1] == b'e';
            if !(byte.is_ascii_digit() || byte == b'.' || byte == b'e' || exponent_sign) {
                break;
            }
            length += 1;
        }
        length
    }
}

fn int_or_float<'a>(text: &str, arena: &'a Arena) -> Option<Constant<'a>> {
    if text.ends_with(|c: char| c.is_ascii_digit()) && !text.contains(['.', 'e']) {
        return Some(match text.parse() {
            Ok(small) => Constant::Int(small),
            Err(_) => Constant::from_bigint(arena, &text.parse::<BigInt>().ok()?),
        });
    }
    text.parse().ok().map(Constant::Float)
}
