//! Making a code object, which interns strings (`_PyCode_New` in `Objects/codeobject.c`).
//!
//! In this order: the names; the constants; the locals; the file name, the name and the qualified
//! name. Names are interned whatever they look like. A constant string is interned if it has only
//! ASCII letters, digits and underscores (`should_intern_string`), also as a member of a tuple or a
//! frozenset that is a constant, but not as a part of a slice. Interning happens in place: the tuple,
//! which may be shared with other code objects through the constant cache, gets the interned object.
//!
//! A frozenset cannot be changed in place: when the interned object of a member is another one, a new
//! frozenset replaces it, in this code object only. Two functions with `x in {'spam'}` then hold two
//! frozensets. That depends on what was interned *before*, which is the file's identifiers and
//! whatever the process had interned when it began ([`crate::Interner::is_interned_at_start`]).

use rustc_hash::FxHashMap;

use super::{Entry, Pool};
use crate::{CodeObject, Object, ObjectId, StrId, set_iteration_order};

impl Pool {
    /// Makes a code object: interns its strings and adds it, distinct from all others.
    ///
    /// The tables and tuples in it are to be merged before ([`merge_id`](Pool::merge_id)), the code
    /// object itself when it becomes a constant. `qualname` may be a string that is not interned: it
    /// becomes the interned one if it is the first with its text. The kinds of the locals are never
    /// merged: they are a bytes object of their own even when they are one byte (`makecode` in
    /// `Python/assemble.c`).
    pub fn new_code(&mut self, mut code: CodeObject) -> ObjectId {
        if self.is_singleton(code.localspluskinds)
            && let Some(&[kind]) = self.bytes(code.localspluskinds)
        {
            code.localspluskinds = self.add_fresh(Object::Bytes(&[kind]));
        }
        self.intern_names(code.names);
        self.intern_constants(code.consts);
        self.intern_names(code.localsplusnames);
        code.filename = self.intern(code.filename);
        code.name = self.intern(code.name);
        code.qualname = self.intern_qualname(code.qualname);
        self.push(Object::Code(&code))
    }

    /// A class body has its qualified name as a constant, which stays as it is when the process knew an
    /// equal string before: then the class is one of the library.
    fn intern_qualname(&mut self, id: ObjectId) -> ObjectId {
        match self.objects.entry(id) {
            Entry::Str { text, interned: false }
                if self.is_merged_str(text, id) && self.strings.is_interned_at_start(text) =>
            {
                self.name(text)
            }
            _ => self.intern(id),
        }
    }

    /// `intern_strings`
    fn intern_names(&mut self, tuple: ObjectId) {
        if self.is_name_tuple(tuple) {
            return;
        }
        self.edit_members(tuple, Pool::intern);
        self.objects.set_names(tuple);
    }

    /// `intern_constants`
    fn intern_constants(&mut self, tuple: ObjectId) {
        let mut done = FxHashMap::default();
        self.edit_members(tuple, |pool, id| match pool.objects.entry(id) {
            Entry::Tuple { .. } => {
                pool.edit_members(id, |pool, id| pool.intern_member(id, &mut done));
                id
            }
            Entry::FrozenSet { .. } => pool.intern_container(id, &mut done),
            _ => pool.intern_leaf(id),
        });
    }

    #[inline]
    fn intern_leaf(&mut self, id: ObjectId) -> ObjectId {
        match self.objects.entry(id) {
            Entry::Str { text, interned: false } if self.looks_like_name(text) => self.intern(id),
            _ => id,
        }
    }

    /// What comes in the place of a member of a tuple.
    #[inline]
    fn intern_member(&mut self, id: ObjectId, done: &mut FxHashMap<ObjectId, ObjectId>) -> ObjectId {
        match self.objects.entry(id) {
            Entry::Tuple { .. } | Entry::FrozenSet { .. } => match done.get(&id) {
                Some(&new) => new,
                None => self.intern_container(id, done),
            },
            _ => self.intern_leaf(id),
        }
    }

    /// What comes in the place of a tuple or frozenset: the tuple itself, with other members.
    ///
    /// CPython does so by recursion, and again for each way to a container that others share. Here, each is `done` once.
    fn intern_container(&mut self, id: ObjectId, done: &mut FxHashMap<ObjectId, ObjectId>) -> ObjectId {
        let mut open = vec![Open::new(self, id)];
        loop {
            let top = open.last_mut().expect("the outermost is the last to be closed");
            let Some(member) = top.members.get(top.replaced).copied() else {
                let old = top.id;
                let new = self.close(open.pop().expect("there is one"));
                done.insert(old, new);
                match open.last_mut() {
                    None => return new,
                    Some(outer) => outer.replace(self, new),
                }
                continue;
            };
            let is_container =
                matches!(self.objects.entry(member), Entry::Tuple { .. } | Entry::FrozenSet { .. });
            match done.get(&member).copied().filter(|_| is_container) {
                None if is_container => open.push(Open::new(self, member)),
                Some(new) => top.replace(self, new),
                None => {
                    let new = self.intern_leaf(member);
                    top.replace(self, new);
                }
            }
        }
    }

