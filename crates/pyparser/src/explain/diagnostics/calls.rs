//! Messages about the arguments of a call.

use super::super::node::{NodeKind, Value};
use super::super::scene::Scene;
use super::super::tokens::Raised;
use super::{Diagnostic, table};

table!(Diagnostic:
    assignment_to_unpacking,
    invalid_star_expression,
    assignment_to_constant,
    assignment_in_argument,
    assignment_to_keyword_unpacking,
    unpacking_after_keyword_unpacking,
    unparenthesized_generator,
    unparenthesized_last_argument,
    argument_value_expected,
    positional_after_keyword,
);

fn assignment_to_unpacking(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on_range(at[0], at[1], "cannot assign to iterable argument unpacking"))
}

fn invalid_star_expression(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token("Invalid star expression"))
}

fn assignment_to_constant(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let message = format!("cannot assign to {}", scene.name(at[0]));
    Some(scene.on_range(at[0], at[1], message))
}

fn assignment_in_argument(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let message = "expression cannot contain assignment, perhaps you meant \"==\"?";
    Some(scene.on_range(at[0], at[1], message))
}

fn assignment_to_keyword_unpacking(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on_range(at[0], at[1], "cannot assign to keyword argument unpacking"))
}

fn unpacking_after_keyword_unpacking(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.from(at[0], "iterable argument unpacking follows keyword argument unpacking"))
}

fn argument_value_expected(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on_range(at[0], at[1], "expected argument value expression"))
}

/// From the element to the end of the last clause.
fn unparenthesized_generator(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let end = end_of_clauses(scene, at[1])?;
    Some(scene.on_range(at[0], end, "Generator expression must be parenthesized"))
}

/// The same, with all arguments before the clauses, of which the last one is the element. One alone needs no
/// parentheses (`_PyPegen_nonparen_genexp_in_call`).
fn unparenthesized_last_argument(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let is_keyword =
        |part: &&Value| matches!(scene.kind(**part), Some(NodeKind::Keyword | NodeKind::KeywordUnpacking));
    let positional = || scene.children(at[0]).iter().filter(|part| !is_keyword(part));
    let element = *positional().nth(1).and(positional().next_back())?;
    unparenthesized_generator(scene, &[element, at[1]])
}

/// The last condition of the last clause, or what it iterates over (`_PyPegen_get_last_comprehension_item`).
fn end_of_clauses(scene: &Scene<'_>, clauses: Value) -> Option<Value> {
    let last = *scene.children(clauses).last()?;
    scene.children(last).last().copied()
}

/// `_PyPegen_arguments_parsing_error`
fn positional_after_keyword(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let is_unpacking = |part: &Value| scene.kind(*part) == Some(NodeKind::KeywordUnpacking);
    let unpacking = if scene.children(at[0]).iter().any(is_unpacking) { " unpacking" } else { "" };
    Some(scene.on_last_token(format!("positional argument follows keyword argument{unpacking}")))
}
