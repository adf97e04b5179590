//! All objects of one compilation, by id, with CPython's idea of which are one and the same.
//!
//! Identity matters because `marshal` writes a reference where an object occurs twice. A [`Pool`]
//! gives an id in one of four ways, each with its counterpart in CPython:
//!
//! * [`Pool::add`]: a new object (singletons excepted, see below);
//! * [`Pool::name`]: the interned string of a text;
//! * [`Pool::merge`] and its kin: the object that stands for all equal constants, as the compiler's
//!   constant cache does (in `const_cache.rs`);
//! * [`Pool::new_code`]: a code object; making one interns strings (in `new_code.rs`).
//!
//! **Singletons.** `None`, `True`, `False`, `...`, `()`, `b''`, the 256 bytes objects of one byte, the
//! ints from -5 to 256 and the strings of at most one latin-1 character exist once in a process:
//! every way but [`Pool::add_fresh`] gives the same id for them, and those strings are interned.
//!
//! The rules of identity as a whole: `docs/identity.md`.

mod code_objects;
mod const_cache;
mod new_code;
mod rename_file;
mod store;

use std::mem;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::{CodeObject, Interner, Object, ObjectId, PyStr, StrId, known};
use const_cache::ConstCache;
use store::{Entry, Store};

/// The objects and strings of one compilation, or of one loaded file.
///
/// ```
/// use pycode::{Object, Pool};
/// let mut pool = Pool::new();
/// let one = pool.merge(Object::Int(1000));
/// let float = pool.merge(Object::Float(1000.0));
/// assert_ne!(one, float); // equal in Python, but constants of different types
/// assert_eq!(pool.merge(Object::Int(1000)), one);
/// assert_ne!(pool.add(Object::Int(1000)), one); // equal, but another object
/// ```
#[derive(Clone, Debug)]
pub struct Pool {
    strings: Interner,
    objects: Store,
    cache: ConstCache,
    /// By `StrId`: the interned string object of that text, as id plus one.
    interned: Vec<u32>,
    /// By `StrId`: whether the interned object began as an ordinary string.
    adopted: Vec<bool>,
    /// Small ints, then one-byte bytes objects, as id plus one; made when first asked for.
    singletons: Box<[u32; SMALL_INTS + 256]>,
}

const SMALL_INT_MIN: i64 = -5;
const SMALL_INT_MAX: i64 = 256;
const SMALL_INTS: usize = (SMALL_INT_MAX - SMALL_INT_MIN + 1) as usize;

impl Pool {
    /// A pool with the singletons and the [well-known strings](known).
    pub fn new() -> Self {
        Pool::with_strings(Interner::new())
    }

    /// A pool over strings that were interned before, by a parser say.
    pub fn with_strings(strings: Interner) -> Self {
        let mut pool = Pool {
            strings: Interner::default(),
            objects: Store::default(),
            cache: ConstCache::default(),
            interned: Vec::new(),
            adopted: Vec::new(),
            singletons: Box::new([0; SMALL_INTS + 256]),
        };
        pool.restart(strings);
        pool
    }

    /// Makes this a new pool over other strings, and gives back its own. It keeps the memory of the old objects, whose
    /// ids mean nothing any more.
    ///
    /// ```
    /// use pycode::{Interner, ObjectId, Pool};
    /// let mut pool = Pool::new();
    /// let mut strings = Interner::new();
    /// let spam = strings.intern("spam");
    /// pool.restart(strings);
    /// let id = pool.name(spam);
    /// assert!(pool.text(id).is_some_and(|text| text == "spam"));
    /// ```
    pub fn restart(&mut self, strings: Interner) -> Interner {
        let old = mem::replace(&mut self.strings, strings);
        // Most strings become objects, and there are as many others; some strings are still to come.
        let expected = self.strings.len() + self.strings.len() / 2;
        self.objects.clear();
        self.objects.reserve(expected);
        self.cache.restart(expected);
        clear_to(&mut self.interned, expected);
        self.adopted.clear();
        self.singletons.fill(0);
        let singletons = [
            Object::None,
            Object::Bool(true),
            Object::Bool(false),
            Object::Ellipsis,
            Object::Tuple(&[]),
            Object::Bytes(&[]),
        ];
        for object in singletons {
            self.push(object);
        }
        let empty = self.name(known::EMPTY);
        let stop = self.push(Object::StopIteration);
        debug_assert_eq!(
            (empty, stop),
            (ObjectId::EMPTY_STR, ObjectId::STOP_ITERATION),
            "singletons have fixed ids"
        );
        old
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
    ///
    /// # Panics
    /// May panic when the id is another pool's.
    #[inline(always)]
    pub fn get(&self, id: ObjectId) -> Object<'_> {
        self.objects.get(id)
    }

    /// How many objects there are; ids are below it.
    #[allow(clippy::len_without_is_empty, reason = "the singletons are always there")]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// How many bytes of memory objects and texts take, about: for who keeps it, and not too much of it.
    pub fn size(&self) -> usize {
        self.objects.size() + self.strings.total_len()
    }

