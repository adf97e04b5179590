//! Which objects are the same value, across pools.
//!
//! Equal here is stricter than Python's `==`: of the same type and, for floats, of the same bits; strings may or may
//! not be interned, and what is shared may or may not be. Every object gets a [`Class`], found from the classes of its
//! members, and two objects are equal if they have the same one. So the time is that of one walk over each pool:
//! hostile data, in which a small object can hold the same thing 2^60 times, takes no longer than other data.

use num_bigint::BigInt;
use pycode::{CodeObject, Object, ObjectId, Pool};
use rustc_hash::FxHashMap;

/// What equal objects have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Class(u32);

/// The classes that were needed so far, for all pools.
#[derive(Default)]
pub(super) struct Classes<'p> {
    of_key: FxHashMap<Key<'p>, Class>,
}

/// The objects of one pool with their classes.
pub(super) struct Classified<'p> {
    pub(super) pool: &'p Pool,
    /// By index; `None` for what the root does not reach.
    classes: Vec<Option<Class>>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'p> {
    /// One of the objects that exist once in every pool.
    Singleton(ObjectId),
    Int(i64),
    BigInt(&'p BigInt),
    Float(u64),
    Complex(u64, u64),
    Str(&'p [u8]),
    Bytes(&'p [u8]),
    Members(Kind, Box<[Class]>),
    Code(Numbers, Box<[Class]>),
}

#[derive(PartialEq, Eq, Hash)]
enum Kind {
    Tuple,
    List,
    Slice,
    /// Keys and values in turn.
    Dict,
    /// Sorted, as the order in the file depends on what is shared.
    Set,
    FrozenSet,
}

/// The fields of a code object that are not objects.
#[derive(PartialEq, Eq, Hash)]
struct Numbers([u32; 5], i32);

impl<'p> Classes<'p> {
    /// The classes of an object and of all that it refers to.
    pub(super) fn of(&mut self, pool: &'p Pool, root: ObjectId) -> Classified<'p> {
        let mut classes = vec![None; pool.len()];
        let mut pending = vec![root];
        while let Some(&id) = pending.last() {
            if classes[id.index()].is_some() {
                pending.pop();
                continue;
            }
            let before = pending.len();
            let object = pool.get(id);
            pending.extend(object.children().filter(|child| classes[child.index()].is_none()));
            if pending.len() == before {
                pending.pop();
                classes[id.index()] = Some(self.class(key(pool, id, &classes)));
            }
        }
        Classified { pool, classes }
    }

    fn class(&mut self, key: Key<'p>) -> Class {
        let new = Class(self.of_key.len() as u32);
        *self.of_key.entry(key).or_insert(new)
    }
}

impl Classified<'_> {
    /// The class of an object that the root reaches.
    pub(super) fn class(&self, id: ObjectId) -> Class {
        self.classes[id.index()].expect("an object below the root")
    }
}

/// The key of an object whose members have their classes.
fn key<'p>(pool: &'p Pool, id: ObjectId, classes: &[Option<Class>]) -> Key<'p> {
    let object = pool.get(id);
    let members = |kind: Kind| Key::Members(kind, member_classes(object, classes));
    let sorted = |kind: Kind| {
        let mut members = member_classes(object, classes);
        members.sort_unstable();
        Key::Members(kind, members)
    };
    match object {
        Object::None | Object::Bool(_) | Object::Ellipsis | Object::StopIteration => Key::Singleton(id),
        Object::Int(value) => Key::Int(value),
        Object::BigInt(value) => Key::BigInt(value),
        Object::Float(value) => Key::Float(value.to_bits()),
        Object::Complex { real, imag } => Key::Complex(real.to_bits(), imag.to_bits()),
        Object::Str { .. } => Key::Str(pool.text(id).expect("a string has a text").as_bytes()),
        Object::Bytes(bytes) => Key::Bytes(bytes),
        Object::Tuple(_) => members(Kind::Tuple),
        Object::List(_) => members(Kind::List),
        Object::Slice(_) => members(Kind::Slice),
        Object::Dict(_) => members(Kind::Dict),
        Object::Set(_) => sorted(Kind::Set),
        Object::FrozenSet(_) => sorted(Kind::FrozenSet),
        Object::Code(code) => Key::Code(numbers(code), member_classes(object, classes)),
    }
}

fn member_classes(object: Object<'_>, classes: &[Option<Class>]) -> Box<[Class]> {
    object.children().map(|child| classes[child.index()].expect("members come first")).collect()
}

fn numbers(code: &CodeObject) -> Numbers {
    let CodeObject { argcount, posonlyargcount, kwonlyargcount, stacksize, flags, firstlineno, .. } = *code;
    Numbers([argcount, posonlyargcount, kwonlyargcount, stacksize, flags.0], firstlineno)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(first: impl Fn(&mut Pool) -> ObjectId, second: impl Fn(&mut Pool) -> ObjectId) -> bool {
        let (mut pool, mut other) = (Pool::new(), Pool::new());
        other.add(Object::Int(12345)); // so that the ids differ
        let (one, two) = (first(&mut pool), second(&mut other));
        let mut classes = Classes::default();
        classes.of(&pool, one).class(one) == classes.of(&other, two).class(two)
    }

    fn text(pool: &mut Pool, text: &str, interned: bool) -> ObjectId {
        let text = pool.strings_mut().intern(text);
        pool.add(Object::Str { text, interned })
    }

    #[test]
    fn type_and_bits_count() {
        assert!(!same(|pool| pool.add(Object::Int(1)), |_| ObjectId::TRUE));
        assert!(!same(|pool| pool.add(Object::Int(1)), |pool| pool.add(Object::Float(1.0))));
        assert!(!same(|pool| pool.add(Object::Float(0.0)), |pool| pool.add(Object::Float(-0.0))));
        assert!(same(|pool| pool.add(Object::Float(f64::NAN)), |pool| pool.add(Object::Float(f64::NAN))));
        assert!(!same(|pool| text(pool, "ab", false), |pool| pool.add(Object::Bytes(b"ab"))));
    }

    #[test]
    fn interning_and_sharing_do_not() {
        assert!(same(|pool| text(pool, "ab", false), |pool| text(pool, "ab", true)));
        let shared = |pool: &mut Pool| {
            let member = pool.add(Object::Float(1.5));
            pool.add(Object::Tuple(&[member, member]))
        };
        let apart = |pool: &mut Pool| {
            let members = [pool.add_fresh(Object::Float(1.5)), pool.add_fresh(Object::Float(1.5))];
            pool.add(Object::Tuple(&members))
        };
        assert!(same(shared, apart));
    }

    #[test]
    fn the_order_of_a_set_does_not() {
        let set = |values: [i64; 3]| {
            move |pool: &mut Pool| {
                let members = values.map(|value| pool.add(Object::Int(value)));
                pool.add(Object::FrozenSet(&members))
            }
        };
        assert!(same(set([1, 2, 3]), set([3, 1, 2])));
        assert!(!same(set([1, 2, 3]), set([1, 2, 4])));
    }

    #[test]
    fn what_unfolds_to_more_than_any_memory_is_quick() {
        let nested = |last: i64| {
            move |pool: &mut Pool| {
                let first = pool.add(Object::Int(last));
                (0..200).fold(first, |below, _| pool.add(Object::Tuple(&[below, below])))
            }
        };
        assert!(same(nested(1), nested(1)));
        assert!(!same(nested(1), nested(2)));
    }
}
