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

mod const_cache;
mod new_code;
mod rename_file;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::{CodeObject, Interner, Object, ObjectId, PyStr, StrId, known};
use const_cache::ConstCache;

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
    objects: Vec<Object>,
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
        // Most strings become objects, and there are as many others; some strings are still to come.
        let expected = strings.len() + strings.len() / 2;
        let mut pool = Pool {
            objects: Vec::with_capacity(expected),
            cache: ConstCache::new(expected),
            interned: vec![0; expected],
            adopted: Vec::new(),
            strings,
            singletons: Box::new([0; SMALL_INTS + 256]),
        };
        pool.objects.extend([
            Object::None,
            Object::Bool(true),
            Object::Bool(false),
            Object::Ellipsis,
            Object::Tuple(Box::new([])),
            Object::Bytes(Box::new([])),
        ]);
        let empty = pool.name(known::EMPTY);
        let stop = pool.push(Object::StopIteration);
        debug_assert_eq!(
            (empty, stop),
            (ObjectId::EMPTY_STR, ObjectId::STOP_ITERATION),
            "singletons have fixed ids"
        );
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
    #[inline]
    pub fn get(&self, id: ObjectId) -> &Object {
        &self.objects[id.index()]
    }

    /// How many objects there are; ids are below it.
    #[allow(clippy::len_without_is_empty, reason = "the singletons are always there")]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// A new object, distinct from all others; for a singleton or an interned string, *the* object.
    ///
    /// A code object that the compiler makes goes through [`new_code`](Self::new_code) instead.
    pub fn add(&mut self, object: Object) -> ObjectId {
        match self.only_object(&object) {
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
    pub fn add_fresh(&mut self, object: Object) -> ObjectId {
        let one = match &object {
            Object::Bytes(bytes) => bytes.len() == 1,
            Object::Str { text, interned: false } => {
                *text != known::EMPTY && is_latin1_char(self.strings.get(*text).as_bytes())
            }
            _ => false,
        };
        if one { self.push(object) } else { self.add(object) }
    }

    /// A new object whatever there is already: what `bytes_repeat` gives even when nothing remains.
    pub fn add_new(&mut self, object: Object) -> ObjectId {
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

    fn new_name(&mut self, text: StrId) -> ObjectId {
        let id = self.push(Object::Str { text, interned: true });
        *side_slot(&mut self.interned, text) = id.0 + 1;
        id
    }

    /// The interned object for a string object: the one that is interned already, or else this one,
    /// which is interned from now on (`PyUnicode_InternInPlace`). Other objects are given back.
    #[inline]
    pub fn intern(&mut self, id: ObjectId) -> ObjectId {
        match self.objects[id.index()] {
            Object::Str { text, interned: false } => self.intern_text(text, id),
            _ => id,
        }
    }

    fn intern_text(&mut self, text: StrId, id: ObjectId) -> ObjectId {
        let slot = side_slot(&mut self.interned, text);
        if *slot != 0 {
            return ObjectId(*slot - 1);
        }
        *slot = id.0 + 1;
        self.objects[id.index()] = Object::Str { text, interned: true };
        *side_slot(&mut self.adopted, text) = true;
        id
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

    /// Whether an object exists once in a process and lives for ever: its reference count says
    /// nothing about the file that it is written to.
    pub fn is_singleton(&self, id: ObjectId) -> bool {
        match self.get(id) {
            Object::None | Object::Bool(_) | Object::Ellipsis | Object::StopIteration => true,
            Object::Int(value) => small_int_index(*value).is_some(),
            Object::Bytes(bytes) => match **bytes {
                [] => id == ObjectId::EMPTY_BYTES,
                [byte] => self.singletons[SMALL_INTS + usize::from(byte)] == id.0 + 1,
                _ => false,
            },
            Object::Tuple(members) => members.is_empty(),
            Object::Str { text, interned } => *interned && is_latin1_char(self.strings.get(*text).as_bytes()),
            _ => false,
        }
    }

    /// The id of the one object that equals `object`, when there can be only one.
    fn only_object(&mut self, object: &Object) -> Option<ObjectId> {
        match object {
            Object::None => Some(ObjectId::NONE),
            Object::Bool(value) => Some(if *value { ObjectId::TRUE } else { ObjectId::FALSE }),
            Object::Ellipsis => Some(ObjectId::ELLIPSIS),
            Object::StopIteration => Some(ObjectId::STOP_ITERATION),
            Object::Int(value) => Some(self.singleton(small_int_index(*value)?, object)),
            Object::Bytes(bytes) => match **bytes {
                [] => Some(ObjectId::EMPTY_BYTES),
                [byte] => Some(self.singleton(SMALL_INTS + usize::from(byte), object)),
                _ => None,
            },
            Object::Tuple(members) => members.is_empty().then_some(ObjectId::EMPTY_TUPLE),
            Object::Str { text, interned } => {
                let only = *interned || is_latin1_char(self.strings.get(*text).as_bytes());
                only.then(|| self.name(*text))
            }
            _ => None,
        }
    }

    fn singleton(&mut self, index: usize, object: &Object) -> ObjectId {
        if self.singletons[index] == 0 {
            self.singletons[index] = self.push(object.clone()).0 + 1;
        }
        ObjectId(self.singletons[index] - 1)
    }

    fn push(&mut self, object: Object) -> ObjectId {
        let id = ObjectId(u32::try_from(self.objects.len()).expect("fewer than 2^32 objects"));
        self.objects.push(object);
        id
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

fn small_int_index(value: i64) -> Option<usize> {
    (SMALL_INT_MIN..=SMALL_INT_MAX).contains(&value).then(|| (value - SMALL_INT_MIN) as usize)
}

/// Whether a string is empty or one character up to U+00FF.
fn is_latin1_char(bytes: &[u8]) -> bool {
    matches!(bytes, [] | [0..0x80] | [0xC2..=0xC3, _])
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
            Object::Bytes(Box::new([7])),
            Object::Tuple(Box::new([])),
        ] {
            let id = pool.add(object.clone());
            assert_eq!(pool.add(object.clone()), id, "{object:?}");
            assert_eq!(pool.merge(object.clone()), id, "{object:?}");
            assert!(pool.is_singleton(id), "{object:?}");
        }
        assert_ne!(pool.add(Object::Int(257)), pool.add(Object::Int(257)));
        assert_ne!(pool.add(Object::Int(-6)), pool.add(Object::Int(-6)));
    }

    #[test]
    fn a_fresh_object_of_one_byte_or_character_is_no_singleton() {
        let mut pool = Pool::new();
        let text = pool.strings_mut().intern("%");
        for object in [Object::Bytes(Box::new([7])), Object::Str { text, interned: false }] {
            let (literal, fresh) = (pool.add(object.clone()), pool.add_fresh(object));
            assert_ne!(literal, fresh);
            assert_eq!((pool.is_singleton(literal), pool.is_singleton(fresh)), (true, false));
        }
        assert_eq!(pool.add_fresh(Object::Bytes(Box::new([]))), ObjectId::EMPTY_BYTES);
    }

    #[test]
    fn one_latin1_character_is_always_interned() {
        let mut pool = Pool::new();
        for text in ["", "a", " ", "\u{e9}", "\u{ff}"] {
            let id = literal(&mut pool, text);
            let text = pool.strings_mut().intern(text);
            assert_eq!(id, pool.name(text));
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
        let text = pool.strings_mut().intern("A.B");
        assert_eq!(pool.name(text), first);
        assert!(matches!(pool.get(second), Object::Str { interned: false, .. }));
    }
}
