//! Messages about patterns.

use super::super::node::Value;
use super::super::scene::Scene;
use super::super::tokens::Raised;
use super::names::expression_name;
use super::{Diagnostic, table};

table!(Diagnostic: wildcard_as_target, not_a_pattern_target, positional_patterns_after_keyword);

fn wildcard_as_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "cannot use '_' as a target"))
}

fn not_a_pattern_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = expression_name(scene, at[0]);
    Some(scene.on(at[0], format!("cannot use {what} as pattern target")))
}

fn positional_patterns_after_keyword(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let patterns = scene.children(at[0]);
    let (first, last) = (*patterns.first()?, *patterns.last()?);
    Some(scene.on_range(first, last, "positional patterns follow keyword patterns"))
}
