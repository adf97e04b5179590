//! Computes the stack depth on entry to each block, and the greatest depth of all.
//!
//! * Requires: no depth known yet; no pseudo-jumps but `JUMP` and `JUMP_NO_INTERRUPT`; block pushes
//!   still in place, since they tell how deep handlers begin.
//! * Ensures: `start_depth` is known for all blocks that are reachable.
//!
//! `END_ASYNC_FOR` is a jump for `sys.monitoring` only: its target is known from elsewhere.
//!
//! CPython's counterparts: `calculate_stackdepth`, `stackdepth_push`.

use pyopcode::Opcode;

use super::Context;
use crate::cfg::{Block, UNKNOWN_DEPTH, View};
use crate::stack_effect::StackEffect;
use crate::traits::Traits;
use crate::{BlockId, BlockTarget, Cfg, GraphError, Instr};

/// The depth of a block that was not reached yet when its turn came. No depth either.
const PASSED_BY: i32 = UNKNOWN_DEPTH + 1;

/// No code of a file that fits into memory needs more; sequences that do are hostile.
pub(crate) const MAX_STACK_DEPTH: i32 = 1 << 24;

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    debug_assert!(cfg.layout().all(|id| cfg.block(id).start_depth == UNKNOWN_DEPTH), "no depth is known yet");
    let cursor = cfg.first();
    let late = &mut cx.scratch.late;
    late.clear();
    let mut depths = Depths { graph: cfg.view(), cursor, late, max: 0 };
    depths.enter(BlockId::ENTRY, 0)?;
    while let Some(id) = depths.next() {
        depths.follow(id)?;
    }
    cx.stacksize = depths.max as u32;
    Ok(())
}

struct Depths<'a> {
    graph: View<'a>,
    /// Where in the layout to go on.
    cursor: Option<BlockId>,
    /// Blocks that were entered after they had been passed by.
    late: &'a mut Vec<BlockId>,
    /// The greatest before an instruction.
    max: i32,
}

impl Depths<'_> {
    /// A block that was entered. Hardly any comes before all that lead to it.
    #[inline]
    fn next(&mut self) -> Option<BlockId> {
        while let Some(id) = self.cursor {
            let block = self.graph.block_mut(id);
            self.cursor = block.next;
            if block.start_depth != UNKNOWN_DEPTH {
                return Some(id);
            }
            block.start_depth = PASSED_BY;
        }
        self.late.pop()
    }

    #[inline]
    fn follow(&mut self, id: BlockId) -> Result<(), GraphError> {
        let &Block { start_depth: start, next, traits, .. } = self.graph.block(id);
        let course = match traits.any(Traits::BLOCKS) {
            true => self.follow_with_pushes(id, start)?,
            false => follow_plain(self.graph.instrs(id), start),
        };
        if !course.is_sound() {
            return Err(bad_depth(self.graph.instrs(id), start));
        }
        self.max = self.max.max(course.max as i32);
        let depth = course.end as i32;
        if let Some(&last) = self.graph.last(id) {
            if last.opcode.has_jump() && last.opcode != Opcode::EndAsyncFor {
                self.enter(last.target(), depth)?;
            }
            if !last.opcode.falls_through() {
                return Ok(());
            }
        }
        next.map_or(Ok(()), |next| self.enter(next, depth))
    }

    /// A block push has its effect on the way to the handler only.
    #[inline(never)]
    fn follow_with_pushes(&mut self, id: BlockId, start: i32) -> Result<Course, GraphError> {
        let mut course = Course::from(start);
        for position in self.graph.range(id) {
            let &Instr { opcode, oparg, .. } = self.graph.instr_at(position);
            let net = StackEffect::net_of(opcode, oparg);
            if opcode.is_block_push() {
                course.grow(0);
                self.enter_handler(BlockId::from_index(oparg as usize), course.end + net)?;
            } else {
                course.grow(net);
            }
        }
        Ok(course)
    }

    /// The depth where a handler is set up was not looked at yet.
    fn enter_handler(&mut self, id: BlockId, depth: i64) -> Result<(), GraphError> {
        let depth = i32::try_from(depth).map_err(|_| GraphError::StackTooDeep { limit: MAX_STACK_DEPTH })?;
        if depth < 0 {
            return Err(GraphError::StackUnderflow { line: -1 });
        }
        self.enter(id, depth)
    }

    /// `stackdepth_push`
    #[inline]
    fn enter(&mut self, id: BlockId, depth: i32) -> Result<(), GraphError> {
        let known = &mut self.graph.block_mut(id).start_depth;
        match std::mem::replace(known, depth) {
            UNKNOWN_DEPTH => {}
            PASSED_BY => self.late.push(id),
            expected if expected == depth => {}
            expected => return Err(GraphError::InconsistentStackDepth { block: id, expected, found: depth }),
        }
        Ok(())
    }
}

/// Depths in a block. No sum of effects leaves the range of the type.
struct Course {
    /// Negative if one of those after an instruction is.
    signs: i64,
    /// The greatest before an instruction.
    max: i64,
    end: i64,
}

impl Course {
    fn from(start: i32) -> Course {
        Course { signs: 0, max: 0, end: i64::from(start) }
    }

    /// An instruction makes the stack grow.
    #[inline]
    fn grow(&mut self, net: i64) {
        self.max = self.max.max(self.end);
        self.end += net;
        self.signs |= self.end;
    }

    /// Whether no depth is below the empty stack, nor beyond the limit.
    #[inline]
    fn is_sound(&self) -> bool {
        let limit = i64::from(MAX_STACK_DEPTH);
        self.signs | (limit - self.max) | (limit - self.end) >= 0
    }
}

/// Without block pushes only the last instruction can lead elsewhere.
#[inline]
fn follow_plain(instrs: &[Instr], start: i32) -> Course {
    let mut course = Course::from(start);
    for instr in instrs {
        course.grow(StackEffect::net_of(instr.opcode, instr.oparg));
    }
    course
}

/// What is wrong with the first depth that is.
#[cold]
fn bad_depth(instrs: &[Instr], start: i32) -> GraphError {
    let mut depth = i64::from(start);
    for instr in instrs.iter().filter(|instr| !instr.opcode.is_block_push()) {
        depth += StackEffect::net_of(instr.opcode, instr.oparg);
        if depth < 0 {
            return GraphError::StackUnderflow { line: instr.location.lineno };
        }
        if depth > i64::from(MAX_STACK_DEPTH) {
            break;
        }
    }
    GraphError::StackTooDeep { limit: MAX_STACK_DEPTH }
}
