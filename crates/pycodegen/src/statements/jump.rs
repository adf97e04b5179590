//! `return`, `break` and `continue`.
//!
//! CPython's counterparts: `codegen_return`, `codegen_break`, `codegen_continue` of `Python/codegen.c`.

use pyast::{Expr, Location, StmtReturn};
use pycode::ObjectId;
use pyopcode::Opcode;

use crate::diagnostics;
use crate::fblock::{Tos, Until};
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_return(&mut self, node: &'a StmtReturn<'a>) -> Result {
        let mut location = node.location;
        let scope = self.scope();
        if !self.unit.function_like {
            return diagnostics::return_outside_function(location);
        }
        if node.value.is_some() && scope.coroutine() && scope.generator() {
            return diagnostics::return_value_in_async_generator(location);
        }
        let tos = match node.value {
            None => Tos::Ignore,
            Some(Expr::Constant(constant)) => {
                // For the line of the value, which is loaded at the very end.
                location = constant.location;
                self.emit(location, Opcode::Nop);
                Tos::Ignore
            }
            Some(value) => {
                self.visit_expr(value)?;
                Tos::Preserve
            }
        };
        if node.value.is_none_or(|value| value.location().lineno != node.location.lineno) {
            location = node.location;
            self.emit(location, Opcode::Nop);
        }
        self.unwind_fblocks(&mut location, tos, Until::Function)?;
        match node.value {
            None => self.emit_const(location, ObjectId::NONE),
            Some(Expr::Constant(node)) => self.load_constant_at(location, node.location, node.value),
            Some(_) => {}
        }
        self.emit(location, Opcode::ReturnValue);
        Ok(())
    }

    pub(crate) fn codegen_break(&mut self, origin: Location) -> Result {
        let mut location = origin;
        self.emit(location, Opcode::Nop);
        let Some((block, labels)) = self.unwind_fblocks(&mut location, Tos::Ignore, Until::Loop)? else {
            return diagnostics::break_outside_loop(origin);
        };
        self.unwind_fblock(&mut location, block, Tos::Ignore)?;
        self.emit_jump(location, Opcode::Jump, labels.end);
        Ok(())
    }

    pub(crate) fn codegen_continue(&mut self, origin: Location) -> Result {
        let mut location = origin;
        self.emit(location, Opcode::Nop);
        let Some((_, labels)) = self.unwind_fblocks(&mut location, Tos::Ignore, Until::Loop)? else {
            return diagnostics::continue_outside_loop(origin);
        };
        self.emit_jump(location, Opcode::Jump, labels.start);
        Ok(())
    }
}
