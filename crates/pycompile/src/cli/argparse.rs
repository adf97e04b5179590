//! Python's `argparse`, for the commands that stand in for a module of Python: what a command line means there, or what
//! is wrong with it.
//!
//! Takes the arguments that [`clap`] knows and gives the same command line in a form that has one meaning: each option
//! by its whole name, its value behind `=`, then `--` and the rest. In between is `ArgumentParser._parse_known_args`:
//! which argument is an option is decided first, for each by itself; abbreviated, glued together, or a negative number
//! that is none. The positional arguments must stand side by side.
//!
//! An abbreviation stands for an option that CPython's program does not have only if it fits none of that.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use clap::{Arg, ArgAction, Command};

use super::paths;
use super::usage::{self, BEYOND, int};

/// What a command line says.
pub(crate) enum Parsed {
    /// The same for clap.
    Arguments(Vec<OsString>),
    /// Help was asked for before anything was found wrong.
    Help,
}

/// Reads the arguments of a command.
///
/// # Errors
/// What `ArgumentParser.error` is called with.
pub(crate) fn parse(command: &Command, args: &[OsString]) -> Result<Parsed, String> {
    let parser = Parser::new(command);
    let args: Vec<&[u8]> = args.iter().map(|arg| arg.as_bytes()).collect();
    Reading::new(&parser, &args).run()
}

/// An option; that for help is no argument of clap's.
struct Opt<'c> {
    arg: Option<&'c Arg>,
    names: Vec<String>,
    takes_value: bool,
    beyond: bool,
}

impl<'c> Opt<'c> {
    fn of(arg: &'c Arg) -> Self {
        let short = arg.get_short().map(|short| format!("-{short}"));
        let long = arg.get_long().map(|long| format!("--{long}"));
        Opt {
            arg: Some(arg),
            names: short.into_iter().chain(long).collect(),
            takes_value: usage::takes_value(arg),
            beyond: arg.get_help_heading() == Some(BEYOND),
        }
    }

    fn help() -> Self {
        let names = ["-h", "--help"].map(str::to_owned).to_vec();
        Opt { arg: None, names, takes_value: false, beyond: false }
    }

    fn error(&self, text: &str) -> String {
        format!("argument {}: {text}", self.names.join("/"))
    }

    /// `_get_values`
    fn check(&self, value: &[u8]) -> Result<(), String> {
        let Some(arg) = self.arg else { return Ok(()) };
        let (shown, text) = (paths::repr(OsStr::from_bytes(value)), str::from_utf8(value).ok());
        if arg.get_value_parser().type_id() == TypeId::of::<i64>()
            && text.is_none_or(|text| int(text).is_err())
        {
            return Err(self.error(&format!("invalid int value: {shown}")));
        }
        let choices = arg.get_possible_values();
        if choices.is_empty() || choices.iter().any(|choice| Some(choice.get_name()) == text) {
            return Ok(());
        }
        let choices: Vec<String> = choices.iter().map(|choice| format!("'{}'", choice.get_name())).collect();
        Err(self.error(&format!("invalid choice: {shown} (choose from {})", choices.join(", "))))
    }
}

/// How many positional arguments there may be. There is one group of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    /// `?`
    AtMostOne,
    /// `*`
    Any,
    /// `+`
    Some,
}

struct Parser<'c> {
    options: Vec<Opt<'c>>,
    count: Count,
    /// What usage calls the positional arguments.
    metavar: String,
}

/// What an argument may mean that begins with a hyphen: an option, the name it has there, and what is glued to it.
#[derive(Clone)]
struct Meaning<'a> {
    option: Option<usize>,
    name: String,
    /// Whether there is a `=` before the value.
    separated: bool,
    value: Option<&'a [u8]>,
}

impl<'c> Parser<'c> {
    fn new(command: &'c Command) -> Self {
        let arguments = || command.get_arguments().filter(|arg| arg.get_id() != "help");
        let mut options = vec![Opt::help()];
        options.extend(arguments().filter(|arg| !arg.is_positional()).map(Opt::of));
        let positional = arguments().find(|arg| arg.is_positional());
        let count = match positional {
            Some(arg) if !matches!(arg.get_action(), ArgAction::Append) => Count::AtMostOne,
            Some(arg) if arg.is_required_set() => Count::Some,
            _ => Count::Any,
        };
        Parser { options, count, metavar: positional.map(usage::metavar).unwrap_or_default() }
    }

    fn find(&self, name: &[u8]) -> Option<usize> {
        self.options.iter().position(|option| option.names.iter().any(|known| known.as_bytes() == name))
    }

