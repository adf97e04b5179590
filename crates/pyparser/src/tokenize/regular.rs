//! Everything but the literal text of f-strings: `tok_get_normal_mode`.

use pytoken::TokenKind;

use super::scanner::{Raw, Scanned, Scanner};

/// `is_potential_identifier_start`
fn starts_name(c: u8) -> bool {
    matches!(c, b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..)
}

/// `is_potential_identifier_char`
fn continues_name(c: u8) -> bool {
    starts_name(c) || c.is_ascii_digit()
}

impl Scanner<'_> {
    pub(super) fn regular_token(&mut self) -> Scanned<Raw> {
        self.start = None;
        let is_blank = if self.at_line_start { self.indentation()? } else { false };
        self.start = Some(self.cur);
        if let Some(token) = self.pending_indent() {
            return Ok(token);
        }
        // CPython looks ahead here, which may make it read a line that it then keeps with this one.
        let c = self.next_char();
        self.backup(c);
        loop {
            let first = self.skip_blanks();
            match first {
                Some(b'#') => return Ok(self.comment(is_blank)),
                Some(c) if starts_name(c) => return self.name_or_string(c),
                _ => {}
            }
            let c = if first == Some(b'\r') { self.next_char() } else { first };
            match c {
                None => return self.end_of_source(),
                Some(b'\\') => self.continuation_line()?,
                Some(c) => return self.other(c, is_blank),
            }
        }
    }

    /// Skips blanks; gives the first other character, where a token begins.
    fn skip_blanks(&mut self) -> Option<u8> {
        self.start = None;
        let c = loop {
            let c = self.next_char();
            if !matches!(c, Some(b' ' | b'\t' | 0x0C)) {
                break c;
            }
        };
        self.start = Some(self.cur.saturating_sub(1));
        c
    }

    fn end_of_source(&mut self) -> Scanned<Raw> {
        if !self.brackets.is_empty() || self.error.is_some() {
            return Err(self.unexpected_end());
        }
        Ok(Raw { kind: TokenKind::Endmarker, range: None })
    }

    fn comment(&mut self, is_blank: bool) -> Raw {
        let end = loop {
            let c = self.next_char();
            if matches!(c, None | Some(b'\n' | b'\r')) {
                break c;
            }
        };
        self.backup(end);
        self.comment_newline = is_blank;
        self.token(TokenKind::Comment)
    }

    /// `tok_continuation_line`
    pub(super) fn continuation_line(&mut self) -> Scanned<()> {
        let mut c = self.next_char();
        if c == Some(b'\r') {
            c = self.next_char();
        }
        if c != Some(b'\n') {
            let message = "unexpected character after line continuation character";
            return Err(self.error_at(message, self.lineno, self.column_of_code()));
        }
        let c = self.next_char();
        if c.is_none() {
            return Err(self.unexpected_end());
        }
        self.backup(c);
        Ok(())
    }

    /// A name, or a string with a prefix.
    fn name_or_string(&mut self, first: u8) -> Scanned<Raw> {
        let mut seen = Prefix::default();
        let mut c = Some(first);
        while c.is_some_and(|c| seen.add(c)) {
            c = self.next_char();
            if let Some(quote @ (b'"' | b'\'')) = c {
                self.check_prefix(&seen)?;
                return if seen.f || seen.t { self.fstring_start(quote) } else { self.string(quote) };
            }
        }
        while c.is_some_and(continues_name) {
            c = self.next_char();
        }
        self.backup(c);
        Ok(self.token(TokenKind::Name))
    }

    /// `maybe_raise_syntax_error_for_string_prefixes`
    fn check_prefix(&self, seen: &Prefix) -> Scanned<()> {
        let pairs = [
            (seen.u && seen.b, "u", "b"),
            (seen.u && seen.r, "u", "r"),
            (seen.u && seen.f, "u", "f"),
            (seen.u && seen.t, "u", "t"),
            (seen.b && seen.f, "b", "f"),
            (seen.b && seen.t, "b", "t"),
            (seen.f && seen.t, "f", "t"),
        ];
        let Some((_, first, second)) = pairs.into_iter().find(|pair| pair.0) else { return Ok(()) };
        let start = self.start.unwrap_or(self.cur);
        let message = format!("'{first}' and '{second}' prefixes are incompatible");
        Err(self.error_at(message, self.lineno, self.characters(self.line_start, start) + 1))
    }

    /// What begins with neither letter nor `#` nor backslash; or begins with a carriage return, and `c` is the next.
    fn other(&mut self, c: u8, is_blank: bool) -> Scanned<Raw> {
        match c {
            b'\n' => Ok(self.newline(is_blank)),
            b'.' => self.period(),
            b'0'..=b'9' => self.number(c),
            b'"' | b'\'' => self.string(c),
            _ => self.operator(c),
        }
    }

    fn newline(&mut self, is_blank: bool) -> Raw {
        self.at_line_start = true;
        if is_blank || !self.brackets.is_empty() || self.comment_newline {
            self.comment_newline = false;
            return self.token(TokenKind::Nl);
        }
        self.token_to(TokenKind::Newline, self.cur - 1)
    }

    fn period(&mut self) -> Scanned<Raw> {
        let c = self.next_char();
        match c {
            Some(b'0'..=b'9') => return self.fraction_number(c),
            Some(b'.') => {
                let third = self.next_char();
                if third == Some(b'.') {
                    return Ok(self.token(TokenKind::Ellipsis));
                }
                self.backup(third);
            }
            _ => {}
        }
        self.backup(c);
        Ok(self.token(TokenKind::Dot))
    }
}

/// Which letters of a string's prefix were seen.
#[derive(Default)]
struct Prefix {
    b: bool,
    r: bool,
    u: bool,
    f: bool,
    t: bool,
}

impl Prefix {
    /// Takes note of a letter. False: it is none of a prefix, or the second of its kind.
    fn add(&mut self, c: u8) -> bool {
        let seen = match c.to_ascii_lowercase() {
            b'b' => &mut self.b,
            b'u' => &mut self.u,
            b'r' => &mut self.r,
            b'f' => &mut self.f,
            b't' => &mut self.t,
            _ => return false,
        };
        !std::mem::replace(seen, true)
    }
}
