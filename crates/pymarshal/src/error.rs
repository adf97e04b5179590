//! What can be wrong with an object to write or with bytes to read.

use pycode::CodeError;
use thiserror::Error;

/// Why an object cannot be written; the text is CPython's, which has no limit to the size.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum DumpError {
    /// More than [`MAX_DEPTH`](crate::MAX_DEPTH) objects are nested.
    #[error("object too deeply nested to marshal")]
    TooDeep,
    /// It would take more than 2^31 - 1 bytes, which nothing reads; shared objects in a version
    /// without references can lead to it.
    #[error("object too large to marshal")]
    TooLarge,
    /// The format has no way to write it: a slice before version 5, or a length over 2^31 - 1.
    #[error("unmarshallable object")]
    Unmarshallable,
}

/// Why bytes cannot be read, and where.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{kind} (at byte {offset})")]
pub struct LoadError {
    /// Where the value that is wrong begins, counted from the first byte of the marshal data.
    pub offset: usize,
    /// What is wrong.
    pub kind: LoadErrorKind,
}

/// What can be wrong with marshal data; the text is CPython's, where CPython refuses it too.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum LoadErrorKind {
    /// The data ends where an object was to begin, or a container has more members than bytes follow.
    #[error("EOF read where object expected")]
    EndBeforeObject,
    /// The data ends where a one-byte length was to come.
    #[error("EOF read where not expected")]
    EndBeforeByte,
    /// The data ends within a value, or is shorter than a length in it says.
    #[error("marshal data too short")]
    TooShort,
    /// No object begins with this byte.
    #[error("bad marshal data (unknown type code)")]
    UnknownType(u8),
    /// A length is negative; says of what.
    #[error("bad marshal data ({0} size out of range)")]
    SizeOutOfRange(&'static str),
    /// A digit of an int is not below 2^15.
    #[error("bad marshal data (digit out of range in long)")]
    BadDigit,
    /// The topmost digit of an int is zero.
    #[error("bad marshal data (unnormalized long data)")]
    UnnormalizedInt,
    /// The text of a float is none.
    #[error("could not convert string to float")]
    BadFloat,
    /// A string is not UTF-8, lone surrogates allowed.
    #[error("bad marshal data (string is not UTF-8)")]
    BadUtf8,
    /// A reference to a number that no object has.
    #[error("bad marshal data (invalid reference)")]
    BadReference,
    /// A reference to an object that is not complete: a cycle. CPython allows it in lists and dicts.
    #[error("bad marshal data (reference to an unfinished object)")]
    Cycle,
    /// The end mark of a dict where an object was to come; says in what.
    #[error("NULL object in marshal data for {0}")]
    Null(&'static str),
    /// A member of a set that has no hash; says of which type.
    #[error("cannot use '{0}' as a set element (unhashable type: '{0}')")]
    UnhashableMember(&'static str),
    /// A key of a dict that has no hash; says of which type.
    #[error("cannot use '{0}' as a dict key (unhashable type: '{0}')")]
    UnhashableKey(&'static str),
    /// More than [`MAX_DEPTH`](crate::MAX_DEPTH) objects are nested.
    #[error("recursion limit exceeded")]
    TooDeep,
    /// A code object that contradicts itself.
    #[error(transparent)]
    BadCode(#[from] CodeError),
    /// A count in a code object is negative; says which.
    #[error("code: {0} is negative")]
    NegativeCount(&'static str),
    /// More than 2^31 - 1 bytes of marshal data.
    #[error("marshal data too long")]
    TooLong,
}
