//! Where a pool keeps its objects: small entries of one size, and the contents of each kind one after the other in
//! a buffer. So making an object takes no memory of its own, and thousands of them are dropped at once.

use num_bigint::BigInt;

use crate::{CodeObject, Object, ObjectId, StrId};

/// The objects of a pool, by id.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    entries: Vec<Entry>,
    /// What each object adds to the hash of a container that it is in: see [`Pool::member_hash`](super::Pool).
    hashes: Vec<u32>,
    bytes: Vec<u8>,
    members: Vec<ObjectId>,
    items: Vec<(ObjectId, ObjectId)>,
    codes: Vec<CodeObject>,
    big_ints: Vec<BigInt>,
    complexes: Vec<[f64; 2]>,
}

/// An object; what does not fit is in the buffer of its kind.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry {
    None,
    Bool(bool),
    Ellipsis,
    StopIteration,
    Int(i64),
    BigInt(u32),
    Float(f64),
    Complex(u32),
    Str {
        text: StrId,
        interned: bool,
    },
    Bytes {
        len: u32,
        start: usize,
    },
    /// `names`: all members are known to be interned strings.
    Tuple {
        len: u32,
        start: usize,
        names: bool,
    },
    FrozenSet {
        len: u32,
        start: usize,
    },
    List {
        len: u32,
        start: usize,
    },
    Set {
        len: u32,
        start: usize,
    },
    Dict {
        len: u32,
        start: usize,
    },
    Slice {
        start: usize,
    },
    Code {
        index: u32,
    },
}

impl Store {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many bytes the objects take, large integers aside.
    pub(super) fn size(&self) -> usize {
        let Store { entries, hashes, bytes, members, items, codes, big_ints: _, complexes } = self;
        [
            size_of_val(&**entries),
            size_of_val(&**hashes),
            size_of_val(&**bytes),
            size_of_val(&**members),
            size_of_val(&**items),
            size_of_val(&**codes),
            size_of_val(&**complexes),
        ]
        .into_iter()
        .sum()
    }

    /// Forgets all objects, and keeps the memory.
    pub(super) fn clear(&mut self) {
        let Store { entries, hashes, bytes, members, items, codes, big_ints, complexes } = self;
        entries.clear();
        hashes.clear();
        bytes.clear();
        members.clear();
        items.clear();
        codes.clear();
        big_ints.clear();
        complexes.clear();
    }

    /// Makes room for about so many objects.
    pub(super) fn reserve(&mut self, objects: usize) {
        self.entries.reserve(objects);
        self.hashes.reserve(objects);
    }

    /// What there is to say of an object without looking at its contents.
    #[inline]
    pub(super) fn entry(&self, id: ObjectId) -> Entry {
        self.entries[id.index()]
    }

