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
//! So the references to an interned string need not be counted, nor those in a tuple that is known to hold nothing else.
//!
//! `None`, `True`, `False`, `...` and `StopIteration` have tags of their own and no number.

use pycode::{Children, CodeObject, Interner, Object, ObjectId, Pool};
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

/// What is known of an object while it is written: how often it occurs, then its number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(u32);

impl Mark {
    const NEVER_SEEN: Mark = Mark(0);
    const SEEN_ONCE: Mark = Mark(1);
    /// To get a number when it is written.
    pub(crate) const FLAGGED: Mark = Mark(2);
    /// The mark of the number 0.
    const FIRST_NUMBER: u32 = 3;

    pub(crate) fn numbered(number: u32) -> Mark {
        Mark(number + Mark::FIRST_NUMBER)
    }

    #[inline]
    pub(crate) fn is_flagged(self) -> bool {
        self.0 >= Mark::FLAGGED.0
    }

    /// The number of an object that has been written.
    #[inline]
    pub(crate) fn number(self) -> Option<u32> {
        self.0.checked_sub(Mark::FIRST_NUMBER)
    }
}

/// A mark for each object of the pool.
pub(crate) struct Marks(Vec<Mark>);

impl Marks {
    fn new(objects: usize) -> Marks {
        Marks(vec![Mark::NEVER_SEEN; objects])
    }

    /// Those of a file that was loaded.
    pub(crate) fn flagged(objects: usize, flags: &RefFlags) -> Marks {
        let mut marks = Marks::new(objects);
        marks
            .0
            .iter_mut()
            .zip(&flags.flags)
            .filter(|(_, flag)| **flag)
            .for_each(|(mark, _)| *mark = Mark::FLAGGED);
        marks
    }

    #[inline]
    pub(crate) fn get(&self, id: ObjectId) -> Mark {
        self.0[id.index()]
    }

    #[inline]
    pub(crate) fn set(&mut self, id: ObjectId, mark: Mark) {
        self.0[id.index()] = mark;
    }
}

/// What a walk over everything below an object finds.
pub(crate) struct Census {
    /// Which objects are flagged, besides interned strings.
    pub(crate) marks: Marks,
    /// Sets and frozensets, each after those that it contains.
    pub(crate) sets: Vec<ObjectId>,
    /// As many bytes as all takes and more, unless there are big ints or old versions.
    pub(crate) size: usize,
}

/// Counts the references among the objects below `root`.
pub(crate) fn take_census(pool: &Pool, root: ObjectId, root_is_held: bool) -> Census {
    let marks = Marks::new(pool.len());
    // A short text is written with what follows it, the last one too.
    let size = pool.strings().total_len() + Interner::SHORT_TEXT;
    let pending = Vec::with_capacity(USUAL_PENDING);
    let mut walk = Walk { pool, marks, pending, sets: Vec::new(), size };
    walk.visit(root);
    if root_is_held {
        walk.visit(root);
    }
    walk.run();
    Census { sets: innermost_first(pool, &walk.sets), marks: walk.marks, size: walk.size }
}

/// How many containers wait at most in the walk over a usual file.
const USUAL_PENDING: usize = 40;
/// The bytes of a reference, or of the head of an object.
const HEAD: usize = 5;
/// The bytes of the numbers in a code object.
const CODE_NUMBERS: usize = 24;

struct Walk<'a> {
    pool: &'a Pool,
    marks: Marks,
    /// Containers whose members are still to be visited.
    pending: Vec<Object<'a>>,
    sets: Vec<ObjectId>,
    size: usize,
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
                Object::Code(code) => self.visit_code(code),
                _ => container.children().for_each(|id| self.visit(id)),
            }
        }
    }

    fn visit_all(&mut self, members: &[ObjectId]) {
        members.iter().for_each(|&id| self.visit(id));
    }

    /// Without the bytecode: marshal is given a copy of it.
    fn visit_code(&mut self, code: &CodeObject) {
        self.size += CODE_NUMBERS + HEAD + self.pool.bytes(code.code).map_or(0, <[u8]>::len);
        self.visit(code.consts);
        [code.names, code.localsplusnames].into_iter().for_each(|id| self.visit_names(id));
        [code.filename, code.name, code.qualname].into_iter().for_each(|id| self.visit_string(id));
        let bytes = [code.localspluskinds, code.linetable, code.exceptiontable];
        bytes.into_iter().for_each(|id| self.visit_bytes(id));
    }

    // [`visit`](Self::visit) for what is expected to be of some kind: nearly all objects come up as fields of code
    // objects, and of which kind the next one is would be hard to predict.

    #[inline]
    fn visit_names(&mut self, id: ObjectId) {
        let names = self.pool.tuple(id).filter(|_| self.pool.is_name_tuple(id));
        let Some(names) = names else { return self.visit(id) };
        self.size += HEAD + HEAD * names.len();
        self.mark(id, names.is_empty());
    }

    #[inline]
    fn visit_string(&mut self, id: ObjectId) {
        let Object::Str { interned, .. } = self.pool.get(id) else { return self.visit(id) };
        self.size += HEAD;
        self.mark(id, interned);
    }

    #[inline]
    fn visit_bytes(&mut self, id: ObjectId) {
        let Some(bytes) = self.pool.bytes(id).filter(|bytes| bytes.len() >= 2) else { return self.visit(id) };
        self.size += HEAD + bytes.len();
        self.mark(id, false);
    }

    /// Notes a visit to an object that is flagged anyway, or when it is visited more than once.
    #[inline]
    fn mark(&mut self, id: ObjectId, flagged: bool) {
        let seen = self.marks.get(id) != Mark::NEVER_SEEN;
        self.marks.set(id, if flagged | seen { Mark::FLAGGED } else { Mark::SEEN_ONCE });
    }

    #[inline]
    fn visit(&mut self, id: ObjectId) {
        self.size += HEAD;
        if self.marks.get(id) == Mark::NEVER_SEEN {
            self.first_visit(id);
        } else {
            self.marks.set(id, Mark::FLAGGED);
        }
    }

    #[inline(never)]
    fn first_visit(&mut self, id: ObjectId) {
        let object = self.pool.get(id);
        let flagged = match object {
            Object::Str { interned, .. } => interned,
            Object::Bytes(bytes) => {
                self.size += bytes.len();
                bytes.len() < 2 && self.pool.is_singleton(id)
            }
            Object::Tuple(members) => {
                if self.pool.is_name_tuple(id) {
                    self.size += HEAD * members.len();
                } else {
                    self.pending.push(object);
                }
                members.is_empty()
            }
            Object::Set(_) | Object::FrozenSet(_) => {
                self.sets.push(id);
                self.pending.push(object);
                false
            }
            Object::List(_) | Object::Dict(_) | Object::Slice(_) | Object::Code(_) => {
                self.pending.push(object);
                false
            }
            Object::Int(_) => self.pool.is_singleton(id),
            Object::None | Object::Bool(_) | Object::Ellipsis | Object::StopIteration => true,
            Object::BigInt(_) | Object::Float(_) | Object::Complex { .. } => false,
        };
        self.marks.set(id, if flagged { Mark::FLAGGED } else { Mark::SEEN_ONCE });
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
