//! The command line: one module for each command.
//!
//! A command gives back what it wants to say and a status; writing to the streams happens here.
//! `pycompile -m compileall ...` is the same as `pycompile compileall ...`, so that the program can stand
//! where a tool asks for an interpreter; options of the interpreter before the `-m` are understood.

mod argparse;
mod ast;
mod cfg;
mod compileall;
mod dis;
mod interpreter;
mod json;
mod message;
mod os_error;
mod paths;
mod progress;
mod py_compile;
mod pyc_file;
mod shell;
mod source;
mod stage;
mod style;
mod symtable;
mod threads;
mod tokenize;
mod usage;
mod verify;
mod warnings;
mod worker;

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anstream::{AutoStream, ColorChoice};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use pycode::version::{MAGIC_NUMBER, PYTHON_VERSION};

use interpreter::Interpreter;

#[derive(Parser)]
#[command(
    name = "pycompile",
    about = "Compiles Python to the bytecode of CPython 3.14, without Python",
    infer_long_args = true,
    args_override_self = true,
    after_help = EXPLANATION
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXPLANATION: &str = "\
`pycompile -m COMMAND` is the same as `pycompile COMMAND`, so that the program can stand where a tool asks for a Python
interpreter. Options of the interpreter may come before the command or the -m; those that matter to a compiler are heeded:
  -O, -OO                   the level of optimization where a command does not say (PYTHONOPTIMIZE)
  -W FILTER                 what is done with warnings: -W ignore, -W error::SyntaxWarning (PYTHONWARNINGS)
  -X pycache_prefix=FOLDER  where .pyc files go instead of __pycache__ (PYTHONPYCACHEPREFIX)
  -E, -I, -P                without PYTHON* variables, isolated, without the current folder
Colours are for terminals; NO_COLOR=1 turns them off.
The status is 0 if all is well, 1 if a file is missing, wrong or cannot be compiled, 2 if the command line is wrong.";

#[derive(Subcommand)]
enum Command {
    /// Compile files and directory trees to .pyc files
    Compileall(compileall::Args),
    /// Compile single files to .pyc files
    #[command(name = "py_compile")]
    PyCompile(py_compile::Args),
    /// Show the bytecode of a file
    Dis(dis::Args),
    /// Show the syntax tree of a file
    Ast(ast::Args),
    /// Show the scopes and names of files
    Symtable(symtable::Args),
    /// Show the tokens of a file
    Tokenize(tokenize::Args),
    /// Compile what standard input asks for, until it ends
    Worker(worker::Args),
    /// Show the flow graphs of a file
    Cfg(cfg::Args),
    /// Tell whether .pyc files hold what their sources compile to
    Verify(verify::Args),
    /// Print the script that completes commands in a shell
    Completions(shell::CompletionsArgs),
    /// Print the manual page
    Man(shell::ManArgs),
}

/// The commands that stand in for a module of Python, and tell usage errors as it does.
#[derive(Clone, Copy)]
pub(crate) enum Usage {
    Compileall,
    Ast,
}

impl Usage {
    fn command(self) -> &'static str {
        match self {
            Usage::Compileall => "compileall",
            Usage::Ast => "ast",
        }
    }
}

/// Commands whose usage errors are worded as Python's.
const STAND_INS: &[&str] = &["compileall", "py_compile", "dis", "ast", "tokenize"];

/// Status of a usage error, as `argparse` has it.
const USAGE_ERROR: u8 = 2;

/// Runs the program.
pub(crate) fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let line = interpreter::split(args.collect(), is_command);
    for why in &line.interpreter.refused_filters {
        let _ = writeln!(io::stderr(), "Invalid -W option ignored: {why}");
    }
    let (whole, program) = (command(), program_name(&line));
    let args = match unambiguous(&whole, &line) {
        Ok(args) => args,
        Err(text) => {
            let text = usage::error(subcommand(&whole, line.command()), &program, &text);
            let _ = io::stderr().write_all(text.as_bytes());
            return ExitCode::from(USAGE_ERROR);
        }
    };
    let cli = match whole.try_get_matches_from(&args) {
        Ok(matches) => Cli::from_arg_matches(&matches),
        Err(error) => Err(error),
    };
    let cli = match cli {
        Ok(cli) => cli,
        Err(error) => return usage_error(error, &line),
    };
    survive_file_limits();
    let mut streams = Streams::new(&program);
    let status = dispatch(cli.command, &line.interpreter, &mut streams);
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

fn dispatch(command: Command, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    match command {
        Command::Compileall(args) => compileall::run(&args, interpreter, streams),
        Command::PyCompile(args) => py_compile::run(&args, interpreter, streams),
        Command::Dis(args) => dis::run(&args, interpreter, streams),
        Command::Ast(args) => ast::run(&args, interpreter, streams),
        Command::Symtable(args) => symtable::run(&args, interpreter, streams),
        Command::Tokenize(args) => tokenize::run(&args, interpreter, streams),
        Command::Worker(args) => worker::run(&args, interpreter, streams),
        Command::Cfg(args) => cfg::run(&args, interpreter, streams),
        Command::Verify(args) => verify::run(&args, interpreter, streams),
        Command::Completions(args) => shell::completions(&args, streams),
        Command::Man(args) => shell::man(&args, streams),
    }
}

