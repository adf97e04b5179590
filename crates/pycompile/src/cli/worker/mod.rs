//! `worker`: a process that compiles what it is told to on standard input, for installers and build systems.
//!
//! One module for each protocol. Whatever comes in, the worker goes on: a bad request is answered, a bad file
//! reported or passed over as the protocol has it. The worker ends when its input does, or when nobody reads
//! its answers any more.

mod bazel;
mod input;
mod lines;
mod uv;

use std::ffi::OsString;
use std::io;

use super::interpreter::Interpreter;
use super::{Streams, USAGE_ERROR, paths};

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How requests and answers are written
    #[arg(long, value_enum)]
    protocol: Protocol,
    /// How many threads to use; 0 is one for each core
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0)]
    workers: usize,
    /// What a build action says (bazel): `--persistent_worker`, or what to compile at once; a staging folder and the
    /// folder that it will become (uv)
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
    arguments: Vec<OsString>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Protocol {
    /// `Ready`, then each path that is read is compiled and echoed, one after the other; errors are muted
    Uv,
    /// A list of paths, compiled as they come; errors are printed in the order of the list
    Lines,
    /// JSON persistent worker: a request a line, many at once, which may be cancelled
    Bazel,
}

pub(crate) fn run(args: &Args, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    match args.protocol {
        Protocol::Uv => uv::run(&args.arguments, interpreter, streams),
        Protocol::Lines if !args.arguments.is_empty() => {
            let extra = paths::repr(&args.arguments[0]);
            writeln!(streams.err, "pycompile: paths come on standard input, not as arguments: {extra}")?;
            Ok(USAGE_ERROR)
        }
        Protocol::Lines => lines::run(args.workers, interpreter, streams),
        Protocol::Bazel => bazel::run(args.workers, &args.arguments, interpreter, streams),
    }
}
