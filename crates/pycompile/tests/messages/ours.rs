//! Our answer to a call.

use pyast::{Arena, LoadErrorKind, RecursionLimit, SyntaxError, Warning};
use pycode::{CodeFlags, Interner, PyStr};
use pycompile::{Compiler, Error, Input, Options, compile_ast};
use pyparser::Mode;

use crate::answer::{Raised, render};
use crate::call::Call;

/// Warnings and the error.
type Answer = (Vec<Warning>, Option<Raised>);

/// The answer in words.
pub(crate) fn answer(call: &Call) -> String {
    let (warnings, error) = if call.mode == "tree" { of_tree(call) } else { of_source(call) };
    match warnings.first().filter(|_| call.warnings_are_errors) {
        Some(warning) => in_words(&[], Some(raised(warning.clone().into_error().into()))),
        None => in_words(&warnings, error),
    }
}

fn of_source(call: &Call) -> Answer {
    let (options, mut warnings) = (options(call), Vec::new());
    let input =
        if call.is_text { Input::Text(PyStr::from_wtf8(&call.source)) } else { Input::Bytes(&call.source) };
    let mut compiler = Compiler::new();
    let result = if call.only_ast {
        compiler.check(input, &options, &mut warnings)
    } else {
        let compiled = compiler.compile_reporting(input, PyStr::from("<source>"), &options, &mut warnings);
        compiled.map(|compiled| warnings = compiled.warnings)
    };
    (warnings, result.err().map(raised))
}

fn of_tree(call: &Call) -> Answer {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let text = std::str::from_utf8(&call.source).expect("trees are text");
    let module = match pyast::load_mod(text, &arena, &mut strings) {
        Ok(module) => module,
        Err(error) => return (Vec::new(), Some(not_loaded(&error.kind))),
    };
    if let Err(error) = pyast::validate(module, &strings, RecursionLimit::DEFAULT) {
        return (Vec::new(), Some(raised(error.into())));
    }
    match compile_ast(module, strings, "<source>", &options(call)) {
        Ok(compiled) => (compiled.warnings, None),
        Err(error) => (Vec::new(), Some(raised(error))),
    }
}

/// CPython's exception for a tree that cannot be made.
fn not_loaded(kind: &LoadErrorKind) -> Raised {
    let exception = match kind {
        LoadErrorKind::MissingField { .. } => "TypeError",
        LoadErrorKind::NoneForField { .. } => "ValueError",
        _ => "LoadError",
    };
    Raised { kind: exception, message: kind.to_string(), ..Raised::default() }
}

fn in_words(warnings: &[Warning], error: Option<Raised>) -> String {
    let warnings: Vec<(&str, i32, &str)> =
        warnings.iter().map(|w| (w.kind.name(), w.location.lineno, w.message.as_str())).collect();
    render(&warnings, error)
}

fn options(call: &Call) -> Options {
    Options {
        mode: Mode::from_name(&call.mode).unwrap_or_default(),
        future: if call.flufl { pyfuture::BARRY_AS_FLUFL } else { CodeFlags::default() },
        allow_top_level_await: call.top_level_await,
        type_comments: call.type_comments,
        allow_incomplete_input: call.incomplete,
        dont_imply_dedent: call.dont_imply_dedent,
        feature_version: call.feature_version,
        ..Options::default()
    }
}

fn raised(error: Error) -> Raised {
    let SyntaxError { kind, message, location: at, text, .. } = match error {
        Error::Syntax(error) => error,
        bug => return Raised { kind: "bug", message: bug.to_string(), ..Raised::default() },
    };
    if !kind.is_syntax_error() {
        return Raised { kind: kind.name(), message, ..Raised::default() };
    }
    let (begins, ends) = (at.lineno >= 0, at.end_lineno >= 0);
    let place = [
        begins.then_some(at.lineno),
        begins.then_some(at.col_offset + 1),
        ends.then_some(at.end_lineno),
        ends.then_some(at.end_col_offset + 1),
    ];
    Raised { kind: kind.name(), message, place: Some(place), text: text.map(String::from) }
}
