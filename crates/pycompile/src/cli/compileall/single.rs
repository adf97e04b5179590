//! `compileall.compile_file`, for those who say file by file what to compile.

use std::ffi::OsStr;
use std::sync::Arc;

use pycompile::Compiler;

use super::file::{Report, process};
use super::plan::Plan;
use super::walk::{Item, Kind, Rewriting};
use crate::cli::interpreter::Interpreter;
use crate::cli::pyc_file::InvalidationMode;

/// Compiles files one by one, each with the same arguments.
pub(crate) struct SingleFiles {
    plan: Plan,
}

impl SingleFiles {
    /// `compile_file(..., quiet=quiet, force=force, invalidation_mode=mode)`
    pub(crate) fn new(quiet: u8, force: bool, mode: InvalidationMode, interpreter: &Interpreter) -> Self {
        SingleFiles { plan: Plan::of_single_files(quiet, force, mode, interpreter) }
    }

    /// Compiles a file, unless it is up to date or no source; as if it lay in `ddir`, if that is given.
    pub(crate) fn compile(&self, path: &OsStr, ddir: Option<&OsStr>, compiler: &mut Compiler) -> Report {
        let rewriting = ddir.map_or_else(Rewriting::default, |ddir| Rewriting::of_file(path, ddir));
        let item = Item::File { path: path.into(), kind: Kind::Other, rewriting: Arc::new(rewriting) };
        process(&item, &self.plan, compiler)
    }
}
