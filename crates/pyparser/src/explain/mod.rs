//! The second, slow pass: why CPython refuses a source.
//!
//! The fast parser only tells whether a source is valid. What CPython says about an invalid one depends on the order in
//! which its PEG parser tries alternatives, on what it remembers, and on how far it has looked ahead. So this module
//! runs CPython's grammar itself, in a notation of its own:
//!
//! * [`grammar`]: the grammar, in text files by subject, with the `invalid_` rules
//! * [`notation`]: how these files are read
//! * [`program`]: the grammar as tables
//! * [`machine`]: the parser that runs the tables
//! * [`first`]: what is not tried, since it cannot match
//! * [`tower`]: a short cut through the grammar of expressions
//! * [`brackets`]: a short cut to the end of an atom that is known to be right
//! * [`tokens`], [`node`]: what it works on
//! * [`diagnostics`]: the messages
//! * [`scene`], [`columns`]: where errors are placed
//!
//! As in CPython (`_PyPegen_run_parser`), the source is parsed twice. The first pass has no `invalid_` rules; what it
//! finds are errors of the lexer, forced tokens and literals without a value, and how far it got is where
//! a plain "invalid syntax" stands. The second pass has them.

mod brackets;
pub(crate) mod columns;
mod diagnostics;
mod first;
mod grammar;
mod machine;
mod node;
mod notation;
mod program;
mod scene;
mod tokens;
mod tower;

use std::cell::Cell;

use pyast::{ErrorKind, SyntaxError, Warning};
use pycode::Location;

use crate::lexer::{Lexer, Token};
use crate::survey::Survey;
use crate::{Mode, ParseOptions, Source};
use machine::Machine;
use node::Nodes;
use program::{Program, RuleId};
use scene::Scene;
use tokens::{Origin, Raised, Tokens};

/// What CPython's parser says about a source: nothing, if it accepts it. Runs every rule that CPython runs, without
/// the short cuts that [`parse`](crate::parse) takes when it has an error to tell: the test of those.
///
/// The columns of the error's location are those of the exception minus 1: they count characters.
pub fn explain(source: &Source<'_>, options: &ParseOptions) -> Option<SyntaxError> {
    explain_by(Way::InFull, source, options, &Survey::default()).map(|refusal| refusal.error)
}

/// What CPython says about a source that it refuses.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) error: SyntaxError,
    /// What it warns of before.
    pub(crate) warnings: Vec<Warning>,
}

/// The same, looking no further into the statements of a survey. CPython parses them as well, but nothing comes of it.
pub(crate) fn explain_stepping_over(
    source: &Source<'_>,
    options: &ParseOptions,
    survey: &Survey,
) -> Option<Refusal> {
    explain_by(Way::LeapingOverBrackets, source, options, survey)
}

/// How to run the grammar. The result is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    /// Every rule that CPython would run.
    InFull,
    /// See [`first`] and [`tower`].
    ByShortCuts,
    /// See [`brackets`], too.
    LeapingOverBrackets,
}

fn explain_by(way: Way, source: &Source<'_>, options: &ParseOptions, survey: &Survey) -> Option<Refusal> {
    let program = Program::of_python();
    let mut lexer = Lexer::new(source.text(), options.type_comments);
    let barry_as_flufl = options.barry_as_flufl;
    if barry_as_flufl {
        lexer.enable_diamond();
    }
    let tokens = Tokens::new(lexer, options, survey);
    let scene = Scene {
        tokens,
        nodes: Nodes::default(),
        mark: 0,
        options,
        barry_as_flufl,
        invalid: false,
        last_statement: 0,
        unread_was_asked_for: Cell::new(false),
    };
    let mut machine = Machine::new(program, scene, way);
    let start = program.rule(match options.mode {
        Mode::Exec => "file",
        Mode::Eval => "eval",
        Mode::Single => "interactive",
        Mode::FuncType => "func_type",
    });
    let error = run(&mut machine, start);
    if machine.scene().unread_was_asked_for.get() {
        return explain_by(Way::ByShortCuts, source, options, survey);
    }
    let error = error?;
    Some(Refusal { error, warnings: machine.scene().tokens.take_warnings() })
}

