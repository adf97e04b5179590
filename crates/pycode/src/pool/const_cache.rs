//! The constant cache of the compiler: one object for all constants of the same type and value.
//!
//! CPython keeps a dict for a whole compilation (`const_cache_insert` in `Python/compile.c`) whose
//! keys (`_PyCode_ConstantKey` in `Objects/codeobject.c`) tell `1` from `1.0` and `True`, `0.0` from
//! `-0.0`, and compare members likewise. The first object with a key is kept. Through it go
//!
//! * every constant, with the members of tuples and frozensets (`_PyCompile_AddConst`);
//! * what the flow graph folds, without the members (`_PyCompile_ConstCacheMergeOne`);
//! * of a code object: bytecode, line table, exception table, and the tuples of constants, names and
//!   locals, without the members. A tuple of names can so become one with a tuple that is a constant.
//!
//! A tuple is merged with its members by merging the members first: that gives the same objects up to
//! renaming, since a member that is not found in the cache is referred to from nowhere else.
//!
//! The key of a string is its text, whether interned or not: when the literal `'é'` comes before
//! the keyword argument `é`, the tuple of keyword names holds the literal.

use std::hash::Hasher;
use std::mem;

use num_bigint::BigInt;
use rustc_hash::{FxHashSet, FxHasher};

use super::{Entry, Pool, clear_to, int_object, side_slot, small_int_index};
use crate::{CodeObject, Object, ObjectId, StrId};

/// Where the merged objects are found.
#[derive(Clone, Debug, Default)]
pub(super) struct ConstCache {
    /// Open addressing over merged objects that are not strings. The length is a power of two and at
    /// least twice the number of objects.
    slots: Vec<Slot>,
    /// How many of `slots` are taken.
    len: usize,
    /// By `StrId`: the string object that stands for that text, as id plus one.
    strings: Vec<u32>,
    /// The merged bytes object without bytes, as most exception tables are.
    empty_bytes: Option<ObjectId>,
    /// For collecting the members of a tuple.
    members: Vec<ObjectId>,
}

/// An object with the hash of its key, so that most others need not be looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The id plus one; 0 is free.
    id: u32,
    hash: u32,
}

/// What a search finds: an equal object, or the free slot where it belongs.
enum Found {
    Object(ObjectId),
    Free(usize),
}

const INITIAL_SLOTS: usize = 256;

impl ConstCache {
    /// Forgets everything, and makes room for about so many objects and as many strings.
    pub(super) fn restart(&mut self, expected: usize) {
        // Twice as many as needed: then nearly every search ends where it begins.
        clear_to(&mut self.slots, (expected * 2).next_power_of_two().max(INITIAL_SLOTS));
        clear_to(&mut self.strings, expected);
        self.empty_bytes = None;
        self.len = 0;
    }
}

impl Pool {
    /// The object that stands for all constants with this type and value; a new one if it is the
    /// first of its kind.
    pub fn merge(&mut self, object: Object<'_>) -> ObjectId {
        if let Object::Str { text, interned: false } = object {
            return self.merge_str(text);
        }
        if let Some(id) = self.only_object(object) {
            return self.merge_id(id);
        }
        let hash = self.key_hash(object);
        match self.find(hash, object) {
            Found::Object(id) => id,
            Found::Free(slot) => self.push_merged(slot, hash, object),
        }
    }

    #[inline]
    fn push_merged(&mut self, slot: usize, hash: u32, object: Object<'_>) -> ObjectId {
        let member_hash = match object {
            Object::Tuple(_) | Object::FrozenSet(_) | Object::Slice(_) => hash,
            _ => self.member_hash(object),
        };
        let id = self.objects.push(object, member_hash);
        self.cache.fill(slot, hash, id)
    }

    /// Forgets what was merged: objects stay, but equal ones that come from now on are no longer one with them.
    ///
    /// So does `_testinternalcapi.optimize_cfg`, which has a constant cache of its own that does not know the
    /// constants it is given.
    pub fn forget_merged(&mut self) {
        self.cache.restart(0);
    }

