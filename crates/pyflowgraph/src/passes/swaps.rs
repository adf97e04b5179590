//! Shortens runs of `SWAP`, and swaps instructions instead of stack entries. A part of
//! [`optimize_basic_block`](super::optimize_basic_block).
//!
//! CPython's counterparts: `swaptimize`, `apply_static_swaps`, `next_swappable_instruction`.

use pyopcode::Opcode;

use crate::{BlockId, Instr};

/// Improves all swaps of a block. Instructions that trade places take their handlers along, if any has one.
pub(super) fn run(instrs: &mut [Instr], handlers: &mut [Option<BlockId>], scratch: &mut Vec<u32>) {
    let mut i = 0;
    while i < instrs.len() {
        if instrs[i].opcode == Opcode::Swap {
            i = shorten_run(instrs, i, scratch);
            apply_statically(instrs, handlers, i);
        }
        i += 1;
    }
}

/// A run of swaps is a permutation of the stack; writes it with the least number of swaps, at the
/// end of the run. The last position of the run, or `start` if it has one swap only.
fn shorten_run(instrs: &mut [Instr], start: usize, stack: &mut Vec<u32>) -> usize {
    let rest = &instrs[start..];
    let len = rest.iter().position(|i| !matches!(i.opcode, Opcode::Swap | Opcode::Nop)).unwrap_or(rest.len());
    let run = &mut instrs[start..start + len];
    let swaps = run.iter().filter(|instr| instr.opcode == Opcode::Swap);
    if swaps.clone().count() == 1 {
        return start;
    }
    let depth = swaps.map(|instr| instr.oparg as u32).max().unwrap_or(0);
    stack.clear();
    stack.extend(0..depth);
    for instr in run.iter().filter(|instr| instr.opcode == Opcode::Swap) {
        stack.swap(0, instr.oparg as usize - 1);
    }
    write_permutation(run, stack);
    start + len - 1
}

const DONE: u32 = u32::MAX;

/// Undoes the permutation cycle by cycle, writing from the end, so that it is made in the order of
/// execution. Only the top can be swapped: every cycle passes through it.
fn write_permutation(run: &mut [Instr], stack: &mut [u32]) {
    let mut free = run.len();
    for start in 0..stack.len() {
        if stack[start] == DONE || stack[start] as usize == start {
            continue;
        }
        let mut at = start;
        loop {
            if at != 0 {
                free -= 1;
                run[free].set(Opcode::Swap, at as i32 + 1);
            }
            if stack[at] == DONE {
                break;
            }
            at = std::mem::replace(&mut stack[at], DONE) as usize;
        }
    }
    for instr in &mut run[..free] {
        instr.set_nop();
    }
}

/// Whether an instruction only pops the top, runs nothing and cannot raise.
fn is_swappable(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::StoreFast | Opcode::StoreFastMaybeNull | Opcode::PopTop)
}

fn stored_local(instr: &Instr) -> Option<i32> {
    matches!(instr.opcode, Opcode::StoreFast | Opcode::StoreFastMaybeNull).then_some(instr.oparg)
}

/// The next instruction behind `i` that can trade places, on a line if one is given.
fn next_swappable(instrs: &[Instr], i: usize, line: Option<i32>) -> Option<usize> {
    for (at, instr) in instrs.iter().enumerate().skip(i + 1) {
        // Names must not be seen to be bound in another order between two lines.
        if line.is_some_and(|line| line >= 0 && line != instr.location.lineno) {
            return None;
        }
        if instr.opcode != Opcode::Nop {
            return is_swappable(instr.opcode).then_some(at);
        }
    }
    None
}

/// The swaps are at `last` and before it, what they could swap is behind them.
fn apply_statically(instrs: &mut [Instr], handlers: &mut [Option<BlockId>], last: usize) {
    for i in (0..=last).rev() {
        match instrs[i].opcode {
            Opcode::Swap => {
                let Some((j, k)) = swappable_pair(instrs, i) else { return };
                instrs[i].set_nop();
                instrs.swap(j, k);
                if !handlers.is_empty() {
                    handlers.swap(j, k);
                }
            }
            opcode if opcode == Opcode::Nop || is_swappable(opcode) => {}
            _ => return,
        }
    }
}

/// The instructions that consume the two entries that the swap at `i` swaps.
fn swappable_pair(instrs: &[Instr], i: usize) -> Option<(usize, usize)> {
    let j = next_swappable(instrs, i, None)?;
    let line = instrs[j].location.lineno;
    let mut k = j;
    for _ in 1..instrs[i].oparg {
        k = next_swappable(instrs, k, Some(line))?;
    }
    let stored = [stored_local(&instrs[j]), stored_local(&instrs[k])];
    if stored[0].is_some() && stored[0] == stored[1] {
        return None;
    }
    let between = instrs.get(j + 1..k).unwrap_or(&[]);
    let conflict = between.iter().filter_map(stored_local).any(|local| stored.contains(&Some(local)));
    (!conflict).then_some((j, k))
}
