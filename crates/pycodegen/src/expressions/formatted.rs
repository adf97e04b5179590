//! f-strings and t-strings.
//!
//! CPython's counterparts: `codegen_joined_str`, `codegen_formatted_value`, `codegen_template_str`,
//! `codegen_interpolation` of `Python/codegen.c`.

use pyast::{Expr, ExprFormattedValue, ExprInterpolation, ExprJoinedStr, ExprTemplateStr, Location};
use pycode::{ObjectId, known};
use pyopcode::Opcode;

use crate::diagnostics;
use crate::generator::{Generator, Result, STACK_USE_GUIDELINE};
use crate::variables::AttributeOp;

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_joined_str(&mut self, node: &'a ExprJoinedStr<'a>) -> Result {
        let count = node.values.len();
        if count > STACK_USE_GUIDELINE {
            return self.join_through_list(node);
        }
        self.visit_exprs(node.values)?;
        match count {
            0 => self.emit_const(node.location, ObjectId::EMPTY_STR),
            1 => {}
            _ => self.emit_arg(node.location, Opcode::BuildString, count),
        }
        Ok(())
    }

    /// `''.join([...])`, to save stack.
    fn join_through_list(&mut self, node: &'a ExprJoinedStr<'a>) -> Result {
        let location = node.location;
        self.emit_const(location, ObjectId::EMPTY_STR);
        self.emit_attribute(location, AttributeOp::LoadMethod, known::JOIN);
        self.emit_arg(location, Opcode::BuildList, 0);
        for &value in node.values {
            self.visit_expr(value)?;
            self.emit_arg(location, Opcode::ListAppend, 1);
        }
        self.emit_arg(location, Opcode::Call, 1);
        Ok(())
    }

    pub(crate) fn codegen_formatted_value(&mut self, node: &'a ExprFormattedValue<'a>) -> Result {
        self.visit_expr(node.value)?;
        if let Some(conversion) = conversion_arg(node.conversion)? {
            self.emit_arg(node.location, Opcode::ConvertValue, conversion);
        }
        match node.format_spec {
            Some(spec) => {
                self.visit_expr(spec)?;
                self.emit(node.location, Opcode::FormatWithSpec);
            }
            None => self.emit(node.location, Opcode::FormatSimple),
        }
        Ok(())
    }

    pub(crate) fn codegen_template_str(&mut self, node: &'a ExprTemplateStr<'a>) -> Result {
        let location = node.location;
        let strings = self.template_strings(location, node.values)?;
        self.emit_arg(location, Opcode::BuildTuple, strings);
        let mut interpolations = 0;
        for &value in node.values.iter().filter(|value| is_interpolation(value)) {
            self.visit_expr(value)?;
            interpolations += 1;
        }
        self.emit_arg(location, Opcode::BuildTuple, interpolations);
        self.emit(location, Opcode::BuildTemplate);
        Ok(())
    }

    /// Loads the strings of a template: one before, between and after its interpolations. Gives their
    /// number.
    fn template_strings(&mut self, location: Location, values: &'a [Expr<'a>]) -> Result<i32> {
        let mut count = 0;
        let mut after_interpolation = true;
        for value in values {
            if !is_interpolation(value) {
                self.visit_expr(*value)?;
                count += 1;
            } else if after_interpolation {
                self.emit_const(location, ObjectId::EMPTY_STR);
                count += 1;
            }
            after_interpolation = is_interpolation(value);
        }
        if after_interpolation {
            self.emit_const(location, ObjectId::EMPTY_STR);
            count += 1;
        }
        Ok(count)
    }

    pub(crate) fn codegen_interpolation(&mut self, node: &'a ExprInterpolation<'a>) -> Result {
        self.visit_expr(node.value)?;
        self.load_constant(node.location, node.str);
        // Bit 0: with a format; bit 1 is always set; then the conversion.
        let mut arg = 2;
        if let Some(spec) = node.format_spec {
            arg |= 1;
            self.visit_expr(spec)?;
        }
        arg |= conversion_arg(node.conversion)?.unwrap_or(0) << 2;
        self.emit_arg(node.location, Opcode::BuildInterpolation, arg);
        Ok(())
    }
}

fn is_interpolation(value: &Expr<'_>) -> bool {
    matches!(value, Expr::Interpolation(_))
}

/// The code of a conversion character (`FVC_*`), `None` without conversion.
fn conversion_arg(conversion: i32) -> Result<Option<i32>> {
    const NONE: i32 = -1;
    const STR: i32 = 's' as i32;
    const REPR: i32 = 'r' as i32;
    const ASCII: i32 = 'a' as i32;
    match conversion {
        NONE => Ok(None),
        STR => Ok(Some(1)),
        REPR => Ok(Some(2)),
        ASCII => Ok(Some(3)),
        _ => diagnostics::unknown_conversion(conversion),
    }
}
