//! `dis`, `ast`, `symtable`, `tokenize`: what a source looks like after a stage, as Python's modules print it.

use std::ffi::{OsStr, OsString};
use std::io;

use pyast::{Arena, DumpOptions, PreprocessOptions, SyntaxError, Warning, dump};
use pycode::{Interner, PyStr};
use pycompile::traceback::Theme;
use pycompile::{Compiler, Depth, Error, Input, Options, at_any_depth};
use pydis::{DisOptions, disassemble_to_string};
use pyfuture::FutureFeatures;
use pyparser::{Mode, ParseOptions, tokenize};
use pysymtable::{SymbolTable, SymbolTableOptions};

use super::interpreter::Interpreter;
use super::message::{self, Subject};
use super::usage::int;
use super::warnings::{self, Checked, Judged};
use super::{Streams, Usage, os_error, paths, source};

/// The options of `python -m dis`.
#[derive(clap::Args)]
pub(crate) struct DisArgs {
    /// Show inline caches
    #[arg(short = 'C', long)]
    show_caches: bool,
    /// Show instruction offsets
    #[arg(short = 'O', long)]
    show_offsets: bool,
    /// Show instruction positions
    #[arg(short = 'P', long)]
    show_positions: bool,
    /// Show specialized bytecode
    #[arg(short = 'S', long)]
    specialized: bool,
    /// The file; standard input when it is missing or `-`
    #[arg(value_name = "infile")]
    infile: Option<OsString>,
}

