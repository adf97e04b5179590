//! The command line: one module for each command.
//!
//! A command gives back what it wants to say and a status; writing to the streams happens here.
//! `pycompile -m compileall ...` is the same as `pycompile compileall ...`, so that the program can stand
//! where a tool asks for an interpreter.

mod compileall;
mod dis;
mod message;
mod os_error;
mod paths;
mod py_compile;
mod pyc_file;
mod source;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use pycode::version::{MAGIC_NUMBER, PYTHON_VERSION};

#[derive(Parser)]
#[command(name = "pycompile", about = "Compiles Python to the bytecode of CPython 3.14, without Python")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compile files and directory trees to .pyc files
    Compileall(compileall::Args),
    /// Compile single files to .pyc files
    #[command(name = "py_compile")]
    PyCompile(py_compile::Args),
    /// Show the bytecode of a file
    Dis(dis::Args),
}

/// Status of a usage error, as `argparse` has it.
const USAGE_ERROR: u8 = 2;

/// Runs the program.
pub(crate) fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let version = format!(
        "{} (exact for CPython {PYTHON_VERSION}, magic number {MAGIC_NUMBER})",
        env!("CARGO_PKG_VERSION")
    );
    let command = <Cli as clap::CommandFactory>::command().version(version);
    let cli = match command.try_get_matches_from(without_m(args)) {
        Ok(matches) => <Cli as clap::FromArgMatches>::from_arg_matches(&matches),
        Err(error) => Err(error),
    };
    let cli = match cli {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let mut streams = Streams { out: &mut io::stdout().lock(), err: &mut io::stderr().lock() };
    let status = match cli.command {
        Command::Compileall(args) => compileall::run(&args, &mut streams),
        Command::PyCompile(args) => py_compile::run(&args, &mut streams),
        Command::Dis(args) => dis::run(&args, &mut streams),
    };
    match status.and_then(|status| streams.out.flush().map(|()| status)) {
        Ok(status) => ExitCode::from(status),
        // Whoever read our output has gone: nobody is left to tell.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(streams.err, "pycompile: {error}");
            ExitCode::from(1)
        }
    }
}

/// Where a command writes.
pub(crate) struct Streams<'w> {
    pub(crate) out: &'w mut dyn Write,
    pub(crate) err: &'w mut dyn Write,
}

/// The arguments with a leading `-m` taken out.
fn without_m(args: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    args.enumerate().filter(|(at, arg)| *at != 1 || arg != "-m").map(|(_, arg)| arg)
}

fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { USAGE_ERROR } else { 0 })
}
