//! Bytecode as the interpreter holds it before it has run (`_PyCode_Quicken` in `Python/specialize.c`):
//! the counters of the inline caches have their first values, nothing is specialized yet.

use pyopcode::Opcode;

use crate::unpack::Unpack;

/// `adaptive_counter_warmup`: value 1, backoff 1.
const WARMUP: u16 = 1 << 4 | 1;
/// `initial_jump_backoff_counter`: value 4095, backoff 12.
const JUMP: u16 = 4095 << 4 | 12;
/// The history of a conditional jump: taken every other time.
const BRANCH_HISTORY: u16 = 0x5555;

/// `_co_code_adaptive` of a new code object.
pub(crate) fn quicken(code: &[u8]) -> Vec<u8> {
    let mut quickened = code.to_vec();
    for instruction in Unpack::new(code) {
        let Some(op) = instruction.base.filter(|op| op.caches() > 0) else {
            continue;
        };
        let counter = match op {
            Opcode::JumpBackward => JUMP,
            _ if op.is_conditional_jump() => BRANCH_HISTORY,
            _ => WARMUP,
        };
        let cache = instruction.offset as usize + 2;
        if let Some(bytes) = quickened.get_mut(cache..cache + 2) {
            bytes.copy_from_slice(&counter.to_le_bytes());
        }
    }
    quickened
}
