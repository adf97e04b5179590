//! The stages in a row.

use pyast::{Arena, ErrorKind, Location, Mod, PreprocessOptions, SyntaxError, Warning};
use pycode::{CodeObject, Interner, Object, ObjectId, Pool, PyStr};
use pyfuture::FutureFeatures;
use pymarshal::pyc::{self, PycHeader};
use pyparser::ParseOptions;
use pysymtable::SymbolTableOptions;

use crate::deep::{Depth, on_large_stack};
use crate::units::{CodeMaker, PassFilter, UnitTrace, Workspace};
use crate::{Error, Input, Options};

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

/// Compiles a tree, whose strings are those of `strings`: Python's `compile(tree, ...)`, which
/// [validates](pyast::validate) it first.
///
/// # Errors
/// What CPython raises; see [`Error`].
///
/// ```
/// use pyast::{Arena, TreeBuilder};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let b = TreeBuilder::new(&arena, &mut strings);
/// let module = b.module(&[b.assign_to(&[], b.int(1))]);
/// let error = pycompile::compile_ast(module, strings, "<tree>", &Default::default()).unwrap_err();
/// assert_eq!(error.to_string(), "ValueError: empty targets on Assign (line 1)");
/// ```
pub fn compile_ast(
    module: Mod<'_>,
    strings: Interner,
    filename: &str,
    options: &Options,
) -> Result<Compiled, Error> {
    let mut workspace = Workspace::default();
    let deep = pyast::depth(module) > Depth::Usual.limit().limit();
    let filename = PyStr::from(filename);
    let mut stages = Stages::new(&mut workspace, filename, options);
    let compiled = if deep {
        deeply(|| stages.compile_unchecked(module, strings, Depth::Deep))?
    } else {
        stages.compile_unchecked(module, strings, Depth::Usual)?
    };
    Ok(Compiled { warnings: stages.warnings, ..compiled })
}

