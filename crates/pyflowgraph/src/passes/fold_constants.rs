//! Does at compile time what can be done with constants alone. A part of
//! [`optimize_basic_block`](super::optimize_basic_block).
//!
//! The instructions that loaded the operands become `NOP`s without line; the operation becomes the
//! load of the result. What the operations give is the business of [`fold`](crate::fold).
//!
//! CPython's counterparts: `fold_tuple_of_constants`, `fold_constant_seq_into_load_const`,
//! `optimize_lists_and_sets`, `fold_const_binop`, `fold_const_unaryop`, `get_const_loading_instrs`.

use pycode::{Object, ObjectId};
use pyopcode::{BinaryOp, Opcode};

use super::Context;
use super::optimize_basic_block::is_iterated_or_searched;
use crate::consts::{const_value, loads_const, set_load_const};
use crate::fold::{self, UnaryOp};
use crate::{Instr, fold::equality};

/// How many entries code generation puts on the stack for one display at most
/// (`_PY_STACK_USE_GUIDELINE`).
const STACK_USE_GUIDELINE: usize = 30;

/// From how many members on a list or set is made from a constant (`MIN_CONST_SEQUENCE_SIZE`).
const MIN_CONST_SEQUENCE_SIZE: usize = 3;

/// Finds the instructions before `i` that load the `size` topmost stack entries, if all load
/// constants; leaves their positions in `cx.scratch.indices`, last first.
fn find_loads(instrs: &[Instr], i: usize, size: usize, cx: &mut Context<'_>) -> bool {
    let found = &mut cx.scratch.indices;
    found.clear();
    let mut at = i;
    while found.len() < size {
        at = match at.checked_sub(1) {
            Some(at) => at,
            None => return false,
        };
        match instrs[at].opcode {
            Opcode::Nop => {}
            opcode if loads_const(opcode) => found.push(at as u32),
            _ => return false,
        }
    }
    true
}

/// What the found instructions load, in order.
fn loaded_values(instrs: &[Instr], cx: &mut Context<'_>) -> Vec<ObjectId> {
    let found = cx.scratch.indices.iter().rev();
    let value = |instr: &Instr| const_value(instr.opcode, instr.oparg, &cx.consts, cx.pool);
    found.map(|&at| &instrs[at as usize]).map(value).collect()
}

/// Takes out the found instructions (`nop_out`).
fn erase_loads(instrs: &mut [Instr], cx: &mut Context<'_>) {
    for &at in &cx.scratch.indices {
        let load = &mut instrs[at as usize];
        cx.consts.uncount_load(load);
        load.erase();
    }
}

/// `BUILD_TUPLE` of constants is a constant.
pub(super) fn tuple(instrs: &mut [Instr], i: usize, cx: &mut Context<'_>) {
    let size = instrs[i].oparg as usize;
    if size > STACK_USE_GUIDELINE || !find_loads(instrs, i, size, cx) {
        return;
    }
    let members = loaded_values(instrs, cx);
    erase_loads(instrs, cx);
    let tuple = cx.pool.merge(Object::Tuple(&members));
    set_load_const(&mut instrs[i], tuple, &mut cx.consts, cx.pool);
}

/// A list or set of constants is made from a constant, or is one if nobody can change it.
pub(super) fn lists_and_sets(instrs: &mut [Instr], i: usize, cx: &mut Context<'_>) {
    let Instr { opcode, oparg, .. } = instrs[i];
    let size = oparg as usize;
    let unchanged = is_iterated_or_searched(instrs, i);
    if size > STACK_USE_GUIDELINE || (size < MIN_CONST_SEQUENCE_SIZE && !unchanged) {
        return;
    }
    if !find_loads(instrs, i, size, cx) {
        if unchanged && opcode == Opcode::BuildList {
            instrs[i].opcode = Opcode::BuildTuple;
        }
        return;
    }
    let members = loaded_values(instrs, cx);
    let collection = collection(opcode, members, cx);
    let index = cx.consts.add(collection);
    cx.consts.count_load(index);
    erase_loads(instrs, cx);
    if unchanged {
        instrs[i].set(Opcode::LoadConst, index);
        return;
    }
    let extend = if opcode == Opcode::BuildList { Opcode::ListExtend } else { Opcode::SetUpdate };
    instrs[i - 2].location = instrs[i].location;
    instrs[i - 2].set(opcode, 0);
    instrs[i - 1].set(Opcode::LoadConst, index);
    instrs[i].set(extend, 1);
}

