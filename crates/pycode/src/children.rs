//! The objects that an object refers to, in the order in which marshal visits them.

use std::slice;

use crate::{CodeObject, Object, ObjectId};

impl<'a> Object<'a> {
    /// The objects that this one refers to, in order: members; keys and values in turn; of a code
    /// object the fields from `co_code` to `co_exceptiontable`.
    pub fn children(self) -> Children<'a> {
        match self {
            Object::Tuple(members)
            | Object::FrozenSet(members)
            | Object::List(members)
            | Object::Set(members) => Children::Members(members.iter()),
            Object::Slice(parts) => Children::Members(parts.iter()),
            Object::Dict(items) => Children::Items { items: items.iter(), value: None },
            Object::Code(code) => Children::Code { code, next: 0 },
            Object::None
            | Object::Bool(_)
            | Object::Ellipsis
            | Object::StopIteration
            | Object::Int(_)
            | Object::BigInt(_)
            | Object::Float(_)
            | Object::Complex { .. }
            | Object::Str { .. }
            | Object::Bytes(_) => Children::Members([].iter()),
        }
    }

    /// Whether the object can refer to others.
    pub fn is_container(self) -> bool {
        matches!(
            self,
            Object::Tuple(_)
                | Object::FrozenSet(_)
                | Object::List(_)
                | Object::Set(_)
                | Object::Dict(_)
                | Object::Slice(_)
                | Object::Code(_)
        )
    }
}

/// The objects that an [`Object`] refers to.
#[derive(Clone, Debug)]
pub enum Children<'a> {
    /// The members of a sequence or a set.
    Members(slice::Iter<'a, ObjectId>),
    /// The keys and values of a dict.
    Items {
        /// The items that are still to come.
        items: slice::Iter<'a, (ObjectId, ObjectId)>,
        /// The value of the key that was given last.
        value: Option<ObjectId>,
    },
    /// The fields of a code object.
    Code {
        /// The code object.
        code: &'a CodeObject,
        /// Which field comes next; 0 is `co_code`.
        next: u8,
    },
}

impl Iterator for Children<'_> {
    type Item = ObjectId;

    fn next(&mut self) -> Option<ObjectId> {
        match self {
            Children::Members(members) => members.next().copied(),
            Children::Items { items, value } => value.take().or_else(|| {
                let &(key, next) = items.next()?;
                *value = Some(next);
                Some(key)
            }),
            Children::Code { code, next } => {
                let field = code.field(*next)?;
                *next += 1;
                Some(field)
            }
        }
    }
}

impl CodeObject {
    /// How many fields of a code object are objects.
    pub const OBJECT_FIELDS: u8 = 10;

    /// The fields that are objects, in the order of marshal; 0 is `co_code`.
    fn field(&self, index: u8) -> Option<ObjectId> {
        Some(match index {
            0 => self.code,
            1 => self.consts,
            2 => self.names,
            3 => self.localsplusnames,
            4 => self.localspluskinds,
            5 => self.filename,
            6 => self.name,
            7 => self.qualname,
            8 => self.linetable,
            9 => self.exceptiontable,
            _ => return None,
        })
    }
}
