//! Python's `ast.literal_eval`, on a tree.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use pycode::Interner;

use crate::constant::push_constant;
use crate::literal_key::{Key, Unhashable};
use crate::number::{negative, real_and_complex, real_operand};
use crate::*;

/// The value of a literal expression.
///
/// Of equal members of a set the first one is there, of equal keys of a dict the first one with the last
/// value. Both keep the order of the source, which Python's sets do not.
#[derive(Clone, Debug)]
pub enum Literal<'a> {
    /// `None`, a bool, number, string, bytes or `...`.
    Constant(Constant<'a>),
    /// A tuple.
    Tuple(Vec<Literal<'a>>),
    /// A list.
    List(Vec<Literal<'a>>),
    /// A set.
    Set(Vec<Literal<'a>>),
    /// The items of a dict.
    Dict(Vec<(Literal<'a>, Literal<'a>)>),
}

impl Literal<'_> {
    /// Python's `repr` of the value.
    pub fn repr(&self, strings: &Interner) -> String {
        let mut out = String::new();
        self.push_repr(strings, &mut out);
        out
    }

    fn push_repr(&self, strings: &Interner, out: &mut String) {
        match self {
            Literal::Constant(constant) => push_constant(*constant, strings, out),
            Literal::Tuple(items) => {
                push_items("(", items, if items.len() == 1 { ",)" } else { ")" }, strings, out);
            }
            Literal::List(items) => push_items("[", items, "]", strings, out),
            Literal::Set(items) if items.is_empty() => out.push_str("set()"),
            Literal::Set(items) => push_items("{", items, "}", strings, out),
            Literal::Dict(items) => {
                out.push('{');
                for (i, (key, value)) in items.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    key.push_repr(strings, out);
                    out.push_str(": ");
                    value.push_repr(strings, out);
                }
                out.push('}');
            }
        }
    }
}

fn push_items(begin: &str, items: &[Literal<'_>], end: &str, strings: &Interner, out: &mut String) {
    out.push_str(begin);
    for (i, item) in items.iter().enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        item.push_repr(strings, out);
    }
    out.push_str(end);
}

/// The value of an expression that consists of literals only.
///
/// # Errors
/// A `ValueError` for anything else, a `TypeError` for a member of a set or a key of a dict that has no hash,
/// an `OverflowError` for an int that is too large for the real part of a complex number, a
/// `RecursionError` when the expression is deeper than `limit`. The texts are Python's.
///
/// ```
/// use pyast::{Arena, RecursionLimit, literal_eval, load};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let node = load("List(elts=[UnaryOp(op=USub(), operand=Constant(value=1))])", &arena, &mut strings)?;
/// let value = literal_eval(node.as_expr().unwrap(), &arena, &strings, RecursionLimit::DEFAULT)?;
/// assert_eq!(value.repr(&strings), "[-1]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn literal_eval<'a>(
    node: Expr<'a>,
    arena: &'a Arena,
    strings: &Interner,
    limit: RecursionLimit,
) -> Result<Literal<'a>> {
    Evaluator { arena, strings, limit }.eval(node)
}

type Result<T, E = SyntaxError> = std::result::Result<T, E>;

struct Evaluator<'s, 'a> {
    arena: &'a Arena,
    strings: &'s Interner,
    limit: RecursionLimit,
}

