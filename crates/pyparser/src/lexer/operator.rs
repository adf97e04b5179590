//! Operators, delimiters and brackets.

use pytoken::TokenKind as T;

use super::{Bracket, Lexer, MAX_LEVEL, Mode, Token};

impl Lexer<'_> {
    /// An operator or delimiter that begins with `byte`, or a byte that begins nothing.
    #[inline]
    pub(super) fn operator(&mut self, byte: u8) -> Token {
        let second = self.byte(self.pos + 1);
        let (kind, len) = match byte {
            b'(' => return self.open_bracket(byte, T::Lpar),
            b'[' => return self.open_bracket(byte, T::Lsqb),
            b'{' => return self.open_bracket(byte, T::Lbrace),
            b')' => return self.close_bracket(byte, b'(', T::Rpar),
            b']' => return self.close_bracket(byte, b'[', T::Rsqb),
            b'}' => return self.close_bracket(byte, b'{', T::Rbrace),
            b',' => (T::Comma, 1),
            b':' => return self.colon(second),
            b'=' => either(second, b'=', T::Eqequal, T::Equal),
            b'.' => return self.period(second),
            b'!' => either(second, b'=', T::Notequal, T::Exclamation),
            b'-' if second == b'>' => (T::Rarrow, 2),
            b'<' if second == b'>' && self.diamond => (T::Notequal, 2),
            b'<' => self.shift(byte, second, [T::Less, T::Lessequal, T::Leftshift, T::Leftshiftequal]),
            b'>' => {
                self.shift(byte, second, [T::Greater, T::Greaterequal, T::Rightshift, T::Rightshiftequal])
            }
            b'*' => self.shift(byte, second, [T::Star, T::Starequal, T::Doublestar, T::Doublestarequal]),
            b'/' => self.shift(byte, second, [T::Slash, T::Slashequal, T::Doubleslash, T::Doubleslashequal]),
            b'+' => either(second, b'=', T::Plusequal, T::Plus),
            b'-' => either(second, b'=', T::Minequal, T::Minus),
            b'%' => either(second, b'=', T::Percentequal, T::Percent),
            b'@' => either(second, b'=', T::Atequal, T::At),
            b'&' => either(second, b'=', T::Amperequal, T::Amper),
            b'|' => either(second, b'=', T::Vbarequal, T::Vbar),
            b'^' => either(second, b'=', T::Circumflexequal, T::Circumflex),
            b'~' => (T::Tilde, 1),
            b';' => (T::Semi, 1),
            _ => return self.other_byte(byte),
        };
        self.take(kind, len)
    }

    /// A token of the next `len` bytes.
    #[inline]
    fn take(&mut self, kind: T, len: usize) -> Token {
        let start = self.pos;
        self.pos += len;
        self.token(kind, start, self.pos)
    }

    /// `<`, `<=`, `<<` or `<<=`, and the same for other bytes.
    #[inline]
    fn shift(&self, byte: u8, second: u8, [one, one_equal, two, two_equal]: [T; 4]) -> (T, usize) {
        if second == b'=' {
            (one_equal, 2)
        } else if second != byte {
            (one, 1)
        } else if self.byte(self.pos + 2) == b'=' {
            (two_equal, 3)
        } else {
            (two, 2)
        }
    }

    /// `:` or `:=`; in a replacement field, the former when it begins the format specifier.
    #[inline]
    fn colon(&mut self, second: u8) -> Token {
        if self.begins_format_spec() {
            let token = self.take(T::Colon, 1);
            self.enter_format_spec();
            return token;
        }
        let (kind, len) = either(second, b'=', T::Colonequal, T::Colon);
        self.take(kind, len)
    }

    /// `.`, `...` or a number.
    fn period(&mut self, second: u8) -> Token {
        if second.is_ascii_digit() {
            return self.fraction_number();
        }
        if second == b'.' && self.byte(self.pos + 2) == b'.' {
            return self.take(T::Ellipsis, 3);
        }
        self.take(T::Dot, 1)
    }

    #[inline]
    fn open_bracket(&mut self, byte: u8, kind: T) -> Token {
        let token = self.take(kind, 1);
        if self.brackets.len() >= MAX_LEVEL {
            self.syntax_error("too many nested parentheses");
            return self.error_token();
        }
        self.brackets.push(Bracket { byte, lineno: self.lineno, column: token.location.col_offset });
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.depth += 1;
        }
        token
    }

    #[inline]
    fn close_bracket(&mut self, byte: u8, opening: u8, kind: T) -> Token {
        let token = self.take(kind, 1);
        if self.fstrings.is_empty() {
            match self.brackets.pop() {
                Some(bracket) if bracket.byte == opening => token,
                bracket => self.unmatched_bracket(byte, bracket),
            }
        } else {
            self.close_bracket_in_fstring(byte, opening, token)
        }
    }

    /// A closing bracket that matches nothing: none is open, or another kind is.
    #[cold]
    fn unmatched_bracket(&mut self, byte: u8, open: Option<Bracket>) -> Token {
        let close = char::from(byte);
        match open {
            None => self.syntax_error(format!("unmatched '{close}'")),
            Some(open) => {
                let opening = char::from(open.byte);
                let mut message =
                    format!("closing parenthesis '{close}' does not match opening parenthesis '{opening}'");
                if open.lineno != self.lineno {
                    message += &format!(" on line {}", open.lineno);
                }
                self.syntax_error(message);
            }
        }
        self.error_token()
    }

    fn close_bracket_in_fstring(&mut self, byte: u8, opening: u8, token: Token) -> Token {
        let top = self.fstrings.last_mut().expect("within an f-string");
        let letter = top.letter();
        if byte == b'}' && top.depth == 0 {
            self.syntax_error(format!("{letter}-string: single '}}' is not allowed"));
            return self.error_token();
        }
        let of_field = top.depth - 1 == top.field_depth;
        match self.brackets.pop() {
            Some(open) if open.byte == opening => {}
            Some(Bracket { byte: b'{', .. }) if of_field => {
                self.syntax_error(format!("{letter}-string: unmatched '{}'", char::from(byte)));
                return self.error_token();
            }
            open => return self.unmatched_bracket(byte, open),
        }
        let top = self.fstrings.last_mut().expect("within an f-string");
        top.depth -= 1;
        if top.depth < 0 {
            self.syntax_error(format!("{letter}-string: unmatched '{}'", char::from(byte)));
            return self.error_token();
        }
        if byte == b'}' && top.depth == top.field_depth {
            top.field_depth -= 1;
            top.in_format_spec = false;
            self.mode = Mode::FString;
        }
        token
    }

    #[cold]
    fn other_byte(&mut self, byte: u8) -> Token {
        let token = self.take(T::Op, 1);
        if byte.is_ascii_graphic() {
            return token;
        }
        self.syntax_error(format!("invalid non-printable character U+{byte:04X}"));
        self.error_token()
    }
}

/// The longer operator when `second` completes it.
#[inline(always)]
fn either(second: u8, expected: u8, long: T, short: T) -> (T, usize) {
    if second == expected { (long, 2) } else { (short, 1) }
}
