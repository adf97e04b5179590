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
// Not inlined: a loop of its own has all registers.
#[inline(never)]
fn write_all(instructions: &[Instruction], offsets: &[u32], table: &mut LineTable) -> bool {
    let (Some(last), Some((&size, ends))) = (instructions.last(), offsets.split_last()) else {
        return true;
    };
    table.reserve(instructions.len(), size);
    let (mut room, mut line, mut start) = (&mut table.bytes[..], table.line, 0);
    for (pair, &end) in instructions.windows(2).zip(&ends[1..]) {
        let location = &pair[0].location;
        if same(location, &pair[1].location) {
            continue;
        }
        let delta = location.lineno.wrapping_sub(line) as u32;
        if delta < 3 && is_plain(location) {
            room = write_short_entries(room, location, delta, end - start);
            line = location.lineno;
        } else if location.lineno == Location::NEXT.lineno {
            return false;
        } else {
            room = write_entries(room, location, line, end - start);
            line = if location.lineno == Location::NONE.lineno { line } else { location.lineno };
        }
        start = end;
    }
    let left = write_entries(room, &last.location, line, size - start).len();
    table.len = table.bytes.len() - left;
    last.location.lineno != Location::NEXT.lineno
}

/// Equality by few tests, since which part differs is hard to predict: start and end are a word each.
#[inline]
fn same(a: &Location, b: &Location) -> bool {
    let word = |line: i32, column: i32| u64::from(line as u32) | u64::from(column as u32) << 32;
    let starts = word(a.lineno, a.col_offset) == word(b.lineno, b.col_offset);
    starts && word(a.end_lineno, a.end_col_offset) == word(b.end_lineno, b.end_col_offset)
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

/// Writes entries of the two forms without escapes, and gives the room behind them. Which of the two it is cannot be
/// predicted: both are made, and one is taken.
#[inline(always)]
fn write_short_entries<'t>(
    mut room: &'t mut [u8],
    location: &Location,
    delta: u32,
    mut units: u32,
) -> &'t mut [u8] {
    let (column, end) = (location.col_offset as u32, location.end_col_offset as u32);
    let width = end.wrapping_sub(column);
    // Above 127 if the column is not below 80 or the width not below 16.
    let breadth = (column + 48) | width << 3;
    // The column's low bits go behind its high ones, into the next byte.
    let short = ((column << 12) + column + start(kind::SHORT)) & 0x70F8 | width << 8;
    let one_line = (end << 8 | column) << 8;
    let (mut is_short, mut other) = ((breadth | delta << 7) < 128, one_line + start(kind::ONE_LINE + delta));
    while units > ENTRY_UNITS {
        room = write_short_entry(room, is_short, short, other, ENTRY_UNITS);
        units -= ENTRY_UNITS;
        (is_short, other) = (breadth < 128, one_line + start(kind::ONE_LINE));
    }
    write_short_entry(room, is_short, short, other, units)
}

/// Writes an entry of two bytes or another one of three.
#[inline(always)]
fn write_short_entry(room: &mut [u8], is_short: bool, short: u32, other: u32, units: u32) -> &mut [u8] {
    let entry = select_unpredictable(is_short, short, other) | (units - 1);
    *room.first_chunk_mut().expect("room was made") = entry.to_le_bytes();
    &mut room[3 - usize::from(is_short)..]
}

/// Writes the entries of any location (`assemble_emit_location`), and gives the room behind them.
#[inline(never)]
fn write_entries<'t>(
    mut room: &'t mut [u8],
    location: &Location,
    mut line: i32,
    mut units: u32,
) -> &'t mut [u8] {
    while units > 0 {
        let delta = location.lineno.wrapping_sub(line) as u32;
        if delta < 3 && is_plain(location) {
            return write_short_entries(room, location, delta, units);
        }
        let part = units.min(ENTRY_UNITS);
        let len = write_long_entry(room, location, line, part);
        room = &mut room[len..];
        line = location.lineno;
        units -= part;
    }
    room
}

/// Whether a location is a range within one line, in columns that take a byte each: then forms without escapes will do.
#[inline(always)]
fn is_plain(location: &Location) -> bool {
    let Location { lineno, end_lineno, col_offset, end_col_offset } = *location;
    (lineno ^ end_lineno) | (col_offset | end_col_offset) & !127 == 0 && lineno != Location::NONE.lineno
}

