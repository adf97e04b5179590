//! Usage errors in the words of Python's `argparse`, for the commands that stand in for modules of Python.
//!
//! Options that CPython's program does not have stand under [`BEYOND`] in the help and are left out of the
//! usage line, which is CPython's.

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

/// Whether an option has a value.
pub(crate) fn takes_value(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

/// What stands for the value of an argument.
pub(crate) fn metavar(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names.first().map_or_else(|| arg.get_id().to_string(), |name| name.as_str().to_owned())
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
