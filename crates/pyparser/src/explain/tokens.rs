//! The tokens that a parse has asked for so far.
//!
//! CPython asks its lexer for a token when a rule looks at it for the first time, never before. How far it got
//! decides where a plain "invalid syntax" stands, and which errors of the lexer are seen at all. So tokens are fetched
//! here as lazily.

use pyast::{ErrorKind, SyntaxError, Warning, WarningKind};
use pycode::Location;
use pytoken::{SOFT_KEYWORDS, TokenKind};

use super::columns;
use super::node::Value;
use super::program::RuleId;
use crate::lexer::{Cursor, ErrorStatus, Lexer, Position, Token, TokenFlags};
use crate::literal::InvalidEscape;
use crate::survey::{Bracket, End as EndOfStatement, Extent, Form, LookAtBracket, Survey};
use crate::{Mode, ParseOptions};

/// Why a parse stops at once.
#[derive(Clone, Debug)]
pub(super) struct Raised {
    /// Who found it.
    pub(super) origin: Origin,
    pub(super) error: Box<SyntaxError>,
}

/// Who raised an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// A rule, or a condition on a match.
    Parser,
    /// The parser, with an error that none of the lexer takes the place of.
    Final,
    /// The lexer, by raising an exception.
    Lexer,
    /// The lexer, by a code that the parser turns into an exception.
    LexerCode,
}

impl Raised {
    /// An error of the parser.
    pub(super) fn by_parser(kind: ErrorKind, message: impl Into<String>, location: Location) -> Raised {
        let error = Box::new(SyntaxError::of_kind(kind, message, location));
        let is_syntax_error = matches!(kind, ErrorKind::SyntaxError | ErrorKind::IndentationError);
        Raised { origin: if is_syntax_error { Origin::Parser } else { Origin::Final }, error }
    }
}

/// What was found at a token before: the result of a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memo {
    rule: RuleId,
    /// The entry before it, plus one; 0 for none.
    next: u32,
    /// Where the parse goes on.
    pub(super) end: u32,
    pub(super) answer: Option<Value>,
}

/// A token with what the parser knows of it. There may be millions, so that no byte is wasted.
#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: TokenKind,
    flags: TokenFlags,
    start: u32,
    end: u32,
    begin: Position,
    finish: Position,
    /// How many brackets are open after it.
    level: u32,
    /// Its last memo, plus one; 0 for none.
    memo: u32,
    /// The next token is not the next one of the source, but that after a statement.
    steps_over: bool,
    /// The closing bracket of the atom that begins here, [`UNKNOWN`] as long as nobody has asked, or [`UNSAFE`].
    closing: u32,
}

impl Entry {
    fn new(token: Token, level: u32) -> Entry {
        let Token { kind, flags, start, end, begin, finish, .. } = token;
        Entry { kind, flags, start, end, begin, finish, level, memo: 0, steps_over: false, closing: UNKNOWN }
    }

    fn token(&self) -> Token {
        let Entry { kind, flags, start, end, begin, finish, .. } = *self;
        Token { kind, flags, start, end, begin, finish, ..Token::NOTHING }
    }
}

/// No token that closes a bracket: it was not looked for.
const UNKNOWN: u32 = 0;
/// No token that closes a bracket: the bracket must not be leapt over.
const UNSAFE: u32 = u32::MAX;

/// What a number is looked for behind, to the character after it (`verify_end_of_number`). Of `if`, `in` and `is` two
/// characters are all that is looked at.
const LOOKED_THROUGH: [&[u8]; 5] = [b"and", b"else", b"for", b"not", b"or"];

/// How the source ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// With the `ENDMARKER`.
    Plain,
    /// Interactive, and nothing was seen yet: with the `ENDMARKER`.
    InteractiveStart,
    /// Interactive: with a `NEWLINE` and what closes the open blocks, then as [`End::InteractiveStart`].
    Interactive,
}

/// The lexer and the tokens it gave.
#[derive(Debug)]
pub(super) struct Tokens<'s> {
    lexer: Lexer<'s>,
    entries: Vec<Entry>,
    memos: Vec<Memo>,
    /// There are no memos at or after that token.
    remembering: usize,
    level: u32,
    end: End,
    /// The end of interactive source closes the open blocks.
    close_blocks: bool,
    /// The statements that need no look.
    survey: &'s Survey,
    /// The bracket of the survey that was asked for last.
    last_bracket: usize,
}