/// `_PyPegen_run_parser`
fn run(machine: &mut Machine<'_>, start: RuleId) -> Option<SyntaxError> {
    let first = machine.run(start);
    if let Ok(Some(_)) = first {
        return after_success(machine.scene());
    }
    let scene = machine.scene();
    if scene.options.allow_incomplete_input && scene.tokens.end_was_seen() {
        return Some(*incomplete_input(scene, first.err()).error);
    }
    let raised = match first {
        Ok(_) => second_pass(machine, start),
        Err(raised) => raised_by_rule(machine.scene(), raised),
    };
    let error = *raised.error;
    let last_statement = error.kind.is_syntax_error().then(|| machine.scene().last_statement);
    Some(SyntaxError { last_statement, ..error })
}

/// Parses once more, with the `invalid_` rules.
fn second_pass(machine: &mut Machine<'_>, start: RuleId) -> Raised {
    let last_token = machine.scene().tokens.last();
    machine.reset(true);
    match machine.run(start) {
        Ok(_) => {
            let raised = plain_error(machine.scene(), last_token);
            prefer_error_of_lexer(machine.scene(), raised)
        }
        Err(raised) => raised_by_rule(machine.scene(), raised),
    }
}

/// When a rule has raised an error, the lexer is asked for a better one, unless it has come to the end (`is_tok_ok`).
fn raised_by_rule(scene: &mut Scene<'_>, raised: Raised) -> Raised {
    if scene.tokens.end_was_seen() { raised } else { prefer_error_of_lexer(scene, raised) }
}

/// `incomplete input`, on the last token. A string that does not end is a token where it begins, and all of it is in
/// the line that CPython's tokenizer is on.
fn incomplete_input(scene: &Scene<'_>, raised: Option<Raised>) -> Raised {
    let kind = ErrorKind::IncompleteInputError;
    let place = raised.filter(|raised| raised.origin == Origin::Lexer).map(|raised| raised.error.location);
    let mut incomplete = scene.on_last_token_as(kind, "incomplete input");
    if let Some(location) = place {
        incomplete.error.location = Location { end_col_offset: -2, ..location };
        let text = columns::from_line(scene.tokens.lexer().source(), location.lineno);
        incomplete.error = Box::new(incomplete.error.with_text(text));
    }
    incomplete
}

/// The end of `_PyPegen_run_parser`.
fn after_success(scene: &Scene<'_>) -> Option<SyntaxError> {
    if scene.options.mode != Mode::Single || !bad_single_statement(scene) {
        return None;
    }
    let message = "multiple statements found while compiling a single statement";
    Some(*scene.on_last_token(message).error)
}

/// Whether there is more than blanks and comments after a single statement.
fn bad_single_statement(scene: &Scene<'_>) -> bool {
    let lexer = scene.tokens.lexer();
    let mut rest = &lexer.source()[lexer.position()..];
    loop {
        rest = rest.trim_ascii_start();
        if !rest.starts_with(b"#") {
            return !rest.is_empty();
        }
        let end = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        rest = &rest[end..];
    }
}

/// What is said when no rule has more to say: at the last token of the first pass (`_Pypegen_set_syntax_error`).
fn plain_error(scene: &Scene<'_>, last_token: Option<Token>) -> Raised {
    match last_token {
        None => scene.on_last_token("error at start before reading any input"),
        Some(token) => {
            scene.wrong_indentation(token).unwrap_or_else(|| scene.on_token(token, "invalid syntax"))
        }
    }
}

/// An error of the lexer further ahead takes the place of one of the parser
/// (`_PyPegen_tokenize_full_source_to_check_for_errors`).
fn prefer_error_of_lexer(scene: &mut Scene<'_>, raised: Raised) -> Raised {
    if raised.origin != Origin::Parser {
        return raised;
    }
    let line = scene.tokens.last().map_or(0, |token| token.begin.line());
    let ahead = scene.tokens.first_error_ahead();
    let better = match ahead {
        Some(Raised { origin: Origin::LexerCode, .. }) => {
            let opened = scene.tokens.lexer().innermost_bracket().filter(|(_, at)| line > at.lineno);
            opened.and_then(|_| scene.never_closed())
        }
        other => other,
    };
    match better {
        Some(error) if !scene.tokens.lexer().in_fstring() => error,
        _ => raised,
    }
}

/// `_Pypegen_stack_overflow`
fn too_complex() -> Raised {
    let message = "Parser stack overflowed - Python source too complex to parse";
    Raised::by_parser(ErrorKind::MemoryError, message, Location::NONE)
}
