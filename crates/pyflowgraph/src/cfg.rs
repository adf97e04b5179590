//! The control flow graph: basic blocks of instructions, in an order of layout.
//!
//! Blocks live in one `Vec`, their instructions in one other, each block owning a range of it with
//! some room to grow; nothing is freed before the next unit, whose graph reuses both. The order of
//! layout is a linked list, because passes insert and move blocks. Jumps hold the id of their
//! target block as argument. The handlers of the instructions are a list beside them, which most units do
//! not need. What a sound graph is, [`verify`](crate::verify) says.
//!
//! CPython's counterparts: `cfg_builder`, `basicblock` and `cfg_instr` in `Python/flowgraph.c`.

mod block;
mod instr;
mod view;

use std::hint::select_unpredictable;
use std::ops::Range;

use pycode::Location;
use pyopcode::Opcode;

use crate::BlockId;
use crate::traits::Traits;

pub use block::Block;
pub(crate) use block::UNKNOWN_DEPTH;
pub use instr::{BlockTarget, Instr};
pub(crate) use view::View;

/// What fills the room to grow.
pub(crate) const FILLER: Instr = Instr::new(Opcode::Nop, 0, Location::NONE);

/// How many instructions are copied at a time where blocks are copied as a whole: no more than are copied in place.
pub(crate) const PIECE: usize = 4;

/// Where control goes from the end of a block, exceptions aside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exits {
    /// The block laid out behind it, if control runs into it.
    pub next: Option<BlockId>,
    /// The target of the jump that it ends in.
    pub target: Option<BlockId>,
}

/// The graph of one code unit.
///
/// Whoever asks it about a block that it does not have meets with a panic.
#[derive(Debug, Default)]
pub struct Cfg {
    /// The arena, and behind it what is left of earlier units.
    instrs: Vec<Instr>,
    /// How long the arena is.
    used: usize,
    /// Where control goes when the instruction raises, once exception targets are labelled. As long as
    /// the arena, or empty if no instruction has a handler.
    handlers: Vec<Option<BlockId>>,
    blocks: Vec<Block>,
    /// What the instructions of all blocks may be: at least what the blocks say.
    traits: Traits,
}

impl Cfg {
    /// A graph without blocks.
    pub fn new() -> Cfg {
        Cfg::default()
    }

    pub(crate) fn clear_all(&mut self) {
        self.used = 0;
        self.handlers.clear();
        self.blocks.clear();
        self.traits = Traits::NONE;
    }

