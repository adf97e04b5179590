//! From a unit to its code object, as soon as code generation has finished the unit.
//!
//! CPython's counterpart: `_PyCompile_OptimizeAndAssemble` in `Python/compile.c`.

use std::mem;

use pyassemble::Assembler;
use pycode::{Interner, ObjectId, Pool, PyStr};
use pycodegen::UnitSink;
use pyflowgraph::Cfg;
use pyinstrseq::{CodeUnit, UnitConst, UnitMetadata};

use crate::Error;

/// What is kept from one file to the next: the buffers of the stages, and the memory of objects and strings that nobody
/// needs any more.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) symbols: pysymtable::Workspace,
    pub(crate) codegen: pycodegen::Workspace,
    pub(crate) units: UnitBuffers,
    pub(crate) pool: Option<Pool>,
    strings: Option<Interner>,
}

/// The buffers of flow graph and assembler.
#[derive(Debug, Default)]
pub(crate) struct UnitBuffers {
    flow: pyflowgraph::Workspace,
    consts: Vec<ObjectId>,
    assembler: Assembler,
}

impl Workspace {
    /// An interner for the next file.
    pub(crate) fn strings(&mut self) -> Interner {
        match self.strings.take() {
            Some(mut strings) => {
                strings.restart();
                strings
            }
            None => Interner::new(),
        }
    }

    /// A pool over the strings of a file.
    pub(crate) fn pool(&mut self, strings: Interner) -> Pool {
        match self.pool.take() {
            Some(mut pool) => {
                self.strings = Some(pool.restart(strings));
                pool
            }
            None => Pool::with_strings(strings),
        }
    }
}

/// Makes a code object of each unit.
pub(crate) struct CodeMaker<'w> {
    buffers: &'w mut UnitBuffers,
    filename: ObjectId,
    /// The code object made last; in the end it is the module's.
    last: Result<ObjectId, Error>,
    traced: Option<PassFilter<'w>>,
    traces: Vec<UnitTrace>,
}

/// Which passes are traced, by name.
pub type PassFilter<'f> = &'f (dyn Fn(&str) -> bool + Sync);

/// The flow graph of a unit, as several passes leave it.
#[derive(Clone, Debug)]
pub struct UnitTrace {
    /// `co_qualname`
    pub qualname: String,
    /// `co_firstlineno`
    pub firstlineno: i32,
    /// The graphs, each with the name of the pass, in their order.
    pub graphs: Vec<(String, Cfg)>,
}

impl<'w> CodeMaker<'w> {
    /// For units of a file whose name is a string object.
    pub(crate) fn new(
        buffers: &'w mut UnitBuffers,
        filename: ObjectId,
        traced: Option<PassFilter<'w>>,
    ) -> Self {
        CodeMaker { buffers, filename, last: Ok(ObjectId::NONE), traced, traces: Vec::new() }
    }

    /// The module's code object; adds what was traced.
    ///
    /// # Errors
    /// The first that a stage gave.
    pub(crate) fn finish(self, traces: &mut Vec<UnitTrace>) -> Result<ObjectId, Error> {
        traces.extend(self.traces);
        self.last
    }

    fn make(&mut self, unit: &mut CodeUnit, pool: &mut Pool) -> Result<ObjectId, Error> {
        let UnitBuffers { flow, consts, assembler } = &mut *self.buffers;
        let no_code = |child| panic!("{child:?} has no code object");
        let objects = unit.resolve_consts_into(mem::take(consts), no_code);
        let CodeUnit { sequence, metadata, .. } = unit;
        let mut optimized = match self.traced {
            None => pyflowgraph::optimize(sequence, metadata, objects, pool, flow)?,
            Some(wanted) => {
                let mut trace = UnitTrace::new(metadata, pool);
                let keep = |pass: &str, cfg: &Cfg| {
                    if wanted(pass) {
                        trace.graphs.push((pass.to_owned(), cfg.clone()));
                    }
                };
                let optimized = pyflowgraph::trace(sequence, metadata, objects, pool, flow, keep)?;
                self.traces.push(trace);
                optimized
            }
        };
        let code = assembler.assemble(&mut optimized, &unit.metadata, self.filename, pool)?;
        *consts = flow.recycle(optimized);
        Ok(pool.merge_id(code))
    }
}

impl UnitTrace {
    fn new(metadata: &UnitMetadata, pool: &Pool) -> Self {
        let qualname = pool.text(metadata.qualname).map_or_else(String::new, PyStr::to_string_lossy);
        UnitTrace { qualname, firstlineno: metadata.firstlineno, graphs: Vec::new() }
    }
}

impl UnitSink for CodeMaker<'_> {
    fn take(&mut self, unit: &mut CodeUnit, pool: &mut Pool) -> UnitConst {
        if self.last.is_ok() {
            self.last = self.make(unit, pool);
        }
        // After an error no constant matters.
        UnitConst::Object(*self.last.as_ref().unwrap_or(&ObjectId::NONE))
    }
}
