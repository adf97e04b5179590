//! The line table: for each stretch of code units the source that it stands for.
//!
//! The format is described in `InternalDocs/code_objects.md` of CPython (`_PyCodeLocationInfoKind`): an
//! entry covers one to eight code units and takes one of five forms, the shortest that fits. Lines are
//! written as differences.

use pycode::Location;
use pyinstrseq::OptimizedInstruction;

/// The most code units that one entry covers.
const ENTRY_UNITS: u32 = 8;

/// Kinds of entry; `SHORT` and `ONE_LINE` have small numbers added.
mod kind {
    pub(super) const SHORT: u8 = 0;
    pub(super) const ONE_LINE: u8 = 10;
    pub(super) const NO_COLUMNS: u8 = 13;
    pub(super) const LONG: u8 = 14;
    pub(super) const NONE: u8 = 15;
}

/// Writes `co_linetable` (`assemble_location_info`). Resolves [`Location::NEXT`] in place.
pub(crate) fn emit(
    instructions: &mut [OptimizedInstruction],
    offsets: &[u32],
    firstlineno: i32,
    bytes: &mut Vec<u8>,
) {
    if instructions.iter().any(|instr| instr.location.lineno == Location::NEXT.lineno) {
        resolve_next(instructions);
    }
    bytes.clear();
    let mut table = LineTable { bytes, line: firstlineno };
    let (mut location, mut start) = (Location::NONE, 0);
    for (instr, &offset) in instructions.iter().zip(offsets) {
        if instr.location != location {
            table.write(location, offset - start);
            location = instr.location;
            start = offset;
        }
    }
    let end = offsets.last().copied().unwrap_or(0);
    table.write(location, end - start);
}

/// "The location of what follows", which has none after a jump or exit.
fn resolve_next(instructions: &mut [OptimizedInstruction]) {
    let mut next = Location::NONE;
    for instr in instructions.iter_mut().rev() {
        if instr.location == Location::NEXT {
            instr.location = if instr.opcode.is_terminator() { Location::NONE } else { next };
        }
        next = instr.location;
    }
}

struct LineTable<'b> {
    bytes: &'b mut Vec<u8>,
    /// The line of the last entry that had one.
    line: i32,
}

impl LineTable<'_> {
    /// `assemble_emit_location`
    fn write(&mut self, location: Location, mut units: u32) {
        while units > ENTRY_UNITS {
            self.write_entry(location, ENTRY_UNITS);
            units -= ENTRY_UNITS;
        }
        if units > 0 {
            self.write_entry(location, units);
        }
    }

    /// `write_location_info_entry`
    #[inline]
    fn write_entry(&mut self, location: Location, units: u32) {
        let Location { lineno, end_lineno, col_offset: column, end_col_offset: end } = location;
        let delta = lineno.wrapping_sub(self.line);
        // The short forms are for ranges within one line.
        if lineno != Location::NONE.lineno && end_lineno == lineno && column >= 0 && end >= 0 {
            self.line = lineno;
            if delta == 0 && column < 80 && (0..16).contains(&(end - column)) {
                let columns = (column & 7) << 4 | (end - column);
                let head = start(kind::SHORT + (column >> 3) as u8, units);
                return self.bytes.extend_from_slice(&[head, columns as u8]);
            }
            if (0..3).contains(&delta) && column < 128 && end < 128 {
                let head = start(kind::ONE_LINE + delta as u8, units);
                return self.bytes.extend_from_slice(&[head, column as u8, end as u8]);
            }
        }
        self.write_long_entry(location, delta, units);
    }

    fn write_long_entry(&mut self, location: Location, delta: i32, units: u32) {
        let Location { lineno, end_lineno, col_offset, end_col_offset } = location;
        if lineno == Location::NONE.lineno {
            return self.bytes.push(start(kind::NONE, units));
        }
        let no_columns = col_offset < 0 || end_col_offset < 0;
        if no_columns && (end_lineno == lineno || end_lineno < 0) {
            self.bytes.push(start(kind::NO_COLUMNS, units));
            self.signed_varint(delta);
        } else {
            self.long_form(location, delta, units);
        }
        self.line = lineno;
    }

    fn long_form(&mut self, location: Location, delta: i32, units: u32) {
        self.bytes.push(start(kind::LONG, units));
        self.signed_varint(delta);
        self.varint(location.end_lineno.wrapping_sub(location.lineno) as u32);
        self.varint(location.col_offset.wrapping_add(1) as u32);
        self.varint(location.end_col_offset.wrapping_add(1) as u32);
    }

    /// Six bits a byte, least significant first; bit 6 says that more follow.
    fn varint(&mut self, mut value: u32) {
        while value >= 64 {
            self.bytes.push(64 | (value & 63) as u8);
            value >>= 6;
        }
        self.bytes.push(value as u8);
    }

    /// The sign in the lowest bit.
    fn signed_varint(&mut self, value: i32) {
        self.varint(value.unsigned_abs() << 1 | u32::from(value < 0));
    }
}

/// The first byte of an entry, the only one with the top bit set.
#[inline]
fn start(kind: u8, units: u32) -> u8 {
    0x80 | kind << 3 | (units - 1) as u8
}
