//! Statements.
//!
//! C: `codegen_visit_stmt` of `Python/codegen.c`; what takes more than a few lines is in this module's
//! files.

mod assign;
mod class;
mod function;
mod import;
mod jump;
mod loops;
mod simple;
mod try_except;
mod try_finally;
mod try_star;
mod type_alias;
mod with;

use pyast::{Stmt, StmtIf};
use pycode::Location;
use pyopcode::Opcode;

use crate::generator::{Generator, Result};

pub(crate) use function::Function;

impl<'a> Generator<'_, 'a> {
    /// Generates the code of a statement (`codegen_visit_stmt`).
    pub(crate) fn visit_stmt(&mut self, stmt: Stmt<'a>) -> Result {
        self.nested(stmt.location(), |this| this.visit_stmt_unguarded(stmt))
    }

    fn visit_stmt_unguarded(&mut self, stmt: Stmt<'a>) -> Result {
        match stmt {
            Stmt::FunctionDef(node) => self.codegen_function(node.into()),
            Stmt::AsyncFunctionDef(node) => self.codegen_function(node.into()),
            Stmt::ClassDef(node) => self.codegen_class(node),
            Stmt::TypeAlias(node) => self.codegen_typealias(node),
            Stmt::Return(node) => self.codegen_return(node),
            Stmt::Delete(node) => self.visit_exprs(node.targets),
            Stmt::Assign(node) => self.visit_assign(node),
            Stmt::AugAssign(node) => self.codegen_augassign(node),
            Stmt::AnnAssign(node) => self.codegen_annassign(node),
            Stmt::For(node) => self.conditionally(|this| this.codegen_for(node)),
            Stmt::AsyncFor(node) => self.conditionally(|this| this.codegen_async_for(node)),
            Stmt::While(node) => self.conditionally(|this| this.codegen_while(node)),
            Stmt::If(node) => self.conditionally(|this| this.codegen_if(node)),
            Stmt::With(node) => self.conditionally(|this| this.codegen_with(node.into())),
            Stmt::AsyncWith(node) => self.conditionally(|this| this.codegen_with(node.into())),
            Stmt::Match(node) => self.conditionally(|this| this.codegen_match(node)),
            Stmt::Try(node) => self.conditionally(|this| this.codegen_try(node)),
            Stmt::TryStar(node) => self.conditionally(|this| this.codegen_try_star(node)),
            Stmt::Raise(node) => self.visit_raise(node),
            Stmt::Assert(node) => self.codegen_assert(node),
            Stmt::Import(node) => self.codegen_import(node),
            Stmt::ImportFrom(node) => self.codegen_from_import(node),
            Stmt::Expr(node) => self.codegen_stmt_expr(node),
            Stmt::Break(node) => self.codegen_break(node.location),
            Stmt::Continue(node) => self.codegen_continue(node.location),
            Stmt::Global(_) | Stmt::Nonlocal(_) => Ok(()),
            Stmt::Pass(node) => {
                self.emit(node.location, Opcode::Nop);
                Ok(())
            }
        }
    }

    /// Visits statements in order.
    pub(crate) fn visit_stmts(&mut self, stmts: &'a [Stmt<'a>]) -> Result {
        stmts.iter().try_for_each(|&stmt| self.visit_stmt(stmt))
    }

    /// Generates code that may not be executed, for the annotations in it (`CODEGEN_COND_BLOCK`).
    fn conditionally(&mut self, generate: impl FnOnce(&mut Self) -> Result) -> Result {
        self.unit.conditional_blocks += 1;
        // After an error, the current unit may be another one.
        generate(self)?;
        self.unit.conditional_blocks -= 1;
        Ok(())
    }

    fn codegen_if(&mut self, node: &'a StmtIf<'a>) -> Result {
        let end = self.new_label();
        if node.orelse.is_empty() {
            self.jump_if(node.location, node.test, end, false)?;
            self.visit_stmts(node.body)?;
        } else {
            let orelse = self.new_label();
            self.jump_if(node.location, node.test, orelse, false)?;
            self.visit_stmts(node.body)?;
            self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, end);
            self.place(orelse);
            self.visit_stmts(node.orelse)?;
        }
        self.place(end);
        Ok(())
    }
}
