//! The exception table (`co_exceptiontable`): which handler stands for which instructions.
//!
//! Each entry is four numbers: start, length and target in code units, then the depth of the stack
//! shifted by one with the flag `lasti` (`Python/assemble.c`, `assemble_exception_table`;
//! InternalDocs/exception_handling.md). Six bits a byte, most significant first.

use crate::{CodeObject, Pool};

/// One handler; offsets are in bytes of bytecode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExceptionEntry {
    /// The first instruction that it covers.
    pub start: u32,
    /// The end (exclusive) of what it covers.
    pub end: u32,
    /// The handler.
    pub target: u32,
    /// How many values stay on the stack.
    pub depth: u32,
    /// Whether the offset of the raising instruction is pushed before the exception.
    pub lasti: bool,
}

impl CodeObject {
    /// The exception handlers; none if `co_exceptiontable` is not a bytes object.
    pub fn exception_table<'a>(&self, pool: &'a Pool) -> ExceptionTable<'a> {
        ExceptionTable::new(pool.bytes(self.exceptiontable).unwrap_or_default())
    }
}

/// The entries of an exception table, of any origin: an entry that is cut off is left out, numbers
/// beyond 32 bits wrap around.
///
/// ```
/// use pycode::{ExceptionEntry, ExceptionTable};
/// let mut table = ExceptionTable::new(&[0x80 | 2, 5, 64 | 1, 2, 3]);
/// let entry = ExceptionEntry { start: 4, end: 14, target: 132, depth: 1, lasti: true };
/// assert_eq!(table.next(), Some(entry));
/// ```
#[derive(Clone, Debug)]
pub struct ExceptionTable<'a> {
    bytes: &'a [u8],
}

impl<'a> ExceptionTable<'a> {
    /// The entries of `co_exceptiontable`.
    pub fn new(bytes: &'a [u8]) -> Self {
        ExceptionTable { bytes }
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0;
        loop {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            value = value << 6 | u32::from(byte & 63);
            if byte & 64 == 0 {
                return Some(value);
            }
        }
    }
}

impl Iterator for ExceptionTable<'_> {
    type Item = ExceptionEntry;

    fn next(&mut self) -> Option<ExceptionEntry> {
        let start = self.varint()?.wrapping_mul(2);
        let end = self.varint()?.wrapping_mul(2).wrapping_add(start);
        let target = self.varint()?.wrapping_mul(2);
        let depth_lasti = self.varint()?;
        Some(ExceptionEntry { start, end, target, depth: depth_lasti >> 1, lasti: depth_lasti & 1 == 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_off_entry_is_left_out() {
        let bytes = [0x82, 1, 2, 3, 0x84, 64, 64, 64];
        for len in 0..=bytes.len() {
            assert_eq!(ExceptionTable::new(&bytes[..len]).count(), usize::from(len >= 4));
        }
    }
}
