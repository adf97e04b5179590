//! What the stages of the pipeline hand on: interned strings, constant values with identity, source
//! locations and the code object.
//!
//! * Takes nothing and does no I/O: a leaf crate of plain data.
//! * A [`Pool`] owns all objects of one compilation; an [`ObjectId`] is an object's identity, so that
//!   marshal can tell a shared object from an equal one.
//! * An [`Interner`] owns all texts; a [`StrId`] stands for a text.
//! * A [`CodeObject`] refers to its parts by id. Its tables have decoders that bear any bytes:
//!   [`CodeObject::line_table`] gives positions and lines, [`CodeObject::exception_table`] handlers,
//!   [`CodeObject::localsplus`] the names and kinds of locals. [`Pool::code_objects`] gives it with all that are nested
//!   in it.
//! * [`repr`] shows any object as Python does; [`PyStr`] is a text that may hold lone surrogates.
//!
//! ```
//! use pycode::{Object, Pool, repr};
//! let mut pool = Pool::new();
//! let (name, number) = (pool.name_of("spam"), pool.merge(Object::Int(1000)));
//! let pair = pool.merge(Object::Tuple(&[name, number]));
//! assert_eq!(repr(&pool, pair)?, "('spam', 1000)");
//! // Constants are merged, other objects are not.
//! assert_eq!(pool.merge(Object::Tuple(&[name, number])), pair);
//! assert_ne!(pool.add(Object::Tuple(&[name, number])), pair);
//! # Ok::<(), pycode::ReprError>(())
//! ```
//!
//! CPython's counterparts: `Objects/codeobject.c`, `Include/internal/pycore_code.h`, and the constant
//! cache of `Python/compile.c`.

mod children;
mod code;
mod exception_table;
mod generated {
    pub(crate) mod interned;
    pub(crate) mod printable;
    pub(crate) mod version;
}
mod hash;
mod interner;
mod linetable;
mod localsplus;
mod location;
mod object;
mod object_repr;
mod pool;
mod pystr;
mod repr;
mod set_order;
mod siphash;
mod validate;

pub use children::Children;
pub use code::{CodeFlags, CodeObject, LocalKind};
pub use exception_table::{ExceptionEntry, ExceptionTable};
pub use interner::{Interner, StrId, known};
pub use linetable::{LineRange, LineTable, LineTableEntries, LineTableEntry, Lines};
pub use location::Location;
pub use object::{Object, ObjectId};
pub use object_repr::{MAX_REPR_DEPTH, ReprBudget, ReprError, repr, write_repr};
pub use pool::{Pool, int_object};
pub use pystr::{CodePoints, PyStr, push_code_point};
pub use repr::{escape_unprintable, is_printable, is_space, repr_bytes, repr_complex, repr_float, repr_str};
pub use set_order::set_iteration_order;
pub use siphash::siphash13;
pub use validate::CodeError;

/// The version of CPython that these crates are exact for.
pub mod version {
    pub use crate::generated::version::*;
}
