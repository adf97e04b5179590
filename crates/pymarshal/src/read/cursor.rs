//! A position in the input, with checked reads.

use crate::{LoadError, LoadErrorKind};

pub(super) struct Cursor<'a> {
    input: &'a [u8],
    offset: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Cursor { input, offset: 0 }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn remaining(&self) -> usize {
        self.input.len() - self.offset
    }

    pub(super) fn next_byte(&mut self) -> Option<u8> {
        let byte = *self.input.get(self.offset)?;
        self.offset += 1;
        Some(byte)
    }

    /// `r_byte`
    pub(super) fn byte(&mut self) -> Result<u8, LoadError> {
        let offset = self.offset;
        self.next_byte().ok_or(LoadError { offset, kind: LoadErrorKind::EndBeforeByte })
    }

    /// `r_string`
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], LoadError> {
        if len > self.remaining() {
            return Err(LoadError { offset: self.offset, kind: LoadErrorKind::TooShort });
        }
        let bytes = &self.input[self.offset..self.offset + len];
        self.offset += len;
        Ok(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], LoadError> {
        Ok(self.take(N)?.try_into().expect("as long as asked for"))
    }

    /// `r_long`
    pub(super) fn i32(&mut self) -> Result<i32, LoadError> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, LoadError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// A length of `what`.
    pub(super) fn size(&mut self, what: &'static str) -> Result<usize, LoadError> {
        let offset = self.offset;
        let size = self.i32()?;
        usize::try_from(size).map_err(|_| LoadError { offset, kind: LoadErrorKind::SizeOutOfRange(what) })
    }
}
