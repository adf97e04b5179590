//! What messages call an expression (`_PyPegen_get_expr_name`).

use pytoken::TokenKind;

use super::super::node::{NodeKind, Value};
use super::super::scene::Scene;

/// What messages call an expression.
pub(super) fn expression_name(scene: &Scene<'_>, value: Value) -> &'static str {
    match (scene.token(value), scene.kind(value)) {
        (Some(token), _) => atom_name(token.kind),
        (_, Some(NodeKind::String)) => string_name(scene, value),
        (_, Some(kind)) => node_name(kind),
        _ => "expression",
    }
}

fn atom_name(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Name => "name",
        TokenKind::None => "None",
        TokenKind::True => "True",
        TokenKind::False => "False",
        TokenKind::Ellipsis => "ellipsis",
        _ => "literal",
    }
}

fn string_name(scene: &Scene<'_>, value: Value) -> &'static str {
    let is_fstring = |part: &Value| scene.kind(*part) == Some(NodeKind::JoinedStr);
    if scene.children(value).iter().any(is_fstring) { "f-string expression" } else { "literal" }
}

fn node_name(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Attribute => "attribute",
        NodeKind::Subscript => "subscript",
        NodeKind::Starred => "starred",
        NodeKind::List => "list",
        NodeKind::Tuple => "tuple",
        NodeKind::Lambda => "lambda",
        NodeKind::Call => "function call",
        NodeKind::GeneratorExp => "generator expression",
        NodeKind::Yield => "yield expression",
        NodeKind::Await => "await expression",
        NodeKind::ListComp => "list comprehension",
        NodeKind::SetComp => "set comprehension",
        NodeKind::DictComp => "dict comprehension",
        NodeKind::Dict => "dict literal",
        NodeKind::Set => "set display",
        NodeKind::JoinedStr | NodeKind::FormattedValue => "f-string expression",
        NodeKind::TemplateStr => "t-string expression",
        NodeKind::String => "literal",
        NodeKind::Compare => "comparison",
        NodeKind::IfExp => "conditional expression",
        NodeKind::NamedExpr => "named expression",
        NodeKind::Operation
        | NodeKind::Comprehension
        | NodeKind::Keyword
        | NodeKind::KeywordUnpacking
        | NodeKind::Membership
        | NodeKind::Parameter
        | NodeKind::Pattern
        | NodeKind::Sequence
        | NodeKind::Slice => "expression",
    }
}
