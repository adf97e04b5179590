//! What an interpreter is told before it runs a module: its own options, and `PYTHON*` variables.
//!
//! A tool that asks for an interpreter calls `python -I -O -m compileall ...`. Options that cannot matter to
//! a program that runs no Python are taken and forgotten.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use super::warnings::WarningFilters;

/// What the interpreter's options and variables come to.
#[derive(Clone, Debug)]
pub(crate) struct Interpreter {
    /// `sys.flags.optimize`: the level that `-1` stands for.
    pub(crate) optimize: u8,
    /// `sys.pycache_prefix`
    pub(crate) pycache_prefix: Option<OsString>,
    /// `PYTHONPATH`
    pub(crate) path: Option<OsString>,
    /// Whether the current directory is the first on the module search path.
    pub(crate) path_has_current: bool,
    /// What is done with warnings.
    pub(crate) warnings: WarningFilters,
    /// What is wrong about `-W` options and `PYTHONWARNINGS`, which are left out then.
    pub(crate) refused_filters: Vec<String>,
}

/// The command line, with what was meant for the interpreter taken out.
#[derive(Debug)]
pub(crate) struct CommandLine {
    pub(crate) interpreter: Interpreter,
    /// The program, the command, and its arguments.
    pub(crate) args: Vec<OsString>,
    /// Whether the command was named by `-m`.
    pub(crate) by_module: bool,
}

impl CommandLine {
    /// The name of the command, if there is one.
    pub(crate) fn command(&self) -> &str {
        self.args.get(1).and_then(|name| name.to_str()).unwrap_or_default()
    }
}

/// Scripts that tools start an interpreter for, and the protocol of the worker that stands in for each.
const SCRIPTS: &[(&str, &str)] = &[("pip_compileall.py", "uv"), ("precompiler.py", "bazel")];

/// Options of the interpreter that take no argument.
const FLAGS: &[u8] = b"bBdEiIOPqsSuvx";

#[derive(Default)]
struct Given {
    ignore_environment: bool,
    safe_path: bool,
    optimize: u8,
    prefix: Option<OsString>,
    warnings: Vec<String>,
}

/// Takes the interpreter's options off the front. Where neither `-m` nor a known script nor a command is behind them,
/// the arguments are given back as they are.
pub(crate) fn split(args: Vec<OsString>, is_command: impl Fn(&OsStr) -> bool) -> CommandLine {
    let mut given = Given::default();
    match find_target(&args, is_command, &mut given) {
        Some(Target { command, rest, by_module }) => {
            let rest = args.iter().skip(rest).cloned();
            let args = args.first().cloned().into_iter().chain(command).chain(rest).collect();
            CommandLine { interpreter: given.resolve(), args, by_module }
        }
        None => CommandLine { interpreter: Given::default().resolve(), args, by_module: false },
    }
}

/// What is to be run.
struct Target {
    /// The command with its first arguments.
    command: Vec<OsString>,
    /// Where the other arguments begin.
    rest: usize,
    by_module: bool,
}

fn find_target(args: &[OsString], is_command: impl Fn(&OsStr) -> bool, given: &mut Given) -> Option<Target> {
    let mut at = 1;
    loop {
        let word = args.get(at)?;
        at += 1;
        let Some(letters) = word.as_bytes().strip_prefix(b"-") else {
            return match script(word) {
                Some(command) => Some(Target { command, rest: at, by_module: true }),
                None => is_command(word).then(|| Target {
                    command: vec![word.clone()],
                    rest: at,
                    by_module: false,
                }),
            };
        };
        if let Some(module) = given.options(letters, args, &mut at)? {
            return Some(Target { command: vec![module], rest: at, by_module: true });
        }
    }
}

/// The command that does what a script does.
fn script(path: &OsStr) -> Option<Vec<OsString>> {
    let (_, name) = super::paths::split(path);
    let (_, protocol) = SCRIPTS.iter().find(|(script, _)| name == *script)?;
    Some(["worker", "--protocol", protocol].map(OsString::from).to_vec())
}

