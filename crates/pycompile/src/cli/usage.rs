//! Usage errors in the words of Python's `argparse`, for the commands that stand in for modules of Python.
//!
//! Options that CPython's program does not have stand under [`BEYOND`] in the help and are left out of the
//! usage line, which is CPython's.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

/// The heading of options that CPython's program does not have.
pub(crate) const BEYOND: &str = "Beyond CPython";

/// The width that argparse wraps at without a terminal; `COLUMNS` is not looked at.
const WIDTH: usize = 78;

/// The usage line of a command and an error, as `ArgumentParser.error` writes them.
pub(crate) fn error(command: &Command, program: &str, text: &str) -> String {
    format!("{}{program}: error: {text}\n", usage(command, program))
}

/// `usage: PROGRAM [-h] ...`, wrapped as `HelpFormatter` does.
fn usage(command: &Command, program: &str) -> String {
    let options: Vec<String> =
        std::iter::once("[-h]".to_owned()).chain(arguments(command).filter_map(option)).collect();
    let positionals: Vec<String> =
        arguments(command).filter(|arg| arg.is_positional()).flat_map(positional).collect();
    let prefix = "usage: ".len() + program.len();
    let parts: Vec<&str> = options.iter().chain(&positionals).map(String::as_str).collect();
    let one_line = parts.join(" ");
    if prefix + 1 + one_line.len() <= WIDTH {
        return format!("usage: {program} {one_line}\n");
    }
    let mut out = format!("usage: {program}");
    let indent = prefix + 1;
    wrap(&options, prefix, indent, &mut out);
    if !positionals.is_empty() {
        out.push('\n');
        out.push_str(&" ".repeat(indent - 1));
        wrap(&positionals, indent - 1, indent, &mut out);
    }
    out.push('\n');
    out
}

/// Appends parts, each behind a space; `column` is where the line stands.
fn wrap(parts: &[String], mut column: usize, indent: usize, out: &mut String) {
    let mut first = true;
    for part in parts {
        if column + 1 + part.len() > WIDTH && !first {
            out.push('\n');
            out.push_str(&" ".repeat(indent - 1));
            column = indent - 1;
        }
        out.push(' ');
        out.push_str(part);
        column += 1 + part.len();
        first = false;
    }
}

fn arguments(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| arg.get_help_heading() != Some(BEYOND) && arg.get_id() != "help")
}

/// `[-r RECURSION]`
fn option(arg: &Arg) -> Option<String> {
    if arg.is_positional() {
        return None;
    }
    let name = match (arg.get_short(), arg.get_long()) {
        (Some(short), _) => format!("-{short}"),
        (None, Some(long)) => format!("--{long}"),
        (None, None) => return None,
    };
    if !takes_value(arg) {
        return Some(format!("[{name}]"));
    }
    let choices = arg.get_possible_values();
    if choices.is_empty() {
        return Some(format!("[{name} {}]", metavar(arg)));
    }
    let choices: Vec<&str> = choices.iter().map(clap::builder::PossibleValue::get_name).collect();
    Some(format!("[{name} {{{}}}]", choices.join(",")))
}

/// `filenames [filenames ...]`
fn positional(arg: &Arg) -> Vec<String> {
    let name = metavar(arg);
    match (arg.is_required_set(), matches!(arg.get_action(), ArgAction::Append)) {
        (true, true) => vec![name.clone(), format!("[{name} ...]")],
        (true, false) => vec![name],
        (false, true) => vec![format!("[{name} ...]")],
        (false, false) => vec![format!("[{name}]")],
    }
}

