//! Messages about groups, displays and comprehensions.

use super::super::node::Value;
use super::super::scene::Scene;
use super::super::tokens::Raised;
use super::{Diagnostic, table};

table!(Diagnostic:
    starred_in_group,
    double_starred_in_group,
    starred_dict_value,
    dict_value_expected,
    colon_expected_after_key,
    expected_in,
    unpacking_in_comprehension,
    unpacking_in_dict_comprehension,
    forgot_target_parentheses,
);

fn starred_in_group(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "cannot use starred expression here"))
}

fn double_starred_in_group(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "cannot use double starred expression here"))
}

fn starred_dict_value(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.from(at[0], "cannot use a starred expression in a dictionary value"))
}

fn dict_value_expected(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "expression expected after dictionary key and ':'"))
}

fn colon_expected_after_key(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on_last_character(at[0], "':' expected after dictionary key"))
}

fn expected_in(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token("'in' expected after for-loop variables"))
}

fn unpacking_in_comprehension(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "iterable unpacking cannot be used in comprehension"))
}

fn unpacking_in_dict_comprehension(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "dict unpacking cannot be used in dict comprehension"))
}

/// From the first element to the last one, or to the comma.
fn forgot_target_parentheses(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let last = scene.children(at[1]).last().copied().unwrap_or(at[1]);
    Some(scene.on_range(at[0], last, "did you forget parentheses around the comprehension target?"))
}
