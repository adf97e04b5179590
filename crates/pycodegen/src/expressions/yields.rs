//! `yield`, `yield from` and `await`.
//!
//! CPython's counterparts: their cases of `codegen_visit_expr`, `codegen_addop_yield` of `Python/codegen.c`.

use pyast::{ExprAwait, ExprYield, ExprYieldFrom, Location};
use pycode::ObjectId;
use pyopcode::{Intrinsic1, Opcode};

use crate::diagnostics;
use crate::fblock::{AwaitableFrom, Delegation};
use crate::generator::{Generator, Result};
use crate::unit::{RESUME_AFTER_YIELD, UnitKind};

impl<'a> Generator<'_, 'a> {
    pub(crate) fn visit_yield(&mut self, node: &'a ExprYield<'a>) -> Result {
        if !self.unit.function_like {
            return diagnostics::yield_outside_function(node.location);
        }
        match node.value {
            Some(value) => self.visit_expr(value)?,
            None => self.emit_const(node.location, ObjectId::NONE),
        }
        self.add_yield(node.location);
        Ok(())
    }

    pub(crate) fn visit_yield_from(&mut self, node: &'a ExprYieldFrom<'a>) -> Result {
        if !self.unit.function_like {
            return diagnostics::yield_from_outside_function(node.location);
        }
        if self.unit.kind == UnitKind::AsyncFunction {
            return diagnostics::yield_from_in_async_function(node.location);
        }
        self.visit_expr(node.value)?;
        self.emit(node.location, Opcode::GetYieldFromIter);
        self.emit_const(node.location, ObjectId::NONE);
        self.add_yield_from(node.location, Delegation::YieldFrom);
        Ok(())
    }

    pub(crate) fn visit_await(&mut self, node: &'a ExprAwait<'a>) -> Result {
        self.visit_expr(node.value)?;
        self.await_value(node.location, AwaitableFrom::Expression);
        Ok(())
    }

    /// Yields the value on the stack (`codegen_addop_yield`).
    pub(crate) fn add_yield(&mut self, location: Location) {
        let scope = self.scope();
        if scope.generator() && scope.coroutine() {
            self.emit_arg(location, Opcode::CallIntrinsic1, Intrinsic1::AsyncGenWrap);
        }
        self.emit_arg(location, Opcode::YieldValue, 0);
        self.emit_arg(location, Opcode::Resume, RESUME_AFTER_YIELD);
    }
}
