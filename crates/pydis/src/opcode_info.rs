//! What `dis` knows of an opcode byte: its name and, of a specialized form, what it specializes.

use std::borrow::Cow;

use pyopcode::{Opcode, SPECIALIZED};

/// The general form of each opcode byte; `None` where there is no such opcode.
const BASE: [Option<Opcode>; 256] = base_table();

const fn base_table() -> [Option<Opcode>; 256] {
    let mut table = [None; 256];
    let mut number = 0;
    while number < 256 {
        table[number] = Opcode::from_number(number as u16);
        number += 1;
    }
    let mut i = 0;
    while i < SPECIALIZED.len() {
        table[SPECIALIZED[i].0 as usize] = Some(SPECIALIZED[i].2);
        i += 1;
    }
    table
}

/// The general form of an opcode (`_deoptop`).
pub(crate) const fn base(opcode: u8) -> Option<Opcode> {
    BASE[opcode as usize]
}

/// The name of an opcode; `<N>` where there is none.
pub(crate) fn name(opcode: u8) -> Cow<'static, str> {
    if let Some(op) = Opcode::from_number(u16::from(opcode)) {
        return op.name().into();
    }
    match SPECIALIZED.iter().find(|&&(number, ..)| number == opcode) {
        Some(&(_, name, _)) => name.into(),
        None => format!("<{opcode}>").into(),
    }
}

/// Whether the argument counts backwards; `END_ASYNC_FOR` does not jump, but has a target.
pub(crate) const fn is_backward(op: Opcode) -> bool {
    op.is_backward_jump() || matches!(op, Opcode::EndAsyncFor)
}

/// The offset that a jump at `offset` leads to; `None` if it is no jump (`_get_jump_target`).
pub(crate) fn jump_target(op: Opcode, arg: i64, offset: u32) -> Option<i64> {
    if !op.has_jump() {
        return None;
    }
    let units = if is_backward(op) { arg.wrapping_neg() } else { arg };
    let next = i64::from(offset) + 2 + 2 * op.caches() as i64;
    Some(next.wrapping_add(units.wrapping_mul(2)))
}
