//! The value of a string or bytes literal.

use pyast::{Constant, StrId, SyntaxError};
use pycode::PyStr;

use super::errors::InvalidEscape;
use super::escapes::{self, Escaped};
use crate::lexer::{Token, TokenFlags};
use crate::parser::{Parse, Parser};

impl<'a> Parser<'_, 'a, '_> {
    /// The value of the next token, a `STRING` (`_PyPegen_parse_string`).
    #[inline]
    pub(crate) fn string_value(&mut self) -> Parse<Constant<'a>> {
        // No copy of the token, which was written in smaller pieces than it would be read.
        let (text, flags) = (&self.lexer.source()[self.lexer.token.range()], self.lexer.token.flags);
        let quotes = if flags.contains(TokenFlags::TRIPLE) { 3 } else { 1 };
        let prefix = text.iter().position(|&b| matches!(b, b'"' | b'\'')).unwrap_or(0);
        let body = &text[prefix + quotes..text.len() - quotes];
        let raw = flags.contains(TokenFlags::RAW) || !flags.contains(TokenFlags::BACKSLASH);
        if flags.contains(TokenFlags::BYTES) {
            return self.bytes_value(self.token(), body, raw);
        }
        if raw {
            return Ok(Constant::Str(self.strings.intern_pystr(PyStr::from_wtf8(body))));
        }
        let token = self.token();
        self.text_with_escapes(body, token, token).map(Constant::Str)
    }

    /// Literal text of an f-string. Warnings and errors count from the token `at`.
    pub(crate) fn decoded_text(&mut self, token: Token, raw: bool, at: Token) -> Parse<StrId> {
        let body = self.text(token);
        if raw || !token.flags.contains(TokenFlags::BACKSLASH) {
            return Ok(self.strings.intern_pystr(PyStr::from_wtf8(body)));
        }
        self.text_with_escapes(body, token, at)
    }

    /// `decode_unicode_with_escapes`
    fn text_with_escapes(&mut self, body: &[u8], token: Token, at: Token) -> Parse<StrId> {
        let mut out = std::mem::take(&mut self.scratch.bytes);
        out.clear();
        let decoded = escapes::decode_text(body, &mut out);
        let id = self.strings.intern_pystr(PyStr::from_wtf8(&out));
        self.scratch.bytes = out;
        match decoded {
            Ok(escaped) => {
                self.warn_invalid_escape(body, escaped, token, at);
                Ok(id)
            }
            Err(error) => {
                let message = format!("(unicode error) {error}");
                self.fail(SyntaxError::new(message, at.location()))
            }
        }
    }

    fn bytes_value(&mut self, token: Token, body: &[u8], raw: bool) -> Parse<Constant<'a>> {
        if !body.is_ascii() {
            let message = "bytes can only contain ASCII literal characters";
            return self.fail(SyntaxError::new(message, token.location()));
        }
        if raw {
            return Ok(Constant::Bytes(self.arena.list(body)));
        }
        let mut out = std::mem::take(&mut self.scratch.bytes);
        out.clear();
        let decoded = escapes::decode_bytes(body, &mut out);
        let value = Constant::Bytes(self.arena.list(&out));
        self.scratch.bytes = out;
        match decoded {
            Ok(escaped) => {
                self.warn_invalid_escape(body, escaped, token, token);
                Ok(value)
            }
            Err(error) => self.fail(SyntaxError::new(format!("(value error) {error}"), token.location())),
        }
    }

    /// `warn_invalid_escape_sequence`: only the first of a literal is reported.
    fn warn_invalid_escape(&mut self, body: &[u8], escaped: Escaped, token: Token, at: Token) {
        let Some(first_invalid) = escaped.first_invalid else { return };
        let is_fstring = token.start != at.start || !matches!(self.text(token).last(), Some(b'"' | b'\''));
        let escape = InvalidEscape::new(body, first_invalid);
        self.lexer.warn_invalid_escape(self.options.invalid_escape(), escape, is_fstring, at);
    }
}
