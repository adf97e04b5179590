//! All objects of one compilation, by id, with CPython's idea of which are one and the same.
//!
//! Identity matters because `marshal` writes a reference where an object occurs twice. Two ways lead
//! in: [`Pool::add`] makes a new object; [`Pool::merge`] gives the object that stands for all
//! constants equal to it, as the constant cache of CPython's compiler does
//! (`_PyCompile_ConstCacheMergeOne` in `Python/compile.c`, keys by `_PyCode_ConstantKey` in
//! `Objects/codeobject.c`): equal type and value, the sign of zero included, members compared
//! likewise. The first object of its kind is the one that is kept.

use std::hash::Hasher;

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use rustc_hash::FxHasher;

use crate::{CodeObject, Interner, Object, ObjectId, PyStr, StrId, known};

/// The objects and strings of one compilation, or of one loaded file.
///
/// ```
/// use pycode::{Object, Pool};
/// let mut pool = Pool::new();
/// let one = pool.merge(Object::Int(1));
/// let float = pool.merge(Object::Float(1.0));
/// assert_ne!(one, float); // equal in Python, but constants of different types
/// assert_eq!(pool.merge(Object::Int(1)), one);
/// ```
#[derive(Clone, Debug)]
pub struct Pool {
    strings: Interner,
    objects: Vec<Object>,
    /// Open addressing over merged objects that are not strings; 0 is free, else an id plus one.
    merged: Vec<u32>,
    /// How many slots of `merged` are taken.
    merged_len: usize,
    /// By `StrId`: the interned string object of that text, as id plus one.
    interned: Vec<u32>,
    /// By `StrId`: the string object that `merge` gives for that text, as id plus one.
    merged_strings: Vec<u32>,
}

impl Pool {
    /// A pool with the singletons and the [well-known strings](known).
    pub fn new() -> Self {
        Pool::with_strings(Interner::new())
    }

    /// A pool over strings that were interned before, by a parser say.
    pub fn with_strings(strings: Interner) -> Self {
        let mut pool = Pool {
            strings,
            objects: Vec::new(),
            merged: vec![0; 64],
            merged_len: 0,
            interned: Vec::new(),
            merged_strings: Vec::new(),
        };
        for object in [Object::None, Object::Bool(true), Object::Bool(false), Object::Ellipsis] {
            pool.merge(object);
        }
        pool.merge(Object::Tuple(Box::new([])));
        pool.merge(Object::Bytes(Box::new([])));
        let empty = pool.name(known::EMPTY);
        pool.merge_str(known::EMPTY);
        debug_assert_eq!(empty, ObjectId::EMPTY_STR, "singletons have fixed ids");
        pool
    }

    /// The strings.
    pub fn strings(&self) -> &Interner {
        &self.strings
    }

    /// The strings, to intern more.
    pub fn strings_mut(&mut self) -> &mut Interner {
        &mut self.strings
    }

    /// The object of an id that this pool gave out.
    pub fn get(&self, id: ObjectId) -> &Object {
        &self.objects[id.index()]
    }

    /// How many objects there are; ids are below it.
    #[allow(clippy::len_without_is_empty, reason = "the singletons are always there")]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// A new object, distinct from all others.
    pub fn add(&mut self, object: Object) -> ObjectId {
        let id = ObjectId(u32::try_from(self.objects.len()).expect("fewer than 2^32 objects"));
        self.objects.push(object);
        id
    }

    /// The object that stands for all constants with this type and value.
    pub fn merge(&mut self, object: Object) -> ObjectId {
        if let Object::Str { text, interned } = object {
            return if interned { self.merge_name(text) } else { self.merge_str(text) };
        }
        let hash = self.key_hash(&object);
        if let Some(found) = self.find(hash, &object) {
            return found;
        }
        let id = self.add(object);
        self.insert(hash, id);
        id
    }