    /// A new object, distinct from all others; for a singleton or an interned string, *the* object.
    ///
    /// A code object that the compiler makes goes through [`new_code`](Self::new_code) instead.
    #[inline]
    pub fn add(&mut self, object: Object<'_>) -> ObjectId {
        match self.only_object(object) {
            Some(id) => id,
            None => self.push(object),
        }
    }

    /// A new object also where [`add`](Self::add) gives the singleton of one byte or one character, as
    /// CPython makes it when it fills in the contents later. (Empty ones are singletons even so.)
    ///
    /// That happens to the kinds of locals (see [`new_code`](Self::new_code)), to the `%` that
    /// `'%s%%%s' % (a, b)` leaves when it becomes an f-string (`parse_literal` in
    /// `Python/ast_preprocess.c`), and to what a slice with a step picks (`unicode_subscript`,
    /// `bytes_subscript`).
    pub fn add_fresh(&mut self, object: Object<'_>) -> ObjectId {
        let one = match object {
            Object::Bytes(bytes) => bytes.len() == 1,
            Object::Str { text, interned: false } => {
                text != known::EMPTY && is_latin1_char(self.strings.get(text).as_bytes())
            }
            _ => false,
        };
        if one { self.push(object) } else { self.add(object) }
    }

    /// A new object whatever there is already: what `bytes_repeat` gives even when nothing remains.
    pub fn add_new(&mut self, object: Object<'_>) -> ObjectId {
        self.push(object)
    }

    /// The interned string object of a text: what CPython's `PyUnicode_InternFromString` gives.
    #[inline]
    pub fn name(&mut self, text: StrId) -> ObjectId {
        match self.interned.get(text.index()) {
            Some(&slot) if slot != 0 => ObjectId(slot - 1),
            _ => self.new_name(text),
        }
    }

    /// The interned string object of a text at hand; see [`name`](Self::name).
    pub fn name_of(&mut self, text: &str) -> ObjectId {
        let text = self.strings.intern(text);
        self.name(text)
    }

    fn new_name(&mut self, text: StrId) -> ObjectId {
        let id = self.push(Object::Str { text, interned: true });
        *side_slot(&mut self.interned, text) = id.0 + 1;
        id
    }

    /// The interned object for a string object: the one that is interned already, or else this one,
    /// which is interned from now on (`PyUnicode_InternInPlace`). Other objects are given back.
    #[inline]
    pub fn intern(&mut self, id: ObjectId) -> ObjectId {
        match self.objects.entry(id) {
            Entry::Str { text, interned: false } => self.intern_text(text, id),
            _ => id,
        }
    }

    fn intern_text(&mut self, text: StrId, id: ObjectId) -> ObjectId {
        let slot = side_slot(&mut self.interned, text);
        if *slot != 0 {
            return ObjectId(*slot - 1);
        }
        *slot = id.0 + 1;
        self.objects.set_interned(id);
        *side_slot(&mut self.adopted, text) = true;
        id
    }

    /// The text of a string object; `None` for other objects.
    pub fn text(&self, id: ObjectId) -> Option<PyStr<'_>> {
        match self.objects.entry(id) {
            Entry::Str { text, .. } => Some(self.strings.get(text)),
            _ => None,
        }
    }

    /// An int that fits 64 bits; `None` for other objects.
    #[inline]
    pub fn int(&self, id: ObjectId) -> Option<i64> {
        match self.objects.entry(id) {
            Entry::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The bytes of a bytes object; `None` for other objects.
    pub fn bytes(&self, id: ObjectId) -> Option<&[u8]> {
        self.objects.bytes(id)
    }

    /// The members of a tuple; `None` for other objects.
    pub fn tuple(&self, id: ObjectId) -> Option<&[ObjectId]> {
        self.objects.tuple(id)
    }

    /// Whether an object is known to be a tuple of nothing but interned strings: the names and locals of each code object
    /// that was [made](Self::new_code) are.
    #[inline]
    pub fn is_name_tuple(&self, id: ObjectId) -> bool {
        matches!(self.objects.entry(id), Entry::Tuple { names: true, .. })
    }

    /// The code object at an id; `None` for other objects.
    pub fn code(&self, id: ObjectId) -> Option<&CodeObject> {
        self.objects.code(id)
    }

    /// Whether an object exists once in a process and lives for ever: its reference count says
    /// nothing about the file that it is written to.
    pub fn is_singleton(&self, id: ObjectId) -> bool {
        match self.objects.entry(id) {
            Entry::None | Entry::Bool(_) | Entry::Ellipsis | Entry::StopIteration => true,
            Entry::Int(value) => small_int_index(value).is_some(),
            Entry::Bytes { len: 0, .. } => id == ObjectId::EMPTY_BYTES,
            Entry::Bytes { len: 1, .. } => {
                let byte = self.bytes(id).map_or(0, |bytes| bytes[0]);
                self.singletons[SMALL_INTS + usize::from(byte)] == id.0 + 1
            }
            Entry::Tuple { len, .. } => len == 0,
            Entry::Str { text, interned } => interned && is_latin1_char(self.strings.get(text).as_bytes()),
            _ => false,
        }
    }

    /// The id of the one object that equals `object`, when there can be only one.
    #[inline(always)]
    fn only_object(&mut self, object: Object<'_>) -> Option<ObjectId> {
        match object {
            Object::None => Some(ObjectId::NONE),
            Object::Bool(value) => Some(if value { ObjectId::TRUE } else { ObjectId::FALSE }),
            Object::Ellipsis => Some(ObjectId::ELLIPSIS),
            Object::StopIteration => Some(ObjectId::STOP_ITERATION),
            Object::Int(value) => Some(self.singleton(small_int_index(value)?, object)),
            Object::Bytes([]) => Some(ObjectId::EMPTY_BYTES),
            Object::Bytes(&[byte]) => Some(self.singleton(SMALL_INTS + usize::from(byte), object)),
            Object::Tuple(members) => members.is_empty().then_some(ObjectId::EMPTY_TUPLE),
            Object::Str { text, interned } => {
                let only = interned || is_latin1_char(self.strings.get(text).as_bytes());
                only.then(|| self.name(text))
            }
            _ => None,
        }
    }

    fn singleton(&mut self, index: usize, object: Object<'_>) -> ObjectId {
        if self.singletons[index] == 0 {
            self.singletons[index] = self.push(object).0 + 1;
        }
        ObjectId(self.singletons[index] - 1)
    }

    #[inline(always)]
    fn push(&mut self, object: Object<'_>) -> ObjectId {
        self.objects.push(object, self.member_hash(object))
    }
}

impl Default for Pool {
    fn default() -> Self {
        Pool::new()
    }
}

/// The int object of a value, in its one canonical variant.
pub fn int_object(value: &BigInt) -> Object<'_> {
    match value.to_i64() {
        Some(small) => Object::Int(small),
        None => Object::BigInt(value),
    }
}

