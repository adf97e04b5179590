//! The text of `python -m dis` (`disassemble`, `_disassemble_recursive`).

use std::fmt::{self, Write};

use pycode::{CodeObject, Object, ObjectId, Pool, ReprBudget};
use thiserror::Error;

use crate::Instructions;
use crate::format::{Columns, write_constant};

/// What to show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DisOptions {
    /// Inline caches, each code unit on a line (`-C`).
    pub show_caches: bool,
    /// The offset of each instruction (`-O`).
    pub show_offsets: bool,
    /// The whole location of each instruction instead of its line (`-P`).
    pub show_positions: bool,
    /// Caches as in a running interpreter (`-S`); nothing is specialized before the code has run.
    pub adaptive: bool,
    /// How deep to go into nested code objects; `None` is all the way.
    pub depth: Option<u32>,
}

/// Why a disassembly is not complete.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum DisError {
    /// The writer failed.
    #[error(transparent)]
    Write(#[from] fmt::Error),
    /// Hostile data can hold a code object or a name many times over: more than 2^18 code objects, or more text
    /// that repeats itself than a [`ReprBudget`] allows.
    #[error("too many nested code objects")]
    TooMany,
    /// The object to disassemble is not a code object.
    #[error("don't know how to disassemble this object")]
    NotCode,
}

/// How many code objects are shown at most.
const MAX_CODE_OBJECTS: usize = 1 << 18;

/// How much text an instruction makes, about.
const TEXT_PER_UNIT: usize = 32;

/// Writes the disassembly of a code object and of the code objects among its constants.
///
/// The memory that it takes is a small multiple of what the code objects take, however long the text is; how
/// often the text may repeat itself is limited by a [`ReprBudget`].
///
/// # Errors
/// When `code` is no code object, the writer fails, or there is more to show than any program has. What comes before is
/// written.
pub fn disassemble(
    pool: &Pool,
    code: ObjectId,
    options: &DisOptions,
    out: &mut impl Write,
) -> Result<(), DisError> {
    // With the depth of each; the last one is next.
    let mut pending = vec![(code, 0)];
    let mut budget = ReprBudget::new();
    let mut shown = 0;
    while let Some((id, depth)) = pending.pop() {
        shown += 1;
        if shown > MAX_CODE_OBJECTS {
            return Err(DisError::TooMany);
        }
        let code = pool.code(id).ok_or(DisError::NotCode)?;
        let units = pool.bytes(code.code).map_or(0, <[u8]>::len) / 2;
        if !budget.spend(id, units.saturating_mul(TEXT_PER_UNIT)) {
            return Err(DisError::TooMany);
        }
        if depth > 0 {
            out.write_str("\nDisassembly of ")?;
            write_constant(pool, id, &mut budget, out)?;
            out.write_str(":\n")?;
        }
        disassemble_one(pool, code, options, &mut budget, out)?;
        if options.depth.is_none_or(|limit| depth < limit) {
            let consts = pool.tuple(code.consts).unwrap_or_default();
            let nested = consts.iter().filter(|&&id| matches!(pool.get(id), Object::Code(_)));
            pending.extend(nested.rev().map(|&id| (id, depth + 1)));
        }
    }
    Ok(())
}

/// [`disassemble`] into a new string.
///
/// # Errors
/// As for [`disassemble`].
pub fn disassemble_to_string(pool: &Pool, code: ObjectId, options: &DisOptions) -> Result<String, DisError> {
    let mut out = String::new();
    disassemble(pool, code, options, &mut out)?;
    Ok(out)
}

fn disassemble_one(
    pool: &Pool,
    code: &CodeObject,
    options: &DisOptions,
    budget: &mut ReprBudget,
    out: &mut impl Write,
) -> Result<(), DisError> {
    let mut instructions = Instructions::without_constants(pool, code, options.adaptive);
    let columns = Columns::new(pool, code, &instructions, options);
    for instruction in instructions.by_ref() {
        columns.write(&instruction, budget, out)?;
    }
    Ok(write_handlers(&instructions, out)?)
}

fn write_handlers(instructions: &Instructions<'_>, out: &mut impl Write) -> fmt::Result {
    if instructions.handlers().is_empty() {
        return Ok(());
    }
    out.write_str("ExceptionTable:\n")?;
    for entry in instructions.handlers() {
        let [start, end, target] = [entry.start, entry.end, entry.target]
            .map(|offset| instructions.label_at(offset).expect("the offsets of handlers have labels"));
        let lasti = if entry.lasti { " lasti" } else { "" };
        writeln!(out, "  L{start} to L{end} -> L{target} [{}]{lasti}", entry.depth)?;
    }
    Ok(())
}
