//! What is kept from one module to the next: memory.

use pyast::{Mod, SyntaxError, Warning};
use pycode::{ObjectId, Pool};
use pyfuture::FutureFeatures;
use pyinstrseq::UnitConst;
use pysymtable::SymbolTable;

use crate::docstring::DocCleaner;
use crate::generator::Generator;
use crate::names::NameEntry;
use crate::scoped_map::ScopedMap;
use crate::unit::{Unit, UnitBuffers};
use crate::{Options, UnitSink};

/// About how many objects a code object refers to that are no constants of the source: bytecode, tables, tuples.
const OBJECTS_OF_A_UNIT: usize = 8;

/// Generates the units of one module after the other in the same memory. Holds nothing of value between modules.
#[derive(Debug, Default)]
pub struct Workspace {
    pub(crate) names: ScopedMap<NameEntry>,
    pub(crate) const_indices: ScopedMap<u32>,
    pub(crate) units: Vec<UnitBuffers>,
    pub(crate) text: Vec<u8>,
    pub(crate) objects: Vec<ObjectId>,
    pub(crate) cleaner: DocCleaner,
}

impl Workspace {
    /// A workspace without memory.
    pub fn new() -> Workspace {
        Workspace::default()
    }

    /// See [`generate_into`](crate::generate_into).
    ///
    /// # Errors
    /// As there.
    ///
    /// # Panics
    /// As there.
    #[allow(clippy::too_many_arguments, reason = "all stages before give something")]
    pub fn generate_into<'a>(
        &mut self,
        sink: &mut dyn UnitSink,
        module: Mod<'a>,
        symtable: &SymbolTable,
        future: &FutureFeatures,
        pool: &mut Pool,
        warnings: &mut Vec<Warning>,
        options: Options,
    ) -> Result<UnitConst, SyntaxError> {
        // An error leaves maps with scopes that are open: then their memory is not kept.
        let Workspace { mut names, mut const_indices, mut units, text, objects, cleaner } =
            std::mem::take(self);
        let strings = pool.strings().len();
        names.make_room(strings);
        // Most strings become objects; the others are made with code objects.
        const_indices.make_room(pool.len() + strings + symtable.scopes().count() * OBJECTS_OF_A_UNIT);
        let mut generator: Generator<'_, 'a> = Generator {
            symtable,
            pool,
            future,
            optimize: options.optimize,
            interactive: false,
            unit: Unit::with_buffers(units.pop().unwrap_or_default()),
            names,
            const_indices,
            stack: Vec::new(),
            spare: Vec::new(),
            buffers: units,
            sink,
            text,
            objects,
            cleaner,
            warnings,
            muted: 0,
            recursion: options.recursion,
            room: options.max_instructions,
        };
        let constant = generator.codegen_mod(module).map_err(|error| *error)?;
        *self = generator.into_workspace();
        Ok(constant)
    }
}
