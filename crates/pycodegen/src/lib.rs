//! Code generation: from the syntax tree to instruction sequences, one for each code object.
//!
//! * Takes a preprocessed [`Mod`], its [`SymbolTable`] and [`FutureFeatures`]; gives [`CodeUnit`]s to a
//!   [`UnitSink`], each as soon as it is finished: children before their parents, the module last.
//! * Exact: instructions, arguments, locations, order of names and constants, and the warnings and errors
//!   of this stage are those of CPython's `Python/codegen.c` with the units of `Python/compile.c`. The
//!   methods have the names of the C functions where there is one; a file's header says which it mirrors.
//! * Nothing is optimized here but what CPython optimizes here (method calls, `super`, `all` and `any` of
//!   generators, constant slices). Dead code, unneeded `NOP`s and jumps to jumps are the flow graph's.
//!
//! [`generate`] gives all units as a list and has an example.
//!
//! # Facts that are easy to get wrong
//!
//! * A statement that leaves a `try ... finally` compiles the `finally` body again in place; with nested
//!   ones that multiplies, as in CPython.
//! * A unit ends with `LOAD_CONST None; RETURN_VALUE` even behind a `return`.
//! * In `COMPARE_OP` the operator is in the bits from the sixth up, a mask of outcomes in the low four.
//! * The code that sets up the annotations of a module is a sequence of its own
//!   ([`InstructionSequence::annotations`](pyinstrseq::InstructionSequence::annotations)), which the flow
//!   graph puts at the beginning.

mod annotations;
mod body;
mod closure;
mod comprehension;
mod consts;
mod diagnostics;
mod docstring;
mod expressions;
mod fblock;
mod generator;
mod names;
mod patterns;
mod room;
mod scoped_map;
mod sink;
mod statements;
mod type_params;
mod unit;
mod variables;
mod workspace;

use pyast::{Mod, RecursionLimit, SyntaxError, Warning};
use pycode::Pool;
use pyfuture::FutureFeatures;
use pyinstrseq::{CodeUnit, UnitConst};
use pysymtable::SymbolTable;

pub use crate::sink::UnitSink;
pub use crate::workspace::Workspace;

/// What the caller decides.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The level of optimization, 0 to 2 (`-O`, `-OO`): from 1 on there are no `assert`s.
    pub optimize: u8,
    /// How deep the tree may nest. A `return` in a `try` compiles the `finally` bodies around it below its
    /// own depth: a tree may need more levels than it has.
    pub recursion: RecursionLimit,
    /// How many instructions all units together may have. There is code that is larger than its source by any factor.
    pub max_instructions: usize,
}

impl Options {
    /// The usual limit. It takes some 2 GiB to get there, or a source of 500 MB whose code does not multiply.
    pub const MAX_INSTRUCTIONS: usize = 1 << 26;
}

impl Default for Options {
    fn default() -> Self {
        Options {
            optimize: 0,
            recursion: RecursionLimit::DEFAULT,
            max_instructions: Options::MAX_INSTRUCTIONS,
        }
    }
}

/// Generates the units of a module as a list; see [`generate_into`].
///
/// ```
/// use pyast::{Arena, Constant, Location};
/// use pycode::Pool;
/// use pyfuture::FutureFeatures;
/// use pysymtable::{SymbolTable, SymbolTableOptions};
///
/// // 1 if x else 2
/// let (arena, mut pool) = (Arena::new(), Pool::new());
/// let at = |start, end| Location::new(1, 1, start, end);
/// let int = |value, location| arena.expr_constant(location, Constant::Int(value), None);
/// let test = arena.expr_name(at(5, 6), pool.strings_mut().intern("x"), pyast::ExprContext::Load);
/// let module = arena.mod_expression(arena.expr_if_exp(at(0, 13), test, int(1, at(0, 1)), int(2, at(12, 13))));
///
/// let future = FutureFeatures::default();
/// let symtable = SymbolTable::build(module, &future, pool.strings_mut(), SymbolTableOptions::default())?;
/// let units = pycodegen::generate(module, &symtable, &future, &mut pool, &mut Vec::new(), Default::default())?;
/// let opcodes: Vec<&str> = units[0].sequence.instructions().iter().map(|i| i.opcode.name()).collect();
/// assert_eq!(
///     opcodes,
///     [
///         "RESUME", "ANNOTATIONS_PLACEHOLDER", "LOAD_NAME", "TO_BOOL", "POP_JUMP_IF_FALSE",
///         "LOAD_CONST", "JUMP_NO_INTERRUPT", "LOAD_CONST", "RETURN_VALUE",
///     ]
/// );
/// # Ok::<(), pyast::SyntaxError>(())
/// ```
///
/// # Errors
/// As for [`generate_into`].
///
/// # Panics
/// As for [`generate_into`].
pub fn generate(
    module: Mod<'_>,
    symtable: &SymbolTable,
    future: &FutureFeatures,
    pool: &mut Pool,
    warnings: &mut Vec<Warning>,
    options: Options,
) -> Result<Vec<CodeUnit>, SyntaxError> {
    let mut units = Vec::with_capacity(symtable.scopes().count());
    generate_into(&mut units, module, symtable, future, pool, warnings, options)?;
    Ok(units)
}

/// Generates the units of a module and hands each to `sink` as soon as it is finished. Gives what the sink
/// gave for the module's unit, the last.
///
/// The tree must be the one of which the symbol table was made, and its strings those of `pool`. Warnings
/// are appended to `warnings`, also before an error.
///
/// # Errors
/// The `SyntaxError` that CPython raises at this stage, a `RecursionError` when the tree is too deep, or a
/// `MemoryError` when its code gets [too large](Options::max_instructions).
///
/// # Panics
/// When the symbol table is that of another tree.
pub fn generate_into(
    sink: &mut dyn UnitSink,
    module: Mod<'_>,
    symtable: &SymbolTable,
    future: &FutureFeatures,
    pool: &mut Pool,
    warnings: &mut Vec<Warning>,
    options: Options,
) -> Result<UnitConst, SyntaxError> {
    Workspace::new().generate_into(sink, module, symtable, future, pool, warnings, options)
}
