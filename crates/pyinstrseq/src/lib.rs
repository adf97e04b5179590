//! Instruction sequences: what codegen produces, what the flow graph consumes and what it hands to the
//! assembler.
//!
//! * [`SequenceBuilder`]: instructions with labels, while code is being generated.
//! * [`InstructionSequence`]: the finished list; a jump's argument is the index of its target.
//! * [`CodeUnit`]: a sequence with its names, constants and [`UnitMetadata`]: one module, class,
//!   function, lambda, comprehension or annotation scope, not yet optimized.
//! * [`OptimizedSequence`]: what the flow graph makes of it: only real instructions, which of them are
//!   [`Protected`] by a handler, and the stack depth.
//!
//! * [`text`]: sequences and units as text that reads back.
//!
//! Targets of a finished sequence lie inside of it: [`InstructionSequence::new`] and [`SequenceBuilder`] see to
//! that. Nothing else is checked here; whether instructions make sense, the flow graph says.
//!
//! ```
//! use pycode::Location;
//! use pyinstrseq::{SequenceBuilder, text::parse_sequence};
//! use pyopcode::Opcode;
//! let (line, mut code) = (Location::new(1, 1, 0, 1), SequenceBuilder::new());
//! let end = code.new_label();
//! code.op_arg(Opcode::LoadName, 0, line);
//! code.jump(Opcode::PopJumpIfNone, end, line);
//! code.place(end);
//! code.op(Opcode::ReturnValue, line);
//! let sequence = code.finish();
//! let text = "0: LOAD_NAME 0 @1:0-1:1\n1: POP_JUMP_IF_NONE -> 2 @1:0-1:1\n2: RETURN_VALUE @1:0-1:1\n";
//! assert_eq!(sequence.to_string(), text);
//! assert_eq!(parse_sequence(text)?, sequence);
//! # Ok::<(), pyinstrseq::text::TextError>(())
//! ```
//!
//! CPython's counterpart: `Python/instruction_sequence.c` and `_PyCompile_CodeUnitMetadata` in
//! `Include/internal/pycore_compile.h`.

mod builder;
mod name_index;
mod optimized;
mod sequence;
pub mod text;
mod unit;

pub use builder::{Label, SequenceBuilder};
pub use name_index::NameIndex;
pub use optimized::{ExceptHandlerInfo, OptimizedSequence, Protected};
pub use sequence::{Instruction, InstructionSequence};
pub use unit::{CodeUnit, UnitConst, UnitId, UnitMetadata};