    /// [`merge`](Self::merge) for an object that is in the pool already: itself, if it is the first
    /// of its kind.
    pub fn merge_id(&mut self, id: ObjectId) -> ObjectId {
        if let Object::Str { text, .. } = self.objects[id.index()] {
            let slot = side_slot(&mut self.merged_strings, text);
            if *slot == 0 {
                *slot = id.0 + 1;
            }
            return ObjectId(*slot - 1);
        }
        let hash = self.key_hash(&self.objects[id.index()]);
        if let Some(found) = self.find(hash, &self.objects[id.index()]) {
            return found;
        }
        self.insert(hash, id);
        id
    }

    /// The interned string object of a text: what CPython's `PyUnicode_InternInPlace` gives.
    pub fn name(&mut self, text: StrId) -> ObjectId {
        let slot = *side_slot(&mut self.interned, text);
        if slot != 0 {
            return ObjectId(slot - 1);
        }
        let id = self.add(Object::Str { text, interned: true });
        self.interned[text.index()] = id.0 + 1;
        id
    }

    /// The merged constant for a string whose object is the interned one (a name used as constant).
    pub fn merge_name(&mut self, text: StrId) -> ObjectId {
        let id = self.name(text);
        self.merge_id(id)
    }

    /// The merged constant for a string literal.
    ///
    /// Code objects intern the constants that look like identifiers when they are made
    /// (`intern_constants` in `Objects/codeobject.c`), so those share the object of the name.
    pub fn merge_str(&mut self, text: StrId) -> ObjectId {
        let slot = *side_slot(&mut self.merged_strings, text);
        if slot != 0 {
            return ObjectId(slot - 1);
        }
        let id = if self.should_intern(text) {
            self.name(text)
        } else {
            self.add(Object::Str { text, interned: false })
        };
        self.merged_strings[text.index()] = id.0 + 1;
        id
    }

    /// The merged constant for an int of any size.
    pub fn merge_int(&mut self, value: &BigInt) -> ObjectId {
        self.merge(int_object(value))
    }

