//! Gives every instruction the handler that is active at it.
//!
//! * Why: later passes move code around, and the exception table is made from the instructions.
//! * Does: follows the block stack that `SETUP_*` and `POP_BLOCK` push and pop along all paths. The
//!   target of a `SETUP_*` becomes a handler; one of `SETUP_WITH` or `SETUP_CLEANUP` also wants the
//!   offset of the instruction that raised. A `RESUME` after a `yield` with exactly one handler
//!   around (the one that turns `StopIteration` into an error) gets a bit that says so.
//! * Requires: resolved targets.
//! * Ensures: no `POP_BLOCK` in reachable blocks; `SETUP_*` stay, they lead to the handlers until
//!   `convert_pseudo_ops` takes them out.
//!
//! CPython's counterparts: `mark_except_handlers`, `label_exception_targets`.

use pyopcode::Opcode;

use super::Context;
use crate::cfg::Exits;
use crate::traits::Traits;
use crate::workspace::Walk;
use crate::{BlockId, BlockTarget, Cfg, GraphError, Instr};

/// `RESUME_AT_FUNC_START`
const RESUME_AT_FUNC_START: i32 = 0;
/// `RESUME_OPARG_DEPTH1_MASK`
const RESUME_OPARG_DEPTH1_MASK: i32 = 4;

/// The block stacks of all paths, as a tree that grows from its root: a stack is a node.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExceptStacks {
    nodes: Vec<Node>,
    /// The stack on entry to each block that was visited.
    on_entry: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    handler: Option<BlockId>,
    below: u32,
    depth: u32,
}

const EMPTY: u32 = 0;

impl ExceptStacks {
    fn reset(&mut self, blocks: usize) {
        self.nodes.clear();
        self.nodes.push(Node { handler: None, below: EMPTY, depth: 0 });
        self.on_entry.clear();
        self.on_entry.resize(blocks, EMPTY);
    }

    /// A block is entered with a stack, that of the first way in.
    #[inline]
    fn enter(&mut self, walk: &mut Walk, id: BlockId, stack: u32) {
        if walk.visit(id) {
            self.on_entry[id.index()] = stack;
        }
    }

    fn push(&mut self, below: u32, handler: BlockId) -> u32 {
        let depth = self.nodes[below as usize].depth + 1;
        self.nodes.push(Node { handler: Some(handler), below, depth });
        self.nodes.len() as u32 - 1
    }
}

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    if mark_except_handlers(cfg) { label(cfg, cx) } else { Ok(()) }
}

/// Whether there are any.
fn mark_except_handlers(cfg: &mut Cfg) -> bool {
    let mut any = false;
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        if cfg.traits(id).any(Traits::BLOCKS) {
            any = true;
            for position in cfg.range(id) {
                let instr = *cfg.instr_at(position);
                if instr.opcode.is_block_push() {
                    cfg.block_mut(instr.target()).is_handler = true;
                }
            }
        }
        cursor = cfg.next(id);
    }
    any
}

fn label(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    let walk = &mut cx.scratch.walk;
    let stacks = &mut cx.scratch.except_stacks;
    walk.reset(cfg.block_count());
    stacks.reset(cfg.block_count());
    cfg.begin_handlers();
    walk.visit(BlockId::ENTRY);
    while let Some(id) = walk.pop() {
        let stack = if cfg.traits(id).any(Traits::BLOCKS | Traits::YIELDS) {
            label_block(cfg, id, stacks, walk)?
        } else {
            label_plain_block(cfg, id, stacks)
        };
        let Exits { next, target } = cfg.exits(id);
        if let Some(target) = target {
            stacks.enter(walk, target, stack);
        }
        if let Some(next) = next {
            stacks.enter(walk, next, stack);
        }
    }
    Ok(())
}

/// A block in which the stack does not change.
fn label_plain_block(cfg: &mut Cfg, id: BlockId, stacks: &ExceptStacks) -> u32 {
    let stack = stacks.on_entry[id.index()];
    if let Some(handler) = stacks.nodes[stack as usize].handler {
        let (_, handlers) = cfg.instrs_and_handlers_mut(id);
        handlers.fill(Some(handler));
        cfg.add_traits(id, Traits::HANDLED);
    }
    stack
}

/// The stack at the end of the block.
fn label_block(
    cfg: &mut Cfg,
    id: BlockId,
    stacks: &mut ExceptStacks,
    walk: &mut Walk,
) -> Result<u32, GraphError> {
    let mut stack = stacks.on_entry[id.index()];
    let mut last_yield_depth = None;
    cfg.add_traits(id, Traits::HANDLED);
    let mut top = stacks.nodes[stack as usize];
    for position in cfg.range(id) {
        let Node { handler, below, depth } = top;
        let instr = cfg.instr_at_mut(position);
        match instr.opcode {
            Opcode::SetupFinally | Opcode::SetupWith | Opcode::SetupCleanup => {
                let target = instr.target();
                let preserve_lasti = instr.opcode != Opcode::SetupFinally;
                stacks.enter(walk, target, stack);
                stack = stacks.push(stack, target);
                top = stacks.nodes[stack as usize];
                cfg.block_mut(target).preserve_lasti |= preserve_lasti;
                continue;
            }
            Opcode::PopBlock if depth == 0 => return Err(GraphError::PopWithoutPush { block: id }),
            Opcode::PopBlock => {
                stack = below;
                top = stacks.nodes[stack as usize];
                instr.set_nop();
                cfg.add_traits(id, Traits::NOPS);
                continue;
            }
            Opcode::ReturnGenerator => continue,
            Opcode::YieldValue => last_yield_depth = Some(depth),
            Opcode::Resume => mark_resume(instr, &mut last_yield_depth),
            _ => {}
        }
        cfg.set_handler_at(position, handler);
    }
    Ok(stack)
}

/// A `RESUME` at the start of the code belongs to no `yield`.
fn mark_resume(resume: &mut Instr, last_yield_depth: &mut Option<u32>) {
    if resume.oparg != RESUME_AT_FUNC_START && last_yield_depth.take() == Some(1) {
        resume.oparg |= RESUME_OPARG_DEPTH1_MASK;
    }
}