    // Inlined, so that it comes to one jump with the `match` that is made of what it gives.
    #[inline(always)]
    pub(super) fn get(&self, id: ObjectId) -> Object<'_> {
        match self.entry(id) {
            Entry::None => Object::None,
            Entry::Bool(value) => Object::Bool(value),
            Entry::Ellipsis => Object::Ellipsis,
            Entry::StopIteration => Object::StopIteration,
            Entry::Int(value) => Object::Int(value),
            Entry::BigInt(index) => Object::BigInt(&self.big_ints[index as usize]),
            Entry::Float(value) => Object::Float(value),
            Entry::Complex(index) => {
                let [real, imag] = self.complexes[index as usize];
                Object::Complex { real, imag }
            }
            Entry::Str { text, interned } => Object::Str { text, interned },
            Entry::Bytes { start, len } => Object::Bytes(part(&self.bytes, start, len)),
            Entry::Tuple { start, len, .. } => Object::Tuple(part(&self.members, start, len)),
            Entry::FrozenSet { start, len } => Object::FrozenSet(part(&self.members, start, len)),
            Entry::List { start, len } => Object::List(part(&self.members, start, len)),
            Entry::Set { start, len } => Object::Set(part(&self.members, start, len)),
            Entry::Dict { start, len } => Object::Dict(part(&self.items, start, len)),
            Entry::Slice { start } => {
                Object::Slice(self.members[start..].first_chunk().expect("a slice has three parts"))
            }
            Entry::Code { index } => Object::Code(&self.codes[index as usize]),
        }
    }

    /// The bytes of a bytes object; `None` for other objects.
    #[inline]
    pub(super) fn bytes(&self, id: ObjectId) -> Option<&[u8]> {
        match self.entry(id) {
            Entry::Bytes { start, len } => Some(part(&self.bytes, start, len)),
            _ => None,
        }
    }

    /// The code object at an id; `None` for other objects.
    #[inline]
    pub(super) fn code(&self, id: ObjectId) -> Option<&CodeObject> {
        match self.entry(id) {
            Entry::Code { index } => Some(&self.codes[index as usize]),
            _ => None,
        }
    }

    /// The members of a tuple; `None` for other objects.
    #[inline]
    pub(super) fn tuple(&self, id: ObjectId) -> Option<&[ObjectId]> {
        match self.entry(id) {
            Entry::Tuple { start, len, .. } => Some(part(&self.members, start, len)),
            _ => None,
        }
    }

    /// A member of a container, by its position among all members.
    #[inline]
    pub(super) fn member(&self, position: usize) -> ObjectId {
        self.members[position]
    }

    /// Puts another member in the place of one.
    #[inline]
    pub(super) fn set_member(&mut self, position: usize, member: ObjectId) {
        self.members[position] = member;
    }

    /// A code object, to be changed; `None` for other objects.
    pub(super) fn code_mut(&mut self, id: ObjectId) -> Option<&mut CodeObject> {
        match self.entry(id) {
            Entry::Code { index } => Some(&mut self.codes[index as usize]),
            _ => None,
        }
    }

    /// Turns a string into the interned one of its text.
    pub(super) fn set_interned(&mut self, id: ObjectId) {
        if let Entry::Str { interned, .. } = &mut self.entries[id.index()] {
            *interned = true;
        }
    }

    /// Notes that all members of a tuple are interned strings.
    pub(super) fn set_names(&mut self, id: ObjectId) {
        if let Entry::Tuple { names, .. } = &mut self.entries[id.index()] {
            *names = true;
        }
    }

    /// What was given as the hash of an object.
    #[inline]
    pub(super) fn hash(&self, id: ObjectId) -> u32 {
        self.hashes[id.index()]
    }

    /// Adds a copy of an object, and keeps its hash.
    #[inline(always)]
    pub(super) fn push(&mut self, object: Object<'_>, hash: u32) -> ObjectId {
        let entry = self.store(object);
        let id = ObjectId(small(self.entries.len()));
        self.entries.push(entry);
        self.hashes.push(hash);
        id
    }

    // Inlined, since nearly all callers know what kind of object it is.
    #[inline(always)]
    fn store(&mut self, object: Object<'_>) -> Entry {
        match object {
            Object::None => Entry::None,
            Object::Bool(value) => Entry::Bool(value),
            Object::Ellipsis => Entry::Ellipsis,
            Object::StopIteration => Entry::StopIteration,
            Object::Int(value) => Entry::Int(value),
            Object::BigInt(value) => Entry::BigInt(append(&mut self.big_ints, value.clone())),
            Object::Float(value) => Entry::Float(value),
            Object::Complex { real, imag } => Entry::Complex(append(&mut self.complexes, [real, imag])),
            Object::Str { text, interned } => Entry::Str { text, interned },
            Object::Bytes(bytes) => {
                let (start, len) = extend(&mut self.bytes, bytes);
                Entry::Bytes { start, len }
            }
            Object::Tuple(members) => {
                let (start, len) = extend(&mut self.members, members);
                Entry::Tuple { start, len, names: false }
            }
            Object::FrozenSet(members) => {
                let (start, len) = extend(&mut self.members, members);
                Entry::FrozenSet { start, len }
            }
            Object::List(members) => {
                let (start, len) = extend(&mut self.members, members);
                Entry::List { start, len }
            }
            Object::Set(members) => {
                let (start, len) = extend(&mut self.members, members);
                Entry::Set { start, len }
            }
            Object::Dict(items) => {
                let (start, len) = extend(&mut self.items, items);
                Entry::Dict { start, len }
            }
            Object::Slice(parts) => Entry::Slice { start: extend(&mut self.members, parts).0 },
            Object::Code(code) => Entry::Code { index: append(&mut self.codes, code.clone()) },
        }
    }
}

#[inline]
fn part<T>(buffer: &[T], start: usize, len: u32) -> &[T] {
    let range = start..start + len as usize;
    debug_assert!(range.end <= buffer.len(), "contents lie in their buffer");
    // No panic: where nobody looks at the contents, there is nothing to be done.
    buffer.get(range).unwrap_or_default()
}

/// Appends contents, and says where they are.
#[inline]
fn extend<T: Copy>(buffer: &mut Vec<T>, contents: &[T]) -> (usize, u32) {
    let start = buffer.len();
    buffer.extend_from_slice(contents);
    (start, small(contents.len()))
}

#[inline]
fn append<T>(buffer: &mut Vec<T>, value: T) -> u32 {
    buffer.push(value);
    small(buffer.len() - 1)
}

#[inline]
fn small(number: usize) -> u32 {
    u32::try_from(number).expect("fewer than 2^32 objects, and fewer than 2^32 members of each")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_small() {
        assert_eq!(size_of::<Entry>(), 16);
    }
}
