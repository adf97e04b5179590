//! The flow graph: from the instruction sequence that code generation gives to the optimized one that
//! is assembled.
//!
//! * Takes an [`InstructionSequence`], the unit's [`UnitMetadata`] and its constants.
//! * Gives an [`OptimizedSequence`]: real instructions in their final order, which of them have an exception
//!   handler, the constants that are still used, and the stack size.
//! * On the way there is a [`Cfg`] of basic blocks, which passes transform one after the other. The
//!   passes, their order and the reasons for it are a table in the module `passes`; [`trace`] shows
//!   the graph after each of them, as text or picture, and [`Changes`] what it changed.
//! * A pass of one's own works on the graph of [`Cfg::from_sequence`]; `examples/own_pass.rs` is one.
//! * Operations on constants are done here, by the private module `fold`, with CPython's results to
//!   the bit.
//!
//! CPython's counterpart: `Python/flowgraph.c`; its function names are kept where a pass mirrors one.
//!
//! ```
//! use pycode::{Interner, Location, Object, Pool, StrId};
//! use pyflowgraph::{Workspace, optimize_cfg};
//! use pyinstrseq::SequenceBuilder;
//! use pyopcode::{BinaryOp, Opcode};
//!
//! let mut pool = Pool::new();
//! let consts = vec![pool.merge(Object::Int(6)), pool.merge(Object::Int(7))];
//! let line = Location::new(1, 1, 0, 5);
//! let mut code = SequenceBuilder::new();
//! code.op_arg(Opcode::LoadConst, 0, line);
//! code.op_arg(Opcode::LoadConst, 1, line);
//! code.op_arg(Opcode::BinaryOp, BinaryOp::Multiply as i32, line);
//! code.op(Opcode::ReturnValue, line);
//!
//! let optimized = optimize_cfg(&code.finish(), consts, 0, &mut pool, &mut Workspace::new()).unwrap();
//! let load = optimized.instructions[0];
//! assert_eq!((load.opcode, load.oparg), (Opcode::LoadSmallInt, 42));
//! ```

mod block_id;
mod build;
mod cfg;
mod changes;
mod consts;
mod error;
mod fold;
mod linearize;
mod own_pass;
mod passes;
mod stack_effect;
mod text;
mod traits;
pub mod verify;
mod workspace;

pub use block_id::BlockId;
pub use cfg::{Block, BlockTarget, Cfg, Instr, Layout};
pub use changes::Changes;
pub use error::GraphError;
pub use workspace::Workspace;

use pycode::{CodeFlags, ObjectId, Pool};
use pyinstrseq::{InstructionSequence, OptimizedSequence, UnitMetadata};

use crate::build::Limits;
use crate::consts::Consts;
use crate::linearize::Totals;
use crate::passes::{Context, Locals, PASSES, Stage};

/// Optimizes a code unit.
///
/// `consts` are the unit's constants by the argument of `LOAD_CONST`, merged in the pool.
///
/// # Errors
/// When the sequence makes no sense, which one from code generation does.
///
/// # Panics
/// In builds with debug assertions, when a pass leaves the graph in disorder; the message names the
/// pass and the unit.
pub fn optimize(
    sequence: &InstructionSequence,
    metadata: &UnitMetadata,
    consts: Vec<ObjectId>,
    pool: &mut Pool,
    workspace: &mut Workspace,
) -> Result<OptimizedSequence, GraphError> {
    run(Unit::new(sequence, metadata, consts), pool, workspace, |_| true, |_, _| {})
}

/// What [`trace`] shows the graph of: the graph as it is built, before the first pass.
const BUILD: &str = "build";

/// The names under which [`trace`] shows the graph, in its order: `build`, then the passes.
///
/// ```
/// let names: Vec<&str> = pyflowgraph::pass_names().collect();
/// assert_eq!(names[..2], ["build", "label_exception_targets"]);
/// assert_eq!(names.last(), Some(&"optimize_load_fast"));
/// ```
pub fn pass_names() -> impl Iterator<Item = &'static str> {
    std::iter::once(BUILD).chain(PASSES.iter().map(|pass| pass.name))
}

/// [`optimize`], showing the graph before the first pass (as `build`) and after each one, with the name
/// of the pass ([`pass_names`]).
///
/// # Errors
/// As for [`optimize`].
///
/// # Panics
/// As for [`optimize`].
pub fn trace(
    sequence: &InstructionSequence,
    metadata: &UnitMetadata,
    consts: Vec<ObjectId>,
    pool: &mut Pool,
    workspace: &mut Workspace,
    show: impl FnMut(&str, &Cfg),
) -> Result<OptimizedSequence, GraphError> {
    run(Unit::new(sequence, metadata, consts), pool, workspace, |_| true, show)
}

