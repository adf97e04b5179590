//! Operators, delimiters and brackets.

use pytoken::TokenKind as T;

use super::classes::{operator_before, operator_of};
use super::{Bracket, Lexer, MAX_LEVEL, Mode};

impl Lexer<'_> {
    /// An operator that is not told by its first byte and `=`, or a byte that begins nothing. `word` is the source
    /// from `start` on.
    #[inline(never)]
    pub(super) fn operator(&mut self, word: u64, start: usize) {
        let [byte, second, third, ..] = word.to_le_bytes();
        let (kind, length) = match byte {
            b':' if self.begins_format_spec() => {
                self.take(T::Colon, start, 1);
                return self.enter_format_spec();
            }
            b'.' if second.is_ascii_digit() => {
                self.pos = start;
                return self.fraction_number();
            }
            b'.' if [second, third] == *b".." => (T::Ellipsis, 3),
            b'-' if second == b'>' => (T::Rarrow, 2),
            b'<' if second == b'>' && self.diamond => (T::Notequal, 2),
            b'<' => doubled([byte, second, third], [T::Less, T::Lessequal, T::Leftshift, T::Leftshiftequal]),
            b'>' => {
                let kinds = [T::Greater, T::Greaterequal, T::Rightshift, T::Rightshiftequal];
                doubled([byte, second, third], kinds)
            }
            b'*' => {
                doubled([byte, second, third], [T::Star, T::Starequal, T::Doublestar, T::Doublestarequal])
            }
            b'/' => {
                doubled([byte, second, third], [T::Slash, T::Slashequal, T::Doubleslash, T::Doubleslashequal])
            }
            b'.' => (T::Dot, 1),
            b'-' | b':' => operator_before(byte, second),
            _ => return self.other_byte(byte, start),
        };
        self.take(kind, start, length);
    }

    #[inline(never)]
    pub(super) fn open_bracket(&mut self, byte: u8, start: usize) {
        self.take(operator_of(byte), start, 1);
        if self.brackets.len() >= MAX_LEVEL {
            return self.too_many_brackets();
        }
        self.brackets.push(Bracket { byte, lineno: self.line.number(), column: self.token.begin.column() });
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.depth += 1;
        }
    }

    #[cold]
    fn too_many_brackets(&mut self) {
        self.syntax_error("too many nested parentheses");
        self.error_token();
    }

    #[inline(never)]
    pub(super) fn close_bracket(&mut self, byte: u8, start: usize) {
        self.take(operator_of(byte), start, 1);
        let opening = match byte {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        if !self.fstrings.is_empty() {
            return self.close_bracket_in_fstring(byte, opening);
        }
        match self.brackets.pop() {
            Some(bracket) if bracket.byte == opening => {}
            bracket => self.unmatched_bracket(byte, bracket),
        }
    }

    /// A closing bracket that matches nothing: none is open, or another kind is.
    #[cold]
    fn unmatched_bracket(&mut self, byte: u8, open: Option<Bracket>) {
        let close = char::from(byte);
        match open {
            None => self.syntax_error(format!("unmatched '{close}'")),
            Some(open) => {
                let opening = char::from(open.byte);
                let mut message =
                    format!("closing parenthesis '{close}' does not match opening parenthesis '{opening}'");
                if open.lineno != self.line.number() {
                    message += &format!(" on line {}", open.lineno);
                }
                self.syntax_error(message);
            }
        }
        self.error_token();
    }

    #[inline(never)]
    fn close_bracket_in_fstring(&mut self, byte: u8, opening: u8) {
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
    }

    #[cold]
    fn other_byte(&mut self, byte: u8, start: usize) {
        self.take(T::Op, start, 1);
        if !byte.is_ascii_graphic() {
            self.syntax_error(format!("invalid non-printable character U+{byte:04X}"));
            self.error_token();
        }
    }
}

/// `<`, `<=`, `<<` or `<<=`, and the same for other bytes.
#[inline]
fn doubled([byte, second, third]: [u8; 3], [one, one_equal, two, two_equal]: [T; 4]) -> (T, usize) {
    if second == b'=' {
        (one_equal, 2)
    } else if second != byte {
        (one, 1)
    } else if third == b'=' {
        (two_equal, 3)
    } else {
        (two, 2)
    }
}
