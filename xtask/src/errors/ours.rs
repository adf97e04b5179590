//! What our parser says about a call.

use pyast::{Arena, SyntaxError};
use pycode::Interner;
use pyparser::{Mode, ParseOptions, Source, decode, explain, parse_source};

use super::oracle::{Call, Raised};

/// `PyCF_TYPE_COMMENTS`
const TYPE_COMMENTS: u32 = 0x1000;
/// `PyCF_DONT_IMPLY_DEDENT`
const DONT_IMPLY_DEDENT: u32 = 0x200;
/// `PyCF_ALLOW_INCOMPLETE_INPUT`
const ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;
/// `CO_FUTURE_BARRY_AS_BDFL`
const BARRY_AS_BDFL: u32 = 0x0040_0000;

/// What both passes of our parser say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Verdict {
    /// Whether the slow pass over the whole source says what the parser says.
    pub passes_agree: bool,
    /// The error, in the terms of CPython's exception.
    pub error: Option<Raised>,
}

/// Parses the source of a call.
pub(crate) fn judge(call: &Call) -> Verdict {
    let options = options(call);
    let decoded = match std::str::from_utf8(&call.source) {
        Ok(text) if call.is_text => Source::from_text(text, &options),
        _ => decode(&call.source, &options),
    };
    let source = match decoded {
        Ok(source) => source,
        Err(error) => return Verdict { passes_agree: true, error: Some(raised(&error)) },
    };
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let parsed = parse_source(&source, &arena, &mut strings, &options).err();
    let whole = explain(&source, &options);
    let passes_agree = parsed == whole;
    Verdict { passes_agree, error: parsed.map(|error| raised(&error)) }
}

fn options(call: &Call) -> ParseOptions {
    let mode = match &*call.mode {
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        "func_type" => Mode::FuncType,
        _ => Mode::Exec,
    };
    let defaults = ParseOptions::default();
    let feature_version = u8::try_from(call.feature_version).unwrap_or(defaults.feature_version);
    ParseOptions {
        mode,
        type_comments: call.flags & TYPE_COMMENTS != 0,
        barry_as_flufl: call.flags & BARRY_AS_BDFL != 0,
        feature_version,
        allow_incomplete_input: call.flags & ALLOW_INCOMPLETE_INPUT != 0,
        dont_imply_dedent: call.flags & DONT_IMPLY_DEDENT != 0,
        ..defaults
    }
}

fn raised(error: &SyntaxError) -> Raised {
    let at = error.location;
    let kind = error.kind.name().to_owned();
    let message = error.message.clone();
    let stage = "parser".to_owned();
    if !kind.contains("Syntax")
        && !kind.contains("Incomplete")
        && !kind.contains("Indentation")
        && !kind.contains("Tab")
    {
        return Raised {
            kind,
            message,
            stage,
            lineno: None,
            offset: None,
            end_lineno: None,
            end_offset: None,
        };
    }
    let begins = (at.lineno >= 0).then_some((at.lineno, at.col_offset + 1));
    let ends = (at.end_lineno >= 0).then_some((at.end_lineno, at.end_col_offset + 1));
    Raised {
        kind,
        message,
        stage,
        lineno: begins.map(|at| at.0),
        offset: begins.map(|at| at.1),
        end_lineno: ends.map(|at| at.0),
        end_offset: ends.map(|at| at.1),
    }
}
