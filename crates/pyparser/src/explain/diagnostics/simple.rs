//! Messages about statements on one line, and about type parameters and type comments.

use super::super::node::{NodeKind, Value};
use super::super::scene::Scene;
use super::super::tokens::Raised;
use super::names::expression_name;
use super::targets::{Purpose, invalid_target};
use super::{Diagnostic, table};

table!(Diagnostic:
    only_single_target,
    only_single_target_not_tuple,
    illegal_annotation_target,
    invalid_assignment_target,
    assignment_to_yield,
    illegal_augmented_assignment,
    invalid_del_target,
    did_you_mean_from_import,
    names_expected_after_import,
    trailing_comma_in_import,
    not_an_import_target,
    empty_type_parameters,
    bound_of_type_var_tuple,
    bound_of_param_spec,
    second_type_comment,
);

fn only_single_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = expression_name(scene, at[0]);
    Some(scene.on(at[0], format!("only single target (not {what}) can be annotated")))
}

fn only_single_target_not_tuple(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "only single target (not tuple) can be annotated"))
}

fn illegal_annotation_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "illegal target for annotation"))
}

fn invalid_assignment_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    invalid_target(scene, at[0], Purpose::Assign)
}

fn assignment_to_yield(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "assignment to yield expression not possible"))
}

fn illegal_augmented_assignment(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = expression_name(scene, at[0]);
    Some(scene.on(at[0], format!("'{what}' is an illegal expression for augmented assignment")))
}

fn invalid_del_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    invalid_target(scene, at[0], Purpose::Delete)
}

fn did_you_mean_from_import(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.from(at[0], "Did you mean to use 'from ... import ...' instead?"))
}

fn names_expected_after_import(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.from(at[0], "Expected one or more names after 'import'"))
}

fn trailing_comma_in_import(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token("trailing comma not allowed without surrounding parentheses"))
}

fn not_an_import_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = expression_name(scene, at[0]);
    Some(scene.on(at[0], format!("cannot use {what} as import target")))
}

fn empty_type_parameters(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.from(at[0], "Type parameter list cannot be empty"))
}

fn bound_of_type_var_tuple(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = bound_or_constraints(scene, at[1]);
    Some(scene.from(at[0], format!("cannot use {what} with TypeVarTuple")))
}

fn bound_of_param_spec(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = bound_or_constraints(scene, at[1]);
    Some(scene.from(at[0], format!("cannot use {what} with ParamSpec")))
}

fn bound_or_constraints(scene: &Scene<'_>, bound: Value) -> &'static str {
    if scene.kind(bound) == Some(NodeKind::Tuple) { "constraints" } else { "bound" }
}

fn second_type_comment(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token("Cannot have two type comments on def"))
}
