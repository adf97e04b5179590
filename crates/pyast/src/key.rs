//! Nodes as keys.

/// The identity of a node: its address in the arena.
///
/// Scopes are found by the node that opens them, as in CPython, whose symbol table is keyed by the
/// node's pointer. A node that opens two scopes gives the second key by [`NodeKey::second`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct NodeKey(usize);

impl NodeKey {
    /// The key of a node.
    pub fn of<T>(node: &T) -> NodeKey {
        NodeKey(std::ptr::from_ref(node).addr())
    }

    /// The key of a list of nodes: that of its first item, or of a fixed address when it is empty.
    pub fn of_list<T>(list: &[T]) -> NodeKey {
        NodeKey(list.as_ptr().addr())
    }

    /// Another key for the same node. Nodes are aligned, so it is no other node's.
    #[must_use]
    pub const fn second(self) -> NodeKey {
        NodeKey(self.0 + 1)
    }
}
