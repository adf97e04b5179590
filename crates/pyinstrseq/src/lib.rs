//! Instruction sequences: what codegen produces, what the flow graph consumes and what it hands to the
//! assembler.
//!
//! * [`SequenceBuilder`]: instructions with labels, while code is being generated.
//! * [`InstructionSequence`]: the finished list; a jump's argument is the index of its target.
//! * [`CodeUnit`]: a sequence with its names, constants and [`UnitMetadata`]: one module, class,
//!   function, lambda, comprehension or annotation scope, not yet optimized.
//! * [`OptimizedSequence`]: what the flow graph makes of it: only real instructions, each with its
//!   exception handler, and the stack depth.
//!
//! CPython's counterpart: `Python/instruction_sequence.c` and `_PyCompile_CodeUnitMetadata` in
//! `Include/internal/pycore_compile.h`.

mod builder;
mod optimized;
mod sequence;
pub mod text;
mod unit;

pub use builder::{Label, SequenceBuilder};
pub use optimized::{ExceptHandlerInfo, OptimizedInstruction, OptimizedSequence};
pub use sequence::{Instruction, InstructionSequence};
pub use unit::{CodeUnit, UnitConst, UnitId, UnitMetadata};
