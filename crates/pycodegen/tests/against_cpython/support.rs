//! From a tree to units, as a driver does it.

use pyast::{Arena, Mod, PreprocessOptions, SyntaxError, Warning};
use pycode::{Interner, Pool};
use pycodegen::Options;
use pyfuture::FutureFeatures;
use pyinstrseq::CodeUnit;
use pyparser::{Mode, ParseOptions};
use pysymtable::{SymbolTable, SymbolTableOptions};

/// What makes a tree.
pub(crate) trait Source {
    fn tree<'a>(&self, arena: &'a Arena, strings: &mut Interner) -> Result<Mod<'a>, SyntaxError>;
}

/// A program.
pub(crate) struct Program<'s> {
    pub(crate) source: &'s str,
    pub(crate) mode: Mode,
    /// How deep the parser may go.
    pub(crate) recursion_limit: u32,
}

impl<'s> Program<'s> {
    /// A module.
    pub(crate) fn new(source: &'s str) -> Self {
        Program { source, mode: Mode::Exec, recursion_limit: 1000 }
    }
}

impl Source for Program<'_> {
    fn tree<'a>(&self, arena: &'a Arena, strings: &mut Interner) -> Result<Mod<'a>, SyntaxError> {
        let options = ParseOptions {
            mode: self.mode,
            recursion_limit: self.recursion_limit,
            ..ParseOptions::default()
        };
        Ok(pyparser::parse(self.source.as_bytes(), arena, strings, &options)?.module)
    }
}

/// The text that `ast.dump` makes of a tree.
pub(crate) struct Dump<'s>(pub(crate) &'s str);

impl Source for Dump<'_> {
    fn tree<'a>(&self, arena: &'a Arena, strings: &mut Interner) -> Result<Mod<'a>, SyntaxError> {
        Ok(pyast::load_mod(self.0, arena, strings).expect("a dump of a tree"))
    }
}

/// Generates the units of a source; they refer to the pool.
pub(crate) fn generate(
    source: &impl Source,
    warnings: &mut Vec<Warning>,
    options: Options,
) -> Result<(Vec<CodeUnit>, Pool), SyntaxError> {
    let (arena, mut pool) = (Arena::new(), Pool::new());
    let tree = source.tree(&arena, pool.strings_mut())?;
    let future = FutureFeatures::from_ast(tree, pool.strings())?;
    let preprocess = PreprocessOptions {
        optimize: options.optimize,
        future_annotations: future.annotations(),
        recursion_limit: options.recursion,
        ..PreprocessOptions::default()
    };
    let tree = pyast::preprocess(tree, &arena, pool.strings_mut(), &preprocess, &mut Vec::new())?;
    let symtable_options =
        SymbolTableOptions { recursion: options.recursion, ..SymbolTableOptions::default() };
    let symtable = SymbolTable::build(tree, &future, pool.strings_mut(), symtable_options)?;
    let units = pycodegen::generate(tree, &symtable, &future, &mut pool, warnings, options)?;
    Ok((units, pool))
}
