//! `try ... except`.
//!
//! CPython's counterpart: `codegen_try_except` of `Python/codegen.c`.

use pyast::{ExceptHandler, ExprContext, Location, StmtTry, StrId};
use pyinstrseq::Label;
use pyopcode::Opcode;

use crate::diagnostics;
use crate::fblock::FBlockKind;
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    /// ```text
    ///             SETUP_FINALLY      except
    ///             <body> POP_BLOCK <orelse>
    ///             JUMP               end
    /// except:     <type 1>               ; the exception is on the stack
    ///             CHECK_EXC_MATCH
    ///             POP_JUMP_IF_FALSE  next1
    ///             <store to name 1, or POP_TOP> <body 1>
    ///             JUMP               end
    /// next1:      ...
    ///             RERAISE
    /// end:
    /// ```
    pub(crate) fn codegen_try_except(&mut self, node: &'a StmtTry<'a>) -> Result {
        let except = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        self.emit_jump(node.location, Opcode::SetupFinally, except);
        self.push_fblock(node.location, FBlockKind::TryExcept)?;
        self.visit_stmts(node.body)?;
        self.pop_fblock();
        self.emit(Location::NONE, Opcode::PopBlock);
        self.visit_stmts(node.orelse)?;
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, end);
        self.place(except);
        self.emit_jump(Location::NONE, Opcode::SetupCleanup, cleanup);
        self.emit(Location::NONE, Opcode::PushExcInfo);
        // The runtime pushes a block here.
        self.push_fblock(node.location, FBlockKind::ExceptionHandler)?;
        for (index, handler) in node.handlers.iter().enumerate() {
            if handler.type_.is_none() && index + 1 < node.handlers.len() {
                return diagnostics::default_except_not_last(handler.location);
            }
            self.except_handler(handler, end)?;
        }
        self.pop_fblock();
        self.emit_arg(Location::NONE, Opcode::Reraise, 0);
        self.place(cleanup);
        self.pop_except_and_reraise(Location::NONE);
        self.place(end);
        Ok(())
    }

    fn except_handler(&mut self, handler: &'a ExceptHandler<'a>, end: Label) -> Result {
        let location = handler.location;
        let next_except = self.new_label();
        if let Some(exception_type) = handler.type_ {
            self.visit_expr(exception_type)?;
            self.emit(location, Opcode::CheckExcMatch);
            self.emit_jump(location, Opcode::PopJumpIfFalse, next_except);
        }
        match handler.name {
            Some(name) => self.named_handler_body(handler, name, end)?,
            None => self.unnamed_handler_body(handler, end)?,
        }
        self.place(next_except);
        Ok(())
    }

    /// `except E as name: body` is `name = exc; try: body; finally: name = None; del name`.
    fn named_handler_body(&mut self, handler: &'a ExceptHandler<'a>, name: StrId, end: Label) -> Result {
        let location = handler.location;
        let cleanup_end = self.new_label();
        self.nameop(location, name, ExprContext::Store);
        self.emit_jump(location, Opcode::SetupCleanup, cleanup_end);
        self.push_fblock(location, FBlockKind::HandlerCleanup(Some(name)))?;
        self.visit_stmts(handler.body)?;
        self.pop_fblock();
        self.emit(Location::NONE, Opcode::PopBlock);
        self.emit(Location::NONE, Opcode::PopBlock);
        self.emit(Location::NONE, Opcode::PopExcept);
        self.unbind(Location::NONE, name);
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, end);
        self.place(cleanup_end);
        self.unbind(Location::NONE, name);
        self.emit_arg(Location::NONE, Opcode::Reraise, 1);
        Ok(())
    }

    fn unnamed_handler_body(&mut self, handler: &'a ExceptHandler<'a>, end: Label) -> Result {
        self.emit(handler.location, Opcode::PopTop);
        self.push_fblock(handler.location, FBlockKind::HandlerCleanup(None))?;
        self.visit_stmts(handler.body)?;
        self.pop_fblock();
        self.emit(Location::NONE, Opcode::PopBlock);
        self.emit(Location::NONE, Opcode::PopExcept);
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, end);
        Ok(())
    }
}