/// The program as clap sees it.
fn command() -> clap::Command {
    let version = format!(
        "{} (exact for CPython {PYTHON_VERSION}, magic number {MAGIC_NUMBER})",
        env!("CARGO_PKG_VERSION")
    );
    Cli::command().version(version)
}

/// What stands for the program in usage messages: `python3.14 -m compileall`, `pycompile compileall`.
fn program_name(line: &interpreter::CommandLine) -> String {
    let path = line.args.first().map_or(OsStr::new("pycompile"), OsString::as_os_str);
    let (_, name) = paths::split(path);
    let name = paths::backslashed(name);
    match line.args.get(1) {
        Some(command) if line.by_module => format!("{name} -m {}", command.to_string_lossy()),
        Some(command) => format!("{name} {}", command.to_string_lossy()),
        None => name,
    }
}

/// Tells what clap finds wrong with the command line.
fn usage_error(mut error: clap::Error, line: &interpreter::CommandLine) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if takes_it_for_an_interpreter(&error, line) {
        let tip = vec![NO_INTERPRETER.into()];
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tip));
    }
    let _ = error.print();
    ExitCode::from(USAGE_ERROR)
}

/// The command line for clap. That of a command that stands in for a module of Python is read as `argparse` does, or as
/// `symtable` does, which takes everything for a file.
fn unambiguous(whole: &clap::Command, line: &interpreter::CommandLine) -> Result<Vec<OsString>, String> {
    let name = line.command();
    let rest = line.args.get(2..).unwrap_or_default();
    let rest = match name {
        "symtable" if line.by_module => [&["--".into()], rest].concat(),
        _ if !STAND_INS.contains(&name) => return Ok(line.args.clone()),
        _ => match argparse::parse(subcommand(whole, name), rest)? {
            argparse::Parsed::Arguments(rest) => rest,
            argparse::Parsed::Help => vec!["--help".into()],
        },
    };
    Ok([&line.args[..2], &rest].concat())
}

/// Said to who would run a program.
const NO_INTERPRETER: &str = "Python is compiled here, and not run: `pycompile py_compile FILE` and \
                              `pycompile compileall DIR` write .pyc files, `pycompile dis FILE` shows the bytecode";

/// Whether the arguments are a program to be run: `x.py`, `-c TEXT`, `-m` of another module.
fn takes_it_for_an_interpreter(error: &clap::Error, line: &interpreter::CommandLine) -> bool {
    let is_misspelt = error.get(ContextKind::SuggestedSubcommand).is_some();
    let names_no_command = error.kind() == ErrorKind::InvalidSubcommand && !is_misspelt;
    names_no_command || line.args.get(1).is_some_and(|arg| arg == "-c" || arg == "-m")
}

fn is_command(name: &OsStr) -> bool {
    name.to_str().is_some_and(Command::has_subcommand)
}

/// A command of the program's.
fn subcommand<'c>(whole: &'c clap::Command, name: &str) -> &'c clap::Command {
    whole.find_subcommand(name).expect("what stands in for a module of Python is a command")
}

/// A write beyond the limit of file size kills a process that does not ask for an error instead. Python does.
fn survive_file_limits() {
    let ignored = Arc::new(AtomicBool::new(false));
    // Without the handler such a write is the end of the program, and nothing worse.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, ignored);
}

/// Where a command writes, and who reads it.
pub(crate) struct Streams<'s> {
    pub(crate) out: Box<dyn Write + Send>,
    pub(crate) err: Box<dyn Write + Send>,
    /// Whether a person with a terminal that shows colours reads the output.
    pub(crate) out_color: bool,
    pub(crate) err_color: bool,
    pub(crate) err_is_terminal: bool,
    out_is_terminal: bool,
    program: &'s str,
}

impl<'s> Streams<'s> {
    fn new(program: &'s str) -> Self {
        let out_color = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let err_color = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
        Streams {
            out: Box::new(io::BufWriter::new(io::stdout())),
            err: Box::new(io::stderr()),
            out_color,
            err_color,
            err_is_terminal: io::stderr().is_terminal(),
            out_is_terminal: io::stdout().is_terminal(),
            program,
        }
    }

    /// Writes output; a person sees it at once, and before what is then written to stderr.
    pub(crate) fn print(&mut self, text: &[u8]) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.out.write_all(text)?;
        if self.out_is_terminal { self.out.flush() } else { Ok(()) }
    }

    /// Whether a bar on stderr disturbs nobody: a terminal shows it, and no lines run through it.
    pub(crate) fn may_show_progress(&self, silent: bool) -> bool {
        self.err_is_terminal && (silent || !self.out_is_terminal)
    }

    /// An error of usage that the command itself has found.
    pub(crate) fn usage_error(&mut self, usage: Usage, text: &str) -> io::Result<u8> {
        let text = usage::error(subcommand(&command(), usage.command()), self.program, text);
        self.err.write_all(text.as_bytes())?;
        Ok(USAGE_ERROR)
    }
}
