//! Messages about string literals and replacement fields.

use super::super::node::Value;
use super::super::scene::Scene;
use super::super::tokens::Raised;
use super::{Diagnostic, table};

table!(Diagnostic:
    mixed_with_tstring,
    field_without_expression,
    field_needs_expression,
    field_needs_equal_conversion_spec_or_end,
    field_needs_conversion_spec_or_end,
    field_needs_spec_or_end,
    field_needs_end_or_spec,
    field_needs_end,
    missing_conversion,
    invalid_conversion,
    tfield_without_expression,
    tfield_needs_expression,
    tfield_needs_equal_conversion_spec_or_end,
    tfield_needs_conversion_spec_or_end,
    tfield_needs_spec_or_end,
    tfield_needs_end_or_spec,
    tfield_needs_end,
    tmissing_conversion,
    tinvalid_conversion,
);

/// From the last string of one kind to the first of the other.
fn mixed_with_tstring(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let left = *scene.children(at[0]).last()?;
    Some(scene.on_range(left, at[1], "cannot mix t-string literals with string or bytes literals"))
}

fn field_without_expression(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let sign = scene.name(at[0]);
    Some(scene.on(at[0], format!("f-string: valid expression required before '{sign}'")))
}

fn field_needs_expression(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("f-string: expecting a valid expression after '{'"))
}

fn field_needs_equal_conversion_spec_or_end(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("f-string: expecting '=', or '!', or ':', or '}'"))
}

fn field_needs_conversion_spec_or_end(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("f-string: expecting '!', or ':', or '}'"))
}

fn field_needs_spec_or_end(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("f-string: expecting ':' or '}'"))
}

fn field_needs_end_or_spec(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("f-string: expecting '}', or format specs"))
}

fn field_needs_end(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("f-string: expecting '}'"))
}

fn missing_conversion(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("f-string: missing conversion character"))
}

fn invalid_conversion(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("f-string: invalid conversion character"))
}

fn tfield_without_expression(scene: &mut Scene<'_>, at: &[Value]) -> Option<Raised> {
    let sign = scene.name(at[0]);
    Some(scene.on(at[0], format!("t-string: valid expression required before '{sign}'")))
}

fn tfield_needs_expression(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("t-string: expecting a valid expression after '{'"))
}

fn tfield_needs_equal_conversion_spec_or_end(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("t-string: expecting '=', or '!', or ':', or '}'"))
}

fn tfield_needs_conversion_spec_or_end(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("t-string: expecting '!', or ':', or '}'"))
}

fn tfield_needs_spec_or_end(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("t-string: expecting ':' or '}'"))
}

fn tfield_needs_end_or_spec(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("t-string: expecting '}', or format specs"))
}

fn tfield_needs_end(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("t-string: expecting '}'"))
}

fn tmissing_conversion(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("t-string: missing conversion character"))
}

fn tinvalid_conversion(scene: &mut Scene<'_>, _: &[Value]) -> Option<Raised> {
    Some(scene.on_next_token("t-string: invalid conversion character"))
}
