//! Messages about expressions.

use super::super::node::Value;
use super::super::scene::Scene;
use super::super::tokens::Raised;
use super::names::expression_name;
use super::{Diagnostic, table};

table!(Diagnostic:
    part_of_the_string,
    forgot_a_comma,
    expected_else,
    expected_expression_after_else,
    expected_expression_before_if,
    lambda_in_fstring,
    lambda_in_tstring,
    missing_parentheses,
    not_a_named_expression_target,
    maybe_meant_equality,
    cannot_assign_here,
    not_after_operator,
    diamond_operator,
);

fn part_of_the_string(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let parts = scene.children(at[0]);
    let (first, last) = (*parts.first()?, *parts.last()?);
    Some(scene.on_range(first, last, "invalid syntax. Is this intended to be part of the string?"))
}

/// Between two expressions in a row: only within brackets, and not after `print`.
fn forgot_a_comma(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    if is_legacy_statement(scene, at[0]) || scene.tokens.level(scene.mark - 1) == 0 {
        return None;
    }
    Some(scene.on_range(at[0], at[1], "invalid syntax. Perhaps you forgot a comma?"))
}

fn expected_else(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on_range(at[0], at[1], "expected 'else' after 'if' expression"))
}

fn expected_expression_after_else(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("expected expression after 'else', but statement is given"))
}

fn expected_expression_before_if(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "expected expression before 'if', but statement is given"))
}

fn lambda_in_fstring(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let message = "f-string: lambda expressions are not allowed without parentheses";
    Some(scene.on_range(at[0], at[1], message))
}

fn lambda_in_tstring(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let message = "t-string: lambda expressions are not allowed without parentheses";
    Some(scene.on_range(at[0], at[1], message))
}

fn missing_parentheses(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    if !is_legacy_statement(scene, at[0]) {
        return None;
    }
    let name = scene.name(at[0]);
    let message = format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
    Some(scene.on_range(at[0], at[1], message))
}

/// What was a statement in Python 2 (`_PyPegen_check_legacy_stmt`).
fn is_legacy_statement(scene: &Scene<'_>, value: Value) -> bool {
    expression_name(scene, value) == "name" && matches!(&*scene.name(value), "print" | "exec")
}

fn not_a_named_expression_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = expression_name(scene, at[0]);
    Some(scene.on(at[0], format!("cannot use assignment expressions with {what}")))
}

fn maybe_meant_equality(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
    Some(scene.on_range(at[0], at[1], message))
}

fn cannot_assign_here(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = expression_name(scene, at[0]);
    Some(scene.on(at[0], format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?")))
}

fn not_after_operator(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on_range(at[0], at[1], "'not' after an operator must be parenthesized"))
}

/// `<>`, without anything in between.
fn diamond_operator(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let (less, greater) = (scene.location(at[0]), scene.location(at[1]));
    if (less.end_lineno, less.end_col_offset) != (greater.lineno, greater.col_offset) {
        return None;
    }
    Some(scene.on_range(at[0], at[1], "invalid syntax.  Maybe you meant '!=' instead of '<>'?"))
}
