//! `with` and `async with`.
//!
//! CPython's counterparts: `codegen_with_inner`, `codegen_async_with_inner`, `codegen_with_except_finish` of
//! `Python/codegen.c`.

use pyast::{Expr, Location, Stmt, StmtAsyncWith, StmtWith, WithItem};
use pyinstrseq::Label;
use pyopcode::{Opcode, SpecialMethod};

use crate::fblock::{AwaitableFrom, FBlockKind};
use crate::generator::{Generator, Result};

/// A `with` statement, asynchronous or not.
#[derive(Clone, Copy)]
pub(crate) struct With<'a> {
    items: &'a [WithItem<'a>],
    body: &'a [Stmt<'a>],
    is_async: bool,
}

impl<'a> From<&'a StmtWith<'a>> for With<'a> {
    fn from(node: &'a StmtWith<'a>) -> Self {
        With { items: node.items, body: node.body, is_async: false }
    }
}

impl<'a> From<&'a StmtAsyncWith<'a>> for With<'a> {
    fn from(node: &'a StmtAsyncWith<'a>) -> Self {
        With { items: node.items, body: node.body, is_async: true }
    }
}

impl<'a> Generator<'_, 'a> {
    /// The first item, with the others and the body within; no more of them than blocks can be nested.
    pub(crate) fn codegen_with(&mut self, with: With<'a>) -> Result {
        let Some((item, items)) = with.items.split_first() else {
            return self.visit_stmts(with.body);
        };
        let context = item.context_expr;
        let location = context.location();
        self.visit_expr(context)?;
        self.with_item(With { items, ..with }, location, item.optional_vars)
    }

    /// An item whose context manager is on the stack.
    ///
    /// ```text
    ///         <call __enter__>
    ///         SETUP_WITH         final
    ///         <store to target, or POP_TOP> <inner> POP_BLOCK
    ///         <call __exit__ with three None>
    ///         JUMP               exit
    /// final:  WITH_EXCEPT_START              ; calls __exit__ with the exception
    ///         <reraise, unless it says true>
    /// exit:
    /// ```
    fn with_item(&mut self, inner: With<'a>, location: Location, target: Option<Expr<'a>>) -> Result {
        let is_async = inner.is_async;
        let final_ = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.call_enter(location, is_async);
        self.emit_jump(location, Opcode::SetupWith, final_);
        let kind = if is_async { FBlockKind::AsyncWith } else { FBlockKind::With };
        self.push_fblock(location, kind)?;
        match target {
            Some(target) => self.visit_expr(target)?,
            None => self.emit(location, Opcode::PopTop),
        }
        self.codegen_with(inner)?;
        self.pop_fblock();
        self.emit(if is_async { location } else { Location::NONE }, Opcode::PopBlock);
        self.call_exit_with_nones(location);
        self.await_exit(location, is_async);
        self.emit(location, Opcode::PopTop);
        self.emit_jump(location, Opcode::Jump, exit);
        self.place(final_);
        self.emit_jump(location, Opcode::SetupCleanup, cleanup);
        self.emit(location, Opcode::PushExcInfo);
        self.emit(location, Opcode::WithExceptStart);
        self.await_exit(location, is_async);
        self.with_except_finish(cleanup);
        self.place(exit);
        Ok(())
    }

    /// Turns a context manager into its bound `__exit__` and the result of `__enter__`.
    fn call_enter(&mut self, location: Location, is_async: bool) {
        let (enter, exit) = if is_async {
            (SpecialMethod::Aenter, SpecialMethod::Aexit)
        } else {
            (SpecialMethod::Enter, SpecialMethod::Exit)
        };
        self.emit_arg(location, Opcode::Copy, 1);
        self.emit_arg(location, Opcode::LoadSpecial, exit);
        self.emit_arg(location, Opcode::Swap, 2);
        self.emit_arg(location, Opcode::Swap, 3);
        self.emit_arg(location, Opcode::LoadSpecial, enter);
        self.emit_arg(location, Opcode::Call, 0);
        if is_async {
            self.await_value(location, AwaitableFrom::Aenter);
        }
    }

    fn await_exit(&mut self, location: Location, is_async: bool) {
        if is_async {
            self.await_value(location, AwaitableFrom::Aexit);
        }
    }

    /// What follows the call of `__exit__` with an exception (`codegen_with_except_finish`).
    fn with_except_finish(&mut self, cleanup: Label) {
        let location = Location::NONE;
        let suppress = self.new_label();
        self.emit(location, Opcode::ToBool);
        self.emit_jump(location, Opcode::PopJumpIfTrue, suppress);
        self.emit_arg(location, Opcode::Reraise, 2);
        self.place(suppress);
        self.emit(location, Opcode::PopTop);
        self.emit(location, Opcode::PopBlock);
        self.emit(location, Opcode::PopExcept);
        for _ in 0..3 {
            self.emit(location, Opcode::PopTop);
        }
        let exit = self.new_label();
        self.emit_jump(location, Opcode::JumpNoInterrupt, exit);
        self.place(cleanup);
        self.pop_except_and_reraise(location);
        self.place(exit);
    }
}