/// After a file whose tree or objects took more bytes than this, no buffer is kept: a process that waits for the next file
/// is to be small.
const LARGE: usize = 16 << 20;

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

    /// Takes the memory of a program that is no longer needed, for the next one.
    pub fn recycle(&mut self, compiled: Compiled) {
        if compiled.pool.size() <= LARGE {
            self.workspace.pool = Some(compiled.pool);
        }
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
        self.compile_reporting(Input::Bytes(source), filename, options, &mut Vec::new())
    }

    /// Compiles a source, decoded or not. When it is refused, what CPython warns of before it raises the error is added
    /// to `warnings`; the warnings about a valid source are in [`Compiled`].
    ///
    /// # Errors
    /// What CPython raises; see [`Error`].
    pub fn compile_reporting(
        &mut self,
        source: Input<'_>,
        filename: PyStr<'_>,
        options: &Options,
        warnings: &mut Vec<Warning>,
    ) -> Result<Compiled, Error> {
        let compile =
            |stages: &mut Stages<'_>, arena: &Arena, depth| stages.compile_source(source, arena, depth);
        let (compiled, reported) = self.run(filename, options, None, compile);
        match compiled {
            Ok(compiled) => Ok(Compiled { warnings: reported, ..compiled }),
            Err(error) => {
                warnings.extend(reported);
                Err(error)
            }
        }
    }

    /// What `ast.parse` says about a source: whether it has a syntax tree. The warnings, those before an error too, are
    /// added to `warnings`.
    ///
    /// Code generation finds further errors and warnings. Those of `from __future__ import` and of jumps out of
    /// `finally` blocks are found here.
    ///
    /// # Errors
    /// What CPython raises; see [`Error`].
    pub fn check(
        &mut self,
        source: Input<'_>,
        options: &Options,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), Error> {
        let check = |stages: &mut Stages<'_>, arena: &Arena, depth| stages.check_source(source, arena, depth);
        let (checked, reported) = self.run(PyStr::from(""), options, None, check);
        warnings.extend(reported);
        checked
    }

    /// Compiles a source file and keeps the flow graph of each unit as some passes leave it: those whose name
    /// ([`pyflowgraph::pass_names`]) is `wanted`.
    ///
    /// The units come in the order of code generation: children before their parents, the module last.
    ///
    /// ```
    /// use pycompile::{Compiler, Options};
    /// let options = Options::default();
    /// let units = Compiler::new().trace(b"x = 6 * 7\n", "a.py".into(), &options, &|pass| pass == "build")?;
    /// assert_eq!(units[0].qualname, "<module>");
    /// assert!(units[0].graphs[0].1.to_string().contains("BINARY_OP 5"));
    /// # Ok::<(), pycompile::Error>(())
    /// ```
    ///
    /// # Errors
    /// What CPython raises; see [`Error`].
    pub fn trace(
        &mut self,
        source: &[u8],
        filename: PyStr<'_>,
        options: &Options,
        wanted: PassFilter<'_>,
    ) -> Result<Vec<UnitTrace>, Error> {
        let compile = |stages: &mut Stages<'_>, arena: &Arena, depth| {
            stages.compile_source(Input::Bytes(source), arena, depth)?;
            Ok(std::mem::take(&mut stages.traces))
        };
        self.run(filename, options, Some(wanted), compile).0
    }

    /// Runs stages with the usual limits, and once more on a large stack if the source nests deeper.
    fn run<T: Send>(
        &mut self,
        filename: PyStr<'_>,
        options: &Options,
        traced: Option<PassFilter<'_>>,
        work: impl Fn(&mut Stages<'_>, &Arena, Depth) -> Result<T, Error> + Sync,
    ) -> (Result<T, Error>, Vec<Warning>) {
        self.arena.reset();
        let Compiler { arena, workspace } = self;
        let mut stages = Stages { traced, ..Stages::new(workspace, filename, options) };
        let result = match work(&mut stages, arena, Depth::Usual) {
            Err(Error::Syntax(error)) if error.kind == ErrorKind::RecursionError => {
                stages.warnings.clear();
                stages.traces.clear();
                deeply(|| work(&mut stages, &Arena::new(), Depth::Deep))
            }
            result => result,
        };
        let warnings = stages.warnings;
        if self.arena.allocated_bytes() > LARGE {
            *self = Compiler::new();
        }
        (result, warnings)
    }
}

fn deeply<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    on_large_stack(work).unwrap_or_else(|_| Err(SyntaxError::too_deep(Location::NONE).into()))
}

/// What there is to compile.
struct Tree<'a> {
    module: Mod<'a>,
    /// The lines with something to preprocess, if a parser told.
    preprocess_lines: Option<Vec<i32>>,
}

/// One run through the stages.
struct Stages<'s> {
    workspace: &'s mut Workspace,
    filename: PyStr<'s>,
    options: &'s Options,
    warnings: Vec<Warning>,
    /// Which passes are traced, if any.
    traced: Option<PassFilter<'s>>,
    traces: Vec<UnitTrace>,
}

impl<'s> Stages<'s> {
    fn new(workspace: &'s mut Workspace, filename: PyStr<'s>, options: &'s Options) -> Self {
        Stages { workspace, filename, options, warnings: Vec::new(), traced: None, traces: Vec::new() }
    }

    fn compile_source(&mut self, source: Input<'_>, arena: &Arena, depth: Depth) -> Result<Compiled, Error> {
        let mut strings = self.workspace.strings();
        let tree = self.parse(source, arena, &mut strings, &self.parse_options(depth))?;
        self.compile_tree(tree, arena, strings, depth)
    }

    /// Compiles a tree that no parser made.
    fn compile_unchecked(
        &mut self,
        module: Mod<'_>,
        strings: Interner,
        depth: Depth,
    ) -> Result<Compiled, Error> {
        pyast::validate(module, &strings, depth.limit())?;
        self.compile_tree(Tree { module, preprocess_lines: None }, &Arena::new(), strings, depth)
    }

