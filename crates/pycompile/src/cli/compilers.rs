//! Compilers for threads that come and go.

use std::sync::{Mutex, PoisonError};

use pycompile::Compiler;

/// Compilers that are not in use: each keeps its buffers for the next file.
#[derive(Default)]
pub(crate) struct Compilers {
    idle: Mutex<Vec<Compiler>>,
}

impl Compilers {
    /// Lends a compiler.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Compiler) -> T) -> T {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut compiler = idle().pop().unwrap_or_default();
        let result = work(&mut compiler);
        idle().push(compiler);
        result
    }
}
