//! What our parser says about a call.

use pyast::{Arena, SyntaxError};
use pycode::Interner;
use pyparser::{Mode, ParseOptions, decode, explain, parse_source};

use super::oracle::{Call, Raised};

/// `PyCF_TYPE_COMMENTS`
const TYPE_COMMENTS: u32 = 0x1000;
/// `PyCF_ALLOW_INCOMPLETE_INPUT`
const ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;
/// `CO_FUTURE_BARRY_AS_BDFL`
const BARRY_AS_BDFL: u32 = 0x0040_0000;

/// What both passes of our parser say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Verdict {
    /// Whether the fast pass accepts the source.
    pub fast_accepts: bool,
    /// The error of the slow pass, in the terms of CPython's exception.
    pub error: Option<Raised>,
}

/// Parses the source of a call.
pub(crate) fn judge(call: &Call) -> Verdict {
    let options = options(call);
    let source = match decode(&call.source, &options) {
        Ok(source) => source,
        Err(error) => return Verdict { fast_accepts: false, error: Some(raised(&error)) },
    };
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let fast_accepts = parse_source(&source, &arena, &mut strings, &options).is_ok();
    Verdict { fast_accepts, error: explain(&source, &options).map(|error| raised(&error)) }
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
    let _ = ALLOW_INCOMPLETE_INPUT;
    ParseOptions {
        mode,
        type_comments: call.flags & TYPE_COMMENTS != 0,
        barry_as_flufl: call.flags & BARRY_AS_BDFL != 0,
        feature_version,
        ..defaults
    }
}

fn raised(error: &SyntaxError) -> Raised {
    let at = error.location;
    let kind = error.kind.name().to_owned();
    let message = error.message.clone();
    let stage = "parser".to_owned();
    if !kind.contains("Syntax") && !kind.contains("Indentation") && !kind.contains("Tab") {
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
    Raised {
        kind,
        message,
        stage,
        lineno: Some(at.lineno),
        offset: Some(at.col_offset + 1),
        end_lineno: Some(at.end_lineno),
        end_offset: Some(at.end_col_offset + 1),
    }
}
