//! Python's `repr` of any object of a pool.
//!
//! Members of sets are shown in the order of iteration ([`set_iteration_order`](crate::set_iteration_order)).
//! The address of a code object is made from its id: distinct objects have distinct addresses, and the
//! same program gives the same ones.

use std::fmt::Write;

use num_bigint::BigInt;
use thiserror::Error;

use crate::hash::Hasher;
use crate::set_order::set_iteration_order_with;
use crate::{CodeObject, Object, ObjectId, Pool, PyStr, repr_bytes, repr_complex, repr_float, repr_str};

/// Why there is no `repr` of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum ReprError {
    /// The text would be longer than [`MAX_REPR_LEN`]: an object that holds shared objects many times
    /// over can be small and yet have a text that fills any memory.
    #[error("the text of the object is too long")]
    TooLong,
    /// More than [`MAX_REPR_DEPTH`] objects are nested.
    #[error("the object is nested too deeply")]
    TooDeep,
}

/// The longest text, in bytes.
pub const MAX_REPR_LEN: usize = 1 << 26;
/// How deep objects may nest; marshal data goes as far.
pub const MAX_REPR_DEPTH: usize = 2000;

/// Python's `repr` of an object.
///
/// ```
/// use pycode::{Object, Pool, repr};
/// let mut pool = Pool::new();
/// let one = pool.add(Object::Int(1));
/// let tuple = pool.add(Object::Tuple(Box::new([one])));
/// assert_eq!(repr(&pool, tuple).unwrap(), "(1,)");
/// ```
pub fn repr(pool: &Pool, id: ObjectId) -> Result<String, ReprError> {
    let mut writer = ReprWriter { pool, hasher: Hasher::new(pool), out: String::new(), depth: 0 };
    writer.object(id)?;
    Ok(writer.out)
}

struct ReprWriter<'a> {
    pool: &'a Pool,
    hasher: Hasher<'a>,
    out: String,
    depth: usize,
}