impl<'s> Tokens<'s> {
    /// Nothing yet of what a lexer will give. What is interactive ends in another way.
    pub(super) fn new(lexer: Lexer<'s>, options: &ParseOptions, survey: &'s Survey) -> Self {
        let interactive = options.mode == Mode::Single;
        let end = if interactive { End::InteractiveStart } else { End::Plain };
        let close_blocks = !options.dont_imply_dedent;
        Tokens {
            lexer,
            entries: Vec::new(),
            memos: Vec::new(),
            remembering: 0,
            level: 0,
            end,
            close_blocks,
            survey,
            last_bracket: 0,
        }
    }

    /// From here on `<>` is one token.
    pub(super) fn enable_diamond(&mut self) {
        self.lexer.enable_diamond();
    }

    /// The token of that number, which was fetched.
    pub(super) fn get(&self, at: usize) -> Token {
        self.entries[at].token()
    }

    /// The kind of the token of that number, if it was fetched.
    pub(super) fn known_kind(&self, at: usize) -> Option<TokenKind> {
        self.entries.get(at).map(|entry| entry.kind)
    }

    /// The last token so far.
    pub(super) fn last(&self) -> Option<Token> {
        self.entries.last().map(|entry| entry.token())
    }

    /// How many brackets are open after a token.
    pub(super) fn level(&self, at: usize) -> u32 {
        self.entries[at].level
    }

    /// Warns of an escape in a literal. The lexer keeps all warnings, so that they are in order.
    pub(super) fn warn_invalid_escape(
        &mut self,
        kind: WarningKind,
        escape: InvalidEscape<'_>,
        is_fstring: bool,
        at: Token,
    ) {
        self.lexer.warn_invalid_escape(kind, escape, is_fstring, at);
    }

    /// The warnings so far.
    pub(super) fn take_warnings(&mut self) -> Vec<Warning> {
        self.lexer.take_warnings()
    }