    /// [`merge`](Self::merge) for an object that is in the pool already: itself, if it is the first
    /// of its kind.
    pub fn merge_id(&mut self, id: ObjectId) -> ObjectId {
        match self.objects.entry(id) {
            Entry::Str { text, .. } => return self.merge_str_id(text, id),
            Entry::None | Entry::Bool(_) | Entry::Ellipsis | Entry::StopIteration => return id,
            Entry::Tuple { len: 0, .. } => return id,
            Entry::Int(value) if small_int_index(value).is_some() => return id,
            Entry::Code { .. } => return self.merge_code(id),
            // There may be a second object of one byte or none: `add_fresh` and `add_new` make it.
            _ => {}
        }
        let object = self.get(id);
        let hash = self.key_hash(object);
        match self.find(hash, object) {
            Found::Object(found) => found,
            Found::Free(slot) => self.cache.fill(slot, hash, id),
        }
    }

    fn merge_code(&mut self, id: ObjectId) -> ObjectId {
        let hash = self.objects.hash(id);
        let code = self.code(id).expect("a code object");
        match self.find_by(hash, |other| self.code(other).is_some_and(|other| self.same_code(other, code))) {
            Found::Object(found) => found,
            Found::Free(slot) => self.cache.fill(slot, hash, id),
        }
    }

    fn merge_str_id(&mut self, text: StrId, id: ObjectId) -> ObjectId {
        let slot = side_slot(&mut self.cache.strings, text);
        if *slot == 0 {
            *slot = id.0 + 1;
        }
        ObjectId(*slot - 1)
    }

    /// [`merge`](Self::merge) for a bytes object, which is made only if it is the first of its kind.
    pub fn merge_bytes(&mut self, bytes: &[u8]) -> ObjectId {
        match (bytes, self.cache.empty_bytes) {
            ([], Some(empty)) => return empty,
            ([] | [_], _) => return self.merge_few_bytes(bytes),
            _ => {}
        }
        let hash = spread(bytes_hash(bytes));
        match self.find_by(hash, |id| self.bytes(id).is_some_and(|other| *other == *bytes)) {
            Found::Object(id) => id,
            Found::Free(slot) => self.push_merged(slot, hash, Object::Bytes(bytes)),
        }
    }

    /// There are singletons, but the first of its kind may be another object: see `add_new`.
    fn merge_few_bytes(&mut self, bytes: &[u8]) -> ObjectId {
        let id = self.merge(Object::Bytes(bytes));
        if bytes.is_empty() {
            self.cache.empty_bytes = Some(id);
        }
        id
    }

    /// [`merge`](Self::merge) for a tuple, which is made only if it is the first of its kind.
    pub fn merge_tuple(&mut self, members: &[ObjectId]) -> ObjectId {
        if members.is_empty() {
            return ObjectId::EMPTY_TUPLE;
        }
        self.merge_hashed_tuple(self.tuple_hash(members), members)
    }

    fn merge_hashed_tuple(&mut self, hash: u32, members: &[ObjectId]) -> ObjectId {
        let same = |id| self.tuple(id).is_some_and(|other| self.same_ids(other, members));
        match self.find_by(hash, same) {
            Found::Object(id) => id,
            Found::Free(slot) => self.push_merged(slot, hash, Object::Tuple(members)),
        }
    }

    /// [`merge_tuple`](Self::merge_tuple) for a tuple of interned strings.
    pub fn merge_names(&mut self, names: &[StrId]) -> ObjectId {
        if names.is_empty() {
            return ObjectId::EMPTY_TUPLE;
        }
        let mut members = mem::take(&mut self.cache.members);
        members.clear();
        let hashes = names.iter().map(|&name| {
            members.push(self.name(name));
            u64::from(name_hash(name))
        });
        let hash = spread(words_hash(TUPLE, hashes));
        let objects = self.len();
        let tuple = self.merge_hashed_tuple(hash, &members);
        if self.len() > objects {
            self.objects.set_names(tuple);
        }
        self.cache.members = members;
        tuple
    }

    /// The merged constant for a string literal, or for any other string that is not interned.
    pub fn merge_str(&mut self, text: StrId) -> ObjectId {
        match *side_slot(&mut self.cache.strings, text) {
            0 => {
                let id = self.add(Object::Str { text, interned: false });
                self.merge_str_id(text, id)
            }
            found => ObjectId(found - 1),
        }
    }

    /// The merged constant for a string that is interned: an identifier that becomes a constant.
    pub fn merge_name(&mut self, text: StrId) -> ObjectId {
        let id = self.name(text);
        self.merge_id(id)
    }

