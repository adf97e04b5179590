//! What we say about a call.

use pyast::{Arena, SyntaxError, Warning};
use pycode::{Interner, PyStr};
use pycompile::traceback::{Report, Theme};
use pycompile::{Compiler, Error, Input, Options, compile_flags};
use pyparser::{ParseOptions, explain, parse_source};

use super::oracle::{Answer, Call, Raised, Warned};

/// What we say about a call.
pub(super) fn answer(compiler: &mut Compiler, call: &Call) -> Answer {
    let (error, warnings) = compile(compiler, call);
    Answer { error: error.map(|error| raised(&error)), warnings: warned(&warnings) }
}

/// The same, with the text of the traceback.
pub(super) fn answer_showing(compiler: &mut Compiler, call: &Call) -> Answer {
    let (error, warnings) = compile(compiler, call);
    let error = error.map(|error| Raised { shown: Some(shown(&error, call)), ..raised(&error) });
    Answer { error, warnings: warned(&warnings) }
}

/// Compiles the source of a call.
fn compile(compiler: &mut Compiler, call: &Call) -> (Option<Error>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let options = match options(call) {
        Ok(options) => options,
        Err(error) => return (Some(error.into()), warnings),
    };
    let source = input(call);
    let result = if call.flags & compile_flags::ONLY_AST != 0 {
        compiler.check(source, &options, &mut warnings)
    } else {
        let compiled = compiler.compile_reporting(source, PyStr::from("<source>"), &options, &mut warnings);
        compiled.map(|compiled| warnings = compiled.warnings)
    };
    (result.err(), warnings)
}

/// Whether the slow pass of the parser over the whole source says what the parser says.
pub(super) fn passes_agree(call: &Call) -> bool {
    let Ok(options) = options(call) else { return true };
    let version = ParseOptions::default().feature_version;
    let options = ParseOptions {
        mode: options.mode,
        type_comments: options.type_comments,
        barry_as_flufl: options.future.contains(pyfuture::BARRY_AS_FLUFL),
        feature_version: options.feature_version.unwrap_or(version),
        allow_incomplete_input: options.allow_incomplete_input,
        dont_imply_dedent: options.dont_imply_dedent,
        ..ParseOptions::default()
    };
    let Ok(source) = input(call).decode(&options) else { return true };
    let (arena, mut strings) = (Arena::new(), Interner::new());
    parse_source(&source, &arena, &mut strings, &options).err() == explain(&source, &options)
}

fn input(call: &Call) -> Input<'_> {
    if call.is_text { Input::Text(PyStr::from_wtf8(&call.source)) } else { Input::Bytes(&call.source) }
}

fn options(call: &Call) -> Result<Options, SyntaxError> {
    let options = Options::from_arguments(&call.mode, call.flags)?;
    Ok(Options { feature_version: u8::try_from(call.feature_version).ok(), ..options })
}

fn warned(warnings: &[Warning]) -> Vec<Warned> {
    let warned = |w: &Warning| (w.kind.name().to_owned(), w.message.clone(), w.location.lineno);
    warnings.iter().map(warned).collect()
}

/// What the error of a call looks like, without and with colours.
fn shown(error: &Error, call: &Call) -> [String; 2] {
    let Error::Syntax(error) = error else { return Default::default() };
    let source = input(call).decode(&ParseOptions::default()).ok();
    let source = source.and_then(|source| String::from_utf8(source.text().to_vec()).ok());
    // What is refused before it is read, as NUL bytes are, has neither a line nor a file.
    let filename = (error.location.lineno >= 0).then_some("<source>");
    let report = Report { error, filename, source: source.as_deref() };
    [Theme::PLAIN, Theme::COLORED].map(|theme| report.to_text(&theme))
}

fn raised(error: &Error) -> Raised {
    let error = match error {
        Error::Syntax(error) => error,
        bug => return Raised { kind: "bug".to_owned(), message: bug.to_string(), ..Raised::default() },
    };
    let (kind, message) = (error.kind.name().to_owned(), error.message.clone());
    if !error.kind.is_syntax_error() {
        return Raised { kind, message, ..Raised::default() };
    }
    let at = error.location;
    let begins = (at.lineno >= 0).then_some((at.lineno, at.col_offset + 1));
    let ends = (at.end_lineno >= 0).then_some((at.end_lineno, at.end_col_offset + 1));
    Raised {
        kind,
        message,
        lineno: begins.map(|at| at.0),
        offset: begins.map(|at| at.1),
        end_lineno: ends.map(|at| at.0),
        end_offset: ends.map(|at| at.1),
        text: error.text.as_deref().map(str::to_owned),
        shown: None,
    }
}
