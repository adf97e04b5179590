//! `try` statements: which form, and `finally`.
//!
//! CPython's counterparts: `codegen_try`, `codegen_try_star`, `codegen_try_finally`,
//! `codegen_try_star_finally` of `Python/codegen.c`.

use pyast::{Location, Stmt, StmtTry, StmtTryStar};
use pyopcode::Opcode;

use crate::fblock::FBlockKind;
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_try(&mut self, node: &'a StmtTry<'a>) -> Result {
        if node.finalbody.is_empty() {
            return self.codegen_try_except(node);
        }
        self.codegen_try_finally(node.location, node.finalbody, |this| {
            if node.handlers.is_empty() { this.visit_stmts(node.body) } else { this.codegen_try_except(node) }
        })
    }

    pub(crate) fn codegen_try_star(&mut self, node: &'a StmtTryStar<'a>) -> Result {
        if node.finalbody.is_empty() {
            return self.codegen_try_star_except(node);
        }
        self.codegen_try_finally(node.location, node.finalbody, |this| {
            if node.handlers.is_empty() {
                this.visit_stmts(node.body)
            } else {
                this.codegen_try_star_except(node)
            }
        })
    }

    /// ```text
    ///         SETUP_FINALLY  end
    ///         <protected>
    ///         POP_BLOCK
    ///         <finalbody>
    ///         JUMP           exit
    /// end:    <finalbody>            ; the exception is on the stack
    ///         RERAISE
    /// exit:
    /// ```
    fn codegen_try_finally(
        &mut self,
        location: Location,
        finalbody: &'a [Stmt<'a>],
        protected: impl FnOnce(&mut Self) -> Result,
    ) -> Result {
        let end = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.emit_jump(location, Opcode::SetupFinally, end);
        self.push_fblock(location, FBlockKind::FinallyTry(finalbody))?;
        protected(self)?;
        self.emit(Location::NONE, Opcode::PopBlock);
        self.pop_fblock();
        self.visit_stmts(finalbody)?;
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, exit);
        self.place(end);
        self.emit_jump(Location::NONE, Opcode::SetupCleanup, cleanup);
        self.emit(Location::NONE, Opcode::PushExcInfo);
        self.push_fblock(Location::NONE, FBlockKind::FinallyEnd)?;
        self.visit_stmts(finalbody)?;
        self.pop_fblock();
        self.emit_arg(Location::NONE, Opcode::Reraise, 0);
        self.place(cleanup);
        self.pop_except_and_reraise(Location::NONE);
        self.place(exit);
        Ok(())
    }
}