impl ReprWriter<'_> {
    fn object(&mut self, id: ObjectId) -> Result<(), ReprError> {
        if self.out.len() > MAX_REPR_LEN {
            return Err(ReprError::TooLong);
        }
        if self.depth == MAX_REPR_DEPTH {
            return Err(ReprError::TooDeep);
        }
        self.depth += 1;
        self.object_within_limits(id)?;
        self.depth -= 1;
        Ok(())
    }

    fn object_within_limits(&mut self, id: ObjectId) -> Result<(), ReprError> {
        match self.pool.get(id) {
            Object::None => self.text("None"),
            Object::Bool(true) => self.text("True"),
            Object::Bool(false) => self.text("False"),
            Object::Ellipsis => self.text("Ellipsis"),
            Object::StopIteration => self.text("<class 'StopIteration'>"),
            Object::Int(value) => {
                let _ = write!(self.out, "{value}");
            }
            Object::BigInt(value) => self.big_int(value)?,
            Object::Float(value) => repr_float(*value, &mut self.out),
            Object::Complex { real, imag } => repr_complex(*real, *imag, &mut self.out),
            Object::Str { text, .. } => repr_str(self.pool.strings().get(*text), &mut self.out),
            Object::Bytes(bytes) => repr_bytes(bytes, &mut self.out),
            Object::Tuple(members) => self.tuple(members)?,
            Object::List(members) => self.sequence("[", members, "]")?,
            Object::FrozenSet(members) if members.is_empty() => self.text("frozenset()"),
            Object::FrozenSet(members) => self.set("frozenset({", members, "})")?,
            Object::Set(members) if members.is_empty() => self.text("set()"),
            Object::Set(members) => self.set("{", members, "}")?,
            Object::Dict(items) => self.dict(items)?,
            Object::Slice(parts) => self.sequence("slice(", parts, ")")?,
            Object::Code(code) => self.code(id, code),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Writing a number in decimal takes time that grows with the square of its length.
    fn big_int(&mut self, value: &BigInt) -> Result<(), ReprError> {
        if value.bits() > 1 << 20 {
            return Err(ReprError::TooLong);
        }
        let _ = write!(self.out, "{value}");
        Ok(())
    }

    fn tuple(&mut self, members: &[ObjectId]) -> Result<(), ReprError> {
        self.sequence("(", members, if members.len() == 1 { ",)" } else { ")" })
    }

    fn set(&mut self, open: &str, members: &[ObjectId], close: &str) -> Result<(), ReprError> {
        let ordered = set_iteration_order_with(&mut self.hasher, members);
        self.sequence(open, &ordered, close)
    }

    fn sequence(&mut self, open: &str, members: &[ObjectId], close: &str) -> Result<(), ReprError> {
        self.text(open);
        for (i, &member) in members.iter().enumerate() {
            if i > 0 {
                self.text(", ");
            }
            self.object(member)?;
        }
        self.text(close);
        Ok(())
    }

    fn dict(&mut self, items: &[(ObjectId, ObjectId)]) -> Result<(), ReprError> {
        self.text("{");
        for (i, &(key, value)) in items.iter().enumerate() {
            if i > 0 {
                self.text(", ");
            }
            self.object(key)?;
            self.text(": ");
            self.object(value)?;
        }
        self.text("}");
        Ok(())
    }

    /// `code_repr`; names are shown as they are, not quoted.
    fn code(&mut self, id: ObjectId, code: &CodeObject) {
        let shown = |id| self.pool.text(id).map_or_else(String::new, PyStr::to_string_lossy);
        let (name, filename) = (shown(code.name), shown(code.filename));
        let address = 0x7f00_0000_0000 + id.index() as u64 * 0x100;
        let line = if code.firstlineno == 0 { -1 } else { code.firstlineno };
        let _ = write!(self.out, "<code object {name} at {address:#x}, file \"{filename}\", line {line}>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pool: &mut Pool, object: Object) -> String {
        let id = pool.add(object);
        repr(pool, id).expect("short")
    }

    #[test]
    fn containers_as_cpython_shows_them() {
        let mut pool = Pool::new();
        let [one, two] = [1, 2].map(|n| pool.add(Object::Int(n)));
        let name = pool.strings_mut().intern("it's");
        let name = pool.name(name);
        let cases = [
            (Object::Tuple(Box::new([])), "()"),
            (Object::Tuple(Box::new([one])), "(1,)"),
            (Object::Tuple(Box::new([one, ObjectId::ELLIPSIS])), "(1, Ellipsis)"),
            (Object::List(Box::new([one, name])), "[1, \"it's\"]"),
            (Object::FrozenSet(Box::new([])), "frozenset()"),
            (Object::FrozenSet(Box::new([two, one])), "frozenset({1, 2})"),
            (Object::Set(Box::new([])), "set()"),
            (Object::Set(Box::new([one])), "{1}"),
            (Object::Dict(Box::new([(one, two), (name, ObjectId::NONE)])), "{1: 2, \"it's\": None}"),
            (Object::Slice([one, ObjectId::NONE, two]), "slice(1, None, 2)"),
            (Object::StopIteration, "<class 'StopIteration'>"),
        ];
        for (object, expected) in cases {
            assert_eq!(shown(&mut pool, object), expected);
        }
    }

    #[test]
    fn shared_members_do_not_fill_the_memory() {
        let mut pool = Pool::new();
        let mut tuple = pool.add(Object::Tuple(Box::new([ObjectId::NONE])));
        for _ in 0..60 {
            tuple = pool.add(Object::Tuple(Box::new([tuple, tuple])));
        }
        assert_eq!(repr(&pool, tuple), Err(ReprError::TooLong));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let mut pool = Pool::new();
        let mut tuple = ObjectId::NONE;
        for _ in 0..MAX_REPR_DEPTH {
            tuple = pool.add(Object::Tuple(Box::new([tuple])));
        }
        assert_eq!(repr(&pool, tuple), Err(ReprError::TooDeep));
    }
}