    /// Whether a string object is the merged constant of its text.
    pub(super) fn is_merged_str(&self, text: StrId, id: ObjectId) -> bool {
        self.cache.strings.get(text.index()).is_some_and(|&slot| slot == id.0 + 1)
    }

    /// [`merge`](Self::merge) for an int of 64 bits; most are small, and were asked for before.
    #[inline]
    pub fn merge_i64(&mut self, value: i64) -> ObjectId {
        match small_int_index(value) {
            Some(index) if self.singletons[index] != 0 => ObjectId(self.singletons[index] - 1),
            _ => self.merge(Object::Int(value)),
        }
    }

    /// The merged constant for an int of any size.
    pub fn merge_int(&mut self, value: &BigInt) -> ObjectId {
        self.merge(int_object(value))
    }

    fn find(&self, hash: u32, object: Object<'_>) -> Found {
        self.find_by(hash, |id| self.same_key(self.get(id), object))
    }

    #[inline]
    fn find_by(&self, hash: u32, same: impl Fn(ObjectId) -> bool) -> Found {
        let slots = &self.cache.slots[..];
        let mut index = first_slot(slots, hash);
        loop {
            let slot = slots[index];
            if slot.id == 0 {
                return Found::Free(index);
            }
            let id = ObjectId(slot.id - 1);
            if slot.hash == hash && same(id) {
                return Found::Object(id);
            }
            index = next_slot(slots, index);
        }
    }

    /// A hash under which objects with the same key collide.
    pub(super) fn key_hash(&self, object: Object<'_>) -> u32 {
        spread(self.hash(object))
    }

    fn tuple_hash(&self, members: &[ObjectId]) -> u32 {
        spread(self.sequence_hash(TUPLE, members))
    }

    fn hash(&self, object: Object<'_>) -> u64 {
        match object {
            Object::Str { text, .. } => u64::from(name_hash(text)),
            Object::Int(value) => value as u64,
            Object::Bytes(bytes) => bytes_hash(bytes),
            Object::Tuple(members) => self.sequence_hash(TUPLE, members),
            Object::Slice(parts) => self.sequence_hash(SLICE, parts),
            // Members have no order.
            Object::FrozenSet(members) => {
                let hashes = members.iter().map(|&member| u64::from(self.objects.hash(member)));
                words_hash(SET, [hashes.fold(0, u64::wrapping_add)])
            }
            Object::Code(code) => self.code_hash(code),
            Object::Float(value) => words_hash(FLOAT, [value.to_bits()]),
            Object::Complex { real, imag } => words_hash(COMPLEX, [real.to_bits(), imag.to_bits()]),
            Object::BigInt(value) => words_hash(BIG_INT, value.iter_u64_digits()),
            Object::Bool(value) => u64::from(value),
            Object::None | Object::Ellipsis | Object::StopIteration => 0,
            Object::List(_) | Object::Set(_) | Object::Dict(_) => 0,
        }
    }

    fn code_hash(&self, code: &CodeObject) -> u64 {
        let [bytecode, lines] = [code.code, code.linetable].map(|id| self.bytes(id).unwrap_or_default());
        let sizes = (bytecode.len() as u64) << 32 | lines.len() as u64;
        let line = u64::from(code.firstlineno as u32);
        // Many lambdas on a line differ in nothing but their columns: the last ones will do.
        let columns = match lines.last_chunk() {
            Some(&last) => u128::from_le_bytes(last),
            None => u128::from(bytes_hash(lines)),
        };
        let columns = [columns as u64, (columns >> 64) as u64];
        words_hash(CODE, [u64::from(self.objects.hash(code.name)), sizes, line, columns[0], columns[1]])
    }

    fn sequence_hash(&self, kind: u8, members: &[ObjectId]) -> u64 {
        words_hash(kind, members.iter().map(|&member| u64::from(self.objects.hash(member))))
    }

