//! Nodes from the values of their fields: the reverse of [`NodeRef::field`](crate::NodeRef::field).

use pycode::StrId;
use smallvec::SmallVec;

use crate::reflect::{FieldValue, NodeKind};
use crate::{Arena, Constant};

/// No kind of node has more fields; the generated constructors rely on it.
pub(crate) const MAX_FIELDS: usize = 8;

/// The values for the fields of a node that is to be built.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    pub(crate) kind: NodeKind,
    /// By number; a field that was not given has none.
    pub(crate) values: [Option<FieldValue<'a>>; MAX_FIELDS],
}

/// Why a node cannot be built.
pub(crate) enum FieldError {
    /// A required field was not given.
    Missing(&'static str),
    /// A required field is `None`.
    None(&'static str),
    /// A field has a value of another type.
    WrongType(&'static str),
}

impl<'a> Fields<'a> {
    pub(crate) fn new(kind: NodeKind) -> Self {
        Fields { kind, values: [None; MAX_FIELDS] }
    }

    /// The value of a field, as the type that the constructor asks for.
    pub(crate) fn get<T: FromField<'a>>(&self, index: usize) -> Result<T, FieldError> {
        let name = self.kind.fields()[index].name;
        match self.values[index] {
            None => T::DEFAULT.ok_or(FieldError::Missing(name)),
            Some(value) => T::from_field(value).ok_or(match value {
                FieldValue::None => FieldError::None(name),
                _ => FieldError::WrongType(name),
            }),
        }
    }
}

/// A type that a field of a node struct has.
pub(crate) trait FromField<'a>: Sized {
    /// What stands for a field that is not given, as in CPython: none, no items, `Load`.
    const DEFAULT: Option<Self> = None;

    /// The value as this type, if it is one.
    fn from_field(value: FieldValue<'a>) -> Option<Self>;
}

impl<'a, T: FromField<'a>> FromField<'a> for Option<T> {
    const DEFAULT: Option<Self> = Some(None);

    fn from_field(value: FieldValue<'a>) -> Option<Self> {
        match value {
            FieldValue::None => Some(None),
            _ => T::from_field(value).map(Some),
        }
    }
}

impl<'a> FromField<'a> for StrId {
    fn from_field(value: FieldValue<'a>) -> Option<Self> {
        match value {
            FieldValue::Str(text) => Some(text),
            _ => None,
        }
    }
}

impl<'a> FromField<'a> for i32 {
    fn from_field(value: FieldValue<'a>) -> Option<Self> {
        match value {
            FieldValue::Int(number) => Some(number),
            _ => None,
        }
    }
}

impl<'a> FromField<'a> for Constant<'a> {
    fn from_field(value: FieldValue<'a>) -> Option<Self> {
        match value {
            FieldValue::Constant(constant) => Some(constant),
            _ => None,
        }
    }
}

/// The items as a list of one type; `None` if one is of another type.
pub(crate) fn list_of<'a, T: Copy>(
    arena: &'a Arena,
    items: &[FieldValue<'a>],
    convert: impl FnMut(FieldValue<'a>) -> Option<T>,
) -> Option<&'a [T]> {
    let items: Option<SmallVec<[T; 8]>> = items.iter().copied().map(convert).collect();
    Some(arena.list(&items?))
}