    /// The graph as it is.
    #[inline]
    pub(crate) fn view(&mut self) -> View<'_> {
        View { instrs: &mut self.instrs, blocks: &mut self.blocks }
    }

    /// How many blocks there are, those that are no longer laid out included.
    pub fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// The facts of a block.
    #[inline]
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    #[inline]
    pub(crate) fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.index()]
    }

    /// All blocks, in order of creation.
    pub(crate) fn blocks_mut(&mut self) -> &mut [Block] {
        &mut self.blocks
    }

    /// The first block of the layout.
    pub(crate) fn first(&self) -> Option<BlockId> {
        (!self.blocks.is_empty()).then_some(BlockId::ENTRY)
    }

    /// Whether any block may contain such instructions.
    #[inline]
    pub(crate) fn may_contain(&self, traits: Traits) -> bool {
        self.traits.any(traits)
    }

    /// Gathers anew what the blocks say, after traits were removed from some.
    pub(crate) fn gather_traits(&mut self) {
        self.traits = self.blocks.iter().fold(Traits::NONE, |all, block| all | block.traits);
    }

    /// What the instructions of a block may be.
    #[inline]
    pub(crate) fn traits(&self, id: BlockId) -> Traits {
        self.block(id).traits
    }

    /// Notes that instructions of a block became something else.
    #[inline]
    pub(crate) fn add_traits(&mut self, id: BlockId, traits: Traits) {
        self.block_mut(id).traits |= traits;
        self.traits |= traits;
    }

    /// Notes that no instruction of a block is that any more.
    #[inline]
    pub(crate) fn remove_traits(&mut self, id: BlockId, traits: Traits) {
        let block = self.block_mut(id);
        block.traits = block.traits.without(traits);
    }

    /// Makes the last instruction of a block a `NOP` with its line.
    pub(crate) fn nop_last(&mut self, id: BlockId) {
        if let Some(last) = self.last_mut(id) {
            last.set_nop();
        }
        self.add_traits(id, Traits::NOPS);
    }

    /// The block laid out behind another.
    #[inline]
    pub fn next(&self, id: BlockId) -> Option<BlockId> {
        self.blocks[id.index()].next
    }

    /// The blocks in their layout.
    pub fn layout(&self) -> Layout<'_> {
        Layout { cfg: self, next: self.first() }
    }

    /// The instructions of a block.
    #[inline]
    pub fn instrs(&self, id: BlockId) -> &[Instr] {
        &self.instrs[self.blocks[id.index()].range()]
    }

    /// The instructions of a block; who makes one of them something else [says so](Self::add_traits).
    #[inline]
    pub(crate) fn instrs_mut(&mut self, id: BlockId) -> &mut [Instr] {
        &mut self.instrs[self.blocks[id.index()].range()]
    }

    /// Whether any instruction has a handler.
    #[inline]
    pub(crate) fn has_handlers(&self) -> bool {
        !self.handlers.is_empty()
    }

    /// The handlers of a block's instructions, one for each; none at all if no instruction of the unit has
    /// one.
    #[inline]
    pub fn handlers(&self, id: BlockId) -> &[Option<BlockId>] {
        self.handlers.get(self.blocks[id.index()].range()).unwrap_or(&[])
    }

    /// Gives each instruction a place for its handler.
    pub(crate) fn begin_handlers(&mut self) {
        self.handlers.resize(self.used, None);
    }

    /// The instructions of a block with their [handlers](Self::handlers).
    #[inline]
    pub(crate) fn instrs_and_handlers_mut(&mut self, id: BlockId) -> (&mut [Instr], &mut [Option<BlockId>]) {
        let range = self.blocks[id.index()].range();
        (&mut self.instrs[range.clone()], self.handlers.get_mut(range).unwrap_or(&mut []))
    }

    /// The handlers by position in the arena; see [`begin_handlers`](Self::begin_handlers).
    #[inline]
    pub(crate) fn set_handler_at(&mut self, position: usize, handler: Option<BlockId>) {
        self.handlers[position] = handler;
    }

    /// Where a block's instructions lie in the arena, which [`instr_at`](Self::instr_at) indexes.
    #[inline]
    pub(crate) fn range(&self, id: BlockId) -> Range<usize> {
        self.blocks[id.index()].range()
    }

    #[inline]
    pub(crate) fn instr_at(&self, position: usize) -> &Instr {
        &self.instrs[position]
    }

    #[inline]
    pub(crate) fn instr_at_mut(&mut self, position: usize) -> &mut Instr {
        &mut self.instrs[position]
    }

    /// The instructions of all blocks, and between them, with any arguments, what is left of others: for changes to which
    /// it does not matter where a block ends, since that is hard to predict.
    #[inline]
    pub(crate) fn arena_mut(&mut self) -> &mut [Instr] {
        &mut self.instrs[..self.used]
    }

    /// Gives other numbers to what some instructions count: `map[old]` is the new one.
    pub(crate) fn renumber(&mut self, map: &[u32], counts: impl Fn(Opcode) -> bool) {
        let Some(last) = map.len().checked_sub(1) else { return };
        for instr in self.arena_mut() {
            let is_index = counts(instr.opcode);
            let index = select_unpredictable(is_index, instr.oparg as usize, 0);
            // Only where no block has it an argument can be too large.
            instr.oparg = select_unpredictable(is_index, map[index.min(last)] as i32, instr.oparg);
        }
    }

    /// How many instructions a block has.
    #[inline]
    pub fn len(&self, id: BlockId) -> usize {
        self.blocks[id.index()].len as usize
    }

    /// Whether a block has no instructions.
    #[inline]
    pub fn is_empty(&self, id: BlockId) -> bool {
        self.blocks[id.index()].len == 0
    }

    /// The last instruction of a block.
    #[inline]
    pub fn last(&self, id: BlockId) -> Option<&Instr> {
        let position = self.blocks[id.index()].last()?;
        Some(&self.instrs[position])
    }

    #[inline]
    pub(crate) fn last_mut(&mut self, id: BlockId) -> Option<&mut Instr> {
        let position = self.blocks[id.index()].last()?;
        Some(&mut self.instrs[position])
    }

    /// Whether control can run off the end of a block into the next (`BB_HAS_FALLTHROUGH`).
    #[inline]
    pub fn falls_through(&self, id: BlockId) -> bool {
        self.last(id).is_none_or(|last| last.opcode.falls_through())
    }

    /// Where control goes from the end of a block.
    #[inline]
    pub(crate) fn exits(&self, id: BlockId) -> Exits {
        let block = self.block(id);
        let Some(position) = block.last() else {
            return Exits { next: block.next, target: None };
        };
        let last = &self.instrs[position];
        Exits { next: block.next.filter(|_| last.opcode.falls_through()), target: last.jump_target() }
    }

    /// Whether a block ends by leaving the code object (`basicblock_exits_scope`).
    #[inline]
    pub fn exits_scope(&self, id: BlockId) -> bool {
        self.last(id).is_some_and(|last| last.opcode.is_scope_exit())
    }

    /// The first block with instructions, from one on in the layout (`next_nonempty_block`).
    #[inline]
    pub fn skip_empty(&self, mut from: Option<BlockId>) -> Option<BlockId> {
        while let Some(id) = from
            && self.is_empty(id)
        {
            from = self.next(id);
        }
        from
    }

    /// A new, empty block, not laid out yet.
    pub(crate) fn new_block(&mut self) -> BlockId {
        let id = BlockId::from_index(self.blocks.len());
        self.blocks.push(Block::new(self.used as u32));
        id
    }

    /// Lays out `new` behind `id`.
    pub(crate) fn insert_after(&mut self, id: BlockId, new: BlockId) {
        self.block_mut(new).next = self.next(id);
        self.block_mut(id).next = Some(new);
    }

    /// Makes room for so many instructions more.
    pub(crate) fn make_room(&mut self, instrs: usize) {
        let needed = self.used + instrs;
        if self.instrs.len() < needed {
            self.instrs.resize(needed, FILLER);
        }
    }

    /// Where the instructions of the next block that is [added](Self::add_block) will lie.
    #[inline]
    pub(crate) fn next_place(&self) -> u32 {
        self.used as u32
    }

    /// The room from there on, to be filled with them.
    #[inline]
    pub(crate) fn next_instrs(&mut self) -> &mut [Instr] {
        &mut self.instrs[self.used..]
    }

    /// Adds a block of the next `len` instructions to the end of the layout, with room for some more. No instruction
    /// has a handler yet.
    #[inline]
    pub(crate) fn add_block(
        &mut self,
        len: usize,
        room: usize,
        mut traits: Traits,
        labelled: bool,
    ) -> BlockId {
        let id = BlockId::from_index(self.blocks.len());
        if labelled || (id != BlockId::ENTRY && len > 0) {
            traits |= Traits::REACHED;
        }
        if let Some(last) = self.blocks.last_mut() {
            last.next = Some(id);
        }
        let first = self.used as u32;
        self.used += len + room;
        let (len, capacity) = (len as u32, (len + room) as u32);
        self.blocks.push(Block { len, capacity, traits, labelled, ..Block::new(first) });
        self.traits |= traits;
        id
    }

    /// Whether nothing will ever run off the end of the last block: it leaves the code object, while a jump may go.
    #[inline]
    pub(crate) fn ends_for_good(&self) -> bool {
        let last = self.blocks.last().and_then(Block::last);
        last.is_some_and(|last| self.instrs[last].opcode.is_scope_exit())
    }

    /// Appends an instruction, with its handler.
    #[inline]
    pub(crate) fn push(&mut self, id: BlockId, instr: Instr, handler: Option<BlockId>) {
        let position = self.push_in_place(id, instr);
        if handler.is_some() {
            self.begin_handlers();
            self.add_traits(id, Traits::HANDLED);
        }
        if self.has_handlers() {
            self.handlers[position] = handler;
        }
    }

    /// Appends an instruction that has whatever handler the last instruction had that stood in its
    /// place in the block, before others were taken out (`basicblock_addop`).
    ///
    /// That is a slip of CPython's, mended after 3.14, and it can be seen in exception tables: a
    /// `NOT_TAKEN` within a `try` has the handler only if a `NOP` was removed from its block before.
    ///
    /// Gives the place in the arena.
    #[inline]
    pub(crate) fn push_in_place(&mut self, id: BlockId, instr: Instr) -> usize {
        self.reserve(id, 1);
        let block = self.block_mut(id);
        let position = block.range().end;
        block.len += 1;
        self.instrs[position] = instr;
        let handled = Traits::handled_if(self.handlers.get(position).is_some_and(Option::is_some));
        self.add_traits(id, Traits::of(&instr) | handled);
        position
    }

    /// Inserts an instruction without handler before position `at` (`basicblock_insert_instruction`).
    ///
    /// # Panics
    /// When the block has fewer than `at` instructions.
    pub fn insert(&mut self, id: BlockId, at: usize, instr: Instr) {
        self.push(id, instr, None);
        let inserted = 1;
        self.move_to(id, at, inserted);
    }

    /// Moves the last instructions of a block, so many, to position `at`.
    pub(crate) fn move_to(&mut self, id: BlockId, at: usize, count: usize) {
        let (instrs, handlers) = self.instrs_and_handlers_mut(id);
        instrs[at..].rotate_right(count);
        if let Some(handlers) = handlers.get_mut(at..)
            && !handlers.is_empty()
        {
            handlers.rotate_right(count);
        }
    }

    /// Appends copies of another block's instructions (`basicblock_append_instructions`).
    pub(crate) fn append_copy(&mut self, to: BlockId, from: BlockId) {
        let count = self.len(from);
        self.reserve(to, count);
        let source = self.range(from);
        let traits = self.block(from).traits;
        let block = self.block_mut(to);
        block.traits |= traits;
        let end = block.range().end;
        block.len += count as u32;
        self.instrs.copy_within(source.clone(), end);
        if self.has_handlers() {
            self.handlers.copy_within(source, end);
        }
    }

    /// Copies the instructions of a block, in pieces: what lies behind it comes along to the end of the last.
    /// [Room](Self::make_room) for a piece must be behind all blocks, and behind the copy.
    ///
    /// How many instructions there are cannot be predicted, the number of pieces rather.
    #[inline]
    pub(crate) fn copy_pieces(&self, id: BlockId, to: &mut [Instr]) {
        let (first, len) = (self.range(id).start, self.len(id));
        let (from, _) = self.instrs[first..].as_chunks::<PIECE>();
        let (to, _) = to.as_chunks_mut();
        for (to, from) in to.iter_mut().zip(from).take(len.div_ceil(PIECE)) {
            *to = *from;
        }
    }

    /// Cuts a block.
    #[inline]
    pub(crate) fn truncate(&mut self, id: BlockId, len: usize) {
        let block = self.block_mut(id);
        debug_assert!(len <= block.len as usize, "truncating does not grow");
        block.len = len as u32;
    }

    /// Makes room for `extra` instructions, moving the block to the end of the arena if need be.
    #[inline]
    fn reserve(&mut self, id: BlockId, extra: usize) {
        let block = self.block(id);
        let needed = block.len as usize + extra;
        if needed > block.capacity as usize {
            self.relocate(id, needed);
        }
    }

    /// Takes along what once stood behind the last instruction, see [`Self::push_in_place`].
    #[cold]
    fn relocate(&mut self, id: BlockId, needed: usize) {
        let block = self.block(id);
        let old = block.first as usize..(block.first + block.capacity) as usize;
        let first = self.used;
        let capacity = (needed + needed / 2).max(4);
        self.make_room(capacity);
        self.used += capacity;
        self.instrs.copy_within(old.clone(), first);
        if self.has_handlers() {
            self.handlers.extend_from_within(old);
            self.handlers.resize(first + capacity, None);
        }
        let block = self.block_mut(id);
        block.first = u32::try_from(first).expect("fewer than 2^32 instructions");
        block.capacity = capacity as u32;
    }
}

