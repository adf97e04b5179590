//! Which statements of a refused source need no second look.
//!
//! CPython parses a source that is wrong from its beginning to the error, twice, the second time with the `invalid_`
//! rules. In a statement that is right they find nothing, so `explain` may step over it. This module finds out where
//! such statements begin and end, by another run of the fast parser that takes notes; and, for the statement that is
//! at fault, what in it stands in brackets and is right ([`brackets`]).
//!
//! There are statements that are right and in which the second pass finds fault all the same, since it tries
//! expressions and statements where none are meant. They are not noted, nor is what contains them:
//!
//! * `print -1` and the like: a statement of Python 2 (`invalid_legacy_expression`).
//! * `match(x)`, which is no `match` statement: a colon is missing (`invalid_match_stmt`), or its arguments are no
//!   subject.
//! * `type X[T = A] = B`: an assignment in a subscript (see [`Parser::note_valid_but_suspect`]).
//! * What may exceed the depth of CPython's parser in its second pass: deep brackets; long chains of prefix
//!   operators; a list such as `[a - b, c - d]`, of which everything from `- b` on is tried as the argument of a
//!   legacy statement called `a`, and so on within that.
//! * A statement after which comes a word that continues one (`elif`, `else`, `except`, `finally`): the last part of
//!   the statement is at fault.
//! * `from __future__ import barry_as_FLUFL`, which changes what comes after it.

mod brackets;

use pyast::{Arena, Warning};
use pycode::Interner;
use pytoken::TokenKind as T;

use crate::lexer::{Lexer, LineStart, Token};
use crate::parser::{Parse, Parser};
use crate::{Mode, NEWEST_FEATURE, ParseOptions, Source};
pub(crate) use brackets::{Bracket, Form, LookAtBracket};

/// How deep our rules may nest in a statement that is stepped over. CPython has up to 40 functions on its stack for
/// one of ours, and 6000 at most.
const MAX_DEPTH: u32 = 60;
/// How long a chain of prefix operators or `elif`s may be: two functions for each.
const MAX_CHAIN: u32 = 500;
/// How many elements of a list may look like legacy statements: six functions for each.
const MAX_LEGACY: u32 = 100;
/// How many functions of CPython's parser may be open when a statement is stepped over: with what the limits above
/// allow for, there are fewer than 6000.
pub(crate) const MAX_OPEN_RULES: usize = 1800;

/// Where the parse goes on after a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// On a new line.
    Line(LineStart),
    /// At a semicolon on the line on which the statement begins, at that byte.
    Semicolon(usize),
}

/// A statement that can be stepped over.
#[derive(Clone, Debug)]
pub(crate) struct Extent {
    /// Where its first token begins, in bytes.
    start: u32,
    pub(crate) end: End,
    /// What CPython warns of in it, in [`Survey::warnings`].
    warnings: (u32, u32),
    /// The line of the last compound statement so far, 0 if there is none.
    pub(crate) last_statement: i32,
}

/// The statements that can be stepped over, in the order of the source. They do not overlap. And the brackets that
/// can be leapt over in the others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Survey {
    extents: Vec<Extent>,
    brackets: Vec<Bracket>,
    warnings: Vec<Warning>,
}

impl Survey {
    /// Looks for them.
    pub(crate) fn of(source: &Source<'_>, options: &ParseOptions) -> Survey {
        // `invalid_def_raw` trips over valid type comments. Older versions refuse what is right now.
        if options.mode != Mode::Exec || options.feature_version < NEWEST_FEATURE || options.type_comments {
            return Survey::default();
        }
        let (arena, mut strings) = (Arena::new(), Interner::new());
        let mut parser = Parser::new(source.text(), &arena, &mut strings, options);
        parser.survey = Some(Box::default());
        // Whether it succeeds is known: it fails where it failed before.
        let _ = parser.file();
        let Notes { extents, brackets, .. } = *parser.survey.take().unwrap_or_default();
        Survey { extents, brackets, warnings: parser.lexer.take_warnings() }
    }

    /// The statement that begins at that byte, if it can be stepped over, as a line or up to a semicolon.
    pub(crate) fn statement(&self, start: u32, whole_lines: bool) -> Option<&Extent> {
        let at = self.extents.binary_search_by_key(&start, |extent| extent.start).ok()?;
        let extent = &self.extents[at];
        (matches!(extent.end, End::Line(_)) == whole_lines).then_some(extent)
    }

    /// What CPython warns of in a statement.
    pub(crate) fn warnings(&self, extent: &Extent) -> &[Warning] {
        &self.warnings[extent.warnings.0 as usize..extent.warnings.1 as usize]
    }
}

/// What a surveying parser remembers.
#[derive(Debug)]
pub(crate) struct Notes {
    extents: Vec<Extent>,
    /// The brackets so far, by where they begin; of those in `extents` none.
    brackets: Vec<Bracket>,
    /// The logical line at hand.
    line: LineStart,
    /// How many warnings there were before the token at hand was looked for, if that was after the end of a line.
    warnings: usize,
    /// How many reasons not to step over a statement there were so far.
    suspects: u32,
    /// The line of the last compound statement so far.
    last_statement: i32,
}

impl Notes {
    /// A compound statement on that line is complete.
    pub(crate) fn note_compound_statement(&mut self, lineno: i32) {
        self.last_statement = self.last_statement.max(lineno);
    }

    /// The statement at hand may not be stepped over.
    pub(crate) fn note_suspect(&mut self) {
        self.suspects += 1;
    }
}

impl Default for Notes {
    fn default() -> Self {
        let line = LineStart { position: 0, lineno: 1 };
        Notes { extents: Vec::new(), brackets: Vec::new(), line, warnings: 0, suspects: 0, last_statement: 0 }
    }
}

