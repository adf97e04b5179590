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
    let mut walk = Walk { pool, seen: vec![Seen::Never; pool.len()], stack: Vec::new(), sets: Vec::new() };
    walk.visit(root);
    if root_is_held {
        walk.visit(root);
    }
    walk.run();
    let flags = walk.seen.into_iter().map(|seen| seen == Seen::Shared).collect();
    Census { flags: RefFlags { flags }, sets: walk.sets }
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
    stack: Vec<(ObjectId, Children<'a>)>,
    sets: Vec<ObjectId>,
}

impl Walk<'_> {
    /// Depth first, with an explicit stack: how deep it goes depends on the input.
    fn run(&mut self) {
        while let Some((id, children)) = self.stack.last_mut() {
            let id = *id;
            if let Some(child) = children.next() {
                self.visit(child);
                if self.is_set(id) {
                    self.visit(child);
                }
                continue;
            }
            self.stack.pop();
            if self.is_set(id) {
                self.sets.push(id);
            }
        }
    }

    fn is_set(&self, id: ObjectId) -> bool {
        matches!(self.pool.get(id), Object::Set(_) | Object::FrozenSet(_))
    }

    fn visit(&mut self, id: ObjectId) {
        let seen = &mut self.seen[id.index()];
        if *seen != Seen::Never {
            *seen = Seen::Shared;
            return;
        }
        let object = self.pool.get(id);
        let shared = matches!(object, Object::Str { interned: true, .. }) || self.pool.is_singleton(id);
        *seen = if shared { Seen::Shared } else { Seen::Once };
        if !object.is_container() {
            return;
        }
        let mut children = object.children();
        if let Object::Code(_) = object {
            children.next(); // The bytecode: marshal is given a copy of it.
        }
        self.stack.push((id, children));
    }
}
