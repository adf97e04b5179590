//! f-strings and t-strings: `FSTRING_START`, then `FSTRING_MIDDLE`s and the tokens of replacement
//! fields in turn, then `FSTRING_END` (PEP 701, PEP 750).
//!
//! Literal text is a mode of the lexer ([`Mode::FString`]); a brace switches to the regular mode, the
//! matching brace or the colon of a format specifier switches back.

use pytoken::TokenKind;

use super::classes::stops_fstring;
use super::{Lexer, Line, MAX_FSTRING_LEVEL, Mode, TokenFlags};

/// Largest number of replacement fields within each other in one f-string (`MAX_EXPR_NESTING`).
const MAX_FIELD_NESTING: i32 = 3;

/// An open f-string (`tokenizer_mode`).
#[derive(Clone, Debug)]
pub(super) struct FString {
    pub(super) quote: u8,
    /// 1 or 3.
    pub(super) quote_size: usize,
    raw: bool,
    template: bool,
    /// Where its prefix begins.
    pub(super) start: usize,
    /// The line of `start`.
    pub(super) first: Line,
    /// Open brackets within this f-string (`curly_bracket_depth`).
    pub(super) depth: i32,
    /// Nesting of the current replacement field, -1 outside (`curly_bracket_expr_start_depth`).
    pub(super) field_depth: i32,
    /// Whether the literal text at hand is a format specifier.
    pub(super) in_format_spec: bool,
}

impl FString {
    /// What messages call it.
    pub(super) fn letter(&self) -> char {
        if self.template { 't' } else { 'f' }
    }
}

/// How the scan of literal text goes on.
enum Step {
    /// With the byte at that position.
    Continue(usize),
    /// Not: the token ends at the current position. Its text ends at the position given.
    Text(usize),
    /// Not: there is an error.
    Error,
}