/// The options of `python -m ast`.
#[derive(clap::Args)]
pub(crate) struct AstArgs {
    /// What kind of code is parsed
    #[arg(short = 'm', long, value_enum, default_value = "exec")]
    mode: AstMode,
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
enum AstMode {
    Exec,
    Single,
    Eval,
    FuncType,
}

/// The options of `python -m symtable`.
#[derive(clap::Args)]
pub(crate) struct SymtableArgs {
    /// The files; standard input for `-` or when there is none
    files: Vec<OsString>,
}

/// The options of `python -m tokenize`.
#[derive(clap::Args)]
pub(crate) struct TokenizeArgs {
    /// The file; standard input when it is missing
    #[arg(value_name = "filename.py")]
    filename: Option<OsString>,
    /// Display token names using the exact type
    #[arg(short, long)]
    exact: bool,
}

pub(crate) fn dis(args: &DisArgs, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Some((source, name)) = read(args.infile.as_deref(), streams)? else { return Ok(1) };
    let decoded = paths::decode(&name);
    let subject = Subject::new(&source, &name);
    let options = Options { optimize: interpreter.optimize, ..Options::default() };
    let (input, name) = (Input::Bytes(&source), PyStr::from_wtf8(&decoded));
    let mut reported = Vec::new();
    let compiled = Compiler::new().compile_reporting(input, name, &options, &mut reported);
    let Checked { compiled, shown } =
        warnings::check(compiled, reported, subject.name, &interpreter.warnings);
    streams.err.write_all(message::warnings(&shown, subject).as_bytes())?;
    let compiled = match compiled {
        Ok(compiled) => compiled,
        Err(error) => return refuse(&error, subject, streams),
    };
    let options = DisOptions {
        show_caches: args.show_caches,
        show_offsets: args.show_offsets,
        show_positions: args.show_positions,
        adaptive: args.specialized,
        depth: None,
    };
    let text = disassemble_to_string(&compiled.pool, compiled.root, &options).map_err(io::Error::other)?;
    streams.out.write_all(text.as_bytes())?;
    Ok(0)
}

pub(crate) fn ast(args: &AstArgs, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
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
    // `ast.parse` asks for the optimized tree where a level above zero is given. Docstrings go all the same at `-OO`.
    let (optimize, syntax_check_only) = match args.optimize {
        -1 => (interpreter.optimize, true),
        0 => (0, true),
        level @ (1 | 2) => (level as u8, false),
        _ => {
            writeln!(streams.err, "ValueError: compile(): invalid optimize value")?;
            return Ok(1);
        }
    };
    let preprocessing = PreprocessOptions { optimize, syntax_check_only, ..PreprocessOptions::default() };
    let mut warnings = Vec::new();
    let text = at_any_depth(|depth| {
        warnings.clear();
        let options = ParseOptions {
            mode: args.mode.into(),
            type_comments: !args.no_type_comments,
            feature_version,
            recursion_limit: depth.parser_limit(),
            ..ParseOptions::default()
        };
        let preprocessing = PreprocessOptions { recursion_limit: depth.limit(), ..preprocessing };
        tree(args, preprocessing, &options, subject, &mut warnings)
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

fn tree(
    args: &AstArgs,
    preprocessing: PreprocessOptions,
    options: &ParseOptions,
    subject: Subject<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<String, SyntaxError> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let source = pyparser::decode(subject.source, options)?;
    let parsed = pyparser::parse_reporting(&source, &arena, &mut strings, options, warnings)?;
    warnings.extend(parsed.warnings);
    let future = FutureFeatures::from_ast(parsed.module, &strings)?;
    let preprocessing = PreprocessOptions { future_annotations: future.annotations(), ..preprocessing };
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

pub(crate) fn symtable(
    args: &SymtableArgs,
    interpreter: &Interpreter,
    streams: &mut Streams<'_>,
) -> io::Result<u8> {
    let files = if args.files.is_empty() { vec![OsString::from("-")] } else { args.files.clone() };
    for file in &files {
        let Some((source, name)) = read(Some(file), streams)? else { return Ok(1) };
        let subject = Subject::new(&source, &name);
        let mut warnings = Vec::new();
        let text = at_any_depth(|depth| {
            warnings.clear();
            scopes(depth, subject, &mut warnings)
        });
        if let Some(status) = warn(&warnings, subject, interpreter, streams)? {
            return Ok(status);
        }
        match text {
            Ok(text) => streams.out.write_all(text.as_bytes())?,
            Err(error) => return refuse(&error.into(), subject, streams),
        }
    }
    Ok(0)
}

fn scopes(depth: Depth, subject: Subject<'_>, warnings: &mut Vec<Warning>) -> Result<String, SyntaxError> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let options = ParseOptions { recursion_limit: depth.parser_limit(), ..ParseOptions::default() };
    let source = pyparser::decode(subject.source, &options)?;
    let parsed = pyparser::parse_reporting(&source, &arena, &mut strings, &options, warnings)?;
    warnings.extend(parsed.warnings);
    let future = FutureFeatures::from_ast(parsed.module, &strings)?;
    let options = SymbolTableOptions { recursion: depth.limit(), ..SymbolTableOptions::default() };
    let table = SymbolTable::build(parsed.module, &future, &mut strings, options)?;
    let name = paths::decode(subject.name);
    Ok(pysymtable::inspect::listing(&table, &strings, PyStr::from_wtf8(&name)))
}

pub(crate) fn tokenize(
    args: &TokenizeArgs,
    interpreter: &Interpreter,
    streams: &mut Streams<'_>,
) -> io::Result<u8> {
    let listing = match args.filename.as_deref().filter(|name| !name.is_empty()) {
        None => {
            let (source, _) = source::read_or_stdin(OsStr::new("-"))?;
            tokenize::listing_of_text(&String::from_utf8_lossy(&source), args.exact)
        }
        Some(name) => match std::fs::read(name) {
            Ok(source) => tokenize::listing(&source, &paths::backslashed(name), args.exact),
            Err(error) => {
                writeln!(streams.err, "error: {}", os_error::text_with_path(&error, name))?;
                return Ok(1);
            }
        },
    };
    if interpreter.warnings.show_syntax_warnings() {
        streams.err.write_all(listing.warnings.as_bytes())?;
    }
    streams.out.write_all(listing.text.as_bytes())?;
    let Some(error) = listing.error else { return Ok(0) };
    writeln!(streams.err, "{error}")?;
    Ok(1)
}

/// What is to be shown, with the name that the code gets; nothing after an error, which is told.
pub(super) fn read(
    file: Option<&OsStr>,
    streams: &mut Streams<'_>,
) -> io::Result<Option<(Vec<u8>, OsString)>> {
    let file = file.unwrap_or(OsStr::new("-"));
    match source::read_or_stdin(file) {
        Ok(read) => Ok(Some(read)),
        Err(error) => {
            let text = os_error::text_with_path(&error, file);
            writeln!(streams.err, "{}: {text}", os_error::class(&error))?;
            Ok(None)
        }
    }
}

/// An error of compilation as the end of a program: a traceback without the frames of an interpreter.
pub(super) fn refuse(error: &Error, subject: Subject<'_>, streams: &mut Streams<'_>) -> io::Result<u8> {
    let theme = if streams.err_color { Theme::COLORED } else { Theme::PLAIN };
    streams.err.write_all(message::traceback(error, subject, &theme).as_bytes())?;
    Ok(1)
}

/// Shows warnings; gives the status of a program that ends because one of them is an error.
fn warn(
    warnings: &[Warning],
    subject: Subject<'_>,
    interpreter: &Interpreter,
    streams: &mut Streams<'_>,
) -> io::Result<Option<u8>> {
    let Judged { shown, error } = interpreter.warnings.judge(warnings, subject.name);
    streams.err.write_all(message::warnings(&shown, subject).as_bytes())?;
    let Some(error) = error else { return Ok(None) };
    refuse(&error.into(), subject, streams).map(Some)
}

impl From<AstMode> for Mode {
    fn from(mode: AstMode) -> Mode {
        match mode {
            AstMode::Exec => Mode::Exec,
            AstMode::Single => Mode::Single,
            AstMode::Eval => Mode::Eval,
            AstMode::FuncType => Mode::FuncType,
        }
    }
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
