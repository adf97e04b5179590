//! The line table (`co_linetable`): from where in the source each instruction comes.
//!
//! A sequence of entries, each for one to eight code units. Its first byte has the top bit set, then
//! four bits of form and three of length less one; numbers follow in the form's way (`Objects/
//! codeobject.c`, `advance_with_locations`; InternalDocs/code_objects.md). Lines are relative to the
//! entry before, the first to `co_firstlineno`.
//!
//! The bytes may come from anywhere: what is missing at the end counts as zero, lines wrap around.

use crate::{CodeObject, Location, Pool};

/// The line table of a code object.
///
/// ```
/// use pycode::{LineTable, Location};
/// // One entry: two code units on the line after the first, columns 4 to 9.
/// let table = LineTable::new(&[0x80 | 11 << 3 | 1, 4, 9], 7);
/// let location = Location::new(8, 8, 4, 9);
/// assert_eq!(table.positions().collect::<Vec<_>>(), [location, location]);
/// assert_eq!(table.lines().next().unwrap().line, Some(8));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LineTable<'a> {
    bytes: &'a [u8],
    firstlineno: i32,
}

impl CodeObject {
    /// The line table; empty if `co_linetable` is not a bytes object.
    pub fn line_table<'a>(&self, pool: &'a Pool) -> LineTable<'a> {
        LineTable::new(pool.bytes(self.linetable).unwrap_or_default(), self.firstlineno)
    }
}

impl<'a> LineTable<'a> {
    /// A table from `co_linetable` and `co_firstlineno`.
    pub fn new(bytes: &'a [u8], firstlineno: i32) -> Self {
        LineTable { bytes, firstlineno }
    }

    /// The entries in order.
    pub fn entries(self) -> LineTableEntries<'a> {
        LineTableEntries { bytes: self.bytes, line: self.firstlineno, offset: 0 }
    }

    /// The location of each code unit, inline caches included: `co_positions()`.
    pub fn positions(self) -> impl Iterator<Item = Location> + 'a {
        self.entries().flat_map(|entry| {
            let units = (entry.end - entry.start) / 2;
            std::iter::repeat_n(entry.location, units as usize)
        })
    }

    /// Ranges of instructions of one line, neighbours of the same line taken together: `co_lines()`.
    pub fn lines(self) -> Lines<'a> {
        Lines { entries: self.entries(), pending: None }
    }
}

/// One entry of a [`LineTable`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineTableEntry {
    /// Where in the bytecode it begins, in bytes.
    pub start: u32,
    /// Where it ends (exclusive), in bytes.
    pub end: u32,
    /// The location; fields that the entry does not have are -1.
    pub location: Location,
}

/// The entries of a [`LineTable`].
#[derive(Clone, Debug)]
pub struct LineTableEntries<'a> {
    bytes: &'a [u8],
    line: i32,
    offset: u32,
}

/// The forms of entries below this one have a column in the entry's second byte.
const FIRST_ONE_LINE_FORM: u8 = 10;

impl Iterator for LineTableEntries<'_> {
    type Item = LineTableEntry;

    fn next(&mut self) -> Option<LineTableEntry> {
        if self.bytes.is_empty() {
            return None;
        }
        let first = self.byte();
        let start = self.offset;
        self.offset = start.wrapping_add((u32::from(first & 7) + 1) * 2);
        let location = match first >> 3 & 15 {
            15 => Location::NONE,
            14 => self.long(),
            13 => {
                self.advance_line();
                Location::new(self.line, self.line, -1, -1)
            }
            form @ FIRST_ONE_LINE_FORM..=12 => {
                self.line = self.line.wrapping_add(i32::from(form - FIRST_ONE_LINE_FORM));
                let (column, end_column) = (self.byte(), self.byte());
                Location::new(self.line, self.line, i32::from(column), i32::from(end_column))
            }
            form => {
                let second = self.byte();
                let column = i32::from(form) << 3 | i32::from(second >> 4);
                Location::new(self.line, self.line, column, column + i32::from(second & 15))
            }
        };
        Some(LineTableEntry { start, end: self.offset, location })
    }
}

