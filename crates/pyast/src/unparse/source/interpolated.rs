//! f-strings and t-strings.

use pycode::{PyStr, repr_str};

use super::precedence::Precedence;
use super::strings::{ALL_QUOTES, escape};
use super::{Result, Unparser, value_error};
use crate::*;

/// A piece of an f-string: its text, as WTF-8, and whether it is literal.
type Part = (Vec<u8>, bool);

impl Unparser<'_> {
    /// `_write_ftstring`
    pub(super) fn interpolated(&mut self, prefix: &str, values: &[Expr<'_>]) -> Result {
        let mut parts: Vec<Part> = Vec::with_capacity(values.len());
        for &value in values {
            let part = self.buffered(|u| u.part(value, false))?;
            parts.push((part, matches!(value, Expr::Constant(_))));
        }
        let (body, quote) = match quoted_parts(&parts) {
            Some(quoted) => quoted,
            None => (repr_parts(&parts), "'''"),
        };
        self.text(prefix);
        self.text(quote);
        self.out.extend_from_slice(&body);
        self.text(quote);
        Ok(())
    }

    /// What `body` writes, apart from everything before.
    fn buffered(&mut self, body: impl FnOnce(&mut Self) -> Result) -> Result<Vec<u8>> {
        let outer = std::mem::take(&mut self.out);
        body(self)?;
        Ok(std::mem::replace(&mut self.out, outer))
    }

    /// `_write_ftstring_inner`
    fn part(&mut self, node: Expr<'_>, is_format_spec: bool) -> Result {
        match node {
            Expr::JoinedStr(node) => {
                self.limit.enter(node.location)?;
                node.values.iter().try_for_each(|&value| self.part(value, is_format_spec))?;
                self.limit.leave();
                Ok(())
            }
            Expr::Constant(ExprConstant { value: Constant::Str(text), .. }) => {
                self.literal(*text, is_format_spec);
                Ok(())
            }
            Expr::FormattedValue(node) => self.formatted_value(node),
            Expr::Interpolation(node) => self.interpolation(node),
            _ => {
                let shown = repr_node(node, self.strings);
                Err(value_error(format!("Unexpected node inside JoinedStr, {shown}"), node.location()))
            }
        }
    }

    /// Braces are doubled; in a format spec quotes, backslashes and line ends are escaped here.
    fn literal(&mut self, text: StrId, is_format_spec: bool) {
        for &byte in self.strings.get(text).as_bytes() {
            match byte {
                b'{' | b'}' => self.out.extend([byte, byte]),
                b'\\' | b'\'' | b'"' if is_format_spec => self.out.extend([b'\\', byte]),
                b'\n' if is_format_spec => self.out.extend(b"\\n"),
                _ => self.out.push(byte),
            }
        }
    }

    pub(super) fn formatted_value(&mut self, node: &ExprFormattedValue<'_>) -> Result {
        let value = self.buffered(|u| u.expr(node.value, Precedence::TEST.next()))?;
        self.replacement_field(&value, node.conversion, node.format_spec)
    }

    /// The expression as the source had it; if the tree does not say, by its value.
    pub(super) fn interpolation(&mut self, node: &ExprInterpolation<'_>) -> Result {
        let value = match node.str {
            Constant::Str(text) => self.strings.get(text).as_bytes().to_vec(),
            _ => self.buffered(|u| u.expr(node.value, Precedence::TEST.next()))?,
        };
        self.replacement_field(&value, node.conversion, node.format_spec)
    }

    /// `_write_interpolation`
    fn replacement_field(&mut self, value: &[u8], conversion: i32, spec: Option<Expr<'_>>) -> Result {
        // Two opening braces would be a literal one.
        self.text(if value.starts_with(b"{") { "{ " } else { "{" });
        self.out.extend_from_slice(value);
        if conversion != -1 {
            let letter = u32::try_from(conversion).ok().and_then(char::from_u32);
            let letter =
                letter.ok_or_else(|| value_error("chr() arg not in range(0x110000)", Location::NONE))?;
            self.text("!");
            self.text(letter.encode_utf8(&mut [0; 4]));
        }
        if let Some(spec) = spec {
            self.text(":");
            self.part(spec, true)?;
        }
        self.text("}");
        Ok(())
    }
}

/// `_ftstring_helper`: the body and its quote; none if no quote suits all parts.
fn quoted_parts(parts: &[Part]) -> Option<(Vec<u8>, &'static str)> {
    let mut body = Vec::new();
    let mut quotes = ALL_QUOTES.to_vec();
    for (text, literal) in parts {
        if *literal {
            let (escaped, possible) = escape(PyStr::from_wtf8(text), &quotes, true);
            if !possible.iter().any(|quote| quotes.contains(quote)) {
                return None;
            }
            body.extend_from_slice(escaped.as_bytes());
            quotes = possible;
            continue;
        }
        if text.contains(&b'\n') {
            quotes.retain(|quote| quote.len() == 3);
        }
        let free = |quote: &&str| !contains(text, quote.as_bytes());
        if quotes.iter().any(free) {
            quotes.retain(free);
        }
        body.extend_from_slice(text);
    }
    // CPython asserts that a part with a line end leaves a quote.
    quotes.first().map(|&quote| (body, quote))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// With triple single quotes, and literal parts as `repr` has them between single quotes.
fn repr_parts(parts: &[Part]) -> Vec<u8> {
    let mut body = Vec::new();
    for (text, literal) in parts {
        if !literal {
            body.extend_from_slice(text);
            continue;
        }
        // A leading double quote makes `repr` choose single quotes.
        let forced = [b"\"", text.as_slice()].concat();
        let mut shown = String::new();
        repr_str(PyStr::from_wtf8(&forced), &mut shown);
        body.extend_from_slice(&shown.as_bytes()[2..shown.len() - 1]);
    }
    body
}
