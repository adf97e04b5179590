//! `ast`: the syntax tree of a file, as `python -m ast` prints it.

use std::ffi::{OsStr, OsString};
use std::io;

use pyast::{Arena, DumpOptions, PreprocessOptions, SyntaxError, Warning, dump};
use pycode::Interner;
use pycompile::{Depth, at_any_depth};
use pyfuture::FutureFeatures;
use pyparser::{Mode, ParseOptions};

use super::interpreter::Interpreter;
use super::message::Subject;
use super::stage::{read, refuse, warn};
use super::usage::int;
use super::{Streams, Usage};

/// The options of `python -m ast`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What kind of code is parsed
    #[arg(short = 'm', long, value_enum, default_value = "exec")]
    mode: Kind,
    /// Don't add information about type comments
    #[arg(long)]
    no_type_comments: bool,
    /// Include attributes such as line numbers and column offsets
    #[arg(short = 'a', long)]
    include_attributes: bool,
    /// Indentation of nodes (number of spaces)
    #[arg(short = 'i', long, default_value_t = 3, allow_negative_numbers = true, value_parser = int)]
    indent: i64,
    /// Python version in the format 3.x (for example, 3.10)
    #[arg(long, value_name = "VERSION")]
    feature_version: Option<OsString>,
    /// Optimization level; from 1 on the tree is the one that the compiler goes on with
    #[arg(short = 'O', long, value_name = "LEVEL", default_value_t = -1, allow_negative_numbers = true,
          value_parser = int)]
    optimize: i64,
    /// Show empty lists and fields
    #[arg(long)]
    show_empty: bool,
    /// The file; standard input when it is missing or `-`
    #[arg(value_name = "infile")]
    infile: Option<OsString>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
enum Kind {
    Exec,
    Single,
    Eval,
    FuncType,
}

impl From<Kind> for Mode {
    fn from(mode: Kind) -> Mode {
        match mode {
            Kind::Exec => Mode::Exec,
            Kind::Single => Mode::Single,
            Kind::Eval => Mode::Eval,
            Kind::FuncType => Mode::FuncType,
        }
    }
}

pub(crate) fn run(args: &Args, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Some((source, name)) = read(args.infile.as_deref(), streams)? else { return Ok(1) };
    let subject = Subject::new(&source, &name);
    let feature_version = match feature_version(args.feature_version.as_deref()) {
        Ok(version) => version,
        Err(NoVersion::Format) => {
            let text = "Invalid format for --feature-version; expected format 3.x (for example, 3.10)";
            return streams.usage_error(Usage::Ast, text);
        }
        Err(NoVersion::Exception(text)) => {
            writeln!(streams.err, "{text}")?;
            return Ok(1);
        }
    };
    let Some(preprocessing) = preprocessing(args.optimize, interpreter) else {
        writeln!(streams.err, "ValueError: compile(): invalid optimize value")?;
        return Ok(1);
    };
    let mut warnings = Vec::new();
    let text = at_any_depth(|depth| {
        warnings.clear();
        tree(args, feature_version, preprocessing, depth, subject, &mut warnings)
    });
    if let Some(status) = warn(&warnings, subject, interpreter, streams)? {
        return Ok(status);
    }
    match text {
        Ok(text) => {
            streams.out.write_all(text.as_bytes())?;
            Ok(0)
        }
        Err(error) => refuse(&error.into(), subject, streams),
    }
}

/// What becomes of the tree at a level; nothing if there is no such level.
///
/// `ast.parse` asks for the optimized tree where a level above zero is given. Docstrings go all the same at `-OO`.
fn preprocessing(level: i64, interpreter: &Interpreter) -> Option<PreprocessOptions> {
    let (optimize, syntax_check_only) = match level {
        -1 => (interpreter.optimize, true),
        0 => (0, true),
        1 => (1, false),
        2 => (2, false),
        _ => return None,
    };
    Some(PreprocessOptions { optimize, syntax_check_only, ..PreprocessOptions::default() })
}

/// The text that is shown.
fn tree(
    args: &Args,
    feature_version: u8,
    preprocessing: PreprocessOptions,
    depth: Depth,
    subject: Subject<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<String, SyntaxError> {
    let options = ParseOptions {
        mode: args.mode.into(),
        type_comments: !args.no_type_comments,
        feature_version,
        recursion_limit: depth.parser_limit(),
        ..ParseOptions::default()
    };
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let source = pyparser::decode(subject.source, &options)?;
    let parsed = pyparser::parse_reporting(&source, &arena, &mut strings, &options, warnings)?;
    warnings.extend(parsed.warnings);
    let future = FutureFeatures::from_ast(parsed.module, &strings)?;
    let preprocessing = PreprocessOptions {
        future_annotations: future.annotations(),
        recursion_limit: depth.limit(),
        ..preprocessing
    };
    // Who asks for a tree is not warned of what is found on the way.
    let module = pyast::preprocess(parsed.module, &arena, &mut strings, &preprocessing, &mut Vec::new())?;
    // A negative indent is none, and newlines all the same.
    let indent = " ".repeat(usize::try_from(args.indent).unwrap_or(0));
    let options = DumpOptions {
        include_attributes: args.include_attributes,
        indent: Some(&indent),
        show_empty: args.show_empty,
        ..DumpOptions::default()
    };
    Ok(dump(module, &strings, &options) + "\n")
}

/// Why a `--feature-version` is none.
enum NoVersion {
    Format,
    Exception(String),
}

/// The minor version: what is newer than the newest is the newest, what is older than the oldest, 3.4 to
/// `ast.parse`, too.
fn feature_version(text: Option<&OsStr>) -> Result<u8, NoVersion> {
    let newest = ParseOptions::default().feature_version;
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(newest) };
    let text = text.to_str().ok_or(NoVersion::Format)?;
    let (major, minor) = text.split_once('.').ok_or(NoVersion::Format)?;
    let major = int(major).map_err(|_| NoVersion::Format)?;
    let minor = int(minor).map_err(|_| NoVersion::Format)?;
    if major != 3 {
        return Err(NoVersion::Exception(format!("ValueError: Unsupported major version: {major}")));
    }
    Ok(u8::try_from(minor).unwrap_or(if minor < 0 { newest } else { u8::MAX }))
}
