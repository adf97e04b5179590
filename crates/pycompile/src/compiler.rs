//! The stages in a row.

use pyast::{Arena, ErrorKind, Location, Mod, PreprocessOptions, SyntaxError, Warning};
use pycode::{CodeObject, Interner, Object, ObjectId, Pool, PyStr};
use pyflowgraph::Workspace;
use pyfuture::FutureFeatures;
use pyinstrseq::CodeUnit;
use pymarshal::pyc::{self, PycHeader};
use pyparser::ParseOptions;
use pysymtable::{SymbolTable, SymbolTableOptions};

use crate::deep::{DEEP_LIMIT, Depth, on_large_stack};
use crate::{Error, Options};

/// A compiled program.
#[derive(Debug)]
pub struct Compiled {
    /// The objects, of which one is the module's code.
    pub pool: Pool,
    /// The module's code object.
    pub root: ObjectId,
    /// Warnings, in the order in which CPython issues them.
    pub warnings: Vec<Warning>,
}

impl Compiled {
    /// The module's code object.
    ///
    /// # Panics
    /// Never: a compiled program has one.
    pub fn code(&self) -> &CodeObject {
        self.pool.code(self.root).expect("the root of a compiled program is a code object")
    }

    /// The bytes of the `.pyc` file.
    ///
    /// # Errors
    /// When the code object exceeds what marshal can write.
    pub fn to_pyc(&self, header: PycHeader) -> Result<Vec<u8>, Error> {
        Ok(pyc::write(header, &self.pool, self.root)?)
    }
}

/// Compiles a source file: Python's `compile(source, filename, mode, flags, optimize=optimize)`.
///
/// `source` is what the file holds, in whatever encoding it says (PEP 263).
///
/// # Errors
/// What CPython raises; see [`Error`].
pub fn compile(source: &[u8], filename: &str, options: &Options) -> Result<Compiled, Error> {
    Compiler::new().compile(source, filename.into(), options)
}

/// Compiles a tree, whose strings are those of `strings`.
///
/// # Errors
/// What CPython raises; see [`Error`].
pub fn compile_ast(
    module: Mod<'_>,
    strings: Interner,
    filename: &str,
    options: &Options,
) -> Result<Compiled, Error> {
    let mut workspace = Workspace::default();
    let deep = pyast::depth(module) > Depth::Usual.limit().limit();
    let mut stages = Stages { workspace: &mut workspace, filename: filename.into(), options };
    if deep {
        return deeply(|| stages.compile_tree(module, &Arena::new(), strings, Vec::new(), Depth::Deep));
    }
    stages.compile_tree(module, &Arena::new(), strings, Vec::new(), Depth::Usual)
}

/// A compiler that keeps its buffers from one file to the next.
#[derive(Debug, Default)]
pub struct Compiler {
    arena: Arena,
    workspace: Workspace,
}

impl Compiler {
    /// A compiler with empty buffers.
    pub fn new() -> Self {
        Compiler::default()
    }

    /// Compiles a source file; see [`compile`](crate::compile). The file name may hold lone
    /// surrogates, which stand for bytes that are not UTF-8.
    ///
    /// # Errors
    /// What CPython raises; see [`Error`].
    pub fn compile(
        &mut self,
        source: &[u8],
        filename: PyStr<'_>,
        options: &Options,
    ) -> Result<Compiled, Error> {
        self.arena.reset();
        let Compiler { arena, workspace } = self;
        let arena = &*arena;
        let mut stages = Stages { workspace, filename, options };
        match stages.compile_source(source, arena, Depth::Usual) {
            Err(Error::Syntax(error)) if error.kind == ErrorKind::RecursionError => {
                deeply(|| stages.compile_source(source, &Arena::new(), Depth::Deep))
            }
            result => result,
        }
    }
}

fn deeply(work: impl FnOnce() -> Result<Compiled, Error> + Send) -> Result<Compiled, Error> {
    on_large_stack(work).unwrap_or_else(|_| Err(SyntaxError::too_deep(Location::NONE).into()))
}

/// One run through the stages.
struct Stages<'s> {
    workspace: &'s mut Workspace,
    filename: PyStr<'s>,
    options: &'s Options,
}

impl Stages<'_> {
    fn compile_source(&mut self, source: &[u8], arena: &Arena, depth: Depth) -> Result<Compiled, Error> {
        let mut strings = Interner::new();
        let mut options = ParseOptions { mode: self.options.mode, ..ParseOptions::default() };
        if depth == Depth::Deep {
            options.recursion_limit = DEEP_LIMIT;
        }
        let parsed = pyparser::parse(source, arena, &mut strings, &options)?;
        self.compile_tree(parsed.module, arena, strings, parsed.warnings, depth)
    }

    fn compile_tree(
        &mut self,
        module: Mod<'_>,
        arena: &Arena,
        mut strings: Interner,
        mut warnings: Vec<Warning>,
        depth: Depth,
    ) -> Result<Compiled, Error> {
        let future = FutureFeatures::from_ast(module, &strings)?.with_flags(self.options.future);
        let preprocess_options = PreprocessOptions {
            optimize: self.options.optimize,
            future_annotations: future.annotations(),
            recursion_limit: depth.limit(),
            ..PreprocessOptions::default()
        };
        let module = pyast::preprocess(module, arena, &mut strings, &preprocess_options, &mut warnings)?;
        let table_options = SymbolTableOptions {
            allow_top_level_await: self.options.allow_top_level_await,
            recursion: depth.limit(),
        };
        let symtable = SymbolTable::build(module, &future, &mut strings, table_options)?;
        let filename = strings.intern_pystr(self.filename);
        let mut pool = Pool::with_strings(strings);
        let codegen_options =
            pycodegen::Options { optimize: self.options.optimize, recursion: depth.limit() };
        let units =
            pycodegen::generate(module, &symtable, &future, &mut pool, &mut warnings, codegen_options)?;
        let filename = pool.add(Object::Str { text: filename, interned: false });
        let root = self.finish_units(units, filename, &mut pool)?;
        Ok(Compiled { pool, root, warnings })
    }

    /// Makes a code object of each unit, children first, and gives the last one, the module's.
    fn finish_units(
        &mut self,
        units: Vec<CodeUnit>,
        filename: ObjectId,
        pool: &mut Pool,
    ) -> Result<ObjectId, Error> {
        let mut codes: Vec<ObjectId> = Vec::with_capacity(units.len());
        for mut unit in units {
            let consts = unit.resolve_consts(|child| codes[child.index()]);
            let optimized =
                pyflowgraph::optimize(&unit.sequence, &unit.metadata, consts, pool, self.workspace)?;
            let code = pyassemble::assemble(optimized, &unit.metadata, filename, pool)?;
            codes.push(pool.merge_id(code));
        }
        Ok(codes.pop().expect("codegen gives at least the module's unit"))
    }
}
