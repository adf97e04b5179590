//! Deeply nested programs: a larger stack for those that need it.
//!
//! Every stage counts how deep it recurses and refuses what is deeper than its limit, so nothing ever
//! overflows a stack. The usual limits are safe on any thread. A program that nests deeper than they
//! allow, of which there is about one in ten thousand files, is compiled on a thread of its own with
//! a stack for [`DEEP_LIMIT`] levels.

use std::io;
use std::thread;

use pyast::RecursionLimit;

/// How many levels the stack of a deep thread is made for.
pub(crate) const DEEP_LIMIT: u32 = 10_000;

/// Address space, of which only what is used is ever backed by memory.
const DEEP_STACK: usize = 1 << 29;

/// How deep the stages may recurse on the stack at hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Depth {
    /// On the caller's stack.
    Usual,
    /// On a stack made for it.
    Deep,
}

impl Depth {
    pub(crate) fn limit(self) -> RecursionLimit {
        match self {
            Depth::Usual => RecursionLimit::DEFAULT,
            Depth::Deep => RecursionLimit::new(DEEP_LIMIT),
        }
    }
}

/// Runs `work` on a thread with a large stack.
///
/// # Errors
/// When the system gives no such thread.
///
/// # Panics
/// When `work` does.
pub(crate) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(DEEP_STACK).spawn_scoped(scope, work)?;
        Ok(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
