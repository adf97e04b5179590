//! `'...%s...' % (a, b)` as an f-string.
//!
//! Mirrors `optimize_format` and its helpers. Only `%s`, `%r` and `%a` with flags, a width and a precision
//! of at most two digits each are taken; of the flags only `-` has an effect, as with any such conversion
//! of a string. If anything else stands in the format the expression stays.

use pycode::PyStr;
use smallvec::SmallVec;

use super::Preprocessor;
use crate::*;

/// What stands between `%` and the letter.
struct Conversion {
    letter: u8,
    left: bool,
    width: Option<u32>,
    precision: Option<u32>,
}

impl<'a> Preprocessor<'_, 'a> {
    /// `fold_binop`
    pub(super) fn fold_format(&mut self, node: &'a ExprBinOp<'a>) -> Expr<'a> {
        let unchanged = Expr::BinOp(node);
        let (Expr::Constant(ExprConstant { value: Constant::Str(format), .. }), Expr::Tuple(arguments)) =
            (node.left, node.right)
        else {
            return unchanged;
        };
        let starred = arguments.elts.iter().any(|e| matches!(e, Expr::Starred(_)));
        if self.options.syntax_check_only || starred {
            return unchanged;
        }
        let format = self.strings.get(*format).as_bytes().to_vec();
        match self.format_parts(&format, arguments.elts) {
            Some(values) => self.arena.expr_joined_str(node.location, values),
            None => unchanged,
        }
    }

    /// The values of the f-string; none if the format is not simple, or does not fit the arguments.
    fn format_parts(&mut self, format: &[u8], arguments: &[Expr<'a>]) -> Option<&'a [Expr<'a>]> {
        let mut values: SmallVec<[Expr<'a>; 16]> = SmallVec::new();
        let mut arguments = arguments.iter();
        let mut rest = format;
        loop {
            let literal = take_literal(&mut rest);
            if !literal.is_empty() {
                values.push(self.synthetic_string(&literal));
            }
            let Some((_percent, conversion)) = rest.split_first() else { break };
            let &argument = arguments.next()?;
            rest = conversion;
            values.push(self.formatted_value(take_conversion(&mut rest)?, argument)?);
        }
        arguments.next().is_none().then(|| self.arena.list(&values))
    }

    /// `parse_format`
    fn formatted_value(&mut self, conversion: Conversion, argument: Expr<'a>) -> Option<Expr<'a>> {
        if !matches!(conversion.letter, b's' | b'r' | b'a') {
            return None;
        }
        let mut spec = String::new();
        if let Some(width) = conversion.width {
            spec += if !conversion.left && width > 0 { ">" } else { "" };
            spec += &width.to_string();
        }
        if let Some(precision) = conversion.precision {
            spec += &format!(".{precision}");
        }
        let spec = (!spec.is_empty()).then(|| self.synthetic_string(spec.as_bytes()));
        let letter = i32::from(conversion.letter);
        Some(self.arena.expr_formatted_value(argument.location(), argument, letter, spec))
    }

    /// A string constant without a place in the source.
    fn synthetic_string(&mut self, text: &[u8]) -> Expr<'a> {
        let text = self.strings.intern_pystr(PyStr::from_wtf8(text));
        self.arena.expr_constant(Location::NONE, Constant::Str(text), None)
    }
}

/// `parse_literal`: the text up to a conversion, with `%%` as `%`.
fn take_literal(rest: &mut &[u8]) -> Vec<u8> {
    let mut literal = Vec::new();
    loop {
        let stop = rest.iter().position(|&b| b == b'%').unwrap_or(rest.len());
        literal.extend_from_slice(&rest[..stop]);
        *rest = &rest[stop..];
        if !rest.starts_with(b"%%") {
            return literal;
        }
        literal.push(b'%');
        *rest = &rest[2..];
    }
}

/// `simple_format_arg_parse`: what follows `%`; none if the format ends in it or a number is too long.
fn take_conversion(rest: &mut &[u8]) -> Option<Conversion> {
    let flags = rest.iter().take_while(|b| b"-+ #0".contains(b)).count();
    let left = rest[..flags].contains(&b'-');
    *rest = &rest[flags..];
    let width = take_number(rest)?;
    let mut precision = None;
    if let Some(after_point) = rest.strip_prefix(b".") {
        *rest = after_point;
        precision = Some(take_number(rest)?.unwrap_or(0));
    }
    let (&letter, after) = rest.split_first()?;
    *rest = after;
    Some(Conversion { letter, left, width, precision })
}

/// A number of at most two digits (`MAXDIGITS`), if there is one; an error (`None`) if it is longer.
fn take_number(rest: &mut &[u8]) -> Option<Option<u32>> {
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let (number, after) = rest.split_at(digits);
    *rest = after;
    match number {
        [] => Some(None),
        [_] | [_, _] => Some(Some(number.iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0')))),
        _ => None,
    }
}