    fn check_source(&mut self, source: Input<'_>, arena: &Arena, depth: Depth) -> Result<(), Error> {
        let mut strings = Interner::new();
        let defaults = self.parse_options(depth);
        let feature_version = self.options.feature_version.unwrap_or(defaults.feature_version);
        let options = ParseOptions { feature_version, ..defaults };
        let tree = self.parse(source, arena, &mut strings, &options)?;
        self.preprocess(tree, arena, &mut strings, depth, true)?;
        Ok(())
    }

    fn parse_options(&self, depth: Depth) -> ParseOptions {
        let options = self.options;
        ParseOptions {
            mode: options.mode,
            type_comments: options.type_comments,
            barry_as_flufl: options.future.contains(pyfuture::BARRY_AS_FLUFL),
            allow_incomplete_input: options.allow_incomplete_input,
            dont_imply_dedent: options.dont_imply_dedent,
            recursion_limit: depth.parser_limit(),
            ..ParseOptions::default()
        }
    }

    fn parse<'a>(
        &mut self,
        source: Input<'_>,
        arena: &'a Arena,
        strings: &mut Interner,
        options: &ParseOptions,
    ) -> Result<Tree<'a>, Error> {
        let source = source.decode(options)?;
        let parsed = pyparser::parse_reporting(&source, arena, strings, options, &mut self.warnings)?;
        self.warnings = parsed.warnings;
        // Of a tree that may be too deep all is looked at.
        let is_shallow = parsed.depth <= Depth::Usual.limit().limit() as usize;
        let preprocess_lines = is_shallow.then_some(parsed.preprocess_lines);
        Ok(Tree { module: parsed.module, preprocess_lines })
    }

    fn preprocess<'a>(
        &mut self,
        tree: Tree<'a>,
        arena: &'a Arena,
        strings: &mut Interner,
        depth: Depth,
        syntax_check_only: bool,
    ) -> Result<(Mod<'a>, FutureFeatures), Error> {
        let Tree { module, preprocess_lines } = tree;
        let future = FutureFeatures::from_ast(module, strings)?.with_flags(self.options.future);
        let options = PreprocessOptions {
            optimize: self.options.optimize,
            future_annotations: future.annotations(),
            syntax_check_only,
            recursion_limit: depth.limit(),
        };
        let warnings = &mut self.warnings;
        let module = match preprocess_lines {
            Some(lines) => pyast::preprocess_lines(module, arena, strings, &options, &lines, warnings)?,
            None => pyast::preprocess(module, arena, strings, &options, warnings)?,
        };
        Ok((module, future))
    }

    fn compile_tree(
        &mut self,
        tree: Tree<'_>,
        arena: &Arena,
        mut strings: Interner,
        depth: Depth,
    ) -> Result<Compiled, Error> {
        let (module, future) = self.preprocess(tree, arena, &mut strings, depth, false)?;
        let table_options = SymbolTableOptions {
            allow_top_level_await: self.options.allow_top_level_await,
            recursion: depth.limit(),
        };
        let filename = strings.intern_pystr(self.filename);
        let mut pool = self.workspace.pool(strings);
        let Workspace { symbols, codegen, units, .. } = &mut *self.workspace;
        let symtable = symbols.build(module, &future, pool.strings_mut(), table_options)?;
        let filename = pool.add(Object::Str { text: filename, interned: false });
        let codegen_options = pycodegen::Options {
            optimize: self.options.optimize,
            recursion: depth.limit(),
            ..pycodegen::Options::default()
        };
        let mut maker = CodeMaker::new(units, filename, self.traced);
        codegen.generate_into(
            &mut maker,
            module,
            symtable,
            &future,
            &mut pool,
            &mut self.warnings,
            codegen_options,
        )?;
        let root = maker.finish(&mut self.traces)?;
        if pool.size() > LARGE {
            *self.workspace = Workspace::default();
        }
        Ok(Compiled { pool, root, warnings: Vec::new() })
    }
}
