//! From a unit to its code object, as soon as code generation has finished the unit.
//!
//! CPython's counterpart: `_PyCompile_OptimizeAndAssemble` in `Python/compile.c`.

use pyassemble::Assembler;
use pycode::{ObjectId, Pool};
use pycodegen::UnitSink;
use pyinstrseq::{CodeUnit, UnitConst};

use crate::Error;

/// The buffers of flow graph and assembler.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    flow: pyflowgraph::Workspace,
    assembler: Assembler,
}

/// Makes a code object of each unit.
pub(crate) struct CodeMaker<'w> {
    workspace: &'w mut Workspace,
    filename: ObjectId,
    /// The code object made last; in the end it is the module's.
    last: Result<ObjectId, Error>,
}

impl<'w> CodeMaker<'w> {
    /// For units of a file whose name is a string object.
    pub(crate) fn new(workspace: &'w mut Workspace, filename: ObjectId) -> Self {
        CodeMaker { workspace, filename, last: Ok(ObjectId::NONE) }
    }

    /// The module's code object.
    ///
    /// # Errors
    /// The first that a stage gave.
    pub(crate) fn finish(self) -> Result<ObjectId, Error> {
        self.last
    }

    fn make(&mut self, unit: &mut CodeUnit, pool: &mut Pool) -> Result<ObjectId, Error> {
        let consts = unit.resolve_consts(|child| panic!("{child:?} has no code object"));
        let Workspace { flow, assembler } = &mut *self.workspace;
        let mut optimized = pyflowgraph::optimize(&unit.sequence, &unit.metadata, consts, pool, flow)?;
        let code = assembler.assemble(&mut optimized, &unit.metadata, self.filename, pool)?;
        Ok(pool.merge_id(code))
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
