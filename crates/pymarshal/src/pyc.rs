//! `.pyc` files: a header of 16 bytes, then a code object as marshal data.
//!
//! The header (PEP 552): the magic number of the CPython version; flags; then either the time and size
//! of the source, or a hash of it. Numbers are little-endian.
//!
//! ```
//! use pycode::{CodeObject, Pool};
//! use pymarshal::pyc::{self, PycHeader};
//!
//! let mut pool = Pool::new();
//! let (file, name) = (pool.name_of("spam.py"), pool.name_of("<module>"));
//! let code = pool.new_code(CodeObject::empty(file, name));
//! let header = PycHeader::UncheckedHash(pyc::source_hash(b""));
//! let file = pyc::write(header, &pool, code)?;
//!
//! let mut pool = Pool::new();
//! let (found, loaded) = pyc::read(&file, &mut pool)?;
//! assert_eq!(found, header);
//! let code = pool.code(loaded.root).unwrap();
//! assert_eq!(pool.text(code.filename).unwrap(), "spam.py");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use pycode::{ObjectId, Pool, siphash13, version::MAGIC_NUMBER};
use thiserror::Error;

use crate::write::dump_behind;
use crate::{DumpError, DumpOptions, LoadError, Loaded, loads};

/// How many bytes the header has.
pub const HEADER_LEN: usize = 16;

/// The magic number as it stands in a file: the number of the bytecode version, then `\r\n`.
pub const MAGIC: [u8; 4] = {
    let [low, high] = MAGIC_NUMBER.to_le_bytes();
    [low, high, b'\r', b'\n']
};

/// How an importer tells whether a `.pyc` is up to date (`py_compile.PycInvalidationMode`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PycHeader {
    /// By time and size of the source, both modulo 2^32.
    Timestamp {
        /// Modification time in seconds since 1970.
        mtime: u32,
        /// Size in bytes.
        size: u32,
    },
    /// By the [hash of the source](source_hash), which is looked at on import.
    CheckedHash([u8; 8]),
    /// By the hash of the source, which is trusted on import.
    UncheckedHash([u8; 8]),
}

const FLAG_HASH: u32 = 1;
const FLAG_CHECK: u32 = 2;

impl PycHeader {
    /// The header of a file of our version.
    pub fn to_bytes(self) -> [u8; HEADER_LEN] {
        let (flags, rest) = match self {
            PycHeader::Timestamp { mtime, size } => {
                (0, (u64::from(mtime) | u64::from(size) << 32).to_le_bytes())
            }
            PycHeader::CheckedHash(hash) => (FLAG_HASH | FLAG_CHECK, hash),
            PycHeader::UncheckedHash(hash) => (FLAG_HASH, hash),
        };
        let mut bytes = [0; HEADER_LEN];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..8].copy_from_slice(&u32::to_le_bytes(flags));
        bytes[8..].copy_from_slice(&rest);
        bytes
    }

    /// Reads the header at the beginning of a file, with the checks that an import makes
    /// (`_classify_pyc` in `Lib/importlib/_bootstrap_external.py`).
    ///
    /// # Errors
    /// When it is the header of another version, or none.
    pub fn parse(file: &[u8]) -> Result<Self, PycError> {
        let magic = &file[..file.len().min(4)];
        if magic != MAGIC {
            return Err(PycError::BadMagic(magic.to_vec()));
        }
        let Some(header) = file.first_chunk::<HEADER_LEN>() else {
            return Err(PycError::ShortHeader);
        };
        let word = |at: usize| u32::from_le_bytes([0, 1, 2, 3].map(|i| header[at + i]));
        let hash = [8, 9, 10, 11, 12, 13, 14, 15].map(|i| header[i]);
        match word(4) {
            // The check flag alone is ignored.
            0 | FLAG_CHECK => Ok(PycHeader::Timestamp { mtime: word(8), size: word(12) }),
            FLAG_HASH => Ok(PycHeader::UncheckedHash(hash)),
            flags if flags == FLAG_HASH | FLAG_CHECK => Ok(PycHeader::CheckedHash(hash)),
            flags => Err(PycError::BadFlags(flags)),
        }
    }
}

/// Why a file is not a `.pyc` of our version.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum PycError {
    /// It begins with other bytes, here at most four.
    #[error("bad magic number: {0:02x?}")]
    BadMagic(Vec<u8>),
    /// It ends within the header.
    #[error("reached EOF while reading pyc header")]
    ShortHeader,
    /// Flags that no version has.
    #[error("invalid flags {0}")]
    BadFlags(u32),
    /// The marshal data is not valid; the offset counts from the end of the header.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The object is not a code object.
    #[error("non-code object")]
    NotCode,
}

/// The hash of a source file for a hash-based `.pyc` (`importlib.util.source_hash`): SipHash-1-3
/// keyed by the magic number.
///
/// ```
/// let hash = pymarshal::pyc::source_hash(b"x = 1\n");
/// assert_eq!(hash, [0x1d, 0xb2, 0xb6, 0x32, 0x5c, 0xa2, 0x82, 0xa7]);
/// ```
pub fn source_hash(source: &[u8]) -> [u8; 8] {
    siphash13(u64::from(u32::from_le_bytes(MAGIC)), 0, source).to_le_bytes()
}

/// The bytes of a `.pyc` file, as `py_compile` writes them.
///
/// # Errors
/// When marshal has no place for the code object, as one made by hand may be.
pub fn write(header: PycHeader, pool: &Pool, code: ObjectId) -> Result<Vec<u8>, DumpError> {
    dump_behind(&header.to_bytes(), pool, code, &DumpOptions::default())
}

/// Reads a `.pyc` file of our version into a pool.
///
/// # Errors
/// When it is none: see [`PycError`].
pub fn read(file: &[u8], pool: &mut Pool) -> Result<(PycHeader, Loaded), PycError> {
    let header = PycHeader::parse(file)?;
    let loaded = loads(&file[HEADER_LEN..], pool)?;
    if pool.code(loaded.root).is_none() {
        return Err(PycError::NotCode);
    }
    Ok((header, loaded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_hashes_are_those_of_importlib() {
        let all_bytes: Vec<u8> = (0..=255).collect();
        let cases: [(&[u8], u64); 4] = [
            (b"", 0x61f5b7cb653a6aa4),
            (b"0123456", 0x7ef8cf89a3647781),
            (b"01234567", 0xfb477eabd2455ebc),
            (&all_bytes, 0x5efd8676432ef57b),
        ];
        for (source, hash) in cases {
            assert_eq!(source_hash(source), hash.to_be_bytes());
        }
    }

    #[test]
    fn headers_round_trip() {
        let hash = *b"\x00\x01\x02\x03\xfc\xfd\xfe\xff";
        for header in [
            PycHeader::Timestamp { mtime: 0x6000_0001, size: 0xFFFF_FFFE },
            PycHeader::CheckedHash(hash),
            PycHeader::UncheckedHash(hash),
        ] {
            assert_eq!(PycHeader::parse(&header.to_bytes()), Ok(header));
        }
    }

    #[test]
    fn bad_headers_are_told_apart() {
        let good = PycHeader::CheckedHash([0; 8]).to_bytes();
        assert_eq!(PycHeader::parse(b""), Err(PycError::BadMagic(Vec::new())));
        assert_eq!(PycHeader::parse(b"spam"), Err(PycError::BadMagic(b"spam".to_vec())));
        assert_eq!(PycHeader::parse(&good[..15]), Err(PycError::ShortHeader));
        let mut flags = good;
        flags[4] = 4;
        assert_eq!(PycHeader::parse(&flags), Err(PycError::BadFlags(4)));
    }
}
