//! What one action compiles: the arguments of rules_python's `precompiler`, and doing it.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;
use pycode::version::PYTHON_VERSION;
use pycompile::Compiler;

use crate::cli::interpreter::Interpreter;
use crate::cli::pyc_file::{Failure, InvalidationMode, Job, compile};
use crate::cli::threads::Kept;
use crate::cli::usage::int;
use crate::cli::{USAGE_ERROR, os_error, paths};

/// How many files of arguments one action may name, so that one that names itself comes to an end.
const MAX_FLAG_FILES: usize = 1000;

/// The arguments.
#[derive(Parser, Clone, Default)]
#[command(no_binary_name = true, disable_help_flag = true, infer_long_args = true, args_override_self = true)]
pub(super) struct Action {
    #[arg(long = "invalidation_mode")]
    invalidation_mode: Option<String>,
    #[arg(long, allow_negative_numbers = true, value_parser = int)]
    optimize: Option<i64>,
    #[arg(long = "python_version")]
    python_version: Option<String>,
    #[arg(long = "src")]
    sources: Vec<OsString>,
    /// The name that the code gets
    #[arg(long = "src_name")]
    names: Vec<OsString>,
    #[arg(long = "pyc")]
    targets: Vec<OsString>,
    #[arg(long = "persistent_worker")]
    persistent_worker: bool,
    /// Of the precompiler's log, of which there is none
    #[arg(long = "log_level")]
    _log_level: Option<String>,
    /// There is one implementation
    #[arg(long = "worker_impl")]
    _worker_impl: Option<String>,
}

/// What became of an action.
pub(super) struct Done {
    pub(super) exit_code: u8,
    /// Warnings and errors.
    pub(super) output: String,
    /// It was stopped before it was done.
    pub(super) cancelled: bool,
}

impl Action {
    /// The action that `arguments` describe, with those of `startup` where they say nothing. Its paths are relative
    /// to the sandbox, if there is one.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn parse(
        arguments: &[OsString],
        sandbox: Option<&Path>,
        startup: &Action,
    ) -> Result<Action, String> {
        let arguments = expand(arguments, sandbox)?;
        let mut action = Action::try_parse_from(arguments).map_err(|error| error.to_string())?;
        if let Some(sandbox) = sandbox {
            for path in action.sources.iter_mut().chain(&mut action.targets) {
                *path = paths::join(sandbox.as_os_str(), path).into_os_string();
            }
        }
        action.invalidation_mode = action.invalidation_mode.or_else(|| startup.invalidation_mode.clone());
        action.optimize = action.optimize.or(startup.optimize);
        action.python_version = action.python_version.or_else(|| startup.python_version.clone());
        Ok(action)
    }

    pub(super) fn is_persistent(&self) -> bool {
        self.persistent_worker
    }

    /// Compiles file after file, as long as nobody cancels.
    pub(super) fn run(
        &self,
        interpreter: &Interpreter,
        cancelled: &AtomicBool,
        compilers: &Kept<Compiler>,
    ) -> Done {
        let mode = match self.check() {
            Ok(mode) => mode,
            Err(text) => return Done { exit_code: USAGE_ERROR, output: text + "\n", cancelled: false },
        };
        let mut done = Done { exit_code: 0, output: String::new(), cancelled: false };
        for ((source, name), target) in self.sources.iter().zip(&self.names).zip(&self.targets) {
            if cancelled.load(Ordering::Relaxed) {
                return Done { cancelled: true, ..done };
            }
            let job = Job {
                source: Path::new(source),
                target: Path::new(target),
                shown_as: Some(name),
                optimize: self
                    .optimize
                    .filter(|&level| level != -1)
                    .unwrap_or(i64::from(interpreter.optimize)),
                mode,
                warnings: &interpreter.warnings,
                write: true,
            };
            let outcome = compilers.with(|compiler| compile(&job, compiler));
            done.output.push_str(&outcome.warnings);
            if let Err(failure) = outcome.result {
                done.exit_code = 1;
                done.output.push_str(&text(failure));
            }
        }
        done
    }

    fn check(&self) -> Result<InvalidationMode, String> {
        let name = self.invalidation_mode.as_deref().unwrap_or("TIMESTAMP");
        let mode = InvalidationMode::from_member_name(&name.to_uppercase())
            .ok_or_else(|| format!("Unknown PycInvalidationMode: {name}"))?;
        let counts = [self.sources.len(), self.names.len(), self.targets.len()];
        if counts != [counts[0]; 3] {
            return Err("Mismatched number of --src, --src_name, and/or --pyc args".to_owned());
        }
        if counts[0] == 0 {
            return Err("Nothing to compile: no --src, --src_name and --pyc".to_owned());
        }
        match self.python_version.as_deref().filter(|wanted| !is_ours(wanted)) {
            Some(wanted) => {
                Err(format!("Bytecode of Python {wanted} was asked for: this is {PYTHON_VERSION}'s"))
            }
            None => Ok(mode),
        }
    }
}

/// `3.14` and `3.14.9` run the same bytecode.
fn is_ours(version: &str) -> bool {
    let minor = |version: &str| version.split('.').take(2).map(str::to_owned).collect::<Vec<_>>();
    minor(version) == minor(PYTHON_VERSION)
}

/// The arguments with those of the files that `@FILE` names, one a line; `@@` stands for an `@`.
fn expand(arguments: &[OsString], sandbox: Option<&Path>) -> Result<Vec<OsString>, String> {
    let mut expanded = Vec::with_capacity(arguments.len());
    let mut rest: VecDeque<OsString> = arguments.iter().cloned().collect();
    let mut files = 0;
    while let Some(argument) = rest.pop_front() {
        match argument.as_bytes() {
            [b'@', literal @ ..] if literal.starts_with(b"@") => {
                expanded.push(OsString::from_vec(literal.to_vec()));
            }
            [b'@', name @ ..] => {
                files += 1;
                if files > MAX_FLAG_FILES {
                    return Err("too many files of arguments\n".to_owned());
                }
                let lines = read_flag_file(OsStr::from_bytes(name), sandbox)?;
                lines.into_iter().rev().for_each(|line| rest.push_front(line));
            }
            _ => expanded.push(argument),
        }
    }
    Ok(expanded)
}

fn read_flag_file(name: &OsStr, sandbox: Option<&Path>) -> Result<Vec<OsString>, String> {
    let path = sandbox.map_or_else(|| name.into(), |sandbox| paths::join(sandbox.as_os_str(), name));
    let text = fs::read(&path)
        // The worker's own folder has it where the sandbox holds the inputs alone.
        .or_else(|error| if sandbox.is_some() { fs::read(name) } else { Err(error) })
        .map_err(|error| os_error::text_with_path(&error, name) + "\n")?;
    Ok(paths::lines(&text).map(|line| OsString::from_vec(line.to_vec())).collect())
}

/// An error as the user reads it.
fn text(failure: Failure) -> String {
    let text = match failure {
        Failure::Compile(text) => text,
        Failure::System(class, text) => format!("{class}: {}", paths::backslashed(&OsString::from_vec(text))),
    };
    text.trim_end_matches('\n').to_owned() + "\n"
}
