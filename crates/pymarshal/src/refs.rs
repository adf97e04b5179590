//! Which objects get a number when they are written, so that they can be referred to.
//!
//! CPython looks at the reference count at the moment of writing (`w_ref` in `Python/marshal.c`): an
//! object with a count of one is not flagged, unless it is an interned string. By the time marshal
//! runs, only the objects being written refer to each other, so the count can be found from them:
//!
//! * interned strings are flagged, and so are singletons, which live for ever;
//! * a member of a set or frozenset is flagged, because sorting the members holds each once more;
//! * the bytecode of a code object is flagged, because the code object keeps the bytes object that it
//!   made for marshal (`_PyCode_GetCode`); it is a new one for each code object;
//! * the object that is written is flagged, if the caller holds it too, as `py_compile` does;
//! * anything else is flagged when there are two references to it.
//!
//! `None`, `True`, `False`, `...` and `StopIteration` have tags of their own and no number.

use pycode::{Children, Object, ObjectId, Pool};
use rustc_hash::FxHashSet;

/// How [`dumps`](crate::dumps) decides which objects are flagged.
#[derive(Clone, Copy, Debug, Default)]
pub enum Refs<'a> {
    /// By counting references, as CPython does, given that the caller of `marshal.dumps` holds the
    /// object. This is what `py_compile` and `import` write.
    #[default]
    Held,
    /// By counting references, given that nobody else holds the object: `marshal.dumps([])` as an
    /// expression. Makes a difference only for the flag of the object itself.
    Temporary,
    /// As in the file that the objects were loaded from.
    AsLoaded(&'a RefFlags),
}

/// The set of objects that are flagged.
#[derive(Clone, Debug, Default)]
pub struct RefFlags {
    /// By the index of the object; short where the rest are not flagged.
    flags: Vec<bool>,
}

impl RefFlags {
    /// Whether an object is flagged.
    pub fn contains(&self, id: ObjectId) -> bool {
        self.flags.get(id.index()).copied().unwrap_or(false)
    }

    pub(crate) fn insert(&mut self, id: ObjectId) {
        if self.flags.len() <= id.index() {
            self.flags.resize(id.index() + 1 + id.index() / 2, false);
        }
        self.flags[id.index()] = true;
    }
}

/// What a walk over everything below an object finds.
pub(crate) struct Census {
    /// The objects that are flagged.
    pub(crate) flags: RefFlags,
    /// Sets and frozensets, each after those that it contains.
    pub(crate) sets: Vec<ObjectId>,
}

/// Counts the references among the objects below `root`.
pub(crate) fn take_census(pool: &Pool, root: ObjectId, root_is_held: bool) -> Census {
    let mut walk = Walk { pool, seen: vec![Seen::Never; pool.len()], pending: Vec::new(), sets: Vec::new() };
    walk.visit(root);
    if root_is_held {
        walk.visit(root);
    }
    walk.run();
    let flags = walk.seen.into_iter().map(|seen| seen == Seen::Shared).collect();
    Census { flags: RefFlags { flags }, sets: innermost_first(pool, &walk.sets) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Never,
    Once,
    Shared,
}

struct Walk<'a> {
    pool: &'a Pool,
    /// By the index of the object.
    seen: Vec<Seen>,
    /// Containers whose members are still to be visited.
    pending: Vec<&'a Object>,
    sets: Vec<ObjectId>,
}

impl Walk<'_> {
    /// The order does not matter, only the number of visits: no recursion, however deep the objects are.
    fn run(&mut self) {
        while let Some(container) = self.pending.pop() {
            match container {
                Object::Tuple(members) | Object::List(members) => self.visit_all(members),
                Object::FrozenSet(members) | Object::Set(members) => {
                    self.visit_all(members);
                    self.visit_all(members);
                }
                Object::Slice(parts) => self.visit_all(parts),
                // Without the bytecode: marshal is given a copy of it.
                Object::Code(_) => container.children().skip(1).for_each(|id| self.visit(id)),
                _ => container.children().for_each(|id| self.visit(id)),
            }
        }
    }

    fn visit_all(&mut self, members: &[ObjectId]) {
        members.iter().for_each(|&id| self.visit(id));
    }

    #[inline]
    fn visit(&mut self, id: ObjectId) {
        let seen = &mut self.seen[id.index()];
        if *seen == Seen::Never {
            self.first_visit(id);
        } else {
            *seen = Seen::Shared;
        }
    }

    fn first_visit(&mut self, id: ObjectId) {
        let object = self.pool.get(id);
        let flagged = match object {
            Object::Str { interned, .. } => *interned,
            _ => self.pool.is_singleton(id),
        };
        self.seen[id.index()] = if flagged { Seen::Shared } else { Seen::Once };
        if object.is_container() {
            self.pending.push(object);
        }
        if matches!(object, Object::Set(_) | Object::FrozenSet(_)) {
            self.sets.push(id);
        }
    }
}

/// The sets, each after those that it contains.
fn innermost_first(pool: &Pool, sets: &[ObjectId]) -> Vec<ObjectId> {
    let mut ordered = Vec::with_capacity(sets.len());
    let mut seen = FxHashSet::default();
    let mut stack: Vec<(ObjectId, Children<'_>)> = Vec::new();
    for &set in sets {
        if seen.insert(set) {
            stack.push((set, pool.get(set).children()));
        }
        while let Some((id, children)) = stack.last_mut() {
            let id = *id;
            if let Some(child) = children.next() {
                let object = pool.get(child);
                if object.is_container() && seen.insert(child) {
                    stack.push((child, object.children()));
                }
                continue;
            }
            stack.pop();
            if matches!(pool.get(id), Object::Set(_) | Object::FrozenSet(_)) {
                ordered.push(id);
            }
        }
    }
    ordered
}
