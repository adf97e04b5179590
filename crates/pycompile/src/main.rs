//! `pycompile`: what `python -m compileall`, `py_compile` and `dis` do, without Python.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