    /// `_parse_optional`: nothing for a positional argument.
    fn meanings<'a>(&self, arg: &'a [u8]) -> Option<Vec<Meaning<'a>>> {
        if !arg.starts_with(b"-") {
            return None;
        }
        let meaning = |option, name: &[u8], value: Option<&'a [u8]>| {
            let name = String::from_utf8_lossy(name).into_owned();
            Meaning { option, name, separated: value.is_some(), value }
        };
        if let Some(option) = self.find(arg) {
            return Some(vec![meaning(Some(option), arg, None)]);
        }
        if arg.len() == 1 {
            return None;
        }
        let (name, value) = partition(arg);
        if let (Some(option), Some(_)) = (self.find(name), value) {
            return Some(vec![meaning(Some(option), name, value)]);
        }
        let abbreviated = [false, true].map(|beyond| self.abbreviated(arg, beyond));
        if let Some(found) = abbreviated.into_iter().find(|found| !found.is_empty()) {
            return Some(found);
        }
        let digits = arg[1..].strip_prefix(b".").unwrap_or(&arg[1..]);
        if digits.first().is_some_and(u8::is_ascii_digit) || arg.contains(&b' ') {
            return None;
        }
        Some(vec![meaning(None, arg, None)])
    }

    /// `_get_option_tuples`: the options of one kind that an argument may abbreviate, or be glued to.
    fn abbreviated<'a>(&self, arg: &'a [u8], beyond: bool) -> Vec<Meaning<'a>> {
        let (beginning, value) = partition(arg);
        let is_long = arg[1] == b'-';
        let mut found = Vec::new();
        for (index, option) in self.options.iter().enumerate().filter(|(_, option)| option.beyond == beyond) {
            for name in &option.names {
                let (option, name) = (Some(index), name.clone());
                if !is_long && name.as_bytes() == &arg[..2] {
                    found.push(Meaning { option, name, separated: false, value: Some(&arg[2..]) });
                } else if name.as_bytes().starts_with(beginning) {
                    found.push(Meaning { option, name, separated: value.is_some(), value });
                }
            }
        }
        found
    }
}

/// What is before the first `=`, and what is behind it.
fn partition(arg: &[u8]) -> (&[u8], Option<&[u8]>) {
    match arg.iter().position(|&byte| byte == b'=') {
        Some(at) => (&arg[..at], Some(&arg[at + 1..])),
        None => (arg, None),
    }
}

/// What an argument is, before it is looked at in its place.
enum Kind<'a> {
    /// `O`
    Option(Vec<Meaning<'a>>),
    /// `A`
    Value,
    /// `--`
    End,
}

impl Kind<'_> {
    fn is_option(&self) -> bool {
        matches!(self, Kind::Option(_))
    }

    fn is_value(&self) -> bool {
        matches!(self, Kind::Value)
    }

    fn is_end(&self) -> bool {
        matches!(self, Kind::End)
    }
}

/// An option, with its value if it takes one.
type Action<'a> = (usize, Option<&'a [u8]>);

/// A command line that is being read.
struct Reading<'p, 'a> {
    parser: &'p Parser<'p>,
    args: &'p [&'a [u8]],
    kinds: Vec<Kind<'a>>,
    /// The options so far, as clap takes them.
    options: Vec<OsString>,
    positionals: Vec<OsString>,
    /// The positional arguments were there.
    has_positionals: bool,
    /// What has no meaning.
    extras: Vec<Vec<u8>>,
}

