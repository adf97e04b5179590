//! The passes over the graph, in the order in which they run.
//!
//! One pass a file; its header says what it does and why, what it requires, what it ensures, and which
//! functions of CPython's it mirrors. [`PASSES`] is the order, and says what a pass is for: one that the
//! graph gives nothing to do is not run. `ORDER` says which parts of the order matter and why, and a
//! test holds the table to it. In builds with debug assertions the [verifier](crate::verify) runs after
//! each pass.

pub(crate) mod add_checks_for_loads;
pub(crate) mod calculate_stackdepth;
mod convert_pseudo_conditional_jumps;
mod convert_pseudo_ops;
mod fold_constants;
mod inline_small_or_no_lineno_blocks;
mod insert_superinstructions;
pub(crate) mod label_exception_targets;
mod normalize_jumps;
pub(crate) mod optimize_basic_block;
mod optimize_load_const;
pub(crate) mod optimize_load_fast;
pub(crate) mod prepare_localsplus;
mod push_cold_blocks_to_end;
mod remove_redundant_nops;
mod remove_unreachable;
mod remove_unused_consts;
pub(crate) mod resolve_line_numbers;
mod swaps;
mod thread_jumps;

use pycode::Pool;
use pyinstrseq::UnitMetadata;

use crate::consts::Consts;
use crate::traits::Traits;
use crate::workspace::Scratch;
use crate::{Cfg, GraphError, verify};

/// What a pass works with besides the graph.
pub(crate) struct Context<'a> {
    pub pool: &'a mut Pool,
    pub consts: Consts<'a>,
    pub locals: Locals,
    /// Absent when only the graph is optimized, as `_testinternalcapi.optimize_cfg` does.
    pub metadata: Option<&'a UnitMetadata>,
    pub scratch: &'a mut Scratch,
    /// Whether there may be other edges than when predecessors were counted.
    pub edges_changed: bool,
    /// The greatest stack depth, once computed.
    pub stacksize: u32,
    /// How many places locals, cells and free variables take, once known.
    pub nlocalsplus: u32,
}

/// The fast locals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Locals {
    /// How many there are.
    pub count: u32,
    /// How many of them are parameters, which come first.
    pub params: u32,
}

/// One step from the graph that code generation gives to the one that is assembled.
pub(crate) struct Pass {
    /// What it is called in traces and panics.
    pub name: &'static str,
    pub run: fn(&mut Cfg, &mut Context<'_>) -> Result<(), GraphError>,
    pub stage: Stage,
    /// What the graph must contain some of, if anything: without, the pass would change nothing.
    pub concerns: Option<Traits>,
}

impl Pass {
    /// Runs it, if it may change the graph.
    #[inline(always)]
    fn step(&self, cfg: &mut Cfg, cx: &mut Context<'_>) -> Result<(), GraphError> {
        if self.concerns.is_none_or(|traits| cfg.may_contain(traits)) {
            (self.run)(cfg, cx)?;
        }
        if cfg!(debug_assertions) {
            self.verify(cfg, cx);
        }
        Ok(())
    }

    fn verify(&self, cfg: &Cfg, cx: &Context<'_>) {
        let Err(error) = verify::check(cfg) else { return };
        let unit = cx.metadata.and_then(|metadata| cx.pool.text(metadata.qualname));
        panic!("after {} of {unit:?}: {error}", self.name);
    }
}

/// What a pass is a part of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Stage {
    /// Of `_PyCfg_OptimizeCodeUnit`, and of `_PyCompile_Assemble`, for which nothing has been optimized.
    Handlers,
    /// Of `_PyCfg_OptimizeCodeUnit`.
    Optimize,
    /// Of `_PyCfg_OptimizedCfgToInstructionSequence` only.
    Lower,
    /// Of that, and of `_PyCompile_OptimizeCfg`, which tests of CPython use.
    Finish,
}

