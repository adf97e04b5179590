//! Source text that parses back to the same tree: Python's `ast.unparse`.
//!
//! Mirrors the class `Unparser` of `Lib/_ast_unparse.py`, whose methods `visit_X` are the functions `x`
//! here. Where that keeps a table from node to precedence, here the precedence that a place requires is
//! passed down.
//!
//! Text is built as WTF-8 bytes: nothing but a hand-made identifier or interpolation can put a lone
//! surrogate into it.

mod expressions;
mod interpolated;
mod operations;
mod patterns;
mod precedence;
mod statements;
mod strings;

use std::collections::BTreeMap;

use pycode::{Interner, StrId};

use crate::reflect::NodeRef;
use crate::*;
use precedence::Precedence;

/// The source text of a node of any kind, as WTF-8 bytes.
///
/// # Errors
/// A `RecursionError` when the tree is deeper than `limit`; a `ValueError` for what has no source text: an
/// int of more digits than Python converts, and hand-made nodes that the grammar cannot produce.
///
/// ```
/// use pyast::{Arena, RecursionLimit, load, unparse};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let text = "If(test=Name(id='a'), body=[Pass()], orelse=[Return(value=Tuple())])";
/// let node = load(text, &arena, &mut strings)?;
/// let text = unparse(node, &strings, RecursionLimit::DEFAULT)?;
/// assert_eq!(String::from_utf8(text)?, "if a:\n    pass\nelse:\n    return ()");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn unparse<'a>(
    node: impl Into<NodeRef<'a>>,
    strings: &Interner,
    limit: RecursionLimit,
) -> Result<Vec<u8>> {
    let mut unparser = Unparser::new(strings, limit);
    unparser.node(node.into())?;
    Ok(unparser.out)
}

type Result<T = (), E = SyntaxError> = std::result::Result<T, E>;

struct Unparser<'s> {
    strings: &'s Interner,
    limit: RecursionLimit,
    out: Vec<u8>,
    /// Whether a line begins a new one: not so the first.
    started: bool,
    /// The level of blocks.
    indent: usize,
    /// Whether handlers are those of `except*`.
    in_try_star: bool,
    /// Whether simple statements stand on one line, after semicolons.
    in_interactive: bool,
    /// The text after `# type: ignore`, by line.
    type_ignores: BTreeMap<i32, StrId>,
}

impl<'s> Unparser<'s> {
    fn new(strings: &'s Interner, limit: RecursionLimit) -> Self {
        Unparser {
            strings,
            limit,
            out: Vec::new(),
            started: false,
            indent: 0,
            in_try_star: false,
            in_interactive: false,
            type_ignores: BTreeMap::new(),
        }
    }

    /// A node at the root, of whatever kind.
    fn node(&mut self, node: NodeRef<'_>) -> Result {
        if let Some(node) = node.as_mod() {
            return self.module(node);
        }
        if let Some(node) = node.as_stmt() {
            return self.stmt(node);
        }
        if let Some(node) = node.as_expr() {
            return self.expr(node, Precedence::TEST);
        }
        if let Some(node) = node.as_pattern() {
            return self.pattern(node, Precedence::TEST);
        }
        if let Some(node) = node.as_type_param() {
            return self.type_param(node);
        }
        match node {
            NodeRef::Comprehension(node) => self.comprehension(node),
            NodeRef::ExceptHandler(node) => self.except_handler(node),
            NodeRef::Arguments(node) => self.arguments(node),
            NodeRef::Arg(node) => self.arg(node),
            NodeRef::Keyword(node) => self.keyword(node),
            NodeRef::Alias(node) => self.alias(node),
            NodeRef::WithItem(node) => self.with_item(node),
            NodeRef::MatchCase(node) => self.match_case(node),
            // Operators, contexts and `type_ignore` have no text of their own.
            _ => Ok(()),
        }
    }

    fn text(&mut self, text: &str) {
        self.started = true;
        self.out.extend_from_slice(text.as_bytes());
    }

    fn name(&mut self, name: StrId) {
        self.started = true;
        self.out.extend_from_slice(self.strings.get(name).as_bytes());
    }

    fn spaced(&mut self, operator: &str) {
        self.text(" ");
        self.text(operator);
        self.text(" ");
    }

    /// Items with `", "` between them.
    fn interleave<T: Copy>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, T) -> Result) -> Result {
        for (i, &item) in items.iter().enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            write(self, item)?;
        }
        Ok(())
    }

    /// `body` between two texts if the condition holds.
    fn delimit_if(
        &mut self,
        condition: bool,
        (begin, end): (&str, &str),
        body: impl FnOnce(&mut Self) -> Result,
    ) -> Result {
        if !condition {
            return body(self);
        }
        self.text(begin);
        body(self)?;
        self.text(end);
        Ok(())
    }

    /// `body`, in parentheses if the place requires more than `own`.
    fn parenthesized(
        &mut self,
        required: Precedence,
        own: Precedence,
        body: impl FnOnce(&mut Self) -> Result,
    ) -> Result {
        self.delimit_if(required > own, ("(", ")"), body)
    }
}

fn value_error(message: impl Into<String>, location: Location) -> SyntaxError {
    SyntaxError::of_kind(ErrorKind::ValueError, message, location)
}