impl LineTableEntries<'_> {
    fn long(&mut self) -> Location {
        self.advance_line();
        let end_line = self.line.wrapping_add(self.varint() as i32);
        let column = (self.varint() as i32).wrapping_sub(1);
        let end_column = (self.varint() as i32).wrapping_sub(1);
        Location::new(self.line, end_line, column, end_column)
    }

    fn byte(&mut self) -> u8 {
        match self.bytes.split_first() {
            Some((&first, rest)) => {
                self.bytes = rest;
                first
            }
            None => 0,
        }
    }

    /// Six bits a byte, least significant first.
    fn varint(&mut self) -> u32 {
        let mut value = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte();
            value |= u32::from(byte & 63).checked_shl(shift).unwrap_or(0);
            shift += 6;
            if byte & 64 == 0 {
                return value;
            }
        }
    }

    /// The sign is in the lowest bit.
    fn advance_line(&mut self) {
        let value = self.varint();
        let magnitude = (value >> 1) as i32;
        let delta = if value & 1 == 0 { magnitude } else { -magnitude };
        self.line = self.line.wrapping_add(delta);
    }
}

/// A range of instructions of one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineRange {
    /// Where in the bytecode it begins, in bytes.
    pub start: u32,
    /// Where it ends (exclusive), in bytes.
    pub end: u32,
    /// The line, if it has one.
    pub line: Option<i32>,
}

/// The ranges of a [`LineTable`].
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    entries: LineTableEntries<'a>,
    pending: Option<LineRange>,
}

impl Iterator for Lines<'_> {
    type Item = LineRange;

    fn next(&mut self) -> Option<LineRange> {
        let mut range = match self.pending.take() {
            Some(range) => range,
            None => line_range(self.entries.next()?),
        };
        for entry in self.entries.by_ref() {
            let next = line_range(entry);
            if next.line != range.line {
                self.pending = Some(next);
                break;
            }
            range.end = next.end;
        }
        Some(range)
    }
}

/// CPython knows no line -1: it is "none", whatever the form of the entry.
fn line_range(entry: LineTableEntry) -> LineRange {
    let line = Some(entry.location.lineno).filter(|&line| line != -1);
    LineRange { start: entry.start, end: entry.end, line }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `co_positions()` of CPython gives for these bytes.
    #[test]
    fn forms_are_those_of_cpython() {
        let bytes = [0x80, 0x00, 0xE9, 0x03, 0xF2, 0x02, 0x01, 0x01, 0x08, 0xF8, 0xDA, 0x09, 0x0A];
        let entries: Vec<_> =
            LineTable::new(&bytes, 1).entries().map(|e| (e.start, e.end, e.location)).collect();
        assert_eq!(
            entries,
            [
                (0, 2, Location::new(1, 1, 0, 0)),
                (2, 6, Location::new(0, 0, -1, -1)),
                (6, 12, Location::new(1, 2, 0, 7)),
                (12, 14, Location::NONE),
                (14, 20, Location::new(2, 2, 9, 10)),
            ]
        );
    }

    #[test]
    fn neighbours_of_one_line_are_taken_together() {
        let bytes = [0x80, 0x00, 0x81, 0x12, 0xF8, 0xF9, 0xD8, 0, 0];
        let lines: Vec<_> = LineTable::new(&bytes, 3).lines().map(|r| (r.start, r.end, r.line)).collect();
        assert_eq!(lines, [(0, 6, Some(3)), (6, 12, None), (12, 14, Some(4))]);
    }

    #[test]
    fn cut_off_bytes_end_the_table() {
        let bytes = [0xF7, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        for len in 0..bytes.len() {
            assert_eq!(LineTable::new(&bytes[..len], i32::MAX).entries().count(), usize::from(len > 0));
        }
    }
}
