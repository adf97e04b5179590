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
    let Some((first, rest)) = instructions.split_first() else { return true };
    let (mut location, mut start) = (&first.location, 0);
    table.reserve(instructions.len(), offsets[rest.len() + 1]);
    let mut writer = Writer { room: &mut table.bytes, len: 0, line: table.line };
    for (instr, &offset) in rest.iter().zip(&offsets[1..]) {
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
    writer.write(location, offsets[rest.len() + 1] - start);
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
    fn write(&mut self, location: &Location, mut units: u32) {
        while units > 0 {
            let part = units.min(ENTRY_UNITS);
            self.write_entry(location, part);
            units -= part;
        }
    }

    /// `write_location_info_entry`
    #[inline(always)]
    fn write_entry(&mut self, location: &Location, units: u32) {
        let Location { lineno, end_lineno, col_offset: column, end_col_offset: end } = *location;
        let delta = lineno.wrapping_sub(self.line) as u32;
        let (column, end) = (column as u32, end as u32);
        // The forms without escapes are for ranges within one line.
        let in_one_line = (lineno == end_lineno) & (lineno != Location::NONE.lineno);
        if in_one_line & (delta < 3) & (column | end < 128) {
            let width = end.wrapping_sub(column);
            let is_short = (delta == 0) & (column < 80) & (width < 16);
            let short = start(kind::SHORT, units) | column & 0x78 | ((column & 7) << 4 | width) << 8;
            let one_line = start(kind::ONE_LINE + delta, units) | column << 8 | end << 16;
            // Which of the two it is cannot be predicted: both are made, and one is taken.
            let entry = select_unpredictable(is_short, short, one_line);
            self.room[self.len..][..4].copy_from_slice(&entry.to_le_bytes());
            self.len += 3 - usize::from(is_short);
            self.line = lineno;
        } else {
            self.len += write_long_entry(&mut self.room[self.len..], location, delta as i32, units);
            self.line = if lineno == Location::NONE.lineno { self.line } else { lineno };
        }
    }
}

/// Writes an entry of one of the other forms, and gives its length.
#[inline(never)]
fn write_long_entry(room: &mut [u8], location: &Location, delta: i32, units: u32) -> usize {
    let Location { lineno, end_lineno, col_offset, end_col_offset } = *location;
    let mut entry = Entry { bytes: room.first_chunk_mut().expect("room was made"), len: 1 };
    if lineno == Location::NONE.lineno {
        entry.bytes[0] = start(kind::NONE, units) as u8;
        return entry.len;
    }
    let no_columns = col_offset < 0 || end_col_offset < 0;
    entry.signed_varint(delta);
    if no_columns && (end_lineno == lineno || end_lineno < 0) {
        entry.bytes[0] = start(kind::NO_COLUMNS, units) as u8;
    } else {
        entry.bytes[0] = start(kind::LONG, units) as u8;
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

/// The first byte of an entry, the only one with the top bit set.
#[inline]
fn start(kind: u32, units: u32) -> u32 {
    0x80 | kind << 3 | (units - 1)
}