    /// The text of a token.
    pub(super) fn text(&self, token: Token) -> &'s [u8] {
        &self.lexer.source()[token.range()]
    }

    /// Whether a token is one of the soft keywords.
    pub(super) fn is_soft_keyword(&self, token: Token) -> bool {
        let text = self.text(token);
        token.kind == TokenKind::Name && SOFT_KEYWORDS.iter().any(|keyword| keyword.as_bytes() == text)
    }

    /// The lexer, for those who ask where it stands.
    pub(super) fn lexer(&self) -> &Lexer<'s> {
        &self.lexer
    }

    /// Where the lexer stands, as CPython counts.
    pub(super) fn cursor(&self) -> Cursor {
        self.lexer.cursor()
    }

    /// The token of that number, fetched if need be (`_PyPegen_fill_token`).
    #[inline]
    pub(super) fn at(&mut self, at: usize) -> Result<Token, Raised> {
        if at == self.entries.len() {
            self.fetch()?;
        }
        Ok(self.entries[at].token())
    }

    fn fetch(&mut self) -> Result<(), Raised> {
        let mut token = self.lexer.next_token();
        while token.kind == TokenKind::TypeIgnore {
            token = self.lexer.next_token();
        }
        if self.end == End::Interactive && token.kind == TokenKind::Endmarker {
            token.kind = TokenKind::Newline;
            self.end = End::InteractiveStart;
            if self.close_blocks {
                self.lexer.close_blocks();
            }
        } else if self.end == End::InteractiveStart {
            self.end = End::Interactive;
        }
        self.count_level(token.kind);
        self.entries.push(Entry::new(token, self.level));
        match token.kind {
            TokenKind::Errortoken => Err(self.lexer_error()),
            _ => Ok(()),
        }
    }

    /// Steps from a token over the statement that begins there, if it is known to be right, so that the next token
    /// is the one after it. In the first pass, CPython warns of what is in it. (What closes a block begins where the
    /// statement after it does.)
    pub(super) fn step_over(
        &mut self,
        at: usize,
        whole_lines: bool,
        is_first_pass: bool,
    ) -> Option<&'s Extent> {
        let (survey, Entry { kind, start, .. }) = (self.survey, self.entries[at]);
        let extent = survey.statement(start, whole_lines).filter(|_| kind != TokenKind::Dedent)?;
        if at + 1 < self.entries.len() {
            return self.entries[at].steps_over.then_some(extent);
        }
        match extent.end {
            EndOfStatement::Line(line) => self.lexer.go_on_at_line(line),
            EndOfStatement::Semicolon(position) => self.lexer.go_on_in_line(position),
        }
        if is_first_pass {
            self.lexer.add_warnings(survey.warnings(extent));
        }
        self.level = 0;
        self.entries[at].steps_over = true;
        Some(extent)
    }

    /// The closing bracket of the atom that begins with a token, if that is known to be right, and CPython to have no
    /// more than `functions` on its stack in it; and what it is.
    pub(super) fn end_of_bracket(
        &mut self,
        at: usize,
        functions: usize,
    ) -> Result<Option<(usize, Form)>, Raised> {
        let survey = self.survey;
        let found = survey.bracket(self.entries[at].start, &mut self.last_bracket);
        let Some(bracket) = found.filter(|bracket| bracket.needs_at_most(functions)) else { return Ok(None) };
        if self.entries[at].closing == UNKNOWN {
            self.match_brackets(at, bracket)?;
        }
        let closing = Some(self.entries[at].closing).filter(|&closing| closing != UNSAFE);
        Ok(closing.map(|last| (last as usize, bracket.form())))
    }

    /// Finds what closes a bracket, and those in it.
    fn match_brackets(&mut self, start: usize, bracket: &Bracket) -> Result<(), Raised> {
        let (mut open, mut look, mut at) = (Vec::new(), LookAtBracket::default(), start);
        loop {
            let token = self.at(at)?;
            look.at(token.kind, if token.kind == TokenKind::Name { self.text(token) } else { b"" });
            match token.kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open.push(at),
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                    let opened = open.pop().expect("a bracket that is right has what opens it");
                    self.entries[opened].closing = at as u32;
                }
                _ => {}
            }
            if bracket.ends_at(token.finish) {
                break;
            }
            at += 1;
        }
        if !look.is_safe() {
            self.entries[start..at].iter_mut().for_each(|entry| entry.closing = UNKNOWN);
            self.entries[start].closing = UNSAFE;
        }
        Ok(())
    }

    fn count_level(&mut self, kind: TokenKind) {
        match kind {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => self.level += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => self.level -= 1,
            _ => {}
        }
    }

    fn lexer_error(&mut self) -> Raised {
        let error = self.lexer.take_error().expect("an ERRORTOKEN has an error");
        let origin = match self.lexer.error_status() {
            ErrorStatus::Raised | ErrorStatus::RaisedAtEnd => Origin::Lexer,
            ErrorStatus::Code | ErrorStatus::CodeAtEnd => Origin::LexerCode,
        };
        let line = columns::line(self.lexer.source(), error.location.lineno);
        let location = columns::in_line(line, error.location);
        let text = match origin {
            Origin::LexerCode => columns::line_of_error(&self.lexer, location.lineno),
            _ => line,
        };
        Raised { origin, error: Box::new(SyntaxError { location, ..*error }.with_text(text)) }
    }

    /// Whether a token is an empty string, or the end of an empty f-string. After its second quote, the lexer has looked
    /// for a third.
    fn ends_empty_string(&self, last: Token) -> bool {
        if last.kind == TokenKind::String {
            let text = self.text(last);
            return text.iter().filter(|byte| matches!(byte, b'\'' | b'"')).count() == 2
                && matches!(text, [.., b'\'', b'\''] | [.., b'"', b'"']);
        }
        let before = self.entries.len().checked_sub(2).map(|at| self.entries[at].kind);
        self.text(last).len() == 1
            && matches!(before, Some(TokenKind::FstringStart | TokenKind::TstringStart))
    }

    /// The same at the start of an f-string. The source must end there, or after a second quote. After the third, the
    /// lexer looks no further.
    fn begins_empty_string_at_end(&self, last: Token) -> bool {
        let (text, rest) = (self.text(last), self.rest());
        let is_triple = text.ends_with(b"\"\"\"") || text.ends_with(b"'''");
        !is_triple && (rest.is_empty() || rest.len() == 1 && text.ends_with(rest))
    }

    /// What the lexer has made no token of yet.
    fn rest(&self) -> &'s [u8] {
        &self.lexer.source()[self.lexer.position()..]
    }

    /// Whether the lexer has found that the source ends (`_is_end_of_source`). After a `NEWLINE` or a string it has not
    /// looked further.
    pub(super) fn end_was_seen(&self) -> bool {
        let Some(last) = self.last() else { return false };
        let looked_further = match last.kind {
            TokenKind::Errortoken => {
                let status = self.lexer.error_status();
                return matches!(status, ErrorStatus::RaisedAtEnd | ErrorStatus::CodeAtEnd);
            }
            // The colon of a field does not begin an operator.
            TokenKind::Colon if self.lexer.in_text_of_fstring() => false,
            // What has three characters cannot be longer.
            TokenKind::Ellipsis
            | TokenKind::Doublestarequal
            | TokenKind::Doubleslashequal
            | TokenKind::Leftshiftequal
            | TokenKind::Rightshiftequal => false,
            TokenKind::Newline => last.begin.column() < 0,
            TokenKind::String | TokenKind::FstringEnd | TokenKind::TstringEnd => self.ends_empty_string(last),
            TokenKind::FstringStart | TokenKind::TstringStart => {
                return self.begins_empty_string_at_end(last);
            }
            // After a second dot, the lexer has looked for a third; after a number, for the end of a keyword.
            TokenKind::Dot if self.rest() == b"." => return true,
            TokenKind::Number if LOOKED_THROUGH.contains(&self.rest()) => return true,
            _ => true,
        };
        looked_further && self.rest().is_empty()
    }

    /// Runs the lexer on to the first error.
    pub(super) fn first_error_ahead(&mut self) -> Option<Raised> {
        loop {
            match self.lexer.next_token().kind {
                TokenKind::Endmarker => return None,
                TokenKind::Errortoken => return Some(self.lexer_error()),
                _ => {}
            }
        }
    }

    /// The end of a node that ends before a token: that of the last token that is not white space
    /// (`_PyPegen_get_last_nonnwhitespace_token`).
    pub(super) fn end_before(&self, mark: usize) -> Location {
        let is_text = |kind| {
            !matches!(kind, TokenKind::Endmarker | TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent)
        };
        let entry = self.entries[..mark].iter().rev().find(|entry| is_text(entry.kind));
        entry.map_or(Location::NONE, |entry| entry.token().location())
    }

    /// The result of a rule at a token, if it is known. The token was fetched.
    pub(super) fn memo(&self, at: usize, rule: RuleId) -> Option<Memo> {
        let mut next = self.entries[at].memo;
        while next != 0 {
            let memo = self.memos[next as usize - 1];
            if memo.rule == rule {
                return Some(memo);
            }
            next = memo.next;
        }
        None
    }

    /// Keeps the result of a rule at a token (`_PyPegen_insert_memo`).
    pub(super) fn keep(&mut self, at: usize, rule: RuleId, end: usize, answer: Option<Value>) {
        self.remembering = self.remembering.max(at + 1);
        let entry = &mut self.entries[at];
        self.memos.push(Memo { rule, next: entry.memo, end: end as u32, answer });
        entry.memo = self.memos.len() as u32;
    }

    /// Replaces the result of a rule at a token (`_PyPegen_update_memo`).
    pub(super) fn update(&mut self, at: usize, rule: RuleId, end: usize, answer: Option<Value>) {
        let mut next = self.entries[at].memo;
        while next != 0 {
            let memo = &mut self.memos[next as usize - 1];
            if memo.rule == rule {
                (memo.end, memo.answer) = (end as u32, answer);
                return;
            }
            next = memo.next;
        }
        self.keep(at, rule, end, answer);
    }

    /// Forgets all results.
    pub(super) fn forget(&mut self) {
        self.forget_from(0);
    }

    /// Forgets all results, of which there are none before that token.
    pub(super) fn forget_from(&mut self, start: usize) {
        self.memos.clear();
        let end = std::mem::take(&mut self.remembering);
        for entry in self.entries[..end].iter_mut().skip(start) {
            entry.memo = 0;
        }
    }
}