    /// What becomes of a container whose members are interned.
    fn close(&mut self, container: Open) -> ObjectId {
        let Open { id, members, modified, .. } = container;
        if !modified {
            return id;
        }
        if let Entry::Tuple { start, len, .. } = self.objects.entry(id) {
            for (position, &member) in (start..start + len as usize).rev().zip(&members) {
                self.objects.set_member(position, member);
            }
            return id;
        }
        let members = set_iteration_order(self, &members);
        self.push(Object::FrozenSet(&members))
    }

    /// Whether a string that we interned in place would have met an interned one in CPython.
    ///
    /// Asked only of members of frozensets: elsewhere it makes no difference which of the two objects
    /// stays.
    fn was_replaced(&self, id: ObjectId) -> bool {
        let Entry::Str { text, interned: true } = self.objects.entry(id) else {
            return false;
        };
        self.adopted.get(text.index()).is_some_and(|&adopted| adopted)
            && self.strings.is_interned_at_start(text)
    }

    /// Puts other members in the place of those of a tuple, the last first.
    fn edit_members(&mut self, tuple: ObjectId, mut edit: impl FnMut(&mut Self, ObjectId) -> ObjectId) {
        let Entry::Tuple { start, len, .. } = self.objects.entry(tuple) else {
            panic!("{tuple:?} of a code object is not a tuple");
        };
        for position in (start..start + len as usize).rev() {
            let old = self.objects.member(position);
            let new = edit(self, old);
            if new != old {
                self.objects.set_member(position, new);
            }
        }
    }

    fn looks_like_name(&self, text: StrId) -> bool {
        self.strings.get(text).as_bytes().iter().all(|&byte| IN_NAMES[usize::from(byte)])
    }
}

/// A tuple or frozenset whose members are being interned.
struct Open {
    id: ObjectId,
    /// Those of a tuple from the last to the first.
    members: Vec<ObjectId>,
    /// How many of them are the new ones.
    replaced: usize,
    modified: bool,
}

impl Open {
    fn new(pool: &Pool, id: ObjectId) -> Open {
        let members = match pool.get(id) {
            Object::Tuple(members) => members.iter().rev().copied().collect(),
            Object::FrozenSet(members) => members.to_vec(),
            other => unreachable!("{other:?} has no members that are interned"),
        };
        Open { id, members, replaced: 0, modified: false }
    }

    /// Puts another member in the place of the next.
    fn replace(&mut self, pool: &Pool, new: ObjectId) {
        let member = &mut self.members[self.replaced];
        self.modified |= new != *member || pool.was_replaced(new);
        *member = new;
        self.replaced += 1;
    }
}

