//! Deeply nested programs: a larger stack for those that need it.
//!
//! Every stage counts how deep it recurses and refuses what is deeper than its limit, so nothing ever
//! overflows a stack. The usual limits are safe on any thread. A program that nests deeper than they
//! allow, of which there is about one in ten thousand files, is compiled on a thread of its own with
//! a stack for [`DEEP_LIMIT`] levels.

use std::io;
use std::thread;

use pyast::{ErrorKind, Location, RecursionLimit, SyntaxError};
use pyparser::ParseOptions;

/// How many levels the stack of a deep thread is made for.
const DEEP_LIMIT: u32 = 10_000;

/// Address space, of which only what is used is ever backed by memory.
const DEEP_STACK: usize = 1 << 29;

/// How deep the stages may recurse on the stack at hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// On the caller's stack.
    Usual,
    /// On a stack made for it.
    Deep,
}

impl Depth {
    /// For the stages that take a tree.
    pub fn limit(self) -> RecursionLimit {
        match self {
            Depth::Usual => RecursionLimit::DEFAULT,
            Depth::Deep => RecursionLimit::new(DEEP_LIMIT),
        }
    }

    /// For the parser: [`ParseOptions::recursion_limit`].
    pub fn parser_limit(self) -> u32 {
        match self {
            Depth::Usual => ParseOptions::default().recursion_limit,
            Depth::Deep => DEEP_LIMIT,
        }
    }
}

/// Calls `work`, and if that finds the source too deep once more, on a stack made for it.
///
/// ```
/// use pyast::{Arena, DumpOptions, dump};
/// use pyparser::{ParseOptions, parse};
/// let source = "lambda: ".repeat(900) + "1";
/// let text = pycompile::at_any_depth(|depth| {
///     let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
///     let options = ParseOptions { recursion_limit: depth.parser_limit(), ..Default::default() };
///     let parsed = parse(source.as_bytes(), &arena, &mut strings, &options)?;
///     Ok(dump(parsed.module, &strings, &DumpOptions::default()))
/// })?;
/// assert_eq!(text.matches("Lambda").count(), 900);
/// # Ok::<(), pyast::SyntaxError>(())
/// ```
///
/// # Errors
/// Those of `work`; a `RecursionError` when the source is too deep for any stack.
///
/// # Panics
/// When `work` does.
pub fn at_any_depth<T: Send>(
    mut work: impl FnMut(Depth) -> Result<T, SyntaxError> + Send,
) -> Result<T, SyntaxError> {
    match work(Depth::Usual) {
        Err(error) if error.kind == ErrorKind::RecursionError => on_large_stack(|| work(Depth::Deep))
            .unwrap_or_else(|_| Err(SyntaxError::too_deep(Location::NONE))),
        result => result,
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
