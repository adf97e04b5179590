//! The line table: for each stretch of code units the source that it stands for.
//!
//! The format is described in `InternalDocs/code_objects.md` of CPython (`_PyCodeLocationInfoKind`): an
//! entry covers one to eight code units and takes one of five forms, the shortest that fits. Lines are
//! written as differences.

use std::hint::select_unpredictable;

use pycode::Location;
use pyinstrseq::Instruction;

/// The most code units that one entry covers.
const ENTRY_UNITS: u32 = 8;

/// Kinds of entry; `SHORT` and `ONE_LINE` have small numbers added.
mod kind {
    pub(super) const SHORT: u32 = 0;
    pub(super) const ONE_LINE: u32 = 10;
    pub(super) const NO_COLUMNS: u32 = 13;
    pub(super) const LONG: u32 = 14;
    pub(super) const NONE: u32 = 15;
}

/// Writes `co_linetable` (`assemble_location_info`). Resolves [`Location::NEXT`] in place.
pub(crate) fn emit(
    instructions: &mut [Instruction],
    offsets: &[u32],
    firstlineno: i32,
    table: &mut LineTable,
) {
    table.begin(firstlineno);
    if !write_all(instructions, offsets, table) {
        resolve_next(instructions);
        table.begin(firstlineno);
        write_all(instructions, offsets, table);
    }
}

/// Writes the entries; whether all locations are known.
fn write_all(instructions: &[Instruction], offsets: &[u32], table: &mut LineTable) -> bool {
    let (Some((first, rest)), Some((_, ends))) = (instructions.split_first(), offsets.split_first()) else {
        return true;
    };
    table.reserve(instructions.len(), ends[rest.len()]);
    let mut writer = Writer { room: &mut table.bytes, len: 0, line: table.line };
    let (mut location, mut start) = (&first.location, 0);
    for (instr, &offset) in rest.iter().zip(ends) {
        if same(&instr.location, location) {
            continue;
        }
        if location.lineno == Location::NEXT.lineno {
            return false;
        }
        writer.write(location, offset - start);
        location = &instr.location;
        start = offset;
    }
    if location.lineno == Location::NEXT.lineno {
        return false;
    }
    writer.write(location, ends[rest.len()] - start);
    table.len = writer.len;
    true
}

/// Equality by one test: which part differs is hard to predict.
#[inline]
fn same(a: &Location, b: &Location) -> bool {
    let lines = (a.lineno ^ b.lineno) | (a.end_lineno ^ b.end_lineno);
    let columns = (a.col_offset ^ b.col_offset) | (a.end_col_offset ^ b.end_col_offset);
    lines | columns == 0
}

/// "The location of what follows", which has none after a jump or exit.
fn resolve_next(instructions: &mut [Instruction]) {
    let mut next = Location::NONE;
    for instr in instructions.iter_mut().rev() {
        if instr.location == Location::NEXT {
            instr.location = if instr.opcode.is_terminator() { Location::NONE } else { next };
        }
        next = instr.location;
    }
}

/// The most bytes that one entry takes: its head, and four numbers of up to 33 bits in bytes of six.
const ENTRY_BYTES: usize = 1 + 4 * 6;

/// A line table.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineTable {
    /// The table, and behind it some bytes of no meaning: entries are written without asking for room.
    bytes: Vec<u8>,
    len: usize,
    /// The line that the first entry's is written as a difference from.
    line: i32,
}

impl LineTable {
    /// The bytes of the table.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn begin(&mut self, firstlineno: i32) {
        self.len = 0;
        self.line = firstlineno;
    }

    /// Makes room for the entries of so many instructions, which take so many code units.
    fn reserve(&mut self, instructions: usize, units: u32) {
        let entries = instructions + (units / ENTRY_UNITS) as usize;
        if self.bytes.len() < entries * ENTRY_BYTES {
            self.bytes.resize(entries * ENTRY_BYTES, 0);
        }
    }
}

/// A line table while it is written.
struct Writer<'t> {
    room: &'t mut [u8],
    len: usize,
    /// The line of the last entry that had one.
    line: i32,
}

