//! Drops constants that nobody loads any more.
//!
//! * Requires: all folding done.
//! * Ensures: all constants but the first are loaded. The first always stays, since it may be the
//!   docstring. The order stays.
//!
//! CPython's counterpart: `remove_unused_consts`.

use pyopcode::Opcode;

use super::Context;
use crate::traits::Traits;
use crate::{Cfg, GraphError, Instr};

const UNUSED: u32 = u32::MAX;

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    let count = cx.consts.len();
    if count <= 1 {
        return Ok(());
    }
    if cx.consts.is_stale() {
        count_loads(cfg, cx);
    }
    debug_assert!(is_counted(cfg, cx.consts.loads()), "a load came or went without being counted");
    let map = &mut cx.scratch.map;
    if !number_loaded(cx.consts.loads(), map) {
        return Ok(());
    }
    drop_unused(cfg, cx);
    Ok(())
}

#[inline(never)]
fn count_loads(cfg: &mut Cfg, cx: &mut Context<'_>) {
    cx.consts.count_loads();
    for_each_load(cfg, |instr| cx.consts.count_load(instr.oparg));
}

/// `cx.scratch.map` has the new numbers.
#[inline(never)]
fn drop_unused(cfg: &mut Cfg, cx: &mut Context<'_>) {
    let map = &cx.scratch.map;
    let mut index = 0;
    cx.consts.list_mut().retain(|_| {
        index += 1;
        map[index - 1] != UNUSED
    });
    cfg.renumber(map, Opcode::has_const);
}

/// Whether the loads are those of the graph.
fn is_counted(cfg: &mut Cfg, loads: &[u32]) -> bool {
    let mut counted = vec![0; loads.len()];
    for_each_load(cfg, |instr| counted[instr.oparg as usize] += 1);
    counted == loads
}

/// Gives those that stay new numbers, in `map`. Whether any goes.
fn number_loaded(loads: &[u32], map: &mut Vec<u32>) -> bool {
    let mut used = 0;
    map.clear();
    map.extend(loads.iter().enumerate().map(|(index, &loads)| {
        if loads == 0 && index != 0 {
            return UNUSED;
        }
        used += 1;
        used - 1
    }));
    (used as usize) < loads.len()
}

fn for_each_load(cfg: &mut Cfg, mut f: impl FnMut(&mut Instr)) {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        if cfg.traits(id).any(Traits::CONSTS) {
            cfg.instrs_mut(id).iter_mut().filter(|instr| instr.opcode.has_const()).for_each(&mut f);
        }
        cursor = cfg.next(id);
    }
}
