//! Strings without replacement fields.

use pytoken::TokenKind;

use super::TokenizeError;
use super::scanner::{Raw, Scanned, Scanner};

impl Scanner<'_> {
    /// A string whose first quote was read.
    pub(super) fn string(&mut self, quote: u8) -> Scanned<Raw> {
        self.first_lineno = self.lineno;
        self.multi_line_start = self.line_start;
        let (quote_size, mut end_quotes) = self.quote_size(quote);
        let mut escaped_quote = false;
        while end_quotes != quote_size {
            let c = self.next_char();
            if self.error.is_some() {
                return Err(self.unexpected_end());
            }
            match c {
                None => return Err(self.unterminated_string(quote, quote_size, escaped_quote)),
                Some(b'\n') if quote_size == 1 => {
                    return Err(self.unterminated_string(quote, quote_size, escaped_quote));
                }
                Some(c) if c == quote => end_quotes += 1,
                Some(b'\\') => {
                    end_quotes = 0;
                    let escaped = self.next_char();
                    escaped_quote |= escaped == Some(quote);
                    if escaped == Some(b'\r') {
                        self.next_char();
                    }
                }
                Some(_) => end_quotes = 0,
            }
        }
        Ok(self.token(TokenKind::String))
    }

    /// How many quotes a string has at each end, and how many of the last ones were read: the first quote was.
    fn quote_size(&mut self, quote: u8) -> (usize, usize) {
        let second = self.next_char();
        if second != Some(quote) {
            self.backup(second);
            return (1, 0);
        }
        let third = self.next_char();
        if third == Some(quote) {
            return (3, 0);
        }
        self.backup(third);
        (1, 1)
    }

    fn unterminated_string(&mut self, quote: u8, quote_size: usize, escaped_quote: bool) -> TokenizeError {
        let detected = self.lineno;
        self.cur = self.start.unwrap_or(self.cur) + 1;
        self.line_start = self.multi_line_start;
        self.lineno = self.first_lineno;
        if let Some(top) = self.fstrings.last()
            && (top.quote, top.quote_size) == (quote, quote_size)
        {
            return self.syntax_error(format!("{}-string: expecting '}}'", top.letter()));
        }
        let triple = if quote_size == 3 { "triple-quoted " } else { "" };
        let hint = if escaped_quote && quote_size == 1 { "; perhaps you escaped the end quote?" } else { "" };
        self.syntax_error(format!("unterminated {triple}string literal (detected at line {detected}){hint}"))
    }
}