/// Writes an entry of one of the other forms (`write_location_info_entry`), and gives its length.
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
        while value >= 1 << 12 {
            self.bytes[self.len] = 64 | (value & 63) as u8;
            self.len += 1;
            value >>= 6;
        }
        // One byte or two, which is hard to predict: two are written.
        let more = value >= 64;
        self.bytes[self.len..][..2]
            .copy_from_slice(&[(value & 63) as u8 | u8::from(more) << 6, (value >> 6) as u8]);
        self.len += 1 + usize::from(more);
    }

    /// The sign in the lowest bit.
    fn signed_varint(&mut self, value: i32) {
        self.varint(value.unsigned_abs() << 1 | u32::from(value < 0));
    }
}

/// The first byte of an entry for one code unit, the only byte with the top bit set.
#[inline]
fn start(kind: u32) -> u32 {
    0x80 | kind << 3
}

/// Expected is what `_testinternalcapi.assemble_code_object` of CPython 3.14.10 makes of the same instructions.
#[cfg(test)]
mod tests {
    use pyopcode::Opcode;

    use super::*;

    /// A location by both lines, then both columns.
    fn at([line, end_line, column, end_column]: [i32; 4]) -> Location {
        Location::new(line, end_line, column, end_column)
    }

    fn table_of(mut instructions: Vec<Instruction>) -> String {
        let mut offsets = vec![0];
        for instr in &instructions {
            offsets.push(offsets[offsets.len() - 1] + 1 + instr.opcode.caches() as u32);
        }
        let mut table = LineTable::default();
        emit(&mut instructions, &offsets, 1, &mut table);
        table.bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn each_form_ends_where_its_numbers_do() {
        let locations = [
            [1, 1, 0, 0],
            [1, 1, 79, 94],
            [1, 1, 79, 95],
            [1, 1, 80, 90],
            [2, 2, 0, 127],
            [4, 4, 127, 127],
            [7, 7, 0, 1],
            [6, 6, 0, 1],
            [6, 7, 3, 4],
            [7, 7, 5, 2],
            [7, 7, 128, 130],
            [7, 7, 0, 128],
            [7, 7, -1, -1],
            [7, 7, 2, -1],
            [7, -1, -1, -1],
            [9, -1, 3, 4],
            [9, 9, 0, 0],
            [-1, -1, -1, -1],
            [10, 10, 60, 75],
        ];
        let loads = locations.map(|location| Instruction::new(Opcode::LoadConst, 0, at(location)));
        let end = Instruction::new(Opcode::ReturnValue, 0, at([10, 10, 0, 4]));
        let expected = "8000c87fd04f5fd0505ad8007fe07f7ff006000102f003000102f000010405d80502f0000041024302f000000141\
                        02e800e800e800f004767f7f7f7f0304058000f8d83c4b8004";
        assert_eq!(table_of(loads.into_iter().chain([end]).collect()), expected);
    }

    /// `LOAD_ATTR` takes ten code units, and an entry eight at most: the second is on the line of the first.
    #[test]
    fn a_long_instruction_has_several_entries() {
        let attributes = [[2, 2, 0, 4], [4, 4, 0, 100], [4, 4, 70, 86], [9, 9, 0, 1], [-1; 4]];
        let mut instructions = vec![Instruction::new(Opcode::LoadConst, 0, at([1, 1, 0, 0]))];
        instructions.extend(attributes.map(|location| Instruction::new(Opcode::LoadAttr, 0, at(location))));
        instructions.push(Instruction::new(Opcode::ReturnValue, 0, at([10, 10, 0, 4])));
        let expected = "8000df00048104e70064d10064d74656d14656f70a0001028101fff9d80004";
        assert_eq!(table_of(instructions), expected);
    }

    /// What stands before an exit does not take its location from what follows the exit.
    #[test]
    fn the_next_location_is_none_before_an_exit() {
        let next = Location::NEXT;
        let instructions = vec![
            Instruction::new(Opcode::LoadConst, 0, next),
            Instruction::new(Opcode::ReturnValue, 0, next),
            Instruction::new(Opcode::LoadConst, 0, next),
            Instruction::new(Opcode::ReturnValue, 0, at([3, 3, 0, 4])),
        ];
        assert_eq!(table_of(instructions), "f9e10004");
    }
}
