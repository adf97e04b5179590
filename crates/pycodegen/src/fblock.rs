//! Frame blocks: what `return`, `break` and `continue` have to undo on their way out.
//!
//! CPython's counterparts: `_PyCompile_PushFBlock`, `_PyCompile_PopFBlock` of `Python/compile.c`;
//! `codegen_unwind_fblock`, `codegen_unwind_fblock_stack`, `codegen_call_exit_with_nones`,
//! `codegen_add_yield_from`, `codegen_pop_except_and_reraise` of `Python/codegen.c`.

use pyast::{ExprContext, Location, Stmt, StrId};
use pycode::ObjectId;
use pyinstrseq::Label;
use pyopcode::Opcode;

use crate::diagnostics;
use crate::generator::{Generator, Result};
use crate::unit::{RESUME_AFTER_AWAIT, RESUME_AFTER_YIELD_FROM};

/// `CO_MAXBLOCKS`
const MAX_BLOCKS: usize = 21;

/// A block that is open at the current instruction.
#[derive(Clone, Copy)]
pub(crate) struct FBlock<'a> {
    pub(crate) kind: FBlockKind<'a>,
    pub(crate) location: Location,
}

/// `COMPILE_FBLOCK_*`, with what unwinding needs.
#[derive(Clone, Copy)]
pub(crate) enum FBlockKind<'a> {
    WhileLoop(LoopLabels),
    /// A `for` loop, asynchronous or not: its iterator is on the stack.
    ForLoop(LoopLabels),
    TryExcept,
    /// The body of a `try` with this `finally` body.
    FinallyTry(&'a [Stmt<'a>]),
    /// A `finally` body that runs because of an exception.
    FinallyEnd,
    With,
    AsyncWith,
    /// The body of an `except` clause, with the name that it binds.
    HandlerCleanup(Option<StrId>),
    /// A value that a `return` in a `finally` body overrides.
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehensionGenerator,
    StopIteration,
}

/// Where `continue` and `break` go.
#[derive(Clone, Copy)]
pub(crate) struct LoopLabels {
    pub(crate) start: Label,
    pub(crate) end: Label,
}

impl FBlock<'_> {
    /// The labels, if the block is a loop.
    fn loop_labels(&self) -> Option<LoopLabels> {
        match self.kind {
            FBlockKind::WhileLoop(labels) | FBlockKind::ForLoop(labels) => Some(labels),
            _ => None,
        }
    }
}

/// Whether a `return` has put its value on the stack, below which blocks are to be undone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tos {
    Preserve,
    Ignore,
}

/// How far to unwind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    Loop,
    Function,
}

