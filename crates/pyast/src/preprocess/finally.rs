//! PEP 765: warnings for jumps out of a `finally` block.

use super::Preprocessor;
use crate::{Stmt, Warning, WarningKind};

/// The innermost function body, loop body or `finally` block around a statement: CPython's
/// `ControlFlowInFinallyContext`, of which only the top of the stack is ever read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// None of them.
    None,
    Function,
    Loop,
    Finally,
}

impl<'a> Preprocessor<'_, 'a> {
    /// Runs `body` in a context and restores the one before.
    pub(super) fn within<T>(&mut self, context: Context, body: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.context, context);
        let result = body(self);
        self.context = before;
        result
    }

    /// `before_return`, `before_loop_exit`
    pub(super) fn check_jump(&mut self, node: Stmt<'a>) {
        let keyword = match node {
            Stmt::Return(_) => "return",
            Stmt::Break(_) => "break",
            Stmt::Continue(_) => "continue",
            _ => return,
        };
        if self.context == Context::Finally && !self.options.syntax_check_only {
            let message = format!("'{keyword}' in a 'finally' block");
            let location = node.location();
            self.warnings.push(Warning { kind: WarningKind::SyntaxWarning, message, location, text: None });
        }
    }
}
