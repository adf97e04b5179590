//! Drops constants that nobody loads any more.
//!
//! * Requires: all folding done.
//! * Ensures: all constants but the first are loaded. The first always stays, since it may be the
//!   docstring. The order stays.
//!
//! CPython's counterpart: `remove_unused_consts`.

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
        cx.consts.count_loads();
        for_each_load(cfg, |instr| cx.consts.count_load(instr.oparg));
    }
    let map = &mut cx.scratch.map;
    if !number_loaded(cx.consts.loaded(), map) {
        return Ok(());
    }
    let mut index = 0;
    cx.consts.list_mut().retain(|_| {
        index += 1;
        map[index - 1] != UNUSED
    });
    for_each_load(cfg, |instr| instr.oparg = map[instr.oparg as usize] as i32);
    Ok(())
}

/// Gives those that stay new numbers, in `map`. Whether any goes.
fn number_loaded(loaded: &[bool], map: &mut Vec<u32>) -> bool {
    let mut used = 0;
    map.clear();
    map.extend(loaded.iter().enumerate().map(|(index, &loaded)| {
        if !loaded && index != 0 {
            return UNUSED;
        }
        used += 1;
        used - 1
    }));
    (used as usize) < loaded.len()
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
