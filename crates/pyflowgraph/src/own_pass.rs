//! Passes of one's own: from a sequence to its graph and back, before any pass has run.
//!
//! The graph of [`Cfg::from_sequence`] may be changed at will: [`Cfg::to_sequence`] makes a sequence of
//! it, and [`optimize`](crate::optimize) checks that one like any other. `examples/own_pass.rs` has a
//! pass from beginning to end.

use pyinstrseq::{Instruction, InstructionSequence};

use crate::build::{self, Limits, MAX_ARGUMENT};
use crate::traits::Traits;
use crate::workspace::Scratch;
use crate::{BlockId, Cfg, GraphError, Instr};

impl Cfg {
    /// The graph of a sequence, annotations in their place, as the first pass of
    /// [`optimize`](crate::optimize) gets it.
    ///
    /// # Errors
    /// When there are no instructions, one has no place before the assembler, an argument is beyond all
    /// reason, or control runs off the end.
    ///
    /// ```
    /// use pyflowgraph::{BlockId, Cfg, Instr};
    /// use pyopcode::Opcode;
    /// let sequence = pyinstrseq::text::parse_sequence("LOAD_CONST 0 @1:0-1:1\nRETURN_VALUE @1:0-1:1")?;
    /// let mut cfg = Cfg::from_sequence(&sequence)?;
    /// cfg.edit(BlockId::ENTRY)[0].oparg = 1;
    /// let location = cfg.instrs(BlockId::ENTRY)[0].location;
    /// cfg.insert(BlockId::ENTRY, 0, Instr::new(Opcode::Nop, 0, location));
    /// let text = "0: NOP @1:0-1:1\n1: LOAD_CONST 1 @1:0-1:1\n2: RETURN_VALUE @1:0-1:1\n";
    /// assert_eq!(cfg.to_sequence().to_string(), text);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_sequence(sequence: &InstructionSequence) -> Result<Cfg, GraphError> {
        let mut cfg = Cfg::new();
        let limits = Limits { consts: MAX_ARGUMENT, cells: MAX_ARGUMENT, prefix: 0, without_dead: false };
        build::build(&mut cfg, sequence, limits, &mut Scratch::default())?;
        Ok(cfg)
    }

    /// The instructions in their layout, jumps leading to positions. What blocks and instructions say
    /// about handlers, depths and predecessors is left out: it follows from the instructions.
    ///
    /// # Panics
    /// When the target of a jump is a block that is not there.
    pub fn to_sequence(&self) -> InstructionSequence {
        let mut starts = vec![0; self.block_count()];
        let mut position = 0;
        for id in self.layout() {
            starts[id.index()] = position;
            position += self.len(id) as i32;
        }
        let instrs = self.layout().flat_map(|id| self.instrs(id));
        let instruction = |&Instr { opcode, oparg, location }: &Instr| {
            let oparg = if opcode.has_target() { starts[oparg as usize] } else { oparg };
            Instruction { opcode, oparg, location }
        };
        InstructionSequence::new(instrs.map(instruction).collect())
    }

    /// The instructions of a block, to become whatever you like.
    pub fn edit(&mut self, id: BlockId) -> &mut [Instr] {
        self.add_traits(id, Traits::ALL);
        self.instrs_mut(id)
    }
}