/// What was known when a statement began.
struct Opened {
    token: Token,
    extents: usize,
    warnings: usize,
    suspects: u32,
    barry_as_flufl: bool,
    /// The depth and the length of a chain that were reached before.
    extremes: (u32, u32),
}

impl Parser<'_, '_, '_> {
    /// Parses a statement and notes whether it can be stepped over.
    #[cold]
    pub(crate) fn surveyed<T>(&mut self, rule: fn(&mut Self) -> Parse<T>) -> Parse<T> {
        let opened = self.open();
        let value = rule(self)?;
        self.close(&opened);
        Ok(value)
    }

    fn open(&mut self) -> Opened {
        let notes = self.notes();
        let (extents, suspects) = (notes.extents.len(), notes.suspects);
        Opened {
            token: self.token(),
            extents,
            warnings: self.lexer.warnings_so_far(),
            suspects,
            barry_as_flufl: self.barry_as_flufl,
            extremes: self.measure_from(self.depth(), 0),
        }
    }

    fn close(&mut self, opened: &Opened) {
        let (before, chain_before) = opened.extremes;
        let (deepest, chain) = self.measure_from(before, chain_before);
        self.measure_from(before.max(deepest), chain_before.max(chain));
        let depth = deepest - self.depth();
        let Some((end, warnings)) = self.end_of_statement(&opened.token) else { return };
        let is_safe = depth <= MAX_DEPTH
            && chain <= MAX_CHAIN
            && opened.barry_as_flufl == self.barry_as_flufl
            && !matches!(self.kind(), T::Elif | T::Else | T::Except | T::Finally);
        let notes = self.notes();
        if is_safe && opened.suspects == notes.suspects {
            notes.extents.truncate(opened.extents);
            notes.forget_brackets_from(opened.token.start);
            let warnings = (opened.warnings as u32, warnings as u32);
            let last_statement = notes.last_statement;
            notes.extents.push(Extent { start: opened.token.start, end, warnings, last_statement });
        }
    }

    /// Where a statement has ended, and how many warnings there were then. Nothing, if it is the last one on its
    /// line, or if nobody asks for it.
    fn end_of_statement(&mut self, first: &Token) -> Option<(End, usize)> {
        let (line, warnings) = (self.notes().line, self.notes().warnings);
        if line.position > first.start as usize {
            return Some((End::Line(line), warnings));
        }
        let is_part_of_line = self.at(T::Semi) && self.start().line() == first.begin.line();
        if !is_part_of_line || self.has_suspects(LineStart { position: first.start as usize, lineno: 1 }) {
            return None;
        }
        Some((End::Semicolon(self.token().start as usize), self.lexer.warnings_so_far()))
    }

    /// Looks at the logical line that ends with the token at hand.
    #[cold]
    pub(crate) fn survey_layout(&mut self) {
        if self.at(T::Newline) {
            let line = self.notes().line;
            let suspects = u32::from(self.has_suspects(line));
            let line = self.lexer.next_line_start();
            let notes = self.notes();
            notes.suspects += suspects;
            notes.line = line;
        }
        let warnings = self.lexer.warnings_so_far();
        self.notes().warnings = warnings;
    }

    fn notes(&mut self) -> &mut Notes {
        self.survey.as_mut().expect("a survey is under way")
    }

    /// Whether something before the token at hand, from a place on, is right and may not be stepped over.
    fn has_suspects(&self, from: LineStart) -> bool {
        let end = self.token().start;
        let mut lexer = Lexer::starting_at(self.lexer.source(), from, false);
        if self.barry_as_flufl {
            lexer.enable_diamond();
        }
        let mut look = Look::default();
        loop {
            let token = lexer.next_token();
            if token.start >= end || matches!(token.kind, T::Endmarker | T::Errortoken) {
                return look.is_suspect();
            }
            look.at(token.kind, self.text(token));
        }
    }
}

/// A look at the tokens of a logical line.
#[derive(Default)]
struct Look {
    /// How many tokens that are no indentation.
    count: u32,
    last: Option<T>,
    /// The last token is `print` or `exec`.
    after_legacy_name: bool,
    /// There is a legacy statement.
    legacy: bool,
    /// How many elements of lists begin like one, but for how the name is spelt.
    names: u32,
    /// An element has begun since.
    is_new_element: bool,
    /// The line begins with the name `match`; it is used as a name.
    begins_with_match: bool,
    match_is_name: bool,
}

impl Look {
    fn at(&mut self, kind: T, text: &[u8]) {
        if matches!(kind, T::Indent | T::Dedent) {
            return;
        }
        if self.last == Some(T::Name) && begins_argument(kind) {
            self.names += u32::from(self.is_new_element);
            self.is_new_element = false;
            self.legacy |= self.after_legacy_name;
        }
        self.is_new_element |= matches!(kind, T::Comma | T::Lpar | T::Lsqb | T::Lbrace);
        match self.count {
            0 => self.begins_with_match = text == b"match",
            1 => self.match_is_name = matches!(kind, T::Dot | T::Equal),
            _ => {}
        }
        self.after_legacy_name = matches!(text, b"print" | b"exec");
        self.last = Some(kind);
        self.count += 1;
    }

    fn is_suspect(&self) -> bool {
        let is_match_stmt = self.last == Some(T::Colon);
        let is_call_of_match =
            self.begins_with_match && self.count > 1 && !self.match_is_name && !is_match_stmt;
        self.legacy || self.names > MAX_LEGACY || is_call_of_match
    }
}

/// Whether a token can follow a name in a valid program, and can also begin a `star_expressions`. (After a bracket
/// there is no legacy statement.)
fn begins_argument(kind: T) -> bool {
    matches!(kind, T::Plus | T::Minus | T::Star | T::Lsqb | T::Not | T::Tilde)
}
