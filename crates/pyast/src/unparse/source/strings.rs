//! Constants, and the choice of quotes that needs the fewest backslashes.

use pycode::{PyStr, StrId, is_printable, push_code_point, repr_str};

use super::{Result, Unparser};
use crate::constant::push_constant;
use crate::*;

pub(super) const ALL_QUOTES: [&str; 4] = ["'", "\"", "\"\"\"", "'''"];
pub(super) const MULTI_QUOTES: [&str; 2] = ["\"\"\"", "'''"];

/// Reads as infinity.
const INFINITY: &str = "1e309";

impl Unparser<'_> {
    pub(super) fn constant(&mut self, node: &ExprConstant<'_>) -> Result {
        match node.value {
            Constant::Tuple(items) => self.delimit_if(true, ("(", ")"), |u| {
                u.interleave(items, |u, item| u.bare_constant(item, node.location))?;
                u.text(if items.len() == 1 { "," } else { "" });
                Ok(())
            }),
            Constant::Ellipsis => {
                self.text("...");
                Ok(())
            }
            value => {
                self.unicode_prefix(node.kind);
                self.bare_constant(value, node.location)
            }
        }
    }

    /// The `u` of `u'...'`.
    pub(super) fn unicode_prefix(&mut self, kind: Option<StrId>) {
        if kind.is_some_and(|kind| self.strings.get(kind) == "u") {
            self.text("u");
        }
    }

    /// `_write_constant`: its `repr`, but something that can be read back for infinities and NaNs.
    pub(super) fn bare_constant(&mut self, value: Constant<'_>, location: Location) -> Result {
        if let Constant::BigInt(value) = value {
            value.check_digits(location)?;
        }
        let mut text = String::new();
        push_constant(value, self.strings, &mut text);
        if matches!(value, Constant::Float(_) | Constant::Complex { .. }) {
            text = text.replace("inf", INFINITY).replace("nan", "(1e309-1e309)");
        }
        self.text(&text);
        Ok(())
    }

    /// A docstring, in triple quotes.
    pub(super) fn docstring(&mut self, text: StrId) {
        let (text, quotes) = escape(self.strings.get(text), &MULTI_QUOTES, false);
        self.text(quotes[0]);
        self.text(&text);
        self.text(quotes[0]);
    }
}

/// `_str_literal_helper`: the text between the quotes, and which of `quotes` can stand around it.
pub(super) fn escape(
    text: PyStr<'_>,
    quotes: &[&'static str],
    escape_special_whitespace: bool,
) -> (String, Vec<&'static str>) {
    let mut escaped = escape_unprintable(text, escape_special_whitespace);
    let multi_line = escaped.contains('\n');
    let mut possible: Vec<&'static str> =
        quotes.iter().copied().filter(|q| (!multi_line || q.len() == 3) && !escaped.contains(q)).collect();
    if possible.is_empty() {
        return escape_by_repr(text, quotes);
    }
    if let Some(last) = escaped.pop() {
        // A quote that does not end the text is better than one that must be escaped there.
        possible.sort_by_key(|quote| quote.starts_with(last));
        if possible[0].starts_with(last) {
            escaped.push('\\');
        }
        escaped.push(last);
    }
    (escaped, possible)
}

fn escape_unprintable(text: PyStr<'_>, escape_special_whitespace: bool) -> String {
    let mut escaped = String::new();
    for code_point in text.code_points() {
        match char::from_u32(code_point) {
            Some(c @ ('\n' | '\t')) if !escape_special_whitespace => escaped.push(c),
            Some(c) if c != '\\' && is_printable(code_point) => escaped.push(c),
            _ => {
                // What `unicode_escape` writes is what `repr` writes, without the quotes.
                let mut bytes = Vec::new();
                push_code_point(&mut bytes, code_point);
                let mut shown = String::new();
                repr_str(PyStr::from_wtf8(&bytes), &mut shown);
                escaped.push_str(&shown[1..shown.len() - 1]);
            }
        }
    }
    escaped
}

/// No quotes fit: as `repr` has it, in triple quotes if those are what is wanted.
fn escape_by_repr(text: PyStr<'_>, quotes: &[&'static str]) -> (String, Vec<&'static str>) {
    let mut shown = String::new();
    repr_str(text, &mut shown);
    let used = &shown[..1];
    let quote = quotes.iter().chain(&ALL_QUOTES).copied().find(|quote| quote.contains(used));
    (shown[1..shown.len() - 1].to_owned(), vec![quote.expect("`repr` uses one of the quotes")])
}
