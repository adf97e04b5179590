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
    table.reserve(instructions.len(), offsets.last().copied().unwrap_or(0));
    let LineTable { bytes, len, stretches, line } = table;
    let (mut at, mut line, mut start) = (0, *line, 0);
    for Stretch { location, end } in find_stretches(instructions, offsets, stretches) {
        let (delta, units) = (location.lineno.wrapping_sub(line) as u32, end - start);
        if is_simple(location, delta, units) {
            at += write_short_entries(&mut bytes[at..], location, delta, units);
            line = location.lineno;
        } else if location.lineno == Location::NEXT.lineno {
            return false;
        } else {
            at += write_entries(&mut bytes[at..], location, line, units);
            line = if location.lineno == Location::NONE.lineno { line } else { location.lineno };
        }
        start = *end;
    }
    *len = at;
    true
}

/// Instructions in a row with one location.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    location: Location,
    /// The offset behind them.
    end: u32,
}

/// Finds the stretches. `room` is for as many as there are instructions.
///
/// Whether one ends behind an instruction cannot be predicted: each is written, and kept or written over.
#[inline]
fn find_stretches<'r>(
    instructions: &[Instruction],
    offsets: &[u32],
    room: &'r mut [Stretch],
) -> &'r [Stretch] {
    let [.., last] = instructions else { return &[] };
    let [_, ends @ .., size] = offsets else { return &[] };
    let mut count = 0;
    for (pair, &end) in instructions.windows(2).zip(ends) {
        let location = pair[0].location;
        room[count] = Stretch { location, end };
        count += usize::from(!same(&location, &pair[1].location));
    }
    room[count] = Stretch { location: last.location, end: *size };
    &room[..=count]
}

/// Equality by few tests, since which part differs is hard to predict: start and end are a word each.
#[inline]
fn same(a: &Location, b: &Location) -> bool {
    let word = |line: i32, column: i32| u64::from(line as u32) | u64::from(column as u32) << 32;
    let starts = word(a.lineno, a.col_offset) ^ word(b.lineno, b.col_offset);
    let ends = word(a.end_lineno, a.end_col_offset) ^ word(b.end_lineno, b.end_col_offset);
    starts | ends == 0
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
    /// A buffer.
    stretches: Vec<Stretch>,
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
        if self.stretches.len() < instructions {
            self.stretches.resize(instructions, Stretch { location: Location::NONE, end: 0 });
        }
    }
}

/// The most code units that [`write_short_entries`] writes entries for.
const SIMPLE_UNITS: u32 = 2 * ENTRY_UNITS;

/// Whether [`write_short_entries`] will do for a location on a line that is `delta` behind the one before.
#[inline(always)]
fn is_simple(location: &Location, delta: u32, units: u32) -> bool {
    (delta < 3) & (units <= SIMPLE_UNITS) & is_plain(location)
}

/// Writes one or two entries of the two forms without escapes, and gives their length. How many and which form cannot be
/// predicted: all are made, and two of them put together.
#[inline(always)]
fn write_short_entries(room: &mut [u8], location: &Location, delta: u32, units: u32) -> usize {
    let (column, end) = (location.col_offset as u32, location.end_col_offset as u32);
    let width = end.wrapping_sub(column);
    // The column is below 80 and the width below 16.
    let is_narrow = ((column + 48) | width << 3) < 128;
    // The column's low bits go behind its high ones, into the next byte.
    let short = ((column << 12) + column + start(kind::SHORT)) & 0x70F8 | width << 8;
    let one_line = ((end << 8 | column) << 8) + start(kind::ONE_LINE);
    let (entry, len) = (select_unpredictable(is_narrow, short, one_line), 3 - u32::from(is_narrow));
    // The second one, if there is one, is on the line of the first.
    let same_line = delta == 0;
    let first = select_unpredictable(same_line, entry, one_line + (delta << 3));
    let first_len = select_unpredictable(same_line, len, 3);
    let units_less = units - 1;
    let is_second = (units_less / ENTRY_UNITS).wrapping_neg();
    let first = first | (units_less | is_second) & (ENTRY_UNITS - 1);
    let second = entry | units_less & (ENTRY_UNITS - 1);
    let entries = u64::from(first) | u64::from(second) << (8 * first_len);
    *room.first_chunk_mut().expect("room was made") = entries.to_le_bytes();
    (first_len + (len & is_second)) as usize
}

/// Writes the entries of any location (`assemble_emit_location`), and gives their length.
#[inline(never)]
fn write_entries(room: &mut [u8], location: &Location, mut line: i32, mut units: u32) -> usize {
    let mut at = 0;
    while units > 0 {
        let room = &mut room[at..];
        let delta = location.lineno.wrapping_sub(line) as u32;
        let part = units.min(ENTRY_UNITS);
        at += match is_simple(location, delta, part) {
            true => write_short_entries(room, location, delta, part),
            false => write_long_entry(room, location, line, part),
        };
        line = location.lineno;
        units -= part;
    }
    at
}

/// Whether a location is a range within one line, in columns that take a byte each: then forms without escapes will do.
#[inline(always)]
fn is_plain(location: &Location) -> bool {
    let Location { lineno, end_lineno, col_offset, end_col_offset } = *location;
    ((lineno ^ end_lineno) | (col_offset | end_col_offset) & !127 == 0) & (lineno != Location::NONE.lineno)
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
