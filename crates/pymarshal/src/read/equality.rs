//! Which objects are equal in Python, so that a set has each member once and a dict each key.
//!
//! Every object that is asked about gets a class; equal objects have the same one. Numbers are equal
//! across types (`1 == 1.0 == True`), tuples by their members, frozensets by theirs in any order. The
//! class of a container is found from the classes of its members and is kept: hostile data in which
//! objects are shared many times over takes no longer than its size.

use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};
use pycode::{Object, ObjectId, Pool, StrId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::LoadErrorKind;

#[derive(Default)]
pub(super) struct Equality {
    /// The class of an object.
    classes: FxHashMap<ObjectId, Class>,
    /// The class of a value.
    of_key: FxHashMap<Key, Class>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Class(u32);

/// What equal objects have in common.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// Objects that are equal only to themselves.
    Itself(ObjectId),
    Int(i64),
    BigInt(BigInt),
    /// Floats that are not integral, by their bits; the imaginary part is 0 for real numbers.
    Complex(u64, u64),
    Str(StrId),
    Bytes(Box<[u8]>),
    Tuple(Box<[Class]>),
    Slice(Box<[Class]>),
    /// Sorted.
    FrozenSet(Box<[Class]>),
}

impl Equality {
    /// The first of each group of equal members, in order (`PySet_Add`).
    pub(super) fn distinct(
        &mut self,
        pool: &Pool,
        members: &[ObjectId],
    ) -> Result<Vec<ObjectId>, LoadErrorKind> {
        let mut seen = FxHashSet::default();
        let mut kept = Vec::with_capacity(members.len());
        for &member in members {
            if seen.insert(self.class(pool, member).map_err(LoadErrorKind::UnhashableMember)?) {
                kept.push(member);
            }
        }
        Ok(kept)
    }

    /// The items of a dict, from keys and values in turn: a key that comes again keeps its place and
    /// gets the new value (`PyDict_SetItem`). A last key without a value is dropped.
    pub(super) fn last_of_each_key(
        &mut self,
        pool: &Pool,
        flat: &[ObjectId],
    ) -> Result<Vec<(ObjectId, ObjectId)>, LoadErrorKind> {
        let mut places = FxHashMap::default();
        let mut items: Vec<(ObjectId, ObjectId)> = Vec::with_capacity(flat.len() / 2);
        for pair in flat.chunks_exact(2) {
            let class = self.class(pool, pair[0]).map_err(LoadErrorKind::UnhashableKey)?;
            let place = *places.entry(class).or_insert(items.len());
            match items.get_mut(place) {
                Some(item) => item.1 = pair[1],
                None => items.push((pair[0], pair[1])),
            }
        }
        Ok(items)
    }

    /// The class of an object; the error is the type that has no hash, of the object or in it.
    fn class(&mut self, pool: &Pool, root: ObjectId) -> Result<Class, &'static str> {
        let mut pending = vec![root];
        while let Some(&id) = pending.last() {
            if self.classes.contains_key(&id) {
                pending.pop();
                continue;
            }
            let object = pool.get(id);
            check_hashable(object)?;
            let before = pending.len();
            if !matches!(object, Object::Code(_)) {
                pending.extend(object.children().filter(|child| !self.classes.contains_key(child)));
            }
            if pending.len() == before {
                pending.pop();
                let key = self.key(id, object);
                let new = Class(self.of_key.len() as u32);
                let class = *self.of_key.entry(key).or_insert(new);
                self.classes.insert(id, class);
            }
        }
        Ok(self.classes[&root])
    }

    /// The key of an object whose members have their classes.
    fn key(&self, id: ObjectId, object: Object<'_>) -> Key {
        match object {
            Object::Bool(value) => Key::Int(i64::from(value)),
            Object::Int(value) => Key::Int(value),
            Object::BigInt(value) => Key::BigInt(value.clone()),
            Object::Float(value) => real_key(id, value),
            Object::Complex { real, imag: 0.0 } => real_key(id, real),
            Object::Complex { real, imag } if real.is_nan() || imag.is_nan() => Key::Itself(id),
            Object::Complex { real, imag } => Key::Complex(plus_zero(real).to_bits(), imag.to_bits()),
            Object::Str { text, .. } => Key::Str(text),
            Object::Bytes(bytes) => Key::Bytes(bytes.into()),
            Object::Tuple(_) => Key::Tuple(self.members(object)),
            Object::Slice(_) => Key::Slice(self.members(object)),
            Object::FrozenSet(_) => {
                let mut members = self.members(object);
                members.sort_unstable();
                Key::FrozenSet(members)
            }
            Object::None
            | Object::Ellipsis
            | Object::StopIteration
            | Object::Code(_)
            | Object::List(_)
            | Object::Set(_)
            | Object::Dict(_) => Key::Itself(id),
        }
    }

    fn members(&self, object: Object<'_>) -> Box<[Class]> {
        object.children().map(|child| self.classes[&child]).collect()
    }
}

fn check_hashable(object: Object<'_>) -> Result<(), &'static str> {
    match object {
        Object::List(_) => Err("list"),
        Object::Set(_) => Err("set"),
        Object::Dict(_) => Err("dict"),
        _ => Ok(()),
    }
}

fn real_key(id: ObjectId, value: f64) -> Key {
    if value.is_nan() {
        return Key::Itself(id);
    }
    if value.fract() != 0.0 || value.is_infinite() {
        return Key::Complex(value.to_bits(), 0);
    }
    match value.to_i64() {
        Some(integer) => Key::Int(integer),
        None => Key::BigInt(BigInt::from_f64(value).expect("a finite float")),
    }
}

/// Zeros are equal whatever their sign.
fn plus_zero(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value }
}
