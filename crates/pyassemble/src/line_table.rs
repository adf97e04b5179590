//! The line table: for each stretch of code units the source that it stands for.
//!
//! The format is described in `InternalDocs/code_objects.md` of CPython (`_PyCodeLocationInfoKind`): an
//! entry covers one to eight code units and takes one of five forms, the shortest that fits. Lines are
//! written as differences.

use pycode::Location;
use pyinstrseq::OptimizedInstruction;

use crate::bytecode::size_in_units;

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

/// The bytes of `co_linetable` (`assemble_location_info`). Resolves [`Location::NEXT`] in place.
pub(crate) fn emit(instructions: &mut [OptimizedInstruction], firstlineno: i32) -> Vec<u8> {
    resolve_next(instructions);
    let mut table = LineTable { bytes: Vec::with_capacity(instructions.len() * 3), line: firstlineno };
    let mut location = Location::NONE;
    let mut units = 0;
    for instr in instructions.iter() {
        if instr.location != location {
            table.write(location, units);
            location = instr.location;
            units = 0;
        }
        units += size_in_units(instr);
    }
    table.write(location, units);
    table.bytes
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

struct LineTable {
    bytes: Vec<u8>,
    /// The line of the last entry that had one.
    line: i32,
}

impl LineTable {
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
    fn write_entry(&mut self, location: Location, units: u32) {
        if location.lineno == Location::NONE.lineno {
            return self.start(kind::NONE, units);
        }
        let delta = location.lineno.wrapping_sub(self.line);
        let one_line = location.end_lineno == location.lineno;
        if location.col_offset < 0 || location.end_col_offset < 0 {
            if one_line || location.end_lineno < 0 {
                self.start(kind::NO_COLUMNS, units);
                self.signed_varint(delta);
            } else {
                self.long_form(location, delta, units);
            }
        } else if !one_line || !self.short_form(location, delta, units) {
            self.long_form(location, delta, units);
        }
        self.line = location.lineno;
    }

    /// A short form for a range within one line, if it fits one.
    fn short_form(&mut self, location: Location, delta: i32, units: u32) -> bool {
        let (column, end) = (location.col_offset, location.end_col_offset);
        if delta == 0 && column < 80 && (0..16).contains(&(end - column)) {
            self.start(kind::SHORT + (column >> 3) as u8, units);
            self.bytes.push(((column & 7) << 4 | (end - column)) as u8);
            return true;
        }
        if (0..3).contains(&delta) && column < 128 && end < 128 {
            self.start(kind::ONE_LINE + delta as u8, units);
            self.bytes.extend([column as u8, end as u8]);
            return true;
        }
        false
    }

    fn long_form(&mut self, location: Location, delta: i32, units: u32) {
        self.start(kind::LONG, units);
        self.signed_varint(delta);
        self.varint(location.end_lineno.wrapping_sub(location.lineno) as u32);
        self.varint(location.col_offset.wrapping_add(1) as u32);
        self.varint(location.end_col_offset.wrapping_add(1) as u32);
    }

    /// The first byte of an entry, the only one with the top bit set.
    fn start(&mut self, kind: u8, units: u32) {
        self.bytes.push(0x80 | kind << 3 | (units - 1) as u8);
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