impl<'a> Generator<'_, 'a> {
    /// Opens a block (`_PyCompile_PushFBlock`).
    pub(crate) fn push_fblock(&mut self, location: Location, kind: FBlockKind<'a>) -> Result {
        if self.unit.fblocks.len() >= MAX_BLOCKS {
            return diagnostics::too_many_blocks(location);
        }
        if matches!(kind, FBlockKind::FinallyEnd) {
            self.muted += 1;
        }
        self.unit.fblocks.push(FBlock { kind, location });
        Ok(())
    }

    /// Closes the innermost block (`_PyCompile_PopFBlock`).
    pub(crate) fn pop_fblock(&mut self) -> FBlock<'a> {
        let block = self.unit.fblocks.pop().expect("a block is open");
        if matches!(block.kind, FBlockKind::FinallyEnd) {
            self.muted -= 1;
        }
        block
    }

    /// Undoes open blocks, innermost first, up to the first loop or all of them; gives the loop, which is
    /// not undone. The blocks are open again afterwards, for the code that follows.
    ///
    /// `location` is that of the statement; it becomes [`Location::NONE`] behind code that the user sees
    /// as another statement's (`codegen_unwind_fblock_stack`).
    pub(crate) fn unwind_fblocks(
        &mut self,
        location: &mut Location,
        tos: Tos,
        until: Until,
    ) -> Result<Option<(FBlock<'a>, LoopLabels)>> {
        let Some(&top) = self.unit.fblocks.last() else { return Ok(None) };
        if matches!(top.kind, FBlockKind::ExceptionGroupHandler) {
            return diagnostics::jump_out_of_except_star(*location);
        }
        if let Some(labels) = top.loop_labels().filter(|_| until == Until::Loop) {
            return Ok(Some((top, labels)));
        }
        self.pop_fblock();
        self.unwind_fblock(location, top, tos)?;
        let found = self.unwind_fblocks(location, tos, until)?;
        self.push_fblock(top.location, top.kind)?;
        Ok(found)
    }

    /// Undoes one block, which is closed already (`codegen_unwind_fblock`).
    pub(crate) fn unwind_fblock(&mut self, location: &mut Location, block: FBlock<'a>, tos: Tos) -> Result {
        match block.kind {
            FBlockKind::WhileLoop(_)
            | FBlockKind::ExceptionHandler
            | FBlockKind::ExceptionGroupHandler
            | FBlockKind::AsyncComprehensionGenerator
            | FBlockKind::StopIteration => {}
            FBlockKind::ForLoop(_) | FBlockKind::PopValue => self.pop_below(*location, tos),
            FBlockKind::TryExcept => self.emit(*location, Opcode::PopBlock),
            FBlockKind::FinallyTry(body) => return self.unwind_finally_try(location, body, tos),
            FBlockKind::FinallyEnd => self.unwind_finally_end(*location, tos),
            FBlockKind::With => self.unwind_with(location, block.location, tos, false),
            FBlockKind::AsyncWith => self.unwind_with(location, block.location, tos, true),
            FBlockKind::HandlerCleanup(name) => self.unwind_handler_cleanup(*location, name, tos),
        }
        Ok(())
    }

    /// Drops the value below the one that is preserved, if one is.
    fn pop_below(&mut self, location: Location, tos: Tos) {
        self.swap_preserved(location, tos);
        self.emit(location, Opcode::PopTop);
    }

    fn swap_preserved(&mut self, location: Location, tos: Tos) {
        if tos == Tos::Preserve {
            self.emit_arg(location, Opcode::Swap, 2);
        }
    }

    fn unwind_finally_try(&mut self, location: &mut Location, body: &'a [Stmt<'a>], tos: Tos) -> Result {
        // This one gets the line of the unwinding statement.
        self.emit(*location, Opcode::PopBlock);
        if tos == Tos::Preserve {
            self.push_fblock(*location, FBlockKind::PopValue)?;
        }
        self.visit_stmts(body)?;
        if tos == Tos::Preserve {
            self.pop_fblock();
        }
        // The body appears to run after the statement: what is left of the statement is artificial.
        *location = Location::NONE;
        Ok(())
    }

    fn unwind_finally_end(&mut self, location: Location, tos: Tos) {
        self.pop_below(location, tos);
        self.swap_preserved(location, tos);
        self.emit(location, Opcode::PopBlock);
        self.emit(location, Opcode::PopExcept);
    }

    fn unwind_with(&mut self, location: &mut Location, with: Location, tos: Tos, is_async: bool) {
        self.emit(with, Opcode::PopBlock);
        if tos == Tos::Preserve {
            self.emit_arg(with, Opcode::Swap, 3);
            self.emit_arg(with, Opcode::Swap, 2);
        }
        self.call_exit_with_nones(with);
        if is_async {
            self.await_value(with, AwaitableFrom::Aexit);
        }
        self.emit(with, Opcode::PopTop);
        *location = Location::NONE;
    }

    fn unwind_handler_cleanup(&mut self, location: Location, name: Option<StrId>, tos: Tos) {
        if name.is_some() {
            self.emit(location, Opcode::PopBlock);
        }
        self.swap_preserved(location, tos);
        self.emit(location, Opcode::PopBlock);
        self.emit(location, Opcode::PopExcept);
        if let Some(name) = name {
            self.unbind(location, name);
        }
    }

    /// Sets a variable to `None` and deletes it: the end of `except ... as name`.
    pub(crate) fn unbind(&mut self, location: Location, name: StrId) {
        self.emit_const(location, ObjectId::NONE);
        self.nameop(location, name, ExprContext::Store);
        self.nameop(location, name, ExprContext::Del);
    }

    /// `codegen_call_exit_with_nones`
    pub(crate) fn call_exit_with_nones(&mut self, location: Location) {
        for _ in 0..3 {
            self.emit_const(location, ObjectId::NONE);
        }
        self.emit_arg(location, Opcode::Call, 3);
    }

    /// Awaits the value on the stack.
    pub(crate) fn await_value(&mut self, location: Location, from: AwaitableFrom) {
        self.emit_arg(location, Opcode::GetAwaitable, from as i32);
        self.emit_const(location, ObjectId::NONE);
        self.add_yield_from(location, Delegation::Await);
    }

    /// Hands the control to the iterator on the stack until it is exhausted
    /// (`codegen_add_yield_from`).
    pub(crate) fn add_yield_from(&mut self, location: Location, delegation: Delegation) {
        let send = self.new_label();
        let fail = self.new_label();
        let exit = self.new_label();
        self.place(send);
        self.emit_jump(location, Opcode::Send, exit);
        // A virtual try/except for the StopIteration that close() or throw() can raise.
        self.emit_jump(location, Opcode::SetupFinally, fail);
        self.emit_arg(location, Opcode::YieldValue, 1);
        self.emit(Location::NONE, Opcode::PopBlock);
        self.emit_arg(location, Opcode::Resume, delegation.resume_arg());
        self.emit_jump(location, Opcode::JumpNoInterrupt, send);
        self.place(fail);
        self.emit(location, Opcode::CleanupThrow);
        self.place(exit);
        self.emit(location, Opcode::EndSend);
    }

    /// `codegen_pop_except_and_reraise`: the stack is `[exc_info, lasti, exc]`.
    pub(crate) fn pop_except_and_reraise(&mut self, location: Location) {
        self.emit_arg(location, Opcode::Copy, 3);
        self.emit(location, Opcode::PopExcept);
        self.emit_arg(location, Opcode::Reraise, 1);
    }
}

/// Where an awaitable comes from: the argument of `GET_AWAITABLE`, for its error message.
#[derive(Clone, Copy)]
pub(crate) enum AwaitableFrom {
    Expression = 0,
    Aenter = 1,
    Aexit = 2,
}

/// Why control is handed on.
#[derive(Clone, Copy)]
pub(crate) enum Delegation {
    YieldFrom,
    Await,
}

impl Delegation {
    fn resume_arg(self) -> i32 {
        match self {
            Delegation::YieldFrom => RESUME_AFTER_YIELD_FROM,
            Delegation::Await => RESUME_AFTER_AWAIT,
        }
    }
}
