//! f-strings and t-strings: `tok_get_fstring_mode`.

use pytoken::TokenKind;

use super::TokenizeError;
use super::scanner::{Raw, Scanned, Scanner};

/// Largest number of f-strings within each other, plus one (`MAXFSTRINGLEVEL`).
const MAX_FSTRING_LEVEL: usize = 150;
/// Largest number of replacement fields within each other in one f-string (`MAX_EXPR_NESTING`).
const MAX_EXPR_NESTING: i32 = 3;

/// An open f-string (`tokenizer_mode`).
#[derive(Clone, Debug)]
pub(super) struct FString {
    pub(super) quote: u8,
    /// 1 or 3.
    pub(super) quote_size: usize,
    raw: bool,
    template: bool,
    /// Whether literal text comes next (`TOK_FSTRING_MODE`).
    pub(super) in_text: bool,
    start: usize,
    first_line: u32,
    multi_line_start: usize,
    /// Open brackets within this f-string (`curly_bracket_depth`).
    pub(super) depth: i32,
    /// Nesting of the current replacement field, -1 outside (`curly_bracket_expr_start_depth`).
    pub(super) field_depth: i32,
    pub(super) in_format_spec: bool,
}

impl FString {
    /// What messages call it.
    pub(super) fn letter(&self) -> char {
        if self.template { 't' } else { 'f' }
    }

    fn middle(&self) -> TokenKind {
        if self.template { TokenKind::TstringMiddle } else { TokenKind::FstringMiddle }
    }

    /// Whether the text at hand is a format specifier.
    fn is_format_spec(&self) -> bool {
        self.in_format_spec && self.field_depth >= 0
    }
}