const fn pass(
    name: &'static str,
    stage: Stage,
    run: fn(&mut Cfg, &mut Context<'_>) -> Result<(), GraphError>,
    concerns: &[Traits],
) -> Pass {
    let concerns = if concerns.is_empty() { None } else { Some(Traits::union_of(concerns)) };
    Pass { name, run, stage, concerns }
}

/// Makes the table of passes, and a function that runs them. That is no loop over the table: which pass is skipped could
/// not be predicted then, nor where the next call goes.
macro_rules! passes {
    ($($name:literal, $stage:ident, $run:path, [$($traits:ident),*];)*) => {
        /// All passes, in order: name, stage, function, and what it concerns.
        pub(crate) const PASSES: &[Pass] = &[
            $(pass($name, Stage::$stage, $run, &[$(Traits::$traits),*]),)*
        ];

        /// Runs the passes of the stages that are wanted; shows the graph after each of them.
        pub(crate) fn run_all(
            cfg: &mut Cfg,
            cx: &mut Context<'_>,
            wanted: impl Fn(Stage) -> bool,
            mut watch: impl FnMut(&str, &Cfg),
        ) -> Result<(), GraphError> {
            $(
                let next = const { &pass($name, Stage::$stage, $run, &[$(Traits::$traits),*]) };
                if wanted(next.stage) {
                    next.step(cfg, cx)?;
                    watch(next.name, cfg);
                }
            )*
            Ok(())
        }
    };
}

passes! {
    "label_exception_targets", Handlers, label_exception_targets::run, [BLOCKS];
    "inline_small_or_no_lineno_blocks", Optimize, inline_small_or_no_lineno_blocks::run, [JUMPS];
    "remove_unreachable", Optimize, remove_unreachable::run, [REACHED];
    "resolve_line_numbers", Optimize, resolve_line_numbers::run, [UNLINED];
    "optimize_load_const", Optimize, optimize_load_const::run, [CONSTS];
    "optimize_basic_block", Optimize, optimize_basic_block::run, [];
    "remove_redundant_nops_and_pairs", Optimize, remove_redundant_nops::nops_and_pairs, [NOPS, POPS];
    "remove_unreachable again", Optimize, remove_unreachable::run, [REACHED];
    "remove_redundant_nops_and_jumps", Optimize, remove_redundant_nops::nops_and_jumps, [NOPS, JUMPS];
    "remove_unused_consts", Optimize, remove_unused_consts::run, [];
    "add_checks_for_loads", Optimize, add_checks_for_loads::run, [LOCALS];
    "insert_superinstructions", Optimize, insert_superinstructions::run, [LOCALS, NOPS];
    "push_cold_blocks_to_end", Optimize, push_cold_blocks_to_end::run, [BLOCKS];
    "resolve_line_numbers again", Optimize, resolve_line_numbers::run, [UNLINED];
    "convert_pseudo_conditional_jumps", Lower, convert_pseudo_conditional_jumps::run, [TESTS];
    "calculate_stackdepth", Finish, calculate_stackdepth::run, [];
    "prepare_localsplus", Lower, prepare_localsplus::run, [];
    "convert_pseudo_ops", Lower, convert_pseudo_ops::run, [BLOCKS, PSEUDO, NOPS, JUMPS];
    "normalize_jumps", Lower, normalize_jumps::run, [BRANCHES];
    "optimize_load_fast", Finish, optimize_load_fast::run, [LOCALS];
}

/// Which pass must run before which, and why.
#[cfg(test)]
const ORDER: &[(&str, &str, &str)] = &[
    ("label_exception_targets", "inline_small_or_no_lineno_blocks", "copies carry their handlers along"),
    ("inline_small_or_no_lineno_blocks", "remove_unreachable", "inlining leaves targets without a way in"),
    ("remove_unreachable", "resolve_line_numbers", "lines follow exact predecessor counts"),
    ("resolve_line_numbers", "optimize_basic_block", "threaded jumps and swaps depend on lines"),
    ("optimize_load_const", "optimize_basic_block", "folding expects small ints in their short form"),
    ("optimize_load_const", "remove_unreachable again", "constant tests leave code unreachable"),
    ("optimize_basic_block", "remove_redundant_nops_and_pairs", "folding leaves NOPs and dead loads"),
    ("remove_redundant_nops_and_pairs", "remove_unused_consts", "a pair may be the last use of a constant"),
    ("remove_unreachable again", "remove_unused_consts", "unreachable code uses constants"),
    ("optimize_basic_block", "remove_unused_consts", "folding adds constants"),
    ("add_checks_for_loads", "insert_superinstructions", "loads that check are not joined"),
    ("push_cold_blocks_to_end", "resolve_line_numbers again", "moving adds jumps without line"),
    ("optimize_basic_block", "convert_pseudo_conditional_jumps", "threading knows the pseudo-jumps"),
    ("convert_pseudo_conditional_jumps", "calculate_stackdepth", "the COPY takes stack"),
    ("calculate_stackdepth", "convert_pseudo_ops", "block pushes tell the depth of handlers"),
    ("prepare_localsplus", "convert_pseudo_ops", "LOAD_CLOSURE counts cells, LOAD_FAST places"),
    ("push_cold_blocks_to_end", "normalize_jumps", "the layout tells what is backward"),
    ("convert_pseudo_ops", "normalize_jumps", "jumps that can go need no NOT_TAKEN"),
    ("convert_pseudo_ops", "optimize_load_fast", "LOAD_CLOSURE is a load that may borrow"),
    ("normalize_jumps", "optimize_load_fast", "what borrows must not be moved"),
    ("insert_superinstructions", "optimize_load_fast", "joined loads have their own borrowing form"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_passes_keeps_its_constraints() {
        let position = |name: &str| {
            PASSES.iter().position(|pass| pass.name == name).unwrap_or_else(|| panic!("no pass {name}"))
        };
        for &(before, after, why) in ORDER {
            assert!(position(before) < position(after), "{before} must run before {after}: {why}");
        }
    }

    #[test]
    fn names_are_unique() {
        for (i, pass) in PASSES.iter().enumerate() {
            assert!(PASSES[..i].iter().all(|other| other.name != pass.name), "{}", pass.name);
        }
    }
}