impl Writer<'_> {
    /// `assemble_emit_location`
    #[inline(always)]
    fn write(&mut self, location: &Location, units: u32) {
        let delta = location.lineno.wrapping_sub(self.line) as u32;
        if delta < 3 && is_plain(location) {
            self.write_short_entries(location, delta, units);
            self.line = location.lineno;
        } else {
            self.len += write_long_entries(&mut self.room[self.len..], location, self.line, units);
            self.line = if location.lineno == Location::NONE.lineno { self.line } else { location.lineno };
        }
    }

    /// Entries of the two forms without escapes (`write_location_info_entry`). Which of the two it is cannot be
    /// predicted: both are made, and one is taken.
    #[inline(always)]
    fn write_short_entries(&mut self, location: &Location, delta: u32, mut units: u32) {
        let (column, end) = (location.col_offset as u32, location.end_col_offset as u32);
        let width = end.wrapping_sub(column);
        let is_narrow = (column < 80) & (width < 16);
        let short = start(kind::SHORT) | column & 0x78 | ((column & 7) << 4 | width) << 8;
        let one_line = start(kind::ONE_LINE) | column << 8 | end << 16;
        let (mut is_short, mut other) = (is_narrow & (delta == 0), one_line + (delta << 3));
        loop {
            let part = units.min(ENTRY_UNITS);
            let entry = select_unpredictable(is_short, short, other) | (part - 1);
            self.room[self.len..][..4].copy_from_slice(&entry.to_le_bytes());
            self.len += 3 - usize::from(is_short);
            units -= part;
            if units == 0 {
                return;
            }
            (is_short, other) = (is_narrow, one_line);
        }
    }
}

/// Writes the entries of a location that takes another form, and gives their length.
#[inline(never)]
fn write_long_entries(room: &mut [u8], location: &Location, mut line: i32, mut units: u32) -> usize {
    let mut len = 0;
    while units > 0 {
        let part = units.min(ENTRY_UNITS);
        len += write_long_entry(&mut room[len..], location, line, part);
        line = location.lineno;
        units -= part;
        if units > 0 && is_plain(location) {
            // Only the way to the line was long.
            let mut rest = Writer { room: &mut room[len..], len: 0, line };
            rest.write_short_entries(location, 0, units);
            return len + rest.len;
        }
    }
    len
}

/// Whether a location is a range within one line, in columns that take a byte each: then forms without escapes will do.
#[inline(always)]
fn is_plain(location: &Location) -> bool {
    let Location { lineno, end_lineno, col_offset, end_col_offset } = *location;
    lineno == end_lineno && (col_offset | end_col_offset) as u32 <= 127 && lineno != Location::NONE.lineno
}

/// Writes an entry of one of the other forms, and gives its length.
fn write_long_entry(room: &mut [u8], location: &Location, line: i32, units: u32) -> usize {
    let Location { lineno, end_lineno, col_offset, end_col_offset } = *location;
    let mut entry = Entry { bytes: room.first_chunk_mut().expect("room was made"), len: 1 };
    if lineno == Location::NONE.lineno {
        entry.bytes[0] = (start(kind::NONE) | (units - 1)) as u8;
        return entry.len;
    }
    let no_columns = col_offset < 0 || end_col_offset < 0;
    entry.signed_varint(lineno.wrapping_sub(line));
    if no_columns && (end_lineno == lineno || end_lineno < 0) {
        entry.bytes[0] = (start(kind::NO_COLUMNS) | (units - 1)) as u8;
    } else {
        entry.bytes[0] = (start(kind::LONG) | (units - 1)) as u8;
        entry.varint(end_lineno.wrapping_sub(lineno) as u32);
        entry.varint(col_offset.wrapping_add(1) as u32);
        entry.varint(end_col_offset.wrapping_add(1) as u32);
    }
    entry.len
}

/// An entry with numbers of any size.
struct Entry<'t> {
    bytes: &'t mut [u8; ENTRY_BYTES],
    len: usize,
}

impl Entry<'_> {
    /// Six bits a byte, least significant first; bit 6 says that more follow.
    fn varint(&mut self, mut value: u32) {
        while value >= 64 {
            self.push(64 | (value & 63) as u8);
            value >>= 6;
        }
        self.push(value as u8);
    }

    /// The sign in the lowest bit.
    fn signed_varint(&mut self, value: i32) {
        self.varint(value.unsigned_abs() << 1 | u32::from(value < 0));
    }

    fn push(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }
}

/// The first byte of an entry for one code unit, the only byte with the top bit set.
#[inline]
fn start(kind: u32) -> u32 {
    0x80 | kind << 3
}
