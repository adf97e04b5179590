//! Operations on constants, with the results of Python's, to the bit.
//!
//! Takes objects of a pool, gives a [`Value`] or nothing: where Python would raise, where it would
//! warn, and where the result would be larger than CPython cares to fold. `COMPARE_OP` and `%` on
//! strings are never folded.
//!
//! * [`int`], [`float`], [`complex`]: arithmetic, by way of [`number`], which knows what type two
//!   operands meet in.
//! * [`sequence`]: concatenation, repetition and subscripts of tuples, strings and bytes.
//! * [`equality`]: which members of a set are the same.
//!
//! CPython's counterparts: `eval_const_binop`, `eval_const_unaryop` and `const_folding_safe_*` in
//! `Python/flowgraph.c`, and the number and sequence protocols of the types in `Objects/`.

pub(crate) mod complex;
pub(crate) mod equality;
pub(crate) mod float;
pub(crate) mod int;
pub(crate) mod number;
mod processor;
pub(crate) mod sequence;

use num_bigint::BigInt;
use num_traits::Zero;
use pycode::{Object, ObjectId, Pool, PyStr};
use pyopcode::BinaryOp;

use self::number::Number;

/// An operator with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum UnaryOp {
    /// `-`
    Negative,
    /// `+`
    Positive,
    /// `~`
    Invert,
    /// `not`
    Not,
}

/// What an operation gives.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// An object that is in the pool.
    Existing(ObjectId),
    /// A float or complex number.
    Number(Object<'static>),
    /// An int.
    Int(BigInt),
    /// A tuple.
    Tuple(Vec<ObjectId>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A string, as WTF-8.
    Text(Vec<u8>),
    /// Bytes that are a new object even when there is but one, or none.
    FreshBytes(Vec<u8>),
    /// A string that is a new object even when it is a single character.
    FreshText(Vec<u8>),
}

impl Value {
    /// The constant for it.
    pub(crate) fn into_merged(self, pool: &mut Pool) -> ObjectId {
        match self {
            Value::Existing(id) => pool.merge_id(id),
            Value::Number(object) => pool.merge(object),
            Value::Int(value) => pool.merge_int(&value),
            Value::Tuple(members) => pool.merge(Object::Tuple(&members)),
            Value::Bytes(bytes) => pool.merge(Object::Bytes(&bytes)),
            Value::Text(bytes) => {
                let text = pool.strings_mut().intern_pystr(PyStr::from_wtf8(&bytes));
                pool.merge_str(text)
            }
            Value::FreshBytes(bytes) => {
                let id = pool.add_new(Object::Bytes(&bytes));
                pool.merge_id(id)
            }
            Value::FreshText(bytes) => {
                let text = pool.strings_mut().intern_pystr(PyStr::from_wtf8(&bytes));
                let id = pool.add_fresh(Object::Str { text, interned: false });
                pool.merge_id(id)
            }
        }
    }

    fn float(value: f64) -> Value {
        Value::Number(Object::Float(value))
    }

    fn bool(value: bool) -> Value {
        Value::Existing(if value { ObjectId::TRUE } else { ObjectId::FALSE })
    }
}

/// `left op right`
pub(crate) fn binary(pool: &Pool, op: BinaryOp, left: ObjectId, right: ObjectId) -> Option<Value> {
    match (Number::of(pool.get(left)), Number::of(pool.get(right))) {
        (Some(a), Some(b)) if number::is_left_unchanged(op, &a, &b) => Some(Value::Existing(left)),
        (Some(left), Some(right)) => number::binary(op, left, right),
        _ => sequence::binary(pool, op, left, right),
    }
}

/// `op operand`
pub(crate) fn unary(pool: &Pool, op: UnaryOp, operand: ObjectId) -> Option<Value> {
    let object = pool.get(operand);
    if op == UnaryOp::Not {
        return Some(Value::bool(!is_true(object)));
    }
    // `~True` warns.
    if op == UnaryOp::Invert && matches!(object, Object::Bool(_)) {
        return None;
    }
    match (op, Number::of(object)?) {
        (UnaryOp::Negative, Number::Bool(value)) => Some(Value::Int(-BigInt::from(value))),
        (UnaryOp::Negative, Number::Int(value)) => Some(Value::Int(-value.into_owned())),
        (UnaryOp::Negative, Number::Float(value)) => Some(Value::float(-value)),
        (UnaryOp::Negative, Number::Complex(value)) => Some(complex::value(complex::negative(value))),
        (UnaryOp::Invert, Number::Int(value)) => Some(Value::Int(!value.into_owned())),
        (UnaryOp::Positive, Number::Bool(value)) => Some(Value::Int(BigInt::from(value))),
        (UnaryOp::Positive, _) => Some(Value::Existing(operand)),
        _ => None,
    }
}

/// `bool(object)`
pub(crate) fn is_true(object: Object<'_>) -> bool {
    match object {
        Object::None => false,
        Object::Bool(value) => value,
        Object::Int(value) => value != 0,
        Object::BigInt(value) => !value.is_zero(),
        Object::Float(value) => value != 0.0,
        Object::Complex { real, imag } => real != 0.0 || imag != 0.0,
        Object::Str { text, .. } => text != pycode::known::EMPTY,
        Object::Bytes(bytes) => !bytes.is_empty(),
        Object::Tuple(members)
        | Object::FrozenSet(members)
        | Object::List(members)
        | Object::Set(members) => !members.is_empty(),
        Object::Dict(items) => !items.is_empty(),
        Object::Ellipsis | Object::StopIteration | Object::Slice(_) | Object::Code(_) => true,
    }
}
