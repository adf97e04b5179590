//! Whether a `.pyc` holds what its source compiles to.
//!
//! [`verify`] takes the bytes of both and gives a [`Verdict`]. The `.pyc` may come from anywhere: nothing of it is
//! run or believed, and it costs no more time and memory than its source makes plausible.
//!
//! * **What it was compiled as.** The path in the module's `co_filename` is the only thing taken from the `.pyc`: the
//!   source is compiled under that name, since build tools put there what they like (`-d`, `-s`, `-p`) and an import
//!   replaces it by the real one. Every nested code object must have the same.
//! * **What has to be equal.** Every field of every code object, every constant with its type and to the bit, in the
//!   same place; nothing may follow the code. Not counted is which objects are *shared*: what marshal marks as shared
//!   or interned depends, for some 3 files in 10,000, on what the process had compiled before. Where the bytes are
//!   equal too, [`Verdict::Ok`] says so.
//! * **Which comes first.** The header is compared with the source before anything else: a `.pyc` that does not claim
//!   to be of this source is [stale](Verdict::Stale), whatever it holds. An unchecked hash, which an import does not
//!   look at, is looked at here.
//!
//! ```
//! use pycompile::verify::{Source, Verdict, verify};
//! use pycompile::{Options, compile};
//! use pymarshal::pyc::{PycHeader, source_hash};
//!
//! let text = b"answer = 42\n";
//! let header = PycHeader::CheckedHash(source_hash(text));
//! let pyc = compile(text, "/src/a.py", &Options::default())?.to_pyc(header)?;
//! let source = Source { bytes: text, mtime: 0 };
//! assert!(matches!(verify(&pyc, source, &[0]), Verdict::Ok { level: 0, identical: true, .. }));
//!
//! let mut changed = pyc.clone();
//! let at = changed.windows(2).position(|unit| unit == [94, 42]).unwrap();
//! changed[at + 1] = 43;
//! let Verdict::Different(difference) = verify(&changed, source, &[0]) else { panic!() };
//! assert!(difference.rows.iter().any(|row| row.differs && row.pyc.contains("43")));
//! # Ok::<(), pycompile::Error>(())
//! ```

mod classes;
mod difference;

use pycode::{Pool, PyStr};
use pymarshal::Loaded;
use pymarshal::pyc::{HEADER_LEN, PycError, PycHeader, source_hash};
use thiserror::Error;

use crate::{Compiled, Compiler, Error, Options};
use classes::Classes;
pub use difference::{Difference, Row, What};

/// A source file.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    /// What it holds.
    pub bytes: &'s [u8],
    /// When it was last changed: seconds since 1970 modulo 2^32, as a `.pyc` has it.
    pub mtime: u32,
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The `.pyc` holds what the source compiles to.
    Ok {
        /// At this level of optimization.
        level: u8,
        /// Whether the bytes are equal as well, and not only what they say.
        identical: bool,
        /// The path that it was compiled as (`co_filename`).
        filename: String,
    },
    /// It was made of another state of the source.
    Stale(Stale),
    /// It claims to be of this source and is not.
    Different(Box<Difference>),
    /// It is no `.pyc` of our version.
    NotPyc(NotPyc),
}

/// What shows that the source has changed since.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum Stale {
    /// The times differ.
    #[error("its source was of time {recorded}, and is of {actual}")]
    Time {
        /// In the `.pyc`.
        recorded: u32,
        /// Of the source.
        actual: u32,
    },
    /// The sizes differ, modulo 2^32.
    #[error("its source had {recorded} bytes, and has {actual}")]
    Size {
        /// In the `.pyc`.
        recorded: u32,
        /// Of the source.
        actual: u32,
    },
    /// The hashes differ.
    #[error("the hash of its source was another")]
    Hash,
}

/// Why a file is no `.pyc`.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum NotPyc {
    /// Its header or its marshal data are not those of a `.pyc` of our version.
    #[error(transparent)]
    Malformed(#[from] PycError),
    /// It is so large that its source cannot be what it was made of. It is not read.
    #[error("{len} bytes are more than its source can have compiled to")]
    TooLarge {
        /// Its size.
        len: u64,
    },
}

/// The longest `.pyc` that a source of `len` bytes can compile to, and more: who reads files need not read more.
///
/// The most that a few bytes can become is a folded `'\U0001F40D' * 4096`, of which each byte becomes some 1,500.
pub fn longest(len: u64) -> u64 {
    len.saturating_mul(4096).saturating_add(1 << 16)
}

/// Compares a `.pyc` with its source, compiled at each of `levels` until one fits. The difference that is shown is
/// that from the first level.
///
/// # Panics
/// When `levels` is empty.
pub fn verify(pyc: &[u8], source: Source<'_>, levels: &[u8]) -> Verdict {
    Verifier::new().verify(pyc, source, levels)
}

/// [`verify`] with buffers that are kept from one file to the next.
#[derive(Debug, Default)]
pub struct Verifier {
    compiler: Compiler,
}

impl Verifier {
    /// With empty buffers.
    pub fn new() -> Verifier {
        Verifier::default()
    }