/// The constant for a list or tuple, or for a set.
fn collection(build: Opcode, members: Vec<ObjectId>, cx: &mut Context<'_>) -> ObjectId {
    if build == Opcode::BuildSet {
        let members = equality::distinct(cx.pool, members);
        cx.pool.merge(Object::FrozenSet(&members))
    } else {
        cx.pool.merge(Object::Tuple(&members))
    }
}

/// `BUILD_LIST 0` or `BUILD_SET 0`, then constants that are appended one by one, up to `i`: the last
/// append, or the conversion to a tuple behind it.
pub(super) fn sequence(instrs: &mut [Instr], i: usize, cx: &mut Context<'_>) {
    let is_conversion = instrs[i].opcode == Opcode::CallIntrinsic1;
    let append = if is_conversion { Opcode::ListAppend } else { instrs[i].opcode };
    let build = if append == Opcode::ListAppend { Opcode::BuildList } else { Opcode::BuildSet };
    let Some(start) = find_sequence_start(instrs, i, build, append, is_conversion, cx) else {
        return;
    };
    let members = loaded_values(instrs, cx);
    let collection = collection(build, members, cx);
    erase_loads(instrs, cx);
    instrs[start..i].iter_mut().filter(|instr| instr.opcode != Opcode::Nop).for_each(Instr::erase);
    if !is_conversion {
        instrs[i].erase();
    }
    set_load_const(&mut instrs[i], collection, &mut cx.consts, cx.pool);
}

/// Where the list or set begins; the loads are left in `cx.scratch.indices`, last first.
fn find_sequence_start(
    instrs: &[Instr],
    i: usize,
    build: Opcode,
    append: Opcode,
    mut expect_append: bool,
    cx: &mut Context<'_>,
) -> Option<usize> {
    let found = &mut cx.scratch.indices;
    found.clear();
    for (at, instr) in instrs[..i].iter().enumerate().rev() {
        match instr.opcode {
            Opcode::Nop => continue,
            opcode if opcode == build && instr.oparg == 0 => return expect_append.then_some(at),
            opcode if expect_append && opcode == append && instr.oparg == 1 => {}
            opcode if !expect_append && loads_const(opcode) => found.push(at as u32),
            _ => return None,
        }
        expect_append = !expect_append;
    }
    None
}

/// `BINARY_OP` on constants, unless it raises or the result would be too large.
pub(super) fn binary(instrs: &mut [Instr], i: usize, cx: &mut Context<'_>) {
    let Some(op) = BinaryOp::from_number(instrs[i].oparg as u32) else { return };
    if !find_loads(instrs, i, 2, cx) {
        return;
    }
    let operands = loaded_values(instrs, cx);
    let result = fold::binary(cx.pool, op, operands[0], operands[1]);
    if let Some(result) = result {
        store_result(instrs, i, result, cx);
    }
}

/// An operation with one operand, unless it raises.
pub(super) fn unary(instrs: &mut [Instr], i: usize, cx: &mut Context<'_>) {
    let op = match instrs[i].opcode {
        Opcode::UnaryNegative => UnaryOp::Negative,
        Opcode::UnaryInvert => UnaryOp::Invert,
        Opcode::UnaryNot => UnaryOp::Not,
        _ => UnaryOp::Positive,
    };
    if !find_loads(instrs, i, 1, cx) {
        return;
    }
    let operand = loaded_values(instrs, cx)[0];
    if let Some(result) = fold::unary(cx.pool, op, operand) {
        store_result(instrs, i, result, cx);
    }
}

fn store_result(instrs: &mut [Instr], i: usize, result: fold::Value, cx: &mut Context<'_>) {
    let id = result.into_merged(cx.pool);
    erase_loads(instrs, cx);
    set_load_const(&mut instrs[i], id, &mut cx.consts, cx.pool);
}
