//! `try ... except*`.
//!
//! CPython's counterpart: `codegen_try_star_except` of `Python/codegen.c`.

use pyast::{ExceptHandler, ExprContext, Location, StmtTryStar};
use pyinstrseq::Label;
use pyopcode::{Intrinsic2, Opcode};

use crate::fblock::FBlockKind;
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    /// The handlers run one after the other on what of the exception group is left. The stack holds the
    /// group, a list of what the handlers raised, and the rest:
    ///
    /// ```text
    /// [orig, res, rest]                  <type>
    /// [orig, res, rest, type]            CHECK_EG_MATCH
    /// [orig, res, rest, match]           COPY 1; POP_JUMP_IF_NONE  no_match
    /// [orig, res, rest, match]           <store to name, or POP_TOP>
    /// [orig, res, rest]                  <body>
    ///                          no_match: POP_TOP
    /// [orig, res, rest]                  ... the next handler
    /// [orig, res, rest]                  LIST_APPEND 1
    /// [orig, res]                        CALL_INTRINSIC_2 PREP_RERAISE_STAR
    /// [exc]                              raise it, unless it is None
    /// ```
    pub(crate) fn codegen_try_star_except(&mut self, node: &'a StmtTryStar<'a>) -> Result {
        let except = self.new_label();
        let orelse = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        let reraise_star = self.new_label();
        self.emit_jump(node.location, Opcode::SetupFinally, except);
        self.push_fblock(node.location, FBlockKind::TryExcept)?;
        self.visit_stmts(node.body)?;
        self.pop_fblock();
        self.emit(Location::NONE, Opcode::PopBlock);
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, orelse);
        self.place(except);
        self.emit_jump(Location::NONE, Opcode::SetupCleanup, cleanup);
        self.emit(Location::NONE, Opcode::PushExcInfo);
        // The runtime pushes a block here.
        self.push_fblock(node.location, FBlockKind::ExceptionGroupHandler)?;
        self.except_star_handlers(node.handlers, reraise_star)?;
        self.pop_fblock();
        self.reraise_star(reraise_star, end);
        self.place(cleanup);
        self.pop_except_and_reraise(Location::NONE);
        self.place(orelse);
        self.visit_stmts(node.orelse)?;
        self.place(end);
        Ok(())
    }

    fn except_star_handlers(&mut self, handlers: &'a [ExceptHandler<'a>], reraise_star: Label) -> Result {
        if let Some(first) = handlers.first() {
            self.emit_arg(first.location, Opcode::BuildList, 0);
            self.emit_arg(first.location, Opcode::Copy, 2);
        }
        for handler in handlers {
            self.except_star_handler(handler)?;
        }
        // What no handler took; None if nothing is left.
        self.emit_arg(Location::NONE, Opcode::ListAppend, 1);
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, reraise_star);
        Ok(())
    }

    fn except_star_handler(&mut self, handler: &'a ExceptHandler<'a>) -> Result {
        let location = handler.location;
        let except = self.new_label();
        let except_with_error = self.new_label();
        let no_match = self.new_label();
        if let Some(exception_type) = handler.type_ {
            self.visit_expr(exception_type)?;
            self.emit(location, Opcode::CheckEgMatch);
            self.emit_arg(location, Opcode::Copy, 1);
            self.emit_jump(location, Opcode::PopJumpIfNone, no_match);
        }
        match handler.name {
            Some(name) => self.nameop(location, name, ExprContext::Store),
            None => self.emit(location, Opcode::PopTop),
        }
        self.except_star_body(handler, except, except_with_error)?;
        self.place(except);
        // Holds a location that is propagated to it.
        self.emit(Location::NONE, Opcode::Nop);
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, except_with_error);
        self.place(no_match);
        self.emit(location, Opcode::PopTop);
        self.place(except_with_error);
        Ok(())
    }

    /// The body, in a `try` whose exceptions go to the list.
    fn except_star_body(
        &mut self,
        handler: &'a ExceptHandler<'a>,
        except: Label,
        except_with_error: Label,
    ) -> Result {
        let cleanup_end = self.new_label();
        self.emit_jump(handler.location, Opcode::SetupCleanup, cleanup_end);
        self.push_fblock(handler.location, FBlockKind::HandlerCleanup(handler.name))?;
        self.visit_stmts(handler.body)?;
        self.pop_fblock();
        self.emit(Location::NONE, Opcode::PopBlock);
        if let Some(name) = handler.name {
            self.unbind(Location::NONE, name);
        }
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, except);
        self.place(cleanup_end);
        if let Some(name) = handler.name {
            self.unbind(Location::NONE, name);
        }
        // The exception, then the offset of what raised it.
        self.emit_arg(Location::NONE, Opcode::ListAppend, 3);
        self.emit(Location::NONE, Opcode::PopTop);
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, except_with_error);
        Ok(())
    }

    fn reraise_star(&mut self, reraise_star: Label, end: Label) {
        let reraise = self.new_label();
        self.place(reraise_star);
        self.emit_arg(Location::NONE, Opcode::CallIntrinsic2, Intrinsic2::PrepReraiseStar);
        self.emit_arg(Location::NONE, Opcode::Copy, 1);
        self.emit_jump(Location::NONE, Opcode::PopJumpIfNotNone, reraise);
        // Nothing is left to raise.
        self.emit(Location::NONE, Opcode::PopTop);
        self.emit(Location::NONE, Opcode::PopBlock);
        self.emit(Location::NONE, Opcode::PopExcept);
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, end);
        self.place(reraise);
        self.emit(Location::NONE, Opcode::PopBlock);
        self.emit_arg(Location::NONE, Opcode::Swap, 2);
        self.emit(Location::NONE, Opcode::PopExcept);
        self.emit_arg(Location::NONE, Opcode::Reraise, 0);
    }
}