    /// [`verify`]
    ///
    /// # Panics
    /// As there.
    pub fn verify(&mut self, pyc: &[u8], source: Source<'_>, levels: &[u8]) -> Verdict {
        assert!(!levels.is_empty(), "no level to compile at");
        match self.find_fault(pyc, source, levels) {
            Ok(verdict) | Err(verdict) => verdict,
        }
    }

    /// The verdict; an error is one that came early.
    fn find_fault(&mut self, pyc: &[u8], source: Source<'_>, levels: &[u8]) -> Result<Verdict, Verdict> {
        let header = PycHeader::parse(pyc).map_err(not_pyc)?;
        if let Some(stale) = stale(header, source) {
            return Err(Verdict::Stale(stale));
        }
        let len = pyc.len() as u64;
        if !self.is_plausible(pyc.len(), source, levels[0]).map_err(|error| refused(&error))? {
            return Err(Verdict::NotPyc(NotPyc::TooLarge { len }));
        }
        let mut pool = Pool::new();
        let (_, loaded) = pymarshal::pyc::read(pyc, &mut pool).map_err(not_pyc)?;
        let claim = Claim::new(&pyc[HEADER_LEN..], &pool, &loaded);
        let mut first = None;
        for &level in levels {
            let compiled = self.compile(source, claim.filename, level).map_err(|error| refused(&error))?;
            let compared = claim.compare(&compiled, header);
            self.compiler.recycle(compiled);
            match compared {
                Ok(identical) => {
                    let filename = claim.filename.to_string_lossy();
                    return Ok(Verdict::Ok { level, identical, filename });
                }
                Err(difference) => first = first.or(Some(difference)),
            }
        }
        Ok(Verdict::Different(first.expect("there is a level")))
    }

    fn compile(&mut self, source: Source<'_>, filename: PyStr<'_>, level: u8) -> Result<Compiled, Error> {
        self.compiler.compile(source.bytes, filename, &Options { optimize: level, ..Options::default() })
    }

    /// Whether a file of `len` bytes is to be loaded: objects take many times the bytes that describe them, and
    /// whoever made the file may have put there as many as he liked. What is much longer than most sources make has
    /// to be about as long as what this source does make.
    fn is_plausible(&mut self, len: usize, source: Source<'_>, level: u8) -> Result<bool, Error> {
        const ROOM: usize = 1 << 16;
        if len <= source.bytes.len().saturating_mul(16).saturating_add(ROOM) {
            return Ok(true);
        }
        let compiled = self.compile(source, PyStr::from("?"), level)?;
        let expected = compiled.to_pyc(PycHeader::UncheckedHash([0; 8]))?.len();
        self.compiler.recycle(compiled);
        Ok(len <= expected.saturating_mul(4).saturating_add(ROOM))
    }
}

/// What a `.pyc` holds, loaded.
struct Claim<'p> {
    body: &'p [u8],
    pool: &'p Pool,
    loaded: &'p Loaded,
    /// `co_filename` of the module.
    filename: PyStr<'p>,
}

impl<'p> Claim<'p> {
    fn new(body: &'p [u8], pool: &'p Pool, loaded: &'p Loaded) -> Self {
        let code = pool.code(loaded.root).expect("a .pyc that was read is of a code object");
        let filename = pool.text(code.filename).expect("a code object that was read has a file name");
        Claim { body, pool, loaded, filename }
    }

    /// Whether the bytes are equal too, if the code is.
    fn compare(&self, compiled: &Compiled, header: PycHeader) -> Result<bool, Box<Difference>> {
        let identical = compiled.to_pyc(header).is_ok_and(|expected| expected[HEADER_LEN..] == *self.body);
        if identical {
            return Ok(true);
        }
        let mut classes = Classes::default();
        let ours = classes.of(self.pool, self.loaded.root);
        let theirs = classes.of(&compiled.pool, compiled.root);
        if ours.class(self.loaded.root) != theirs.class(compiled.root) {
            let difference = difference::first(&ours, self.loaded.root, &theirs, compiled.root);
            return Err(Box::new(difference));
        }
        match self.body.len() - self.loaded.consumed {
            0 => Ok(false),
            count => Err(Box::new(Difference::of_module(What::Trailing { count }))),
        }
    }
}

fn not_pyc(error: PycError) -> Verdict {
    Verdict::NotPyc(NotPyc::Malformed(error))
}

fn refused(error: &Error) -> Verdict {
    Verdict::Different(Box::new(Difference::of_module(What::Refused { error: error.to_string() })))
}

fn stale(header: PycHeader, source: Source<'_>) -> Option<Stale> {
    match header {
        PycHeader::Timestamp { mtime, .. } if mtime != source.mtime => {
            Some(Stale::Time { recorded: mtime, actual: source.mtime })
        }
        PycHeader::Timestamp { size, .. } if size != source.bytes.len() as u32 => {
            Some(Stale::Size { recorded: size, actual: source.bytes.len() as u32 })
        }
        PycHeader::Timestamp { .. } => None,
        PycHeader::CheckedHash(hash) | PycHeader::UncheckedHash(hash) => {
            (hash != source_hash(source.bytes)).then_some(Stale::Hash)
        }
    }
}
