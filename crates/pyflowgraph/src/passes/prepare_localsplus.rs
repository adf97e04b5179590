//! Gives cells and free variables their places behind the locals, and makes the cells.
//!
//! * Does: a parameter that is a cell keeps its one place; the other cells follow the locals, then the
//!   free variables. `COPY_FREE_VARS`, a `MAKE_CELL` for each cell, by place, and for a generator or
//!   coroutine `RETURN_GENERATOR` and the `POP_TOP` of what is sent first go in front.
//! * Requires: the arguments of instructions on cells count cells, then free variables.
//! * Ensures: they are places in `co_localsplusnames`.
//!
//! CPython's counterparts: `prepare_localsplus`, `build_cellfixedoffsets`,
//! `insert_prefix_instructions`, `fix_cell_offsets`.

use pycode::{CodeFlags, Location};
use pyinstrseq::{NameIndex, UnitMetadata};
use pyopcode::Opcode;

use super::Context;
use crate::traits::Traits;
use crate::{BlockId, Cfg, GraphError, Instr};

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    let Some(metadata) = cx.metadata else { return Ok(()) };
    let (locals, cells, frees) = (metadata.varnames.len(), metadata.cellvars.len(), metadata.freevars.len());
    cx.nlocalsplus = (locals + cells + frees) as u32;
    if is_generator(metadata.flags) {
        insert_generator_prefix(cfg, metadata.firstlineno);
    }
    if cells + frees > 0 {
        place_cells(cfg, cx, metadata);
    }
    Ok(())
}

/// Most units have none.
#[inline(never)]
fn place_cells(cfg: &mut Cfg, cx: &mut Context<'_>, metadata: &UnitMetadata) {
    let places = &mut cx.scratch.map;
    find_places(metadata, places);
    let (cells, frees) = (metadata.cellvars.len(), metadata.freevars.len());
    insert_prefix(cfg, &places[..cells], frees, &mut cx.scratch.indices);
    cx.nlocalsplus -= close_gaps(places, metadata.varnames.len());
    cfg.renumber(places, |opcode| Traits::of_opcode(opcode).any(Traits::CELLS));
}

/// How many instructions will go in front.
pub(crate) fn prefix_len(metadata: &UnitMetadata) -> usize {
    let generator = if is_generator(metadata.flags) { 2 } else { 0 };
    generator + metadata.cellvars.len() + usize::from(!metadata.freevars.is_empty())
}

/// `build_cellfixedoffsets`: the place of each cell and free variable, with a gap for each cell that
/// is a local.
fn find_places(metadata: &UnitMetadata, places: &mut Vec<u32>) {
    let (locals, cells) = (&metadata.varnames, &metadata.cellvars);
    let count = cells.len() + metadata.freevars.len();
    places.clear();
    places.extend((locals.len()..locals.len() + count).map(|place| place as u32));
    let locals = NameIndex::new(locals, cells.len());
    for (place, &cell) in places.iter_mut().zip(cells) {
        if let Some(local) = locals.position(cell) {
            *place = local;
        }
    }
}

/// `IS_GENERATOR`
fn is_generator(flags: CodeFlags) -> bool {
    let kinds = CodeFlags::GENERATOR | CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR;
    flags.0 & kinds.0 != 0
}

#[inline(never)]
fn insert_generator_prefix(cfg: &mut Cfg, firstlineno: i32) {
    let location = Location::new(firstlineno, firstlineno, -1, -1);
    for (at, opcode) in [Opcode::ReturnGenerator, Opcode::PopTop].into_iter().enumerate() {
        cfg.insert(BlockId::ENTRY, at, Instr::new(opcode, 0, location));
    }
}

/// `insert_prefix_instructions`. The arguments of `MAKE_CELL` count cells, as all others still do.
fn insert_prefix(cfg: &mut Cfg, cell_places: &[u32], frees: usize, by_place: &mut Vec<u32>) {
    by_place.clear();
    by_place.extend(0..cell_places.len() as u32);
    by_place.sort_by_key(|&cell| cell_places[cell as usize]);
    let old_len = cfg.len(BlockId::ENTRY);
    if frees > 0 {
        cfg.push(BlockId::ENTRY, Instr::new(Opcode::CopyFreeVars, frees as i32, Location::NONE), None);
    }
    for &cell in by_place.iter() {
        cfg.push(BlockId::ENTRY, Instr::new(Opcode::MakeCell, cell as i32, Location::NONE), None);
    }
    // At once: there may be many.
    let count = cfg.len(BlockId::ENTRY) - old_len;
    cfg.move_to(BlockId::ENTRY, 0, count);
}

/// Moves the places behind each gap up; how many gaps there were.
fn close_gaps(places: &mut [u32], locals: usize) -> u32 {
    let mut gaps = 0;
    for (index, place) in places.iter_mut().enumerate() {
        if *place as usize == locals + index {
            *place -= gaps;
        } else {
            gaps += 1;
        }
    }
    gaps
}

/// Whether the argument counts cells and free variables.
#[inline]
pub(crate) const fn is_on_cell(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::MakeCell
            | Opcode::LoadClosure
            | Opcode::LoadDeref
            | Opcode::StoreDeref
            | Opcode::DeleteDeref
            | Opcode::LoadFromDictOrDeref
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `def f(a, b, c)` with the cells `b` and `x` and the free variable `y`: CPython's locals are `a b c x y`.
    #[test]
    fn a_cell_that_is_a_parameter_leaves_no_gap() {
        let mut places = vec![1, 4, 5];
        assert_eq!(close_gaps(&mut places, 3), 1);
        assert_eq!(places, [1, 3, 4]);
    }
}