    /// The text of a string object; `None` for other objects.
    pub fn text(&self, id: ObjectId) -> Option<PyStr<'_>> {
        match *self.get(id) {
            Object::Str { text, .. } => Some(self.strings.get(text)),
            _ => None,
        }
    }

    /// The bytes of a bytes object; `None` for other objects.
    pub fn bytes(&self, id: ObjectId) -> Option<&[u8]> {
        match self.get(id) {
            Object::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The members of a tuple; `None` for other objects.
    pub fn tuple(&self, id: ObjectId) -> Option<&[ObjectId]> {
        match self.get(id) {
            Object::Tuple(members) => Some(members),
            _ => None,
        }
    }

    /// The code object at an id; `None` for other objects.
    pub fn code(&self, id: ObjectId) -> Option<&CodeObject> {
        match self.get(id) {
            Object::Code(code) => Some(code),
            _ => None,
        }
    }

    /// Whether CPython interns a constant of this text: only ASCII letters, digits and underscores
    /// (`all_name_chars`), or one that is a singleton anyway (up to one latin-1 character).
    pub fn should_intern(&self, text: StrId) -> bool {
        let bytes = self.strings.get(text).as_bytes();
        bytes.iter().all(|&b| b.is_ascii_alphanumeric() || b == b'_') || is_latin1_char(bytes)
    }

    fn find(&self, hash: u32, object: &Object) -> Option<ObjectId> {
        let mask = self.merged.len() - 1;
        let mut slot = hash as usize & mask;
        while self.merged[slot] != 0 {
            let id = ObjectId(self.merged[slot] - 1);
            if self.same_key(&self.objects[id.index()], object) {
                return Some(id);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    fn insert(&mut self, hash: u32, id: ObjectId) {
        if (self.merged_len + 1) * 2 > self.merged.len() {
            self.grow();
        }
        insert_slot(&mut self.merged, hash, id);
        self.merged_len += 1;
    }

    fn grow(&mut self) {
        let mut table = vec![0; self.merged.len() * 2];
        for &slot in self.merged.iter().filter(|&&slot| slot != 0) {
            let id = ObjectId(slot - 1);
            insert_slot(&mut table, self.key_hash(&self.objects[id.index()]), id);
        }
        self.merged = table;
    }

    /// A hash under which objects with the same key collide.
    fn key_hash(&self, object: &Object) -> u32 {
        let mut hasher = FxHasher::default();
        self.hash_into(object, &mut hasher);
        let hash = hasher.finish();
        (hash ^ hash >> 32) as u32
    }

    fn hash_into(&self, object: &Object, hasher: &mut FxHasher) {
        hasher.write_u8(tag(object));
        match object {
            Object::None | Object::Ellipsis | Object::StopIteration => {}
            Object::Bool(value) => hasher.write_u8(u8::from(*value)),
            Object::Int(value) => hasher.write_i64(*value),
            Object::BigInt(value) => value.iter_u64_digits().for_each(|d| hasher.write_u64(d)),
            Object::Float(value) => hasher.write_u64(value.to_bits()),
            Object::Complex { real, imag } => {
                hasher.write_u64(real.to_bits());
                hasher.write_u64(imag.to_bits());
            }
            Object::Str { text, .. } => hasher.write_usize(text.index()),
            Object::Bytes(bytes) => hasher.write(bytes),
            Object::Tuple(members) | Object::List(members) => {
                hasher.write_usize(members.len());
                members.iter().for_each(|m| self.hash_into(self.get(*m), hasher));
            }
            // Members have no order: only the number can go in.
            Object::FrozenSet(members) | Object::Set(members) => hasher.write_usize(members.len()),
            Object::Dict(items) => hasher.write_usize(items.len()),
            Object::Slice(parts) => parts.iter().for_each(|m| self.hash_into(self.get(*m), hasher)),
            Object::Code(code) => {
                self.hash_into(self.get(code.name), hasher);
                self.hash_into(self.get(code.code), hasher);
                hasher.write_i32(code.firstlineno);
            }
        }
    }

    fn same_id(&self, a: ObjectId, b: ObjectId) -> bool {
        a == b || self.same_key(self.get(a), self.get(b))
    }

    fn same_ids(&self, a: &[ObjectId], b: &[ObjectId]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| self.same_id(a, b))
    }

    /// Whether two objects have the same key under `_PyCode_ConstantKey`.
    fn same_key(&self, a: &Object, b: &Object) -> bool {
        match (a, b) {
            (Object::None, Object::None)
            | (Object::Ellipsis, Object::Ellipsis)
            | (Object::StopIteration, Object::StopIteration) => true,
            (Object::Bool(a), Object::Bool(b)) => a == b,
            (Object::Int(a), Object::Int(b)) => a == b,
            (Object::BigInt(a), Object::BigInt(b)) => a == b,
            (Object::Float(a), Object::Float(b)) => same_float(*a, *b),
            (Object::Complex { real: ar, imag: ai }, Object::Complex { real: br, imag: bi }) => {
                same_float(*ar, *br) && same_float(*ai, *bi)
            }
            (Object::Str { text: a, .. }, Object::Str { text: b, .. }) => a == b,
            (Object::Bytes(a), Object::Bytes(b)) => a == b,
            (Object::Tuple(a), Object::Tuple(b)) => self.same_ids(a, b),
            (Object::FrozenSet(a), Object::FrozenSet(b)) => {
                a.len() == b.len() && a.iter().all(|&x| b.iter().any(|&y| self.same_id(x, y)))
            }
            (Object::Slice(a), Object::Slice(b)) => self.same_ids(a, b),
            (Object::Code(a), Object::Code(b)) => self.same_code(a, b),
            _ => false,
        }
    }

    /// `code_richcompare`: everything but the file name, the qualified name and the stack size.
    fn same_code(&self, a: &CodeObject, b: &CodeObject) -> bool {
        a.argcount == b.argcount
            && a.posonlyargcount == b.posonlyargcount
            && a.kwonlyargcount == b.kwonlyargcount
            && a.flags == b.flags
            && a.firstlineno == b.firstlineno
            && [
                (a.name, b.name),
                (a.code, b.code),
                (a.consts, b.consts),
                (a.names, b.names),
                (a.localsplusnames, b.localsplusnames),
                (a.linetable, b.linetable),
                (a.exceptiontable, b.exceptiontable),
            ]
            .into_iter()
            .all(|(a, b)| self.same_id(a, b))
    }
}

impl Default for Pool {
    fn default() -> Self {
        Pool::new()
    }
}

/// The int object of a value, in its one canonical variant.
pub fn int_object(value: &BigInt) -> Object {
    match value.to_i64() {
        Some(small) => Object::Int(small),
        None => Object::BigInt(Box::new(value.clone())),
    }
}

/// NaN is equal to nothing, zeros differ by sign.
fn same_float(a: f64, b: f64) -> bool {
    a == b && a.is_sign_negative() == b.is_sign_negative()
}

fn is_latin1_char(bytes: &[u8]) -> bool {
    matches!(bytes, [0..0x80] | [0xC2..=0xC3, _])
}

fn side_slot(table: &mut Vec<u32>, text: StrId) -> &mut u32 {
    if table.len() <= text.index() {
        table.resize(text.index() + 1 + text.index() / 2, 0);
    }
    &mut table[text.index()]
}

fn insert_slot(table: &mut [u32], hash: u32, id: ObjectId) {
    let mask = table.len() - 1;
    let mut slot = hash as usize & mask;
    while table[slot] != 0 {
        slot = (slot + 1) & mask;
    }
    table[slot] = id.0 + 1;
}

fn tag(object: &Object) -> u8 {
    match object {
        Object::None => 0,
        Object::Bool(_) => 1,
        Object::Ellipsis => 2,
        Object::StopIteration => 3,
        Object::Int(_) => 4,
        Object::BigInt(_) => 5,
        Object::Float(_) => 6,
        Object::Complex { .. } => 7,
        Object::Str { .. } => 8,
        Object::Bytes(_) => 9,
        Object::Tuple(_) => 10,
        Object::FrozenSet(_) => 11,
        Object::List(_) => 12,
        Object::Set(_) => 13,
        Object::Dict(_) => 14,
        Object::Slice(_) => 15,
        Object::Code(_) => 16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_of_different_types_stay_apart() {
        let mut pool = Pool::new();
        let ids = [
            pool.merge(Object::Int(0)),
            pool.merge(Object::Float(0.0)),
            pool.merge(Object::Float(-0.0)),
            pool.merge(Object::Complex { real: 0.0, imag: 0.0 }),
            pool.merge(Object::Complex { real: 0.0, imag: -0.0 }),
            ObjectId::FALSE,
        ];
        for (i, a) in ids.iter().enumerate() {
            assert!(ids[..i].iter().all(|b| a != b));
        }
    }

    #[test]
    fn equal_tuples_merge_by_value() {
        let mut pool = Pool::new();
        let one = pool.merge(Object::Int(1));
        let other_one = pool.add(Object::Int(1));
        let a = pool.merge(Object::Tuple(Box::new([one])));
        assert_eq!(pool.merge(Object::Tuple(Box::new([other_one]))), a);
    }

    #[test]
    fn a_literal_that_looks_like_a_name_is_the_name() {
        let mut pool = Pool::new();
        let spam = pool.strings_mut().intern("spam");
        let phrase = pool.strings_mut().intern("spam eggs");
        assert_eq!(pool.merge_str(spam), pool.name(spam));
        assert_ne!(pool.merge_str(phrase), pool.name(phrase));
    }

    #[test]
    fn nan_is_never_merged() {
        let mut pool = Pool::new();
        assert_ne!(pool.merge(Object::Float(f64::NAN)), pool.merge(Object::Float(f64::NAN)));
    }
}
