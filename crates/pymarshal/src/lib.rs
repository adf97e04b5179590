//! Marshal data and `.pyc` files: objects of a [`Pool`](pycode::Pool) to bytes and back, exactly as
//! CPython writes them.
//!
//! * [`dumps`] takes an object and says which objects carry a reference flag either by counting
//!   references, as CPython does, or by repeating what a loaded file had ([`Refs`]).
//! * [`loads`] takes bytes of any origin and any version of the format (0 to 5): lengths are checked
//!   before memory is taken, depth is limited, and an error says at which byte it arose.
//! * [`pyc`] has the header of `.pyc` files and the hash of a source file.
//!
//! `examples/rename_file.rs` gives the code in a `.pyc` another file name and writes it back.
//!
//! CPython's counterparts: `Python/marshal.c`, `Lib/importlib/_bootstrap_external.py`, PEP 552. Why an
//! object is flagged or not: `docs/identity.md`.
//!
//! ```
//! use pycode::{Object, Pool};
//! use pymarshal::{DumpOptions, dumps, loads};
//!
//! let mut pool = Pool::new();
//! let big = pool.add(Object::Int(1000));
//! let pair = pool.add(Object::Tuple(&[big, big]));
//! let bytes = dumps(&pool, pair, &DumpOptions::default())?;
//! assert_eq!(bytes, b"\xa9\x02\xe9\xe8\x03\x00\x00r\x01\x00\x00\x00");
//!
//! let mut other = Pool::new();
//! let loaded = loads(&bytes, &mut other)?;
//! let members = other.tuple(loaded.root).unwrap();
//! assert_eq!(members[0], members[1]); // one object, as before
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod float_text;
pub mod pyc;
mod read;
mod refs;
mod tag;
mod write;

pub use error::{DumpError, LoadError, LoadErrorKind};
pub use read::{Loaded, loads};
pub use refs::{RefFlags, Refs};
pub use write::{DumpOptions, dumps};

/// How deep objects may nest, for reading and for writing (`MAX_MARSHAL_STACK_DEPTH` on Linux).
pub const MAX_DEPTH: usize = 2000;
