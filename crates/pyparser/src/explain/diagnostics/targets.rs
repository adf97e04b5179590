//! Which part of an expression cannot be assigned to (`_PyPegen_get_invalid_target`).

use super::super::node::{NodeKind, Value};
use super::super::scene::Scene;
use super::super::tokens::Raised;
use super::names::expression_name;

/// What is done to a target.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    Assign,
    Delete,
    /// The target of a `for`, which was parsed as `target in ...`.
    Loop,
}

/// The error about an expression that is no target (`RAISE_SYNTAX_ERROR_INVALID_TARGET`); none if it is one.
pub(super) fn invalid_target(scene: &Scene<'_>, value: Value, purpose: Purpose) -> Option<Raised> {
    let culprit = culprit(scene, value, purpose)?;
    let verb = if purpose == Purpose::Delete { "delete" } else { "assign to" };
    let message = format!("cannot {verb} {}", expression_name(scene, culprit));
    Some(scene.on(culprit, message))
}

fn culprit(scene: &Scene<'_>, value: Value, purpose: Purpose) -> Option<Value> {
    let parts = scene.children(value);
    match scene.kind(value) {
        Some(NodeKind::List | NodeKind::Tuple) => {
            parts.iter().find_map(|&part| culprit(scene, part, purpose))
        }
        Some(NodeKind::Starred) if purpose == Purpose::Delete => Some(value),
        Some(NodeKind::Starred) => culprit(scene, parts[0], purpose),
        Some(NodeKind::Compare) if purpose == Purpose::Loop => {
            let is_in = scene.kind(parts[1]) == Some(NodeKind::Membership);
            if is_in { culprit(scene, parts[0], purpose) } else { None }
        }
        Some(NodeKind::Subscript | NodeKind::Attribute) => None,
        None if expression_name(scene, value) == "name" => None,
        _ => Some(value),
    }
}
