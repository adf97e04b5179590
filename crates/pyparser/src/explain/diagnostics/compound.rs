//! Messages about statements with blocks.

use pyast::ErrorKind;

use super::super::node::Value;
use super::super::scene::Scene;
use super::super::tokens::Raised;
use super::names::expression_name;
use super::targets::{Purpose, invalid_target};
use super::{Diagnostic, table};

table!(Diagnostic:
    expected_colon,
    expected_block,
    expected_block_after,
    expected_block_after_class,
    expected_block_after_function,
    expected_block_after_except_star,
    elif_follows_else,
    invalid_for_loop_target,
    expected_except_or_finally,
    both_except_and_except_star,
    unparenthesized_exceptions,
    expected_exception_types,
    not_an_except_target,
    not_an_except_star_target,
);

fn expected_colon(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token("expected ':'"))
}

fn expected_block(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token_as(ErrorKind::IndentationError, "expected an indented block"))
}

/// After the statement whose keyword is given.
fn expected_block_after(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = format!("'{}' statement", scene.name(at[0]));
    Some(expected_block_after_what(scene, at[0], &what))
}

fn expected_block_after_except_star(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(expected_block_after_what(scene, at[0], "'except*' statement"))
}

fn expected_block_after_class(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(expected_block_after_what(scene, at[0], "class definition"))
}

fn expected_block_after_function(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(expected_block_after_what(scene, at[0], "function definition"))
}

fn expected_block_after_what(scene: &Scene<'_>, start: Value, what: &str) -> Raised {
    let line = scene.location(start).lineno;
    let message = format!("expected an indented block after {what} on line {line}");
    scene.on_last_token_as(ErrorKind::IndentationError, message)
}

fn elif_follows_else(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token("'elif' block follows an 'else' block"))
}

fn invalid_for_loop_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    invalid_target(scene, at[0], Purpose::Loop)
}

fn expected_except_or_finally(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token("expected 'except' or 'finally' block"))
}

fn both_except_and_except_star(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let message = "cannot have both 'except' and 'except*' on the same 'try'";
    Some(scene.on_range(at[0], at[1], message))
}

fn unparenthesized_exceptions(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.from(at[0], "multiple exception types must be parenthesized when using 'as'"))
}

fn expected_exception_types(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token("expected one or more exception types"))
}

fn not_an_except_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = expression_name(scene, at[0]);
    Some(scene.on(at[0], format!("cannot use except statement with {what}")))
}

fn not_an_except_star_target(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let what = expression_name(scene, at[0]);
    Some(scene.on(at[0], format!("cannot use except* statement with {what}")))
}
