//! Attributes.
//!
//! CPython's counterparts: `Attribute_kind` of `codegen_visit_expr`, `update_start_location_to_match_attr`;
//! `_PyCompile_MaybeAddStaticAttributeToClass` of `Python/compile.c`.

use pyast::{Expr, ExprAttribute, ExprContext, Location};
use pycode::known;

use crate::generator::{Generator, Result};
use crate::unit::UnitKind;
use crate::variables::AttributeOp;

impl<'a> Generator<'_, 'a> {
    pub(crate) fn visit_attribute(&mut self, node: &'a ExprAttribute<'a>) -> Result {
        if node.ctx == ExprContext::Load
            && let Some(call) = self.optimizable_super_call(node)
        {
            return self.load_super_attribute(node, call);
        }
        self.maybe_add_static_attribute(node);
        self.visit_expr(node.value)?;
        let location = self.attribute_location(node.location, node);
        let op = match node.ctx {
            ExprContext::Load => AttributeOp::Load,
            ExprContext::Store => AttributeOp::Store,
            ExprContext::Del => AttributeOp::Delete,
        };
        self.emit_attribute(location, op, node.attr);
        Ok(())
    }

    /// Notes the `x` of `self.x = ...` in the class around (`__static_attributes__`).
    fn maybe_add_static_attribute(&mut self, node: &ExprAttribute<'_>) {
        let Expr::Name(name) = node.value else { return };
        if node.ctx != ExprContext::Store || name.id != known::SELF {
            return;
        }
        if let Some(class) = self.stack.iter_mut().rev().find(|unit| unit.kind == UnitKind::Class) {
            class.static_attributes.push(node.attr);
        }
    }

    /// The location of an access to an attribute that stands on another line than the value: begins at
    /// the attribute's name (`update_start_location_to_match_attr`).
    pub(crate) fn attribute_location(&self, location: Location, node: &ExprAttribute<'_>) -> Location {
        let attribute = node.location;
        if location.lineno == attribute.end_lineno {
            return location;
        }
        let mut found = Location { lineno: attribute.end_lineno, ..location };
        let len = self.pool.strings().get(node.attr).len() as i32;
        if len <= attribute.end_col_offset {
            found.col_offset = attribute.end_col_offset - len;
        } else {
            // A tree that no parser makes: without columns.
            found.col_offset = -1;
            found.end_col_offset = -1;
        }
        found.end_lineno = found.end_lineno.max(found.lineno);
        if found.lineno == found.end_lineno {
            found.end_col_offset = found.end_col_offset.max(found.col_offset);
        }
        found
    }
}