/// By byte: whether it may be part of a string that is interned for its looks.
static IN_NAMES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte == b'_' as usize;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    /// A code object with these constants, given new names and tables.
    fn code_with(pool: &mut Pool, consts: ObjectId) -> ObjectId {
        let (filename, name) = (pool.name_of("file.py"), pool.name_of("f"));
        pool.new_code(CodeObject { consts, ..CodeObject::empty(filename, name) })
    }

    fn tuple(pool: &mut Pool, members: &[ObjectId]) -> ObjectId {
        pool.merge(Object::Tuple(members))
    }

    fn merge_text(pool: &mut Pool, text: &str) -> ObjectId {
        let text = pool.strings_mut().intern(text);
        pool.merge_str(text)
    }

    fn is_interned(pool: &Pool, id: ObjectId) -> bool {
        matches!(pool.get(id), Object::Str { interned: true, .. })
    }

    #[test]
    fn constants_that_look_like_names_are_interned() {
        let mut pool = Pool::new();
        let (eggs, phrase) = (merge_text(&mut pool, "eggs_2"), merge_text(&mut pool, "eggs and spam"));
        let inner = merge_text(&mut pool, "inner_2");
        let nested = tuple(&mut pool, &[inner]);
        let in_slice = merge_text(&mut pool, "in_slice");
        let slice = pool.merge(Object::Slice(&[in_slice, ObjectId::NONE, ObjectId::NONE]));
        let consts = tuple(&mut pool, &[eggs, phrase, nested, slice]);
        code_with(&mut pool, consts);
        let interned = [eggs, phrase, inner, in_slice].map(|id| is_interned(&pool, id));
        assert_eq!(interned, [true, false, true, false]);
    }

    /// As after `code.replace(co_consts=(first, second))` with two strings of one text.
    #[test]
    fn of_equal_constants_the_last_is_interned() {
        let mut pool = Pool::new();
        let text = pool.strings_mut().intern("eggs_2");
        let [first, second] = [(); 2].map(|()| pool.add(Object::Str { text, interned: false }));
        assert_ne!(first, second);
        let consts = pool.add(Object::Tuple(&[first, second]));
        code_with(&mut pool, consts);
        assert_eq!(pool.tuple(consts), Some(&[second, second][..]));
    }

    /// A tree with 2^60 ways to its leaf, and one that is too deep for any stack.
    #[test]
    fn containers_that_are_shared_or_deep() {
        let mut pool = Pool::new();
        let leaf = merge_text(&mut pool, "leaf_2");
        let mut shared = pool.add(Object::Tuple(&[leaf]));
        for level in 0..60 {
            let level = pool.merge(Object::Int(level));
            let [left, right] = [[shared, level], [level, shared]].map(|members| match level {
                level if level.index() % 2 == 0 => pool.add(Object::Tuple(&members)),
                _ => pool.add(Object::FrozenSet(&members)),
            });
            shared = pool.add(Object::Tuple(&[left, right]));
        }
        let mut deep = shared;
        for _ in 0..100_000 {
            deep = pool.add(Object::Tuple(&[deep]));
        }
        let consts = pool.add(Object::Tuple(&[deep, shared]));
        code_with(&mut pool, consts);
        assert!(is_interned(&pool, leaf));
    }

    fn code_with_qualname(pool: &mut Pool, qualname: ObjectId) -> ObjectId {
        let bare = code_with(pool, ObjectId::EMPTY_TUPLE);
        let code = CodeObject { qualname, ..pool.code(bare).expect("a code object").clone() };
        let id = pool.new_code(code);
        pool.code(id).expect("a code object").qualname
    }

    #[test]
    fn the_qualified_name_of_a_class_is_interned_in_place() {
        let mut pool = Pool::new();
        // The second one is the name of a class in `functools`, which every process imports.
        for (text, in_place) in [("f.<locals>.SomeClass", true), ("cmp_to_key.<locals>.K", false)] {
            let text = pool.strings_mut().intern(text);
            let qualname = pool.add(Object::Str { text, interned: false });
            assert_eq!(pool.merge_id(qualname), qualname);
            let interned = code_with_qualname(&mut pool, qualname);
            assert_eq!(interned == qualname, in_place);
            assert!(is_interned(&pool, interned));
        }
    }

    #[test]
    fn a_frozenset_stays_when_its_strings_are_interned_in_place() {
        let mut pool = Pool::new();
        let eggs = merge_text(&mut pool, "eggs_2");
        let set = pool.merge(Object::FrozenSet(&[eggs]));
        let consts = tuple(&mut pool, &[set]);
        code_with(&mut pool, consts);
        assert_eq!(pool.tuple(consts), Some(&[set][..]));
    }

    #[test]
    fn a_frozenset_is_replaced_when_the_name_exists_already() {
        let mut pool = Pool::new();
        let eggs = merge_text(&mut pool, "eggs_2");
        let name = pool.name_of("eggs_2");
        let set = pool.merge(Object::FrozenSet(&[eggs]));
        let outer = [ObjectId::NONE, ObjectId::TRUE].map(|other| {
            let consts = tuple(&mut pool, &[set, other]);
            code_with(&mut pool, consts);
            pool.tuple(consts).expect("a tuple")[0]
        });
        assert_ne!(outer[0], outer[1]);
        assert!(outer.iter().all(|&id| id != set));
        let members = outer.map(|id| match pool.get(id) {
            Object::FrozenSet(members) => members.to_vec(),
            other => panic!("{other:?}"),
        });
        assert_eq!(members, [[name], [name]]);
    }

    #[test]
    fn a_frozenset_is_replaced_when_the_process_knew_the_name() {
        let mut pool = Pool::new();
        // CPython has `spam` among its static strings.
        let spam = merge_text(&mut pool, "spam");
        let set = pool.merge(Object::FrozenSet(&[spam]));
        let first = tuple(&mut pool, &[spam]);
        code_with(&mut pool, first);
        let second = tuple(&mut pool, &[set]);
        code_with(&mut pool, second);
        assert_ne!(pool.tuple(second), Some(&[set][..]));
    }
}