impl Clone for Cfg {
    /// Leaves behind what is no part of the graph.
    fn clone(&self) -> Cfg {
        let Cfg { instrs, used, handlers, blocks, traits } = self;
        let (instrs, handlers) = (instrs[..*used].to_vec(), handlers.clone());
        Cfg { instrs, used: *used, handlers, blocks: blocks.clone(), traits: *traits }
    }
}

/// The blocks of a graph in their layout.
#[derive(Clone, Debug)]
pub struct Layout<'a> {
    cfg: &'a Cfg,
    next: Option<BlockId>,
}

impl Iterator for Layout<'_> {
    type Item = BlockId;

    #[inline]
    fn next(&mut self) -> Option<BlockId> {
        let id = self.next?;
        self.next = self.cfg.next(id);
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nop(oparg: i32) -> Instr {
        Instr::new(Opcode::LoadConst, oparg, Location::NONE)
    }

    fn opargs(cfg: &Cfg, id: BlockId) -> Vec<i32> {
        cfg.instrs(id).iter().map(|i| i.oparg).collect()
    }

    #[test]
    fn a_block_that_outgrows_its_room_moves() {
        let mut cfg = Cfg::new();
        let [a, b] = [cfg.new_block(), cfg.new_block()];
        cfg.insert_after(a, b);
        for i in 0..20 {
            cfg.push(a, nop(i), None);
            cfg.push(b, nop(100 + i), None);
        }
        cfg.insert(a, 1, nop(50));
        cfg.append_copy(b, a);
        assert_eq!(opargs(&cfg, a)[..4], [0, 50, 1, 2]);
        assert_eq!(opargs(&cfg, b)[19..23], [119, 0, 50, 1]);
        assert_eq!(cfg.layout().collect::<Vec<_>>(), [a, b]);
    }
}
