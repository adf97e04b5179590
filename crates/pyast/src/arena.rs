//! The memory of a tree.

use bumpalo::Bump;

/// A bump arena: holds all nodes of a compilation and frees them at once.
///
/// Every node type is `Copy` and owns no heap memory, so nothing is lost by never dropping one, and a
/// deep tree costs no stack to free.
///
/// ```
/// use pyast::{Arena, Constant, Location};
/// let arena = Arena::new();
/// let one = arena.expr_constant(Location::new(1, 1, 0, 1), Constant::Int(1), None);
/// assert_eq!(one.location().lineno, 1);
/// ```
#[derive(Debug, Default)]
pub struct Arena {
    bump: Bump<ALIGNMENT>,
}

/// That of nearly all nodes: when all memory is given out in such pieces, there is nothing to align.
const ALIGNMENT: usize = 8;

impl Arena {
    /// An empty arena.
    pub fn new() -> Self {
        Arena::default()
    }

    /// An arena with room for `bytes` bytes before it asks for more.
    pub fn with_capacity(bytes: usize) -> Self {
        Arena { bump: Bump::with_min_align_and_capacity(bytes) }
    }

    /// Frees all nodes and keeps the memory for the next compilation.
    pub fn reset(&mut self) {
        self.bump.reset();
    }

    /// How many bytes the arena holds from the system.
    pub fn allocated_bytes(&self) -> usize {
        self.bump.allocated_bytes()
    }

    /// Puts a node in the arena.
    #[inline]
    #[allow(clippy::mut_from_ref, reason = "each call gives fresh memory")]
    pub fn alloc<T: Copy>(&self, node: T) -> &mut T {
        self.bump.alloc(node)
    }

    /// Puts a list in the arena.
    #[inline]
    pub fn list<'a, T: Copy>(&'a self, items: &[T]) -> &'a [T] {
        match items {
            [] => &[],
            // The most frequent list, which needs no call to copy memory.
            [item] => std::slice::from_ref(self.bump.alloc(*item)),
            _ => self.copy_list(items),
        }
    }

    /// Puts a copy of a list in the arena that can still be written to.
    #[inline(never)]
    #[allow(clippy::mut_from_ref, reason = "each call gives fresh memory")]
    pub(crate) fn copy_list<T: Copy>(&self, items: &[T]) -> &mut [T] {
        self.bump.alloc_slice_copy(items)
    }
}
