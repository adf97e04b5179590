//! The exception table: which code is protected by which handler.
//!
//! The format is described in `InternalDocs/exception_handling.md` of CPython: for each stretch of
//! code its start, length and handler in code units, and the stack depth with the `lasti` bit.

use pyinstrseq::Protected;

use crate::AssembleError;

/// Marks the first byte of an entry.
const ENTRY_START: u8 = 0x80;

/// Writes `co_exceptiontable` (`assemble_exception_table`).
pub(crate) fn emit(
    protected: &[Protected],
    offsets: &[u32],
    table: &mut Vec<u8>,
) -> Result<(), AssembleError> {
    table.clear();
    protected.iter().try_for_each(|stretch| write_entry(table, stretch, offsets))
}

/// `assemble_emit_exception_table_entry`
fn write_entry(table: &mut Vec<u8>, stretch: &Protected, offsets: &[u32]) -> Result<(), AssembleError> {
    let Protected { start: index, end, handler } = *stretch;
    let index = index as usize;
    let outside = |target: u32| AssembleError::Target { index, target: i64::from(target) };
    // The last offset is the end of the code, not an instruction.
    let targets = &offsets[..offsets.len() - 1];
    let target = targets.get(handler.target as usize).ok_or(outside(handler.target))?;
    // The exception itself, and the offset of the instruction if the handler wants that, are pushed
    // after unwinding.
    let depth = handler
        .start_depth
        .checked_sub(1 + u32::from(handler.preserve_lasti))
        .ok_or(AssembleError::HandlerDepth { index, depth: handler.start_depth })?;
    let [start, .., end] = offsets.get(index..=end as usize).unwrap_or(&[]) else {
        return Err(outside(end));
    };
    write_varint(table, *start, ENTRY_START);
    write_varint(table, end - start, 0);
    write_varint(table, *target, 0);
    write_varint(table, depth << 1 | u32::from(handler.preserve_lasti), 0);
    Ok(())
}

/// Six bits a byte, most significant first; bit 6 says that more follow
/// (`assemble_emit_exception_table_item`).
fn write_varint(table: &mut Vec<u8>, value: u32, mut mark: u8) {
    for shift in [24, 18, 12, 6] {
        if value >= 1 << shift {
            table.push((value >> shift & 63) as u8 | 64 | mark);
            mark = 0;
        }
    }
    table.push((value & 63) as u8 | mark);
}