impl<'p, 'a> Reading<'p, 'a> {
    fn new(parser: &'p Parser<'p>, args: &'p [&'a [u8]]) -> Self {
        let mut kinds: Vec<Kind<'a>> = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            if *arg == b"--" {
                kinds.push(Kind::End);
                kinds.extend(args[index + 1..].iter().map(|_| Kind::Value));
                break;
            }
            kinds.push(parser.meanings(arg).map_or(Kind::Value, Kind::Option));
        }
        Reading {
            parser,
            args,
            kinds,
            options: Vec::new(),
            positionals: Vec::new(),
            has_positionals: false,
            extras: Vec::new(),
        }
    }

    /// `_parse_known_args`, and the complaint about what is left.
    fn run(mut self) -> Result<Parsed, String> {
        let options_end = self.kinds.iter().rposition(Kind::is_option).map_or(0, |last| last + 1);
        let mut at = 0;
        while at < options_end {
            let next =
                at + self.kinds[at..].iter().position(Kind::is_option).expect("an option ends the loop");
            if at != next {
                let end = self.take_positionals(at);
                if end > at {
                    at = end;
                    continue;
                }
                self.extras.extend(self.args[at..next].iter().map(|arg| arg.to_vec()));
            }
            match self.take_option(next)? {
                Some(end) => at = end,
                None => return Ok(Parsed::Help),
            }
        }
        let end = self.take_positionals(at);
        self.extras.extend(self.args[end..].iter().map(|arg| arg.to_vec()));
        if self.parser.count == Count::Some && !self.has_positionals {
            return Err(format!("the following arguments are required: {}", self.parser.metavar));
        }
        if !self.extras.is_empty() {
            let extras = OsString::from_vec(self.extras.join(&b' '));
            return Err(format!("unrecognized arguments: {}", paths::backslashed(&extras)));
        }
        self.options.push("--".into());
        self.options.append(&mut self.positionals);
        Ok(Parsed::Arguments(self.options))
    }

    /// `consume_positionals`: where they end.
    fn take_positionals(&mut self, start: usize) -> usize {
        if self.has_positionals {
            return start;
        }
        let Some(count) = self.count_positionals(start) else { return start };
        let end = start + count;
        if count == 0 && end < self.args.len() {
            return start;
        }
        let first_end = (start..end).find(|&at| self.kinds[at].is_end());
        let taken = (start..end).filter(|&at| Some(at) != first_end);
        self.positionals = taken.map(|at| OsStr::from_bytes(self.args[at]).to_owned()).collect();
        self.has_positionals = true;
        end
    }

    /// `_match_arguments_partial`, with the patterns `(-*A?-*)`, `(-*[A-]*)` and `(-*A[A-]*)`.
    fn count_positionals(&self, start: usize) -> Option<usize> {
        let rest = &self.kinds[start..];
        let ends = |from: usize| rest[from..].iter().take_while(|kind| kind.is_end()).count();
        let all = || rest.iter().take_while(|kind| !kind.is_option()).count();
        let value = ends(0);
        let has_value = rest.get(value).is_some_and(Kind::is_value);
        match self.parser.count {
            Count::AtMostOne => {
                let end = value + usize::from(has_value);
                Some(end + ends(end))
            }
            Count::Any => Some(all()),
            Count::Some => has_value.then(all),
        }
    }

    /// `consume_optional`: where the option and its value end; nothing if it is the one for help.
    fn take_option(&mut self, at: usize) -> Result<Option<usize>, String> {
        let Kind::Option(meanings) = &self.kinds[at] else { unreachable!("the loop stops at options") };
        let [meaning] = &meanings[..] else { return Err(self.ambiguous(at, meanings)) };
        let Some(option) = meaning.option else {
            self.extras.push(self.args[at].to_vec());
            return Ok(Some(at + 1));
        };
        let (actions, end) = self.unglue(at, option, meaning.clone())?;
        for (index, value) in actions {
            if !self.act(index, value)? {
                return Ok(None);
            }
        }
        Ok(Some(end))
    }

    fn ambiguous(&self, at: usize, meanings: &[Meaning<'_>]) -> String {
        let fitting: Vec<&str> = meanings.iter().map(|meaning| meaning.name.as_str()).collect();
        let arg = paths::backslashed(OsStr::from_bytes(self.args[at]));
        format!("ambiguous option: {arg} could match {}", fitting.join(", "))
    }

    /// The options that are glued together in an argument, the last one with its value, and where that ends.
    fn unglue(
        &mut self,
        at: usize,
        mut index: usize,
        meaning: Meaning<'a>,
    ) -> Result<(Vec<Action<'a>>, usize), String> {
        let Meaning { name, mut separated, mut value, .. } = meaning;
        let is_long = name.starts_with("--");
        let mut actions = Vec::new();
        while let Some(glued) = value {
            let option = &self.parser.options[index];
            if option.takes_value {
                actions.push((index, Some(glued)));
                return Ok((actions, at + 1));
            }
            if is_long || glued.is_empty() || separated || glued[0] == b'-' {
                let glued = paths::repr(OsStr::from_bytes(glued));
                return Err(option.error(&format!("ignored explicit argument {glued}")));
            }
            actions.push((index, None));
            let Some(next) = self.parser.find(&[b'-', glued[0]]) else {
                self.extras.push([b"-", glued].concat());
                return Ok((actions, at + 1));
            };
            index = next;
            let rest = &glued[1..];
            separated = rest.starts_with(b"=");
            value = (!rest.is_empty()).then(|| rest.strip_prefix(b"=").unwrap_or(rest));
        }
        let (value, end) = self.value_behind(index, at + 1)?;
        actions.push((index, value));
        Ok((actions, end))
    }

    /// The value of an option with nothing glued to it, if it takes one, and where it ends.
    fn value_behind(&self, index: usize, next: usize) -> Result<(Option<&'a [u8]>, usize), String> {
        let option = &self.parser.options[index];
        if !option.takes_value {
            return Ok((None, next));
        }
        match self.kinds.get(next) {
            Some(Kind::Value) => Ok((Some(self.args[next]), next + 1)),
            _ => Err(option.error("expected one argument")),
        }
    }

    /// `take_action`. False: it is the one for help.
    fn act(&mut self, index: usize, value: Option<&[u8]>) -> Result<bool, String> {
        let option = &self.parser.options[index];
        if option.arg.is_none_or(|arg| matches!(arg.get_action(), ArgAction::Help)) {
            return Ok(false);
        }
        let name = option.names.last().expect("an option has a name").as_bytes();
        match value {
            None => self.options.push(OsStr::from_bytes(name).to_owned()),
            Some(value) => {
                option.check(value)?;
                self.options.push(OsString::from_vec([name, b"=", value].concat()));
            }
        }
        Ok(true)
    }
}
