//! Statements of a few instructions: `raise`, `assert`, expressions.
//!
//! CPython's counterparts: `codegen_assert`, `codegen_stmt_expr` and `Raise_kind` of `codegen_visit_stmt` of
//! `Python/codegen.c`.

use pyast::{Constant, Expr, Location, StmtAssert, StmtExpr, StmtRaise};
use pyopcode::{CommonConstant, Intrinsic1, Opcode};

use crate::diagnostics::warning;
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(crate) fn visit_raise(&mut self, node: &'a StmtRaise<'a>) -> Result {
        let mut count = 0;
        if let Some(exception) = node.exc {
            self.visit_expr(exception)?;
            count += 1;
            if let Some(cause) = node.cause {
                self.visit_expr(cause)?;
                count += 1;
            }
        }
        self.emit_arg(node.location, Opcode::RaiseVarargs, count);
        Ok(())
    }

    pub(crate) fn codegen_assert(&mut self, node: &'a StmtAssert<'a>) -> Result {
        if is_nonempty_tuple(node.test) {
            self.warn(node.location, warning::ASSERT_ON_TUPLE.to_owned());
        }
        if self.optimize > 0 {
            return Ok(());
        }
        let end = self.new_label();
        self.jump_if(node.location, node.test, end, true)?;
        self.emit_arg(node.location, Opcode::LoadCommonConstant, CommonConstant::AssertionError);
        if let Some(message) = node.msg {
            self.visit_expr(message)?;
            self.emit_arg(node.location, Opcode::Call, 0);
        }
        self.emit_arg(node.test.location(), Opcode::RaiseVarargs, 1);
        self.place(end);
        Ok(())
    }

    pub(crate) fn codegen_stmt_expr(&mut self, node: &'a StmtExpr<'a>) -> Result {
        let at_top_level = self.stack.is_empty();
        if self.interactive && at_top_level {
            self.visit_expr(node.value)?;
            self.emit_arg(node.location, Opcode::CallIntrinsic1, Intrinsic1::Print);
            self.emit(Location::NONE, Opcode::PopTop);
        } else if matches!(node.value, Expr::Constant(_)) {
            self.emit(node.location, Opcode::Nop);
        } else {
            self.visit_expr(node.value)?;
            self.emit(Location::NONE, Opcode::PopTop);
        }
        Ok(())
    }
}

fn is_nonempty_tuple(expr: Expr<'_>) -> bool {
    match expr {
        Expr::Tuple(node) => !node.elts.is_empty(),
        Expr::Constant(node) => matches!(node.value, Constant::Tuple(members) if !members.is_empty()),
        _ => false,
    }
}
