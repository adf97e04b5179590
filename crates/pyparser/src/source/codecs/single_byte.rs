//! Codecs of one byte a character: `PyUnicode_DecodeCharmap`, `latin-1` and `ascii`.

use super::output::Output;
use super::{DecodeError, UNDEFINED};

/// A codec of one byte a character.
pub(crate) struct SingleByte {
    /// What its errors call it.
    pub(crate) encoding: &'static str,
    /// What they give as the reason.
    pub(crate) reason: &'static str,
    /// The characters of all bytes; or of those from 128 on, and the others are ASCII.
    pub(crate) table: &'static [u16],
}

pub(super) fn decode(codec: &SingleByte, out: &mut Output<'_>) -> Result<(), DecodeError> {
    for (at, &byte) in out.bytes.iter().enumerate() {
        match character(codec.table, byte) {
            UNDEFINED => out.cannot_decode(codec.encoding, at..at + 1, codec.reason)?,
            unit => out.push(u32::from(unit)),
        }
    }
    Ok(())
}

/// What the table has for a byte.
pub(super) fn character(table: &[u16], byte: u8) -> u16 {
    match usize::from(byte).checked_sub(256 - table.len()) {
        None => u16::from(byte),
        Some(at) => table[at],
    }
}
