//! Usage errors in the words of Python's `argparse`, for the commands that stand in for modules of Python.
//!
//! Options that CPython's program does not have stand under [`BEYOND`] in the help and are left out of the
//! usage line, which is CPython's.

use clap::{Arg, ArgAction, Command};

/// The heading of options that CPython's program does not have.
pub(crate) const BEYOND: &str = "Beyond CPython";

/// How wide a terminal is taken to be.
const TERMINAL: i64 = 80;

/// The usage line of a command and an error, as `ArgumentParser.error` writes them.
pub(crate) fn error(command: &Command, program: &str, text: &str) -> String {
    format!("{}{program}: error: {text}\n", usage(command, program))
}

/// `usage: PROGRAM [-h] ...`, wrapped as `HelpFormatter` does.
fn usage(command: &Command, program: &str) -> String {
    let options: Vec<String> =
        std::iter::once("[-h]".to_owned()).chain(arguments(command).filter_map(option)).collect();
    let positionals: Vec<String> =
        arguments(command).filter(|arg| arg.is_positional()).map(positional).collect();
    let (prefix, width) = ("usage: ".len() + program.len(), width());
    let fits = |parts: &[String], column: usize| {
        column as i64 + parts.iter().map(|part| 1 + part.len() as i64).sum::<i64>() <= width
    };
    let all = [&options[..], &positionals].concat();
    let mut out = format!("usage: {program}");
    if fits(&all, prefix) {
        wrap(&all, prefix, prefix + 1, width, &mut out);
        return out + "\n";
    }
    // A long program has a line of its own.
    let is_long = 4 * prefix as i64 > 3 * width;
    let indent = if is_long { "usage: ".len() } else { prefix + 1 };
    let groups = if is_long && fits(&all, indent - 1) { vec![all] } else { vec![options, positionals] };
    for (index, group) in groups.iter().enumerate().filter(|(_, group)| !group.is_empty()) {
        let mut column = prefix;
        if index > 0 || is_long {
            out.push('\n');
            out.push_str(&" ".repeat(indent - 1));
            column = indent - 1;
        }
        wrap(group, column, indent, width, &mut out);
    }
    out.push('\n');
    out
}

/// The width that argparse wraps at, 2 less than that of the terminal (`shutil.get_terminal_size`), of which only
/// `COLUMNS` is looked at.
fn width() -> i64 {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| int(&columns).ok());
    columns.filter(|&columns| columns > 0).unwrap_or(TERMINAL) - 2
}

/// Appends parts, each behind a space; `column` is where the line stands.
fn wrap(parts: &[String], mut column: usize, indent: usize, width: i64, out: &mut String) {
    let mut first = true;
    for part in parts {
        if (column + 1 + part.len()) as i64 > width && !first {
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
fn positional(arg: &Arg) -> String {
    let name = metavar(arg);
    match (arg.is_required_set(), matches!(arg.get_action(), ArgAction::Append)) {
        (true, true) => format!("{name} [{name} ...]"),
        (true, false) => name,
        (false, true) => format!("[{name} ...]"),
        (false, false) => format!("[{name}]"),
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
