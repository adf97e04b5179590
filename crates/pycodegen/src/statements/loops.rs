//! Loops.
//!
//! CPython's counterparts: `codegen_for`, `codegen_async_for`, `codegen_while` of `Python/codegen.c`.

use pyast::{Location, StmtAsyncFor, StmtFor, StmtWhile};
use pycode::ObjectId;
use pyopcode::Opcode;

use crate::fblock::{Delegation, FBlockKind, LoopLabels};
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_for(&mut self, node: &'a StmtFor<'a>) -> Result {
        let start = self.new_label();
        let cleanup = self.new_label();
        let end = self.new_label();
        self.push_fblock(node.location, FBlockKind::ForLoop(LoopLabels { start, end }))?;
        self.visit_expr(node.iter)?;
        let iter = node.iter.location();
        self.emit(iter, Opcode::GetIter);
        self.place(start);
        self.emit_jump(iter, Opcode::ForIter, cleanup);
        // For the line events of a `for` of several lines; removed later where redundant.
        self.emit(node.target.location(), Opcode::Nop);
        self.visit_expr(node.target)?;
        self.visit_stmts(node.body)?;
        self.emit_jump(Location::NONE, Opcode::Jump, start);
        self.place(cleanup);
        // A generator ends at the first of these, other iterators behind it.
        self.emit(Location::NONE, Opcode::EndFor);
        self.emit(Location::NONE, Opcode::PopIter);
        self.pop_fblock();
        self.visit_stmts(node.orelse)?;
        self.place(end);
        Ok(())
    }

    pub(crate) fn codegen_async_for(&mut self, node: &'a StmtAsyncFor<'a>) -> Result {
        let location = node.location;
        let start = self.new_label();
        let send = self.new_label();
        let except = self.new_label();
        let end = self.new_label();
        self.visit_expr(node.iter)?;
        let iter = node.iter.location();
        self.emit(iter, Opcode::GetAiter);
        self.place(start);
        self.push_fblock(location, FBlockKind::ForLoop(LoopLabels { start, end }))?;
        // Guards the call of `__anext__`.
        self.emit_jump(location, Opcode::SetupFinally, except);
        self.emit(location, Opcode::GetAnext);
        self.emit_const(location, ObjectId::NONE);
        self.place(send);
        self.add_yield_from(location, Delegation::Await);
        self.emit(location, Opcode::PopBlock);
        self.emit(location, Opcode::NotTaken);
        self.visit_expr(node.target)?;
        self.visit_stmts(node.body)?;
        self.emit_jump(Location::NONE, Opcode::Jump, start);
        self.pop_fblock();
        self.place(except);
        self.emit_jump(iter, Opcode::EndAsyncFor, send);
        self.visit_stmts(node.orelse)?;
        self.place(end);
        Ok(())
    }

    pub(crate) fn codegen_while(&mut self, node: &'a StmtWhile<'a>) -> Result {
        let start = self.new_label();
        let end = self.new_label();
        let anchor = self.new_label();
        self.place(start);
        self.push_fblock(node.location, FBlockKind::WhileLoop(LoopLabels { start, end }))?;
        self.jump_if(node.location, node.test, anchor, false)?;
        self.visit_stmts(node.body)?;
        self.emit_jump(Location::NONE, Opcode::Jump, start);
        self.pop_fblock();
        self.place(anchor);
        self.visit_stmts(node.orelse)?;
        self.place(end);
        Ok(())
    }
}