impl<'a> Evaluator<'_, 'a> {
    fn eval(&mut self, node: Expr<'a>) -> Result<Literal<'a>> {
        self.limit.enter(node.location())?;
        let value = match node {
            Expr::Constant(constant) => Literal::Constant(constant.value),
            Expr::Tuple(tuple) => Literal::Tuple(self.items(tuple.elts)?),
            Expr::List(list) => Literal::List(self.items(list.elts)?),
            Expr::Set(set) => Literal::Set(self.set(set)?),
            Expr::Call(call) if self.is_empty_set(call) => Literal::Set(Vec::new()),
            Expr::Dict(dict) => Literal::Dict(self.dict(dict)?),
            Expr::BinOp(operation) => Literal::Constant(self.complex(operation)?),
            _ => Literal::Constant(self.signed_number(node)?),
        };
        self.limit.leave();
        Ok(value)
    }

    fn items(&mut self, nodes: &[Expr<'a>]) -> Result<Vec<Literal<'a>>> {
        nodes.iter().map(|&node| self.eval(node)).collect()
    }

    fn set(&mut self, node: &'a ExprSet<'a>) -> Result<Vec<Literal<'a>>> {
        let (mut items, mut seen) = (Vec::with_capacity(node.elts.len()), HashSet::new());
        for &node in node.elts {
            let item = self.eval(node)?;
            let key = Key::of(&item).map_err(|inner| unhashable("a set element", &item, inner, node))?;
            if seen.insert(key) {
                items.push(item);
            }
        }
        Ok(items)
    }

    fn dict(&mut self, node: &'a ExprDict<'a>) -> Result<Vec<(Literal<'a>, Literal<'a>)>> {
        if node.keys.len() != node.values.len() {
            return self.malformed(Expr::Dict(node));
        }
        let (mut items, mut places) = (Vec::with_capacity(node.keys.len()), HashMap::new());
        for (&key, &value) in node.keys.iter().zip(node.values) {
            let Some(node) = key else { return malformed("None", Location::NONE) };
            let (key, value) = (self.eval(node)?, self.eval(value)?);
            let hashed = Key::of(&key).map_err(|inner| unhashable("a dict key", &key, inner, node))?;
            match places.entry(hashed) {
                Entry::Vacant(place) => {
                    place.insert(items.len());
                    items.push((key, value));
                }
                Entry::Occupied(place) => items[*place.get()].1 = value,
            }
        }
        Ok(items)
    }

    /// `set()`, which has no literal.
    fn is_empty_set(&self, call: &ExprCall<'_>) -> bool {
        let Expr::Name(function) = call.func else { return false };
        self.strings.get(function.id) == "set" && call.args.is_empty() && call.keywords.is_empty()
    }

    /// `1 + 2j`, `-1 - 2j`
    fn complex(&mut self, node: &'a ExprBinOp<'a>) -> Result<Constant<'a>> {
        if !matches!(node.op, Operator::Add | Operator::Sub) {
            return self.malformed(Expr::BinOp(node));
        }
        let left = self.signed_number(node.left)?;
        let Constant::Complex { real, imag } = self.number(node.right)? else {
            return self.malformed(Expr::BinOp(node));
        };
        match (real_operand(left), left) {
            (Some(left), _) => Ok(real_and_complex(left, node.op, real, imag)),
            (None, Constant::BigInt(_)) => {
                let message = "int too large to convert to float";
                Err(SyntaxError::of_kind(ErrorKind::OverflowError, message, node.location))
            }
            _ => self.malformed(Expr::BinOp(node)),
        }
    }

    /// `_convert_signed_num`
    fn signed_number(&self, node: Expr<'a>) -> Result<Constant<'a>> {
        let Expr::UnaryOp(operation) = node else { return self.number(node) };
        match operation.op {
            UnaryOp::UAdd => self.number(operation.operand),
            UnaryOp::USub => {
                let value = self.number(operation.operand)?;
                negative(self.arena, value).map_or_else(|| self.malformed(node), Ok)
            }
            UnaryOp::Invert | UnaryOp::Not => self.malformed(node),
        }
    }

    /// `_convert_num`: a bool is no number here.
    fn number(&self, node: Expr<'a>) -> Result<Constant<'a>> {
        let Expr::Constant(constant) = node else { return self.malformed(node) };
        match constant.value {
            Constant::Int(_) | Constant::BigInt(_) | Constant::Float(_) | Constant::Complex { .. } => {
                Ok(constant.value)
            }
            _ => self.malformed(node),
        }
    }

    fn malformed<T>(&self, node: Expr<'a>) -> Result<T> {
        malformed(&repr_node(node, self.strings), node.location())
    }
}

fn malformed<T>(node: &str, location: Location) -> Result<T> {
    let place = if location.lineno > 0 { format!(" on line {}", location.lineno) } else { String::new() };
    let message = format!("malformed node or string{place}: {node}");
    Err(SyntaxError::of_kind(ErrorKind::ValueError, message, location))
}

/// `as_what` names the place, `inner` the type in the value that has no hash.
fn unhashable(as_what: &str, value: &Literal<'_>, inner: Unhashable, node: Expr<'_>) -> SyntaxError {
    let outer = match value {
        Literal::Tuple(_) => "tuple",
        _ => inner.0,
    };
    let message = format!("cannot use '{outer}' as {as_what} (unhashable type: '{}')", inner.0);
    SyntaxError::of_kind(ErrorKind::TypeError, message, node.location())
}
