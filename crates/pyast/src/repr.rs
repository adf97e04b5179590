//! The short text of a node that CPython shows in messages: its `repr`.

use std::fmt::Write;

use pycode::{Interner, repr_str};

use crate::Constant;
use crate::constant::push_constant;
use crate::reflect::{FieldValue, NodeList, NodeRef};

/// How many levels of nodes are shown.
const MAX_DEPTH: usize = 3;

/// Python's `repr` of a node: three levels deep, and of a list the first and the last item.
///
/// Mirrors `ast_repr` (`Python/Python-ast.c`).
///
/// ```
/// use pyast::{Arena, load, repr_node};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let node = load("Set(elts=[Constant(value=1), Name(id='x'), Name(id='y')])", &arena, &mut strings)?;
/// assert_eq!(
///     repr_node(node, &strings),
///     "Set(elts=[Constant(value=1, kind=None), ..., Name(id='y', ctx=Load())])"
/// );
/// # Ok::<(), pyast::LoadError>(())
/// ```
pub fn repr_node<'a>(node: impl Into<NodeRef<'a>>, strings: &Interner) -> String {
    let mut out = String::new();
    push_node(node.into(), MAX_DEPTH, strings, &mut out);
    out
}

fn push_node(node: NodeRef<'_>, depth: usize, strings: &Interner, out: &mut String) {
    out.push_str(node.kind().name());
    if depth == 0 {
        out.push_str("(...)");
        return;
    }
    out.push('(');
    for (i, info) in node.kind().fields().iter().enumerate() {
        let _ = write!(out, "{}{}=", if i > 0 { ", " } else { "" }, info.name);
        let value = node.field(i).expect("the table lists the fields that there are");
        push_value(value, depth, strings, out);
    }
    out.push(')');
}

fn push_value(value: FieldValue<'_>, depth: usize, strings: &Interner, out: &mut String) {
    match value {
        FieldValue::None => out.push_str("None"),
        FieldValue::Node(node) => push_node(node, depth - 1, strings, out),
        FieldValue::Str(text) => repr_str(strings.get(text), out),
        FieldValue::Int(number) => {
            let _ = write!(out, "{number}");
        }
        FieldValue::Constant(Constant::Tuple(items @ [first, ..])) => {
            out.push('(');
            push_constant(*first, strings, out);
            push_last(items.len(), out);
            if let [_, .., last] = items {
                push_constant(*last, strings, out);
            }
            out.push(')');
        }
        FieldValue::Constant(constant) => push_constant(constant, strings, out),
        FieldValue::List(list) => push_list(list, depth, strings, out),
    }
}

fn push_list(list: NodeList<'_>, depth: usize, strings: &Interner, out: &mut String) {
    out.push('[');
    if let Some(first) = list.get(0) {
        push_value(first, depth, strings, out);
        push_last(list.len(), out);
    }
    if let Some(last) = list.len().checked_sub(1).filter(|&last| last > 0).and_then(|last| list.get(last)) {
        push_value(last, depth, strings, out);
    }
    out.push(']');
}

/// What stands between the first and the last of so many items.
fn push_last(length: usize, out: &mut String) {
    out.push_str(match length {
        0 | 1 => "",
        2 => ", ",
        _ => ", ..., ",
    });
}
