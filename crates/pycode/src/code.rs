//! The code object.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

use crate::ObjectId;

/// A code object: the fields of CPython's `PyCodeObject`, in the form in which marshal writes them.
///
/// The ids refer to the [`Pool`](crate::Pool) that holds the code object.
#[derive(Clone, Debug)]
pub struct CodeObject {
    /// `co_argcount`: positional parameters, positional-only ones included.
    pub argcount: u32,
    /// `co_posonlyargcount`
    pub posonlyargcount: u32,
    /// `co_kwonlyargcount`
    pub kwonlyargcount: u32,
    /// `co_stacksize`
    pub stacksize: u32,
    /// `co_flags`
    pub flags: CodeFlags,
    /// `co_code`: a bytes object; code units of two bytes, inline caches included.
    pub code: ObjectId,
    /// `co_consts`: a tuple.
    pub consts: ObjectId,
    /// `co_names`: a tuple of strings.
    pub names: ObjectId,
    /// `co_localsplusnames`: a tuple of strings, locals then cells then free variables.
    pub localsplusnames: ObjectId,
    /// `co_localspluskinds`: a bytes object, a [`LocalKind`] for each of `localsplusnames`.
    pub localspluskinds: ObjectId,
    /// `co_filename`: a string.
    pub filename: ObjectId,
    /// `co_name`: a string.
    pub name: ObjectId,
    /// `co_qualname`: a string.
    pub qualname: ObjectId,
    /// `co_firstlineno`
    pub firstlineno: i32,
    /// `co_linetable`: a bytes object.
    pub linetable: ObjectId,
    /// `co_exceptiontable`: a bytes object.
    pub exceptiontable: ObjectId,
}

impl CodeObject {
    /// A code object without parameters, instructions, constants and names, to be filled field by field;
    /// `filename` and `name` are string objects.
    pub const fn empty(filename: ObjectId, name: ObjectId) -> Self {
        CodeObject {
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            stacksize: 1,
            flags: CodeFlags(0),
            code: ObjectId::EMPTY_BYTES,
            consts: ObjectId::EMPTY_TUPLE,
            names: ObjectId::EMPTY_TUPLE,
            localsplusnames: ObjectId::EMPTY_TUPLE,
            localspluskinds: ObjectId::EMPTY_BYTES,
            filename,
            name,
            qualname: name,
            firstlineno: 1,
            linetable: ObjectId::EMPTY_BYTES,
            exceptiontable: ObjectId::EMPTY_BYTES,
        }
    }
}

/// `co_flags`: the `CO_*` bits of `Include/cpython/code.h`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CodeFlags(pub u32);

#[allow(missing_docs, reason = "the names are CPython's")]
impl CodeFlags {
    pub const OPTIMIZED: CodeFlags = CodeFlags(0x0001);
    pub const NEWLOCALS: CodeFlags = CodeFlags(0x0002);
    pub const VARARGS: CodeFlags = CodeFlags(0x0004);
    pub const VARKEYWORDS: CodeFlags = CodeFlags(0x0008);
    pub const NESTED: CodeFlags = CodeFlags(0x0010);
    pub const GENERATOR: CodeFlags = CodeFlags(0x0020);
    pub const COROUTINE: CodeFlags = CodeFlags(0x0080);
    pub const ITERABLE_COROUTINE: CodeFlags = CodeFlags(0x0100);
    pub const ASYNC_GENERATOR: CodeFlags = CodeFlags(0x0200);
    pub const HAS_DOCSTRING: CodeFlags = CodeFlags(0x0400_0000);
    pub const METHOD: CodeFlags = CodeFlags(0x0800_0000);
    pub const NO_MONITORING_EVENTS: CodeFlags = CodeFlags(0x0200_0000);
}

impl CodeFlags {
    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: CodeFlags) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for CodeFlags {
    type Output = CodeFlags;
    fn bitor(self, other: CodeFlags) -> CodeFlags {
        CodeFlags(self.0 | other.0)
    }
}

impl BitOrAssign for CodeFlags {
    fn bitor_assign(&mut self, other: CodeFlags) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for CodeFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// One byte of `co_localspluskinds`: the `CO_FAST_*` bits of `Include/internal/pycore_code.h`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct LocalKind(pub u8);

#[allow(missing_docs, reason = "the names are CPython's")]
impl LocalKind {
    pub const ARG_POS: LocalKind = LocalKind(0x02);
    pub const ARG_KW: LocalKind = LocalKind(0x04);
    pub const ARG_VAR: LocalKind = LocalKind(0x08);
    pub const HIDDEN: LocalKind = LocalKind(0x10);
    pub const LOCAL: LocalKind = LocalKind(0x20);
    pub const CELL: LocalKind = LocalKind(0x40);
    pub const FREE: LocalKind = LocalKind(0x80);
}

impl LocalKind {
    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: LocalKind) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for LocalKind {
    type Output = LocalKind;
    fn bitor(self, other: LocalKind) -> LocalKind {
        LocalKind(self.0 | other.0)
    }
}
