//! Messages about the parameters of functions and lambdas.

use super::super::node::Value;
use super::super::scene::Scene;
use super::super::tokens::Raised;
use super::{Diagnostic, table};

table!(Diagnostic:
    slash_without_parameter,
    second_slash,
    slash_after_star,
    comma_expected_before_star,
    default_expected,
    default_value_expected,
    parenthesized_parameters,
    parenthesized_lambda_parameters,
    nothing_after_star,
    nothing_after_star_in_lambda,
    star_with_type_comment,
    star_with_default,
    second_star,
    double_star_with_default,
    parameter_after_double_star,
);

fn slash_without_parameter(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "at least one argument must precede /"))
}

fn second_slash(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "/ may appear only once"))
}

fn slash_after_star(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "/ must be ahead of *"))
}

fn comma_expected_before_star(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "expected comma between / and *"))
}

fn default_expected(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "parameter without a default follows parameter with a default"))
}

fn default_value_expected(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "expected default value expression"))
}

fn parenthesized_parameters(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on_range(at[0], at[1], "Function parameters cannot be parenthesized"))
}

fn parenthesized_lambda_parameters(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on_range(at[0], at[1], "Lambda expression parameters cannot be parenthesized"))
}

fn nothing_after_star(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "named arguments must follow bare *"))
}

fn nothing_after_star_in_lambda(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token("named arguments must follow bare *"))
}

fn star_with_type_comment(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_last_token("bare * has associated type comment"))
}

fn star_with_default(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "var-positional argument cannot have default value"))
}

fn second_star(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "* argument may appear only once"))
}

fn double_star_with_default(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "var-keyword argument cannot have default value"))
}

fn parameter_after_double_star(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    Some(scene.on(at[0], "arguments cannot follow var-keyword argument"))
}