impl Given {
    /// Takes the options that stand behind one hyphen, with the value of the last one, which may be the argument at `at`.
    /// Gives what is behind `-m`, if that is among them; nothing at all if there is no such option, or no value.
    fn options(&mut self, letters: &[u8], args: &[OsString], at: &mut usize) -> Option<Option<OsString>> {
        for (index, &letter) in letters.iter().enumerate() {
            if !matches!(letter, b'm' | b'W' | b'X') {
                if !FLAGS.contains(&letter) {
                    return None;
                }
                self.flag(letter);
                continue;
            }
            let value = match &letters[index + 1..] {
                [] => {
                    *at += 1;
                    args.get(*at - 1)?.clone()
                }
                glued => OsString::from_vec(glued.to_vec()),
            };
            match letter {
                b'm' => return Some(Some(value)),
                b'W' => self.warnings.push(value.to_string_lossy().into_owned()),
                _ => self.implementation_option(&value),
            }
            break;
        }
        Some(None)
    }

    fn flag(&mut self, letter: u8) {
        match letter {
            b'O' => self.optimize = self.optimize.saturating_add(1),
            b'E' => self.ignore_environment = true,
            b'P' => self.safe_path = true,
            b'I' => (self.ignore_environment, self.safe_path) = (true, true),
            _ => {}
        }
    }

    /// `-X`
    fn implementation_option(&mut self, option: &OsStr) {
        if let Some(prefix) = option.as_bytes().strip_prefix(b"pycache_prefix=") {
            self.prefix = Some(OsStr::from_bytes(prefix).to_owned());
        }
    }

    fn resolve(self) -> Interpreter {
        let variable =
            |name: &str| std::env::var_os(name).filter(|value| !value.is_empty() && !self.ignore_environment);
        let mut filters: Vec<String> = Vec::new();
        if let Some(value) = variable("PYTHONWARNINGS") {
            filters.extend(value.to_string_lossy().split(',').map(str::to_owned));
        }
        filters.extend(self.warnings);
        let (warnings, refused_filters) = WarningFilters::new(&filters);
        Interpreter {
            optimize: self.optimize.max(variable("PYTHONOPTIMIZE").map_or(0, |value| level(&value))).min(2),
            pycache_prefix: self.prefix.or_else(|| variable("PYTHONPYCACHEPREFIX")).filter(|p| !p.is_empty()),
            path: variable("PYTHONPATH"),
            path_has_current: !self.safe_path && variable("PYTHONSAFEPATH").is_none(),
            warnings,
            refused_filters,
        }
    }
}

/// The level that a variable asks for: anything that is no number is 1 (`_Py_get_env_flag`).
fn level(value: &OsStr) -> u8 {
    value.to_str().and_then(|text| text.parse::<u8>().ok()).filter(|&level| level > 0).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split_words(words: &str) -> CommandLine {
        split(words.split(' ').map(OsString::from).collect(), |word| word == "dis")
    }

    #[test]
    fn options_before_m_are_the_interpreters() {
        let line = split_words("python -IOO -X pycache_prefix=/c -mcompileall -q .");
        assert_eq!(line.args, ["python", "compileall", "-q", "."]);
        assert!(line.by_module);
        assert_eq!(line.interpreter.optimize, 2);
        assert_eq!(line.interpreter.pycache_prefix.as_deref(), Some(OsStr::new("/c")));
        assert!(!line.interpreter.path_has_current);
    }

    #[test]
    fn a_known_script_is_a_worker() {
        let line = split_words("python -I /cache/tmp/pip_compileall.py");
        assert_eq!(line.args, ["python", "worker", "--protocol", "uv"]);
        let line = split_words("python tools/precompiler.py --persistent_worker");
        assert_eq!(line.args, ["python", "worker", "--protocol", "bazel", "--persistent_worker"]);
        assert_eq!(split_words("python script.py").args, ["python", "script.py"]);
    }

    #[test]
    fn options_may_come_before_a_command() {
        let line = split_words("pycompile -OO dis -O");
        assert_eq!(line.args, ["pycompile", "dis", "-O"]);
        assert_eq!((line.interpreter.optimize, line.by_module), (2, false));
        assert_eq!(split_words("python -O script.py").args, ["python", "-O", "script.py"]);
    }

    #[test]
    fn without_m_or_command_nothing_is_taken() {
        assert_eq!(split_words("pycompile compileall -m").args, ["pycompile", "compileall", "-m"]);
        assert_eq!(split_words("pycompile -V").args, ["pycompile", "-V"]);
    }
}