impl Scanner<'_> {
    /// The start of an f-string whose first quote was read.
    pub(super) fn fstring_start(&mut self, quote: u8) -> Scanned<Raw> {
        self.first_lineno = self.lineno;
        self.multi_line_start = self.line_start;
        let second = self.next_char();
        let third = if second == Some(quote) { self.next_char() } else { None };
        let quote_size = if second == Some(quote) && third == Some(quote) { 3 } else { 1 };
        if quote_size == 1 {
            self.backup(third);
            self.backup(second);
        }
        if self.fstrings.len() + 2 > MAX_FSTRING_LEVEL {
            return Err(self.syntax_error("too many nested f-strings or t-strings"));
        }
        let start = self.start.unwrap_or(self.cur);
        let prefix = &self.bytes()[start..start + 2];
        let has = |letter: u8| prefix.iter().any(|b| b.to_ascii_lowercase() == letter);
        let (raw, template) = (has(b'r'), has(b't'));
        self.fstrings.push(FString {
            quote,
            quote_size,
            raw,
            template,
            in_text: true,
            start,
            first_line: self.lineno,
            multi_line_start: self.line_start,
            depth: 0,
            field_depth: -1,
            in_format_spec: false,
        });
        Ok(self.token(if template { TokenKind::TstringStart } else { TokenKind::FstringStart }))
    }

    /// Literal text, the end, or the brace that begins a field.
    pub(super) fn fstring_token(&mut self) -> Scanned<Raw> {
        self.start = Some(self.cur);
        self.first_lineno = self.lineno;
        let first = self.next_char();
        if first == Some(b'{') {
            let second = self.next_char();
            self.backup(second);
            self.backup(first);
            if second != Some(b'{') {
                self.enter_field()?;
                return self.regular_token();
            }
        } else {
            self.backup(first);
        }
        if self.closing_quotes() {
            let Some(fstring) = self.fstrings.pop() else { return self.regular_token() };
            let kind = if fstring.template { TokenKind::TstringEnd } else { TokenKind::FstringEnd };
            return Ok(self.token(kind));
        }
        self.fstring_middle()
    }

    /// Reads the closing quotes, if all of them stand here. What was read of them stays read if they do not: as
    /// in CPython, whose scan of the text then begins behind them.
    fn closing_quotes(&mut self) -> bool {
        let (quote, quote_size) = (self.top().quote, self.top().quote_size);
        for _ in 0..quote_size {
            let c = self.next_char();
            if c != Some(quote) {
                self.backup(c);
                return false;
            }
        }
        true
    }

    fn fstring_middle(&mut self) -> Scanned<Raw> {
        self.multi_line_start = self.line_start;
        let (quote, quote_size, kind) = (self.top().quote, self.top().quote_size, self.top().middle());
        let (mut end_quotes, mut named_escape) = (0, false);
        while end_quotes != quote_size {
            let c = self.next_char();
            if self.error.is_some() {
                return Err(self.unexpected_end());
            }
            match c {
                None => return Err(self.unterminated_fstring()),
                Some(b'\n') if quote_size == 1 => return Err(self.newline_in_fstring()),
                Some(c) if c == quote => {
                    end_quotes += 1;
                    continue;
                }
                Some(b'{') => return self.opening_brace(kind),
                Some(b'}') => return Ok(self.closing_brace(kind, named_escape)),
                Some(b'\\') => named_escape |= self.fstring_backslash(),
                Some(_) => {}
            }
            end_quotes = 0;
        }
        self.cur -= quote_size;
        Ok(self.token(kind))
    }

    /// `{` begins a field, `{{` stands for a brace (though not in a format specifier).
    fn opening_brace(&mut self, kind: TokenKind) -> Scanned<Raw> {
        let peek = self.next_char();
        if peek == Some(b'{') && !self.top().is_format_spec() {
            return Ok(self.token_to(kind, self.cur - 1));
        }
        self.backup(peek);
        self.cur -= 1;
        self.enter_field()?;
        self.top_mut().in_format_spec = false;
        Ok(self.token(kind))
    }

    /// `}` ends a format specifier, `}}` stands for a brace, and one ends the name in `\N{...}`.
    fn closing_brace(&mut self, kind: TokenKind, named_escape: bool) -> Raw {
        if named_escape {
            return self.token(kind);
        }
        let peek = self.next_char();
        if peek == Some(b'}') && !self.top().is_format_spec() && self.top().depth == 0 {
            return self.token_to(kind, self.cur - 1);
        }
        self.backup(peek);
        self.cur -= 1;
        let top = self.top_mut();
        top.in_text = false;
        top.in_format_spec = false;
        self.token(kind)
    }

    /// Steps over what a backslash escapes, which a brace never is. Gives whether `\N{` begins a name.
    fn fstring_backslash(&mut self) -> bool {
        let mut peek = self.next_char();
        if peek == Some(b'\r') {
            peek = self.next_char();
        }
        let raw = self.top().raw;
        match peek {
            Some(brace @ (b'{' | b'}')) => {
                if !raw {
                    self.invalid_escapes.push((self.lineno, char::from(brace)));
                }
                self.backup(peek);
                false
            }
            Some(b'N') if !raw => {
                let brace = self.next_char();
                if brace != Some(b'{') {
                    self.backup(brace);
                }
                brace == Some(b'{')
            }
            _ => false,
        }
    }

    /// From literal text to the expression of a field.
    fn enter_field(&mut self) -> Scanned<()> {
        let top = self.top_mut();
        top.field_depth += 1;
        if top.field_depth >= MAX_EXPR_NESTING {
            let letter = top.letter();
            return Err(self.syntax_error(format!("{letter}-string: expressions nested too deeply")));
        }
        top.in_text = false;
        Ok(())
    }

    fn newline_in_fstring(&mut self) -> TokenizeError {
        if !self.top().is_format_spec() {
            return self.unterminated_fstring();
        }
        let letter = self.top().letter();
        self.syntax_error(format!(
            "{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings"
        ))
    }

    fn unterminated_fstring(&mut self) -> TokenizeError {
        let detected = self.lineno;
        let top = self.top();
        let (start, line_start, lineno) = (top.start, top.multi_line_start, top.first_line);
        let triple = if top.quote_size == 3 { "triple-quoted " } else { "" };
        let message =
            format!("unterminated {triple}{}-string literal (detected at line {detected})", top.letter());
        (self.cur, self.line_start, self.lineno) = (start + 1, line_start, lineno);
        self.syntax_error(message)
    }

    fn top(&self) -> &FString {
        self.fstrings.last().expect("within an f-string")
    }

    fn top_mut(&mut self) -> &mut FString {
        self.fstrings.last_mut().expect("within an f-string")
    }
}