    /// What an object adds to the hash of a container that it is in. It is kept with the object, so that nobody who
    /// hashes the container has to look what the members are, which is hard to predict.
    // Inlined, since nearly all callers know what kind of object it is.
    #[inline(always)]
    pub(super) fn member_hash(&self, object: Object<'_>) -> u32 {
        match object {
            Object::Str { text, .. } => name_hash(text),
            Object::Int(value) => value as u32 ^ (value >> 32) as u32,
            // Not all of them: most are bytecode and tables, and in no container.
            Object::Bytes(bytes) => ends_hash(bytes),
            // Equal to nothing but themselves.
            Object::List(_) | Object::Set(_) | Object::Dict(_) => self.len() as u32,
            Object::None | Object::Ellipsis | Object::StopIteration => 0,
            _ => self.key_hash(object),
        }
    }

    fn same_id(&self, a: ObjectId, b: ObjectId) -> bool {
        a == b || self.same_key(self.get(a), self.get(b))
    }

    fn same_ids(&self, a: &[ObjectId], b: &[ObjectId]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| self.same_id(a, b))
    }

    /// Whether two objects have the same key under `_PyCode_ConstantKey`.
    fn same_key(&self, a: Object<'_>, b: Object<'_>) -> bool {
        match (a, b) {
            (Object::None, Object::None)
            | (Object::Ellipsis, Object::Ellipsis)
            | (Object::StopIteration, Object::StopIteration) => true,
            (Object::Bool(a), Object::Bool(b)) => a == b,
            (Object::Int(a), Object::Int(b)) => a == b,
            (Object::BigInt(a), Object::BigInt(b)) => a == b,
            (Object::Float(a), Object::Float(b)) => same_float(a, b),
            (Object::Complex { real: ar, imag: ai }, Object::Complex { real: br, imag: bi }) => {
                same_float(ar, br) && same_float(ai, bi)
            }
            (Object::Str { text: a, .. }, Object::Str { text: b, .. }) => a == b,
            (Object::Bytes(a), Object::Bytes(b)) => a == b,
            (Object::Tuple(a), Object::Tuple(b)) => self.same_ids(a, b),
            (Object::FrozenSet(a), Object::FrozenSet(b)) => self.same_set(a, b),
            (Object::Slice(a), Object::Slice(b)) => self.same_ids(a, b),
            (Object::Code(a), Object::Code(b)) => self.same_code(a, b),
            _ => false,
        }
    }

    fn same_set(&self, a: &[ObjectId], b: &[ObjectId]) -> bool {
        self.same_ids(a, b) || a.len() == b.len() && self.same_in_some_order(a, b)
    }

    /// Members that were merged have their ids in common; only what is left has to be searched for.
    fn same_in_some_order(&self, a: &[ObjectId], b: &[ObjectId]) -> bool {
        let (only_a, only_b) = (without(a, b), without(b, a));
        only_a.iter().all(|&x| only_b.iter().any(|&y| self.same_id(x, y)))
    }

    /// `code_richcompare`: everything but the file name, the qualified name, the kinds of the locals
    /// and the stack size.
    fn same_code(&self, a: &CodeObject, b: &CodeObject) -> bool {
        a.argcount == b.argcount
            && a.posonlyargcount == b.posonlyargcount
            && a.kwonlyargcount == b.kwonlyargcount
            && a.flags == b.flags
            && a.firstlineno == b.firstlineno
            && [
                (a.name, b.name),
                (a.code, b.code),
                // Columns differ more often than constants, in which there may be more code.
                (a.linetable, b.linetable),
                (a.consts, b.consts),
                (a.names, b.names),
                (a.localsplusnames, b.localsplusnames),
                (a.exceptiontable, b.exceptiontable),
            ]
            .into_iter()
            .all(|(a, b)| self.same_id(a, b))
    }
}

fn without(ids: &[ObjectId], others: &[ObjectId]) -> Vec<ObjectId> {
    let others: FxHashSet<ObjectId> = others.iter().copied().collect();
    ids.iter().copied().filter(|id| !others.contains(id)).collect()
}

/// NaN is equal to nothing (only to itself, as the same object); zeros differ by sign.
fn same_float(a: f64, b: f64) -> bool {
    a == b && a.is_sign_negative() == b.is_sign_negative()
}

impl ConstCache {
    /// Puts an object in a free slot that was found for its hash, and gives it back.
    #[inline]
    fn fill(&mut self, slot: usize, hash: u32, id: ObjectId) -> ObjectId {
        self.slots[slot] = Slot { id: id.0 + 1, hash };
        self.len += 1;
        if self.len * 2 > self.slots.len() {
            self.grow();
        }
        id
    }

