//! What can go wrong.

use pyassemble::AssembleError;
use pyast::SyntaxError;
use pyflowgraph::GraphError;
use pymarshal::DumpError;

/// Why there is no bytecode.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// CPython refuses the program too.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// The flow graph refused what code generation gave it: a bug, or a limit of the format.
    #[error("flow graph: {0}")]
    Graph(#[from] GraphError),
    /// The assembler refused what the flow graph gave it: a bug, or a limit of the format.
    #[error("assembler: {0}")]
    Assemble(#[from] AssembleError),
    /// The code object cannot be written.
    #[error("marshal: {0}")]
    Marshal(#[from] DumpError),
}