fn small_int_index(value: i64) -> Option<usize> {
    (SMALL_INT_MIN..=SMALL_INT_MAX).contains(&value).then(|| (value - SMALL_INT_MIN) as usize)
}

/// Whether a string is empty or one character up to U+00FF.
fn is_latin1_char(bytes: &[u8]) -> bool {
    matches!(bytes, [] | [0..0x80] | [0xC2..=0xC3, _])
}

/// Makes a table of so many entries, all empty, of an old one.
fn clear_to<T: Clone + Default>(table: &mut Vec<T>, len: usize) {
    table.clear();
    table.resize(len, T::default());
}

fn side_slot<T: Clone + Default>(table: &mut Vec<T>, text: StrId) -> &mut T {
    if table.len() <= text.index() {
        table.resize(text.index() + 1 + text.index() / 2, T::default());
    }
    &mut table[text.index()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(pool: &mut Pool, text: &str) -> ObjectId {
        let text = pool.strings_mut().intern(text);
        pool.add(Object::Str { text, interned: false })
    }

    #[test]
    fn singletons_exist_once() {
        let mut pool = Pool::new();
        for object in [
            Object::None,
            Object::Bool(true),
            Object::Int(-5),
            Object::Int(256),
            Object::Bytes(&[7]),
            Object::Tuple(&[]),
        ] {
            let id = pool.add(object);
            assert_eq!(pool.add(object), id, "{object:?}");
            assert_eq!(pool.merge(object), id, "{object:?}");
            assert!(pool.is_singleton(id), "{object:?}");
        }
        assert_ne!(pool.add(Object::Int(257)), pool.add(Object::Int(257)));
        assert_ne!(pool.add(Object::Int(-6)), pool.add(Object::Int(-6)));
    }

    #[test]
    fn a_fresh_object_of_one_byte_or_character_is_no_singleton() {
        let mut pool = Pool::new();
        let text = pool.strings_mut().intern("%");
        for object in [Object::Bytes(&[7]), Object::Str { text, interned: false }] {
            let (literal, fresh) = (pool.add(object), pool.add_fresh(object));
            assert_ne!(literal, fresh);
            assert_eq!((pool.is_singleton(literal), pool.is_singleton(fresh)), (true, false));
        }
        assert_eq!(pool.add_fresh(Object::Bytes(&[])), ObjectId::EMPTY_BYTES);
    }

    #[test]
    fn one_latin1_character_is_always_interned() {
        let mut pool = Pool::new();
        for text in ["", "a", " ", "\u{e9}", "\u{ff}"] {
            assert_eq!(literal(&mut pool, text), pool.name_of(text));
        }
        assert_ne!(literal(&mut pool, "\u{100}"), literal(&mut pool, "\u{100}"));
    }

    #[test]
    fn the_first_string_to_be_interned_stays() {
        let mut pool = Pool::new();
        let first = literal(&mut pool, "A.B");
        let second = literal(&mut pool, "A.B");
        assert_ne!(first, second);
        assert_eq!(pool.intern(first), first);
        assert_eq!(pool.intern(second), first);
        assert_eq!(pool.name_of("A.B"), first);
        assert!(matches!(pool.get(second), Object::Str { interned: false, .. }));
    }
}
