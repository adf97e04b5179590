//! Loads small ints without the table of constants, and decides what depends on a constant only.
//!
//! * Does: `LOAD_CONST` of 0 to 255 becomes `LOAD_SMALL_INT`; a conditional jump on a constant is
//!   taken or goes; `TO_BOOL` of a constant becomes a load; `is None` with the jump on it becomes one
//!   instruction. A `COPY` of a constant counts as a load of it.
//! * Requires: every jump ends its block.
//! * Ensures: no `LOAD_CONST` of a small int.
//!
//! CPython's counterparts: `optimize_load_const`, `basicblock_optimize_load_const`.

use pycode::ObjectId;
use pyopcode::Opcode;

use super::Context;
use crate::cfg::Block;
use crate::consts::{as_small_int, const_value};
use crate::traits::Traits;
use crate::{BlockId, Cfg, GraphError, Instr, fold};

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    cx.consts.begin_to_count();
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        let &Block { next, traits, .. } = cfg.block(id);
        cursor = next;
        if traits.any(Traits::CONSTS) {
            optimize_block(cfg, id, cx);
        }
    }
    Ok(())
}

/// What an instruction and those behind it may become.
const CHANGED: Traits =
    Traits::union_of(&[Traits::NOPS, Traits::CONSTS, Traits::JUMPS, Traits::BRANCHES, Traits::IMPROVABLE]);

fn optimize_block(cfg: &mut Cfg, id: BlockId, cx: &mut Context<'_>) {
    let mut changed = false;
    let instrs = cfg.instrs_mut(id);
    // The last load of a constant, as long as nothing but a copy of it follows.
    let mut loaded = NOTHING;
    for i in 0..instrs.len() {
        let Instr { opcode, oparg, .. } = instrs[i];
        match opcode {
            Opcode::LoadConst => loaded = load_small_int(&mut instrs[i], cx),
            Opcode::LoadSmallInt => loaded = Load { opcode, oparg },
            Opcode::Copy if oparg == 1 && loaded.opcode == Opcode::LoadConst => {}
            _ => {
                loaded = NOTHING;
                continue;
            }
        }
        if i + 1 < instrs.len() {
            changed |= fold_use(&mut instrs[i..], loaded, cx);
        }
    }
    if changed {
        cfg.add_traits(id, CHANGED);
    }
}

/// The load of a constant.
#[derive(Clone, Copy)]
struct Load {
    opcode: Opcode,
    oparg: i32,
}

const NOTHING: Load = Load { opcode: Opcode::Nop, oparg: 0 };

/// Loads a constant in the shortest way.
#[inline]
fn load_small_int(instr: &mut Instr, cx: &mut Context<'_>) -> Load {
    match as_small_int(cx.consts.get(instr.oparg), cx.pool) {
        Some(value) => instr.set(Opcode::LoadSmallInt, value),
        None => cx.consts.count_load(instr.oparg),
    }
    Load { opcode: instr.opcode, oparg: instr.oparg }
}

/// `instrs[0]` loads the constant that `loaded` loads; the instructions behind it use it. Whether
/// anything changed.
fn fold_use(instrs: &mut [Instr], loaded: Load, cx: &mut Context<'_>) -> bool {
    match instrs[1].opcode {
        Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::JumpIfFalse | Opcode::JumpIfTrue => {
            let is_true = is_true(loaded, cx);
            fold_jump(instrs, is_true, cx);
            cx.edges_changed = true;
        }
        Opcode::IsOp if is_none(loaded, cx) => fold_is_none(instrs, cx),
        Opcode::ToBool => {
            let value = if is_true(loaded, cx) { ObjectId::TRUE } else { ObjectId::FALSE };
            remove_load(&mut instrs[0], cx);
            // The turn of this load is next: it is counted then.
            instrs[1].set(Opcode::LoadConst, cx.consts.add(value));
        }
        _ => return false,
    }
    true
}

fn remove_load(load: &mut Instr, cx: &mut Context<'_>) {
    cx.consts.uncount_load(load);
    load.set_nop();
}

fn is_true(loaded: Load, cx: &mut Context<'_>) -> bool {
    let value = const_value(loaded.opcode, loaded.oparg, &cx.consts, cx.pool);
    fold::is_true(cx.pool.get(value))
}

fn is_none(loaded: Load, cx: &mut Context<'_>) -> bool {
    loaded.opcode == Opcode::LoadConst && cx.consts.get(loaded.oparg) == ObjectId::NONE
}

fn fold_jump(instrs: &mut [Instr], is_true: bool, cx: &mut Context<'_>) {
    let opcode = instrs[1].opcode;
    if matches!(opcode, Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue) {
        remove_load(&mut instrs[0], cx);
    }
    let jumps_if_true = matches!(opcode, Opcode::PopJumpIfTrue | Opcode::JumpIfTrue);
    if is_true == jumps_if_true {
        instrs[1].opcode = Opcode::Jump;
    } else {
        instrs[1].set_nop();
    }
}

/// `None`, `IS_OP`, maybe `TO_BOOL`, jump: one jump.
fn fold_is_none(instrs: &mut [Instr], cx: &mut Context<'_>) {
    let mut jump = 2;
    if instrs.get(jump).is_some_and(|instr| instr.opcode == Opcode::ToBool) {
        instrs[jump].set_nop();
        jump += 1;
    }
    let is_not = instrs[1].oparg != 0;
    let on_not_none = match instrs.get(jump).map(|instr| instr.opcode) {
        Some(Opcode::PopJumpIfTrue) => is_not,
        Some(Opcode::PopJumpIfFalse) => !is_not,
        _ => return,
    };
    remove_load(&mut instrs[0], cx);
    instrs[1].set_nop();
    instrs[jump].opcode = if on_not_none { Opcode::PopJumpIfNotNone } else { Opcode::PopJumpIfNone };
}
