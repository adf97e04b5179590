//! The parts of a code object, put together (`assemble_emit` and `makecode`).

use pycode::{CodeObject, Object, ObjectId, Pool, known};
use pyinstrseq::{OptimizedSequence, UnitMetadata};

use crate::bytecode::Bytecode;
use crate::jumps::Layout;
use crate::line_table::LineTable;
use crate::localsplus::LocalsPlus;
use crate::{AssembleError, exception_table, line_table};

/// Assembles units, one after the other. Holds nothing of value between two of them, only buffers.
#[derive(Clone, Debug, Default)]
pub struct Assembler {
    layout: Layout,
    locals: LocalsPlus,
    code: Bytecode,
    lines: LineTable,
    handlers: Vec<u8>,
}

impl Assembler {
    /// An assembler with empty buffers.
    pub fn new() -> Self {
        Assembler::default()
    }

    /// Assembles a unit into a code object in the pool, and gives its id
    /// (`_PyAssemble_MakeCodeObject`).
    ///
    /// `filename` is a string object. The constants of the sequence must be objects of `pool`. The
    /// instructions become what the bytecode says: jumps have directions and distances.
    ///
    /// # Errors
    /// When the sequence is not one that a flow graph produces: see [`AssembleError`].
    pub fn assemble(
        &mut self,
        sequence: &mut OptimizedSequence,
        metadata: &UnitMetadata,
        filename: ObjectId,
        pool: &mut Pool,
    ) -> Result<ObjectId, AssembleError> {
        self.emit(sequence, metadata)?;
        self.locals.compute(metadata, sequence.flags, sequence.nlocalsplus)?;
        Ok(self.make_code(sequence, metadata, filename, pool))
    }

    /// Writes bytecode and tables.
    fn emit(
        &mut self,
        sequence: &mut OptimizedSequence,
        metadata: &UnitMetadata,
    ) -> Result<(), AssembleError> {
        let instructions = &mut *sequence.instructions;
        self.layout.resolve(instructions, &mut self.code)?;
        let offsets = self.layout.offsets();
        line_table::emit(instructions, offsets, metadata.firstlineno, &mut self.lines);
        exception_table::emit(&sequence.protected, offsets, &mut self.handlers)
    }

    /// Makes the code object of what was written, in the order of CPython: the first of equal objects is
    /// the one that is kept.
    fn make_code(
        &self,
        sequence: &OptimizedSequence,
        metadata: &UnitMetadata,
        filename: ObjectId,
        pool: &mut Pool,
    ) -> ObjectId {
        let exceptiontable = pool.merge_bytes(&self.handlers);
        let linetable = pool.merge_bytes(self.lines.bytes());
        let code = pool.add(Object::Bytes(self.code.bytes()));
        let names = pool.merge_names(&metadata.names);
        let consts = pool.merge_tuple(&sequence.consts);
        let mut localsplusnames = pool.merge_names(&self.locals.names);
        if metadata.own_locals {
            localsplusnames = show_format(localsplusnames, pool);
        }
        let localspluskinds = pool.add_fresh(Object::Bytes(&self.locals.kinds));
        let name = pool.name(metadata.name);
        pool.new_code(CodeObject {
            argcount: metadata.posonlyargcount + metadata.argcount,
            posonlyargcount: metadata.posonlyargcount,
            kwonlyargcount: metadata.kwonlyargcount,
            // A frame has room for one entry at least (`_PyCode_New`).
            stacksize: sequence.stacksize.max(1),
            flags: sequence.flags,
            code,
            consts,
            names,
            localsplusnames,
            localspluskinds,
            filename,
            name,
            qualname: metadata.qualname,
            firstlineno: metadata.firstlineno,
            linetable,
            exceptiontable,
        })
    }
}

/// The parameter of `__annotate__` shows as `format`, in a tuple that no other code object shares
/// (`codegen_leave_annotations_scope` in `Python/codegen.c`).
fn show_format(names: ObjectId, pool: &mut Pool) -> ObjectId {
    let mut members = pool.tuple(names).unwrap_or_default().to_vec();
    if let Some(first) = members.first_mut() {
        *first = pool.name(known::FORMAT);
    }
    pool.add(Object::Tuple(&members))
}