    #[cold]
    fn grow(&mut self) {
        let mut table = vec![Slot::default(); self.slots.len() * 2];
        for &slot in self.slots.iter().filter(|slot| slot.id != 0) {
            let mut index = first_slot(&table, slot.hash);
            while table[index].id != 0 {
                index = next_slot(&table, index);
            }
            table[index] = slot;
        }
        self.slots = table;
    }
}

/// Where an object with a hash is looked for first.
#[inline]
fn first_slot(slots: &[Slot], hash: u32) -> usize {
    hash as usize & (slots.len() - 1)
}

#[inline]
fn next_slot(slots: &[Slot], index: usize) -> usize {
    (index + 1) & (slots.len() - 1)
}

// What keeps the hashes of objects of different types apart.
const TUPLE: u8 = 1;
const SLICE: u8 = 2;
const SET: u8 = 3;
const CODE: u8 = 4;
const FLOAT: u8 = 5;
const COMPLEX: u8 = 6;
const BIG_INT: u8 = 7;
const BYTES: u8 = 8;

#[inline]
fn words_hash(kind: u8, words: impl IntoIterator<Item = u64>) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind);
    words.into_iter().for_each(|word| hasher.write_u64(word));
    hasher.finish()
}

/// The hash of a string object.
#[inline]
fn name_hash(text: StrId) -> u32 {
    text.index() as u32
}

/// A hash of the number of bytes, and of the first and the last of them.
#[inline]
fn ends_hash(bytes: &[u8]) -> u32 {
    let [first, last] = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => [first, last].map(|&ends| u64::from_le_bytes(ends)),
        _ => [bytes_hash(bytes), 0],
    };
    spread(words_hash(BYTES, [bytes.len() as u64, first, last]))
}

fn bytes_hash(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

/// A hash whose low bits depend on all bits of another.
#[inline]
fn spread(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known;

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
        let one = pool.merge(Object::Int(1000));
        let other_one = pool.add(Object::Int(1000));
        let a = pool.merge(Object::Tuple(&[one]));
        assert_eq!(pool.merge(Object::Tuple(&[other_one])), a);
    }

    #[test]
    fn frozensets_merge_in_any_order() {
        let mut pool = Pool::new();
        let (one, two) = (pool.merge(Object::Int(1000)), pool.merge(Object::Float(0.5)));
        let a = pool.merge(Object::FrozenSet(&[one, two]));
        assert_eq!(pool.merge(Object::FrozenSet(&[two, one])), a);
    }

    #[test]
    fn a_literal_takes_the_place_of_a_name_that_comes_later() {
        let mut pool = Pool::new();
        let text = pool.strings_mut().intern("\u{e9}t\u{e9}");
        let literal = pool.merge_str(text);
        assert_ne!(literal, pool.name(text));
        assert_eq!(pool.merge_name(text), literal);
    }

    #[test]
    fn an_empty_exception_table_is_the_nothing_that_was_folded_first() {
        let mut pool = Pool::new();
        let nothing = pool.add_new(Object::Bytes(&[]));
        assert_eq!(pool.merge_id(nothing), nothing);
        assert_eq!(pool.merge_bytes(&[]), nothing);
        assert_ne!(nothing, ObjectId::EMPTY_BYTES);
    }

    #[test]
    fn code_objects_that_differ_in_columns_alone_do_not_collide() {
        let mut pool = Pool::new();
        let mut hash_with_columns = |columns: &[u8]| {
            let linetable = pool.merge_bytes(columns);
            let name = pool.name(known::MODULE);
            pool.key_hash(Object::Code(&CodeObject { linetable, ..CodeObject::empty(name, name) }))
        };
        assert_ne!(hash_with_columns(&[0x80, 0, 0xd7, 4, 8]), hash_with_columns(&[0x80, 0, 0xd7, 4, 9]));
    }

    #[test]
    fn nan_is_merged_only_with_itself() {
        let mut pool = Pool::new();
        let nan = pool.merge(Object::Float(f64::NAN));
        assert_ne!(pool.merge(Object::Float(f64::NAN)), nan);
        let tuple = pool.merge(Object::Tuple(&[nan]));
        assert_eq!(pool.merge(Object::Tuple(&[nan])), tuple);
    }
}
