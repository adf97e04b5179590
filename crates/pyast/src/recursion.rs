//! How deep a stage may recurse into a tree.
//!
//! CPython measures its C stack (`_Py_EnterRecursiveCall`); the stages here count. The parser bounds
//! the nesting of brackets and blocks, but not that of chains such as `a + b + c` or `x.y.z`, and a
//! tree made by hand or loaded has no bound at all. So every stage that recurses counts statements,
//! expressions and patterns with a [`RecursionLimit`] and gives an error where a stack would overflow.

use crate::reflect::{NodeRef, NodeType};
use crate::{Location, Mod, SyntaxError};

/// A counter of nested statements, expressions and patterns, and how many there may be.
///
/// ```
/// use pyast::{Location, RecursionLimit};
/// let mut limit = RecursionLimit::new(2);
/// limit.enter(Location::NONE)?;
/// limit.enter(Location::NONE)?;
/// assert!(limit.enter(Location::NONE).is_err());
/// limit.leave();
/// # Ok::<(), pyast::SyntaxError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecursionLimit {
    depth: u32,
    limit: u32,
}

impl RecursionLimit {
    /// A limit that every stage can keep on the 2 MiB stack of a Rust thread, in debug builds too.
    pub const DEFAULT: RecursionLimit = RecursionLimit::new(1000);

    /// Allows so many levels. Who passes more than [`RecursionLimit::DEFAULT`] provides the stack.
    pub const fn new(limit: u32) -> Self {
        RecursionLimit { depth: 0, limit }
    }

    /// Goes one level down.
    ///
    /// # Errors
    /// CPython's `RecursionError`, when that is one too many.
    #[inline]
    pub fn enter(&mut self, location: Location) -> Result<(), SyntaxError> {
        self.depth += 1;
        if self.depth > self.limit { Err(SyntaxError::too_deep(location)) } else { Ok(()) }
    }

    /// [`enter`](Self::enter) for stages whose results are small, since their errors are boxed. The location is
    /// asked for when there is an error.
    ///
    /// # Errors
    /// As for [`enter`](Self::enter).
    #[inline]
    pub fn enter_at(&mut self, location: impl FnOnce() -> Location) -> Result<(), Box<SyntaxError>> {
        self.depth += 1;
        if self.depth > self.limit { Err(boxed_too_deep(location())) } else { Ok(()) }
    }

    /// Comes back up. After an error there is no need to.
    #[inline]
    pub fn leave(&mut self) {
        debug_assert!(self.depth > 0, "RecursionLimit: leave without enter");
        self.depth -= 1;
    }

    /// How many levels are allowed.
    pub const fn limit(&self) -> u32 {
        self.limit
    }
}

#[cold]
#[inline(never)]
fn boxed_too_deep(location: Location) -> Box<SyntaxError> {
    Box::new(SyntaxError::too_deep(location))
}

impl Default for RecursionLimit {
    fn default() -> Self {
        RecursionLimit::DEFAULT
    }
}

/// The largest number of statements, expressions and patterns that contain one another: the
/// [`RecursionLimit`] that a stage needs for this tree. Takes no stack itself.
///
/// ```
/// use pyast::{Arena, load_mod, depth};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let text = "Module(body=[Expr(value=Await(value=Name(id='x')))])";
/// assert_eq!(depth(load_mod(text, &arena, &mut strings)?), 3);
/// # Ok::<(), pyast::LoadError>(())
/// ```
pub fn depth(module: Mod<'_>) -> u32 {
    let mut deepest = 0;
    let mut open = vec![(NodeRef::from(module), 0)];
    while let Some((node, above)) = open.pop() {
        let counts = matches!(node.kind().node_type(), NodeType::Stmt | NodeType::Expr | NodeType::Pattern);
        let depth = above + u32::from(counts);
        deepest = deepest.max(depth);
        open.extend(node.children().map(|child| (child, depth)));
    }
    deepest
}