/// Optimizes the graph only: pseudo-instructions stay, cells are not placed, no local is a parameter.
///
/// CPython's counterpart: `_PyCompile_OptimizeCfg`, that is `_testinternalcapi.optimize_cfg`.
///
/// # Errors
/// As for [`optimize`].
///
/// # Panics
/// As for [`optimize`].
pub fn optimize_cfg(
    sequence: &InstructionSequence,
    consts: Vec<ObjectId>,
    nlocals: u32,
    pool: &mut Pool,
    workspace: &mut Workspace,
) -> Result<OptimizedSequence, GraphError> {
    let unit = Unit { sequence, consts, locals: Locals { count: nlocals, params: 0 }, metadata: None };
    run(unit, pool, workspace, |stage| stage != Stage::Lower, |_, _| {})
}

/// Makes real instructions of a sequence that [`optimize_cfg`] has optimized: what is left to do before the
/// assembler. `consts` are the constants that it gave.
///
/// CPython's counterpart: the first half of `_PyCompile_Assemble`, that is of
/// `_testinternalcapi.assemble_code_object`.
///
/// # Errors
/// As for [`optimize`].
///
/// # Panics
/// As for [`optimize`].
pub fn lower(
    sequence: &InstructionSequence,
    metadata: &UnitMetadata,
    consts: Vec<ObjectId>,
    pool: &mut Pool,
    workspace: &mut Workspace,
) -> Result<OptimizedSequence, GraphError> {
    let unit = Unit::new(sequence, metadata, consts);
    run(unit, pool, workspace, |stage| stage != Stage::Optimize, |_, _| {})
}

/// What is optimized.
struct Unit<'a> {
    sequence: &'a InstructionSequence,
    consts: Vec<ObjectId>,
    locals: Locals,
    metadata: Option<&'a UnitMetadata>,
}

impl<'a> Unit<'a> {
    fn new(sequence: &'a InstructionSequence, metadata: &'a UnitMetadata, consts: Vec<ObjectId>) -> Self {
        let locals = Locals { count: metadata.varnames.len() as u32, params: parameter_count(metadata) };
        Unit { sequence, consts, locals, metadata: Some(metadata) }
    }
}

fn run(
    unit: Unit<'_>,
    pool: &mut Pool,
    workspace: &mut Workspace,
    wanted: impl Fn(Stage) -> bool,
    mut watch: impl FnMut(&str, &Cfg),
) -> Result<OptimizedSequence, GraphError> {
    let Workspace { cfg, scratch, spare } = workspace;
    let limits = limits(&unit, wanted(Stage::Optimize));
    build::build(cfg, unit.sequence, limits, scratch)?;
    watch(BUILD, cfg);
    let mut const_buffers = std::mem::take(&mut scratch.consts);
    let mut context = Context {
        pool,
        consts: Consts::new(unit.consts, &mut const_buffers),
        locals: unit.locals,
        metadata: unit.metadata,
        scratch,
        edges_changed: true,
        stacksize: 0,
        nlocalsplus: unit.locals.count,
    };
    passes::run_all(cfg, &mut context, wanted, watch)?;
    let totals = Totals {
        stacksize: context.stacksize,
        nlocalsplus: context.nlocalsplus,
        consts: context.consts.into_list(),
        flags: unit.metadata.map_or(CodeFlags::default(), |metadata| metadata.flags),
    };
    scratch.consts = const_buffers;
    Ok(linearize::linearize(cfg, totals, std::mem::take(spare), &mut scratch.linear))
}

fn limits(unit: &Unit<'_>, without_dead: bool) -> Limits {
    let (cells, prefix) = match unit.metadata {
        Some(metadata) => {
            let cells = metadata.cellvars.len() + metadata.freevars.len();
            (cells, passes::prepare_localsplus::prefix_len(metadata))
        }
        None => (build::MAX_ARGUMENT, 0),
    };
    Limits { consts: unit.consts.len(), cells, prefix, without_dead }
}

/// How many of the first fast locals are parameters.
fn parameter_count(metadata: &UnitMetadata) -> u32 {
    metadata.argcount
        + metadata.posonlyargcount
        + metadata.kwonlyargcount
        + u32::from(metadata.flags.contains(CodeFlags::VARARGS))
        + u32::from(metadata.flags.contains(CodeFlags::VARKEYWORDS))
}
