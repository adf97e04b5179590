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
use crate::{BlockId, Cfg, GraphError};

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

    fn push(&mut self, below: u32, handler: BlockId) -> u32 {
        let depth = self.nodes[below as usize].depth + 1;
        self.nodes.push(Node { handler: Some(handler), below, depth });
        self.nodes.len() as u32 - 1
    }
}

pub(crate) fn run(cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
    if mark_except_handlers(cfg) {
        label(cfg, cx)
    } else {
        Ok(())
    }
}

/// Whether there are any.
fn mark_except_handlers(cfg: &mut Cfg) -> bool {
    let mut any = false;
    let mut cursor = cfg.first();
    while let Some(id) = cursor {
        for position in cfg.range(id) {
            let instr = *cfg.instr_at(position);
            if instr.opcode.is_block_push() {
                cfg.block_mut(instr.target()).is_handler = true;
                any = true;
            } else if instr.opcode == Opcode::PopBlock {
                any = true;
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
    walk.visit(BlockId::ENTRY);
    while let Some(id) = walk.pop() {
        let mut stack = stacks.on_entry[id.index()];
        let mut last_yield_depth = None;
        for position in cfg.range(id) {
            let Node { handler, below, depth } = stacks.nodes[stack as usize];
            let instr = cfg.instr_at_mut(position);
            let opcode = instr.opcode;
            if opcode.is_block_push() {
                let target = instr.target();
                if walk.visit(target) {
                    stacks.on_entry[target.index()] = stack;
                }
                stack = stacks.push(stack, target);
                if matches!(opcode, Opcode::SetupWith | Opcode::SetupCleanup) {
                    cfg.block_mut(target).preserve_lasti = true;
                }
                continue;
            }
            match opcode {
                Opcode::PopBlock => {
                    if depth == 0 {
                        return Err(GraphError::PopWithoutPush { block: id });
                    }
                    stack = below;
                    instr.set_nop();
                    continue;
                }
                Opcode::YieldValue => last_yield_depth = Some(depth),
                Opcode::Resume if instr.oparg != RESUME_AT_FUNC_START => {
                    if last_yield_depth.take() == Some(1) {
                        instr.oparg |= RESUME_OPARG_DEPTH1_MASK;
                    }
                }
                Opcode::ReturnGenerator => continue,
                _ if opcode.has_jump() => {
                    let target = instr.target();
                    if walk.visit(target) {
                        stacks.on_entry[target.index()] = stack;
                    }
                }
                _ => {}
            }
            instr.handler = handler;
        }
        if cfg.falls_through(id)
            && let Some(next) = cfg.next(id)
            && walk.visit(next)
        {
            stacks.on_entry[next.index()] = stack;
        }
    }
    Ok(())
}
