//! `pycompile`: what `python -m compileall`, `py_compile`, `dis`, `ast`, `symtable` and `tokenize` do, without Python,
//! and some more; `cli` has a module for each command.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
