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
use crate::consts::{as_small_int, const_value, loads_const};
use crate::traits::Traits;
use crate::{BlockId, Cfg, GraphError, Instr, fold};

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        if cfg.traits(id).any(Traits::CONSTS) {
            optimize_block(cfg, id, cx);
        }
        cursor = cfg.next(id);
    }
    Ok(())
}

fn optimize_block(cfg: &mut Cfg, id: BlockId, cx: &mut Context<'_>) {
    let mut changed = false;
    let instrs = cfg.instrs_mut(id);
    // The last load of a constant, as long as nothing but a copy of it follows.
    let mut loaded = Instr::new(Opcode::Nop, 0, pycode::Location::NONE);
    for i in 0..instrs.len() {
        let instr = &mut instrs[i];
        if instr.opcode == Opcode::LoadConst
            && let Some(value) = as_small_int(cx.pool.get(cx.consts.get(instr.oparg)))
        {
            instr.set(Opcode::LoadSmallInt, value);
        }
        let copies = loaded.opcode == Opcode::LoadConst && instr.opcode == Opcode::Copy && instr.oparg == 1;
        if !copies {
            loaded = *instr;
        }
        if loads_const(loaded.opcode) && i + 1 < instrs.len() {
            changed |= fold_use(&mut instrs[i..], &loaded, cx);
        }
    }
    if changed {
        cfg.add_traits(id, Traits::NOPS | Traits::CONSTS);
    }
}

/// `instrs[0]` loads the constant that `loaded` loads; the instructions behind it use it. Whether
/// anything changed.
fn fold_use(instrs: &mut [Instr], loaded: &Instr, cx: &mut Context<'_>) -> bool {
    match instrs[1].opcode {
        Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::JumpIfFalse | Opcode::JumpIfTrue => {
            fold_jump(instrs, is_true(loaded, cx));
        }
        Opcode::IsOp if is_none(loaded, cx) => fold_is_none(instrs),
        Opcode::ToBool => {
            let value = if is_true(loaded, cx) { ObjectId::TRUE } else { ObjectId::FALSE };
            instrs[0].set_nop();
            instrs[1].set(Opcode::LoadConst, cx.consts.add(value));
        }
        _ => return false,
    }
    true
}

fn is_true(loaded: &Instr, cx: &mut Context<'_>) -> bool {
    let value = const_value(loaded, &cx.consts, cx.pool);
    fold::is_true(cx.pool.get(value))
}

fn is_none(loaded: &Instr, cx: &mut Context<'_>) -> bool {
    loaded.opcode == Opcode::LoadConst && cx.consts.get(loaded.oparg) == ObjectId::NONE
}

fn fold_jump(instrs: &mut [Instr], is_true: bool) {
    let opcode = instrs[1].opcode;
    if matches!(opcode, Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue) {
        instrs[0].set_nop();
    }
    let jumps_if_true = matches!(opcode, Opcode::PopJumpIfTrue | Opcode::JumpIfTrue);
    if is_true == jumps_if_true {
        instrs[1].opcode = Opcode::Jump;
    } else {
        instrs[1].set_nop();
    }
}

/// `None`, `IS_OP`, maybe `TO_BOOL`, jump: one jump.
fn fold_is_none(instrs: &mut [Instr]) {
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
    instrs[0].set_nop();
    instrs[1].set_nop();
    instrs[jump].opcode = if on_not_none { Opcode::PopJumpIfNotNone } else { Opcode::PopJumpIfNone };
}
