//! Which constants are equal in Python, for the members of a set.
//!
//! Numbers are equal by value, whatever their type: of `{1, True, 1.0}` the first stays. An object is
//! equal to itself, even if it is NaN.

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use pycode::{Object, ObjectId, Pool};
use rustc_hash::FxHashMap;

use super::number::Number;

/// The members of a set that is made of these, in order.
pub(crate) fn distinct(pool: &Pool, members: Vec<ObjectId>) -> Vec<ObjectId> {
    let mut by_hash: FxHashMap<u64, Vec<ObjectId>> = FxHashMap::default();
    let mut kept = Vec::with_capacity(members.len());
    for member in members {
        let same_hash = by_hash.entry(hash(pool, member)).or_default();
        if !same_hash.iter().any(|&other| equal(pool, member, other)) {
            same_hash.push(member);
            kept.push(member);
        }
    }
    kept
}

/// `a is b or a == b`
fn equal(pool: &Pool, a: ObjectId, b: ObjectId) -> bool {
    if a == b {
        return true;
    }
    let (a, b) = (pool.get(a), pool.get(b));
    if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return numbers_equal(&a, &b);
    }
    match (a, b) {
        (Object::Str { text: a, .. }, Object::Str { text: b, .. }) => a == b,
        (Object::Bytes(a), Object::Bytes(b)) => a == b,
        (Object::Tuple(a), Object::Tuple(b)) => all_equal(pool, a, b),
        (Object::Slice(a), Object::Slice(b)) => all_equal(pool, a, b),
        (Object::FrozenSet(a), Object::FrozenSet(b)) => {
            a.len() == b.len() && a.iter().all(|&a| b.iter().any(|&b| equal(pool, a, b)))
        }
        _ => false,
    }
}

fn all_equal(pool: &Pool, a: &[ObjectId], b: &[ObjectId]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| equal(pool, a, b))
}

fn numbers_equal(a: &Number<'_>, b: &Number<'_>) -> bool {
    match (a, b) {
        (Number::Complex(a), Number::Complex(b)) => a == b,
        (Number::Complex(complex), real) | (real, Number::Complex(complex)) => {
            complex.imag == 0.0 && numbers_equal(&Number::Float(complex.real), real)
        }
        (Number::Float(a), Number::Float(b)) => a == b,
        (Number::Float(float), int) | (int, Number::Float(float)) => {
            int.as_int().is_some_and(|int| exact_int(*float).as_ref() == Some(&*int))
        }
        (a, b) => a.as_int() == b.as_int(),
    }
}

/// The int that a float is.
fn exact_int(float: f64) -> Option<BigInt> {
    if float.fract() != 0.0 {
        return None;
    }
    num_traits::FromPrimitive::from_f64(float)
}

/// A hash that equal objects share. Other objects may share it too.
fn hash(pool: &Pool, id: ObjectId) -> u64 {
    let object = pool.get(id);
    if let Some(number) = Number::of(object) {
        return hash_number(&number);
    }
    match object {
        Object::Str { text, .. } => text.index() as u64,
        Object::Bytes(bytes) => bytes.iter().fold(1, |hash, &byte| mix(hash, u64::from(byte))),
        Object::Tuple(members) => members.iter().fold(2, |hash, &member| mix(hash, self::hash(pool, member))),
        Object::FrozenSet(members) => members.len() as u64,
        Object::Slice(_) => 3,
        _ => id.index() as u64,
    }
}

fn hash_number(number: &Number<'_>) -> u64 {
    match number {
        Number::Bool(value) => u64::from(*value),
        Number::Int(value) => value.to_i64().map_or_else(|| value.bits(), |small| small as u64),
        Number::Float(value) => match exact_int(*value) {
            Some(int) => hash_number(&Number::Int(std::borrow::Cow::Owned(int))),
            None => value.to_bits(),
        },
        Number::Complex(value) if value.imag == 0.0 => hash_number(&Number::Float(value.real)),
        Number::Complex(value) => {
            mix(hash_number(&Number::Float(value.real)), hash_number(&Number::Float(value.imag)))
        }
    }
}

fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95)
}
