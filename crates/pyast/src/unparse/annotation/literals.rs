//! Constants, f-strings and t-strings in annotations.

use pycode::{PyStr, repr_str};

use super::{Priority, Result, Writer};
use crate::constant::push_constant;
use crate::*;

/// Reads as infinity, which `repr` shows as a name that need not mean it.
const INFINITY: &str = "1e309";

impl Writer<'_> {
    /// `append_ast_constant`: tuples item by item, everything else by its `repr`.
    pub(super) fn constant(&mut self, value: Constant<'_>, location: Location) -> Result {
        let items = match value {
            Constant::Tuple(items) => items,
            // What most functions with annotations return.
            Constant::None => {
                self.text("None");
                return Ok(());
            }
            _ => return self.repr(value, location),
        };
        self.limit.enter(location)?;
        self.text("(");
        for (i, &item) in items.iter().enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            self.constant(item, location)?;
        }
        self.text(if items.len() == 1 { ",)" } else { ")" });
        self.limit.leave();
        Ok(())
    }

    /// `append_repr`
    fn repr(&mut self, value: Constant<'_>, location: Location) -> Result {
        if let Constant::BigInt(value) = value {
            value.check_digits(location)?;
        }
        let mut text = String::new();
        push_constant(value, self.strings, &mut text);
        if matches!(value, Constant::Float(_) | Constant::Complex { .. }) {
            text = text.replace("inf", INFINITY);
        }
        self.text(&text);
        Ok(())
    }

    /// `append_joinedstr`, `append_templatestr`: the body is built first and then shown by `repr`.
    pub(super) fn quoted(&mut self, prefix: &str, values: &[Expr<'_>]) -> Result {
        let outer = std::mem::take(&mut self.out);
        self.body(values, false)?;
        let body = std::mem::replace(&mut self.out, outer);
        let mut text = String::from(prefix);
        repr_str(PyStr::from_wtf8(&body), &mut text);
        self.text(&text);
        Ok(())
    }

    /// `build_ftstring_body`
    fn body(&mut self, values: &[Expr<'_>], is_format_spec: bool) -> Result {
        values.iter().try_for_each(|&value| self.element(value, is_format_spec))
    }

    /// `append_fstring_element`
    fn element(&mut self, node: Expr<'_>, is_format_spec: bool) -> Result {
        self.limit.enter(node.location())?;
        match node {
            Expr::Constant(ExprConstant { value: Constant::Str(text), .. }) => self.literal(*text),
            Expr::JoinedStr(node) if is_format_spec => self.body(node.values, true)?,
            Expr::JoinedStr(node) => self.quoted("f", node.values)?,
            Expr::TemplateStr(node) => self.quoted("t", node.values)?,
            Expr::FormattedValue(node) => self.formatted_value(node)?,
            Expr::Interpolation(node) => self.interpolation(node)?,
            _ => return Err(system_error("unknown expression kind inside f-string or t-string", node)),
        }
        self.limit.leave();
        Ok(())
    }

    /// `append_fstring_unicode`: braces are doubled.
    fn literal(&mut self, text: StrId) {
        for &byte in self.strings.get(text).as_bytes() {
            self.out.push(byte);
            if matches!(byte, b'{' | b'}') {
                self.out.push(byte);
            }
        }
    }

    pub(super) fn formatted_value(&mut self, node: &ExprFormattedValue<'_>) -> Result {
        self.out.push(b'{');
        let start = self.out.len();
        // The grammar allows a tuple; a lambda would need parentheses for its colon.
        self.expr(node.value, Priority::Or)?;
        self.split_braces(start);
        self.conversion(node.conversion, Expr::FormattedValue(node))?;
        self.format_spec(node.format_spec)
    }

    pub(super) fn interpolation(&mut self, node: &ExprInterpolation<'_>) -> Result {
        self.out.push(b'{');
        let start = self.out.len();
        match node.str {
            Constant::Str(text) => self.name(text),
            other => self.repr(other, node.location)?,
        }
        self.split_braces(start);
        self.conversion(node.conversion, Expr::Interpolation(node))?;
        self.format_spec(node.format_spec)
    }

    /// Two braces would be a literal one: an expression that begins with a brace gets a space.
    fn split_braces(&mut self, start: usize) {
        if self.out.get(start) == Some(&b'{') {
            self.out.insert(start, b' ');
        }
    }

    fn conversion(&mut self, conversion: i32, node: Expr<'_>) -> Result {
        match u8::try_from(conversion) {
            Ok(letter @ (b'a' | b'r' | b's')) => self.out.extend([b'!', letter]),
            Err(_) if conversion < 0 => {}
            _ => return Err(system_error("unknown f-value conversion kind", node)),
        }
        Ok(())
    }

    fn format_spec(&mut self, spec: Option<Expr<'_>>) -> Result {
        if let Some(spec) = spec {
            self.out.push(b':');
            self.element(spec, true)?;
        }
        self.out.push(b'}');
        Ok(())
    }
}

fn system_error(message: &str, node: Expr<'_>) -> SyntaxError {
    SyntaxError::of_kind(ErrorKind::SystemError, message, node.location())
}
