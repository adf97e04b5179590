//! Constant values: what a code object can hold.

use std::fmt;

use num_bigint::BigInt;

use crate::{CodeObject, StrId};

/// An object in a [`Pool`](crate::Pool): same id, same Python object (`a is b`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub(crate) u32);

impl ObjectId {
    /// `None`; every pool has it at this id.
    pub const NONE: ObjectId = ObjectId(0);
    /// `True`
    pub const TRUE: ObjectId = ObjectId(1);
    /// `False`
    pub const FALSE: ObjectId = ObjectId(2);
    /// `...`
    pub const ELLIPSIS: ObjectId = ObjectId(3);
    /// `()`
    pub const EMPTY_TUPLE: ObjectId = ObjectId(4);
    /// `b''`
    pub const EMPTY_BYTES: ObjectId = ObjectId(5);
    /// `''`
    pub const EMPTY_STR: ObjectId = ObjectId(6);
    /// The `StopIteration` class.
    pub const STOP_ITERATION: ObjectId = ObjectId(7);

    /// The position in the pool, dense from 0: an index for side tables.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "obj{}", self.0)
    }
}

/// A value that `marshal` can write, as a [`Pool`](crate::Pool) takes and shows it: the contents are borrowed, and
/// containers hold their members by id.
#[derive(Clone, Copy, Debug)]
pub enum Object<'a> {
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// `...`
    Ellipsis,
    /// The `StopIteration` class, which marshal knows.
    StopIteration,
    /// An int that fits 64 bits; always in this variant when it does.
    Int(i64),
    /// An int that does not fit [`Object::Int`].
    BigInt(&'a BigInt),
    /// A float; equality of objects is by bit pattern.
    Float(f64),
    /// A complex number.
    Complex {
        /// The real part.
        real: f64,
        /// The imaginary part.
        imag: f64,
    },
    /// A string.
    Str {
        /// Its text.
        text: StrId,
        /// Whether it is in CPython's table of interned strings, which marshal records.
        interned: bool,
    },
    /// A bytes object.
    Bytes(&'a [u8]),
    /// A tuple.
    Tuple(&'a [ObjectId]),
    /// A frozenset, members in the order of insertion, each once.
    FrozenSet(&'a [ObjectId]),
    /// A list; only in marshal data, never a constant.
    List(&'a [ObjectId]),
    /// A set; only in marshal data, never a constant.
    Set(&'a [ObjectId]),
    /// A dict, in order; only in marshal data, never a constant.
    Dict(&'a [(ObjectId, ObjectId)]),
    /// `slice(start, stop, step)`
    Slice(&'a [ObjectId; 3]),
    /// A code object.
    Code(&'a CodeObject),
}