impl Lexer<'_> {
    /// The start of an f-string whose quote is at the current position.
    pub(super) fn fstring_start(&mut self, start: usize, flags: TokenFlags, template: bool) {
        let quote = self.byte(self.pos);
        let triple = self.byte(self.pos + 1) == quote && self.byte(self.pos + 2) == quote;
        let quote_size = if triple { 3 } else { 1 };
        self.pos += quote_size;
        if self.fstrings.len() + 2 > MAX_FSTRING_LEVEL {
            self.syntax_error("too many nested f-strings or t-strings");
            return self.error_token();
        }
        self.fstrings.push(FString {
            quote,
            quote_size,
            raw: flags.contains(TokenFlags::RAW),
            template,
            start,
            first: self.line,
            depth: 0,
            field_depth: -1,
            in_format_spec: false,
        });
        self.mode = Mode::FString;
        let kind = if template { TokenKind::TstringStart } else { TokenKind::FstringStart };
        self.emit_with(kind, flags, start, self.pos);
    }

    /// `tok_get_fstring_mode`: literal text, the end, or the brace that begins a field.
    #[inline(never)]
    pub(super) fn fstring_token(&mut self) {
        let (byte, second) = (self.byte(self.pos), self.byte(self.pos + 1));
        if byte == b'{' && second != b'{' {
            if !self.enter_field() {
                return self.error_token();
            }
            return self.advance();
        }
        let top = self.top_fstring();
        if byte == top.quote && self.quotes_follow(top.quote, top.quote_size) {
            return self.fstring_end();
        }
        self.fstring_middle();
    }

    fn fstring_end(&mut self) {
        let start = self.pos;
        let fstring = self.fstrings.pop().expect("within an f-string");
        self.pos += fstring.quote_size;
        self.mode = Mode::Regular;
        let kind = if fstring.template { TokenKind::TstringEnd } else { TokenKind::FstringEnd };
        self.emit(kind, start, self.pos);
    }

    /// Literal text up to a field, a doubled brace, a single closing brace, the brace of `\N{...}`, or the
    /// closing quotes.
    fn fstring_middle(&mut self) {
        let start = self.pos;
        let first = self.line;
        let top = self.top_fstring();
        let (quote, quote_size, raw) = (top.quote, top.quote_size, top.raw);
        let kind = if top.template { TokenKind::TstringMiddle } else { TokenKind::FstringMiddle };
        let mut flags = TokenFlags::NONE.with_if(TokenFlags::RAW, raw);
        let mut named_escape = false;
        let mut pos = start;
        let text_end = loop {
            while !stops_fstring(self.byte(pos)) {
                pos += 1;
            }
            self.pos = pos;
            let step = match self.byte(pos) {
                byte if byte == quote && self.quotes_follow(quote, quote_size) => Step::Text(pos),
                b'{' => self.opening_brace(),
                b'}' => self.closing_brace(named_escape),
                b'\\' => {
                    flags = flags.with(TokenFlags::BACKSLASH);
                    Step::Continue(self.fstring_backslash(raw, &mut named_escape))
                }
                0 => self.unterminated_fstring(),
                b'\n' if quote_size == 1 => self.unterminated_fstring(),
                b'\n' => {
                    self.step_line();
                    Step::Continue(self.pos)
                }
                _ => Step::Continue(pos + 1),
            };
            match step {
                Step::Continue(next) => pos = next,
                Step::Text(end) => break end,
                Step::Error => return self.error_token(),
            }
        };
        self.emit_string(kind, flags, start, first);
        self.token.end = text_end as u32;
    }

    /// `{` begins a field, `{{` stands for a brace (though not in a format specifier).
    fn opening_brace(&mut self) -> Step {
        let brace = self.pos;
        let top = self.top_fstring();
        let in_format_spec = top.in_format_spec && top.field_depth >= 0;
        if self.byte(brace + 1) == b'{' && !in_format_spec {
            self.pos += 2;
            return Step::Text(brace + 1);
        }
        self.top_fstring_mut().in_format_spec = false;
        if self.enter_field() { Step::Text(brace) } else { Step::Error }
    }

    /// `}` ends a format specifier, `}}` stands for a brace, and one ends the name in `\N{...}`.
    fn closing_brace(&mut self, named_escape: bool) -> Step {
        let brace = self.pos;
        if named_escape {
            self.pos += 1;
            return Step::Text(self.pos);
        }
        let top = self.top_fstring();
        let in_format_spec = top.in_format_spec && top.field_depth >= 0;
        if self.byte(brace + 1) == b'}' && !in_format_spec && top.depth == 0 {
            self.pos += 2;
            return Step::Text(brace + 1);
        }
        self.top_fstring_mut().in_format_spec = false;
        self.mode = Mode::Regular;
        Step::Text(brace)
    }

    /// The position after a backslash and what it escapes. A brace is never escaped.
    fn fstring_backslash(&mut self, raw: bool, named_escape: &mut bool) -> usize {
        match self.byte(self.pos + 1) {
            brace @ (b'{' | b'}') => {
                if !raw {
                    self.invalid_brace_escape(brace);
                }
                self.pos + 1
            }
            b'N' if !raw && self.byte(self.pos + 2) == b'{' => {
                *named_escape = true;
                self.pos + 3
            }
            _ => self.skip_escaped(self.pos),
        }
    }

    fn unterminated_fstring(&mut self) -> Step {
        let fstring = self.top_fstring().clone();
        let in_format_spec = fstring.in_format_spec && fstring.field_depth >= 0;
        if in_format_spec && self.byte(self.pos) == b'\n' {
            self.newline_in_format_spec(fstring.letter());
        } else {
            self.unterminated_fstring_error(&fstring);
        }
        Step::Error
    }

    /// Whether `size` quotes stand at the current position.
    fn quotes_follow(&self, quote: u8, size: usize) -> bool {
        size == 1 || self.byte(self.pos + 1) == quote && self.byte(self.pos + 2) == quote
    }

    /// From literal text to the expression of a field. False: there is an error.
    fn enter_field(&mut self) -> bool {
        self.mode = Mode::Regular;
        let top = self.top_fstring_mut();
        top.field_depth += 1;
        if top.field_depth < MAX_FIELD_NESTING {
            return true;
        }
        let letter = top.letter();
        self.fields_too_deep(letter);
        false
    }

    /// Whether a colon here ends the expression of a field.
    #[inline]
    pub(super) fn begins_format_spec(&self) -> bool {
        self.fstrings.last().is_some_and(|top| top.field_depth >= 0 && top.depth - 1 == top.field_depth)
    }

    pub(super) fn enter_format_spec(&mut self) {
        self.mode = Mode::FString;
        self.top_fstring_mut().in_format_spec = true;
    }

    fn top_fstring(&self) -> &FString {
        self.fstrings.last().expect("within an f-string")
    }

    fn top_fstring_mut(&mut self) -> &mut FString {
        self.fstrings.last_mut().expect("within an f-string")
    }
}
