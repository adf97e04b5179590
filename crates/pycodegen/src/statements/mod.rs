//! Statements.
//!
//! CPython's counterpart: `codegen_visit_stmt` of `Python/codegen.c`; what takes more than a few lines is in
//! this module's files.

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
        let at = move || stmt.location();
        self.check_room(at)?;
        match stmt {
            Stmt::FunctionDef(node) => self.below(at, node, |this, node| this.codegen_function(&node.into())),
            Stmt::AsyncFunctionDef(node) => {
                self.below(at, node, |this, node| this.codegen_function(&node.into()))
            }
            Stmt::ClassDef(node) => self.below(at, node, Self::codegen_class),
            Stmt::TypeAlias(node) => self.below(at, node, Self::codegen_typealias),
            Stmt::Return(node) => self.below(at, node, Self::codegen_return),
            Stmt::Delete(node) => self.below(at, node, |this, node| this.visit_exprs(node.targets)),
            Stmt::Assign(node) => self.below(at, node, Self::visit_assign),
            Stmt::AugAssign(node) => self.below(at, node, Self::codegen_augassign),
            Stmt::AnnAssign(node) => self.below(at, node, Self::codegen_annassign),
            Stmt::For(node) => self.conditionally(at, node, Self::codegen_for),
            Stmt::AsyncFor(node) => self.conditionally(at, node, Self::codegen_async_for),
            Stmt::While(node) => self.conditionally(at, node, Self::codegen_while),
            Stmt::If(node) => self.conditionally(at, node, Self::codegen_if),
            Stmt::With(node) => self.conditionally(at, node, |this, node| this.codegen_with(node.into())),
            Stmt::AsyncWith(node) => {
                self.conditionally(at, node, |this, node| this.codegen_with(node.into()))
            }
            Stmt::Match(node) => self.conditionally(at, node, Self::codegen_match),
            Stmt::Try(node) => self.conditionally(at, node, Self::codegen_try),
            Stmt::TryStar(node) => self.conditionally(at, node, Self::codegen_try_star),
            Stmt::Raise(node) => self.below(at, node, Self::visit_raise),
            Stmt::Assert(node) => self.below(at, node, Self::codegen_assert),
            Stmt::Import(node) => self.below(at, node, Self::codegen_import),
            Stmt::ImportFrom(node) => self.below(at, node, Self::codegen_from_import),
            Stmt::Expr(node) => self.below(at, node, Self::codegen_stmt_expr),
            Stmt::Break(node) => self.below(at, node.location, Self::codegen_break),
            Stmt::Continue(node) => self.below(at, node.location, Self::codegen_continue),
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
    fn conditionally<T>(
        &mut self,
        location: impl FnOnce() -> Location,
        node: T,
        generate: impl FnOnce(&mut Self, T) -> Result,
    ) -> Result {
        self.below(location, node, |this, node| {
            this.unit.conditional_blocks += 1;
            // After an error, the current unit may be another one.
            generate(this, node)?;
            this.unit.conditional_blocks -= 1;
            Ok(())
        })
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