fn takes_value(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

fn metavar(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names.first().map_or_else(|| arg.get_id().to_string(), |name| name.as_str().to_owned())
}

/// What argparse says where clap refuses `args`, the arguments of the command alone.
pub(crate) fn message(command: &Command, error: clap::Error, args: &[OsString]) -> String {
    match error.kind() {
        ErrorKind::UnknownArgument => unknown(command, error, args),
        ErrorKind::MissingRequiredArgument => {
            let missing: Vec<String> =
                arguments(command).filter(|arg| arg.is_required_set()).map(metavar).collect();
            format!("the following arguments are required: {}", missing.join(", "))
        }
        _ => match argument(command, &error) {
            Some(arg) => format!("argument {}: {}", names(arg), complaint(arg, &error)),
            None => error.to_string().lines().next().unwrap_or_default().to_owned(),
        },
    }
}

/// All unknown arguments, which argparse collects; clap stops at the first, so it is asked again without it.
fn unknown(command: &Command, mut error: clap::Error, args: &[OsString]) -> String {
    let mut args = args.to_vec();
    let mut unknown: Vec<String> = Vec::new();
    while let Some(name) = context(&error, ContextKind::InvalidArg) {
        if let Some(text) = ambiguous(command, &name) {
            return text;
        }
        let Some(at) = args.iter().position(|arg| is_spelled(&arg.to_string_lossy(), &name)) else { break };
        unknown.push(args.remove(at).to_string_lossy().into_owned());
        let again = std::iter::once(OsString::from("program")).chain(args.iter().cloned());
        match command.clone().try_get_matches_from(again) {
            Err(next) if next.kind() == ErrorKind::UnknownArgument => error = next,
            Err(next) if next.use_stderr() => return message(command, next, &args),
            _ => break,
        }
    }
    format!("unrecognized arguments: {}", unknown.join(" "))
}

/// Whether an argument is the one that clap names, which leaves a value behind `=` out.
fn is_spelled(arg: &str, name: &str) -> bool {
    arg == name || arg.split_once('=').is_some_and(|(before, _)| before == name) || {
        let short = name.strip_prefix('-').filter(|rest| rest.chars().count() == 1);
        short.is_some_and(|letter| arg.starts_with('-') && !arg.starts_with("--") && arg.contains(letter))
    }
}

/// The complaint about a beginning that several options share.
fn ambiguous(command: &Command, name: &str) -> Option<String> {
    let beginning = name.strip_prefix("--")?;
    let longs = std::iter::once("help").chain(arguments(command).filter_map(Arg::get_long));
    let fitting: Vec<String> =
        longs.filter(|long| long.starts_with(beginning)).map(|long| format!("--{long}")).collect();
    (fitting.len() > 1).then(|| format!("ambiguous option: {name} could match {}", fitting.join(", ")))
}

/// The argument that an error is about.
fn argument<'c>(command: &'c Command, error: &clap::Error) -> Option<&'c Arg> {
    let shown = context(error, ContextKind::InvalidArg)?;
    let name = shown.split([' ', '=']).next()?;
    command.get_arguments().find(|arg| {
        arg.get_long().is_some_and(|long| name == format!("--{long}"))
            || arg.get_short().is_some_and(|short| name == format!("-{short}"))
    })
}

/// `-j/--workers`
fn names(arg: &Arg) -> String {
    let short = arg.get_short().map(|short| format!("-{short}"));
    let long = arg.get_long().map(|long| format!("--{long}"));
    short.into_iter().chain(long).collect::<Vec<_>>().join("/")
}

fn complaint(arg: &Arg, error: &clap::Error) -> String {
    let value = context(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::TooManyValues => format!("ignored explicit argument '{value}'"),
        ErrorKind::InvalidValue if value.is_empty() => "expected one argument".to_owned(),
        ErrorKind::InvalidValue => {
            let choices = arg.get_possible_values();
            let choices: Vec<String> = choices.iter().map(|c| format!("'{}'", c.get_name())).collect();
            format!("invalid choice: '{value}' (choose from {})", choices.join(", "))
        }
        ErrorKind::ValueValidation => format!("invalid int value: '{value}'"),
        _ => error.to_string().lines().next().unwrap_or_default().to_owned(),
    }
}

fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// `int(text)`: what argparse takes for a number.
pub(crate) fn int(text: &str) -> Result<i64, String> {
    let digits = text.trim();
    let (negative, digits) = match digits.strip_prefix(['+', '-']) {
        Some(rest) => (digits.starts_with('-'), rest),
        None => (false, digits),
    };
    let well_formed =
        digits.split('_').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if !well_formed {
        return Err("no number".to_owned());
    }
    // Beyond 64 bits every number is as good as the largest.
    let value = digits.replace('_', "").parse::<i64>().unwrap_or(i64::MAX);
    Ok(if negative { -value } else { value })
}
