//! The state of a parse, and the steps that all rules of the grammar take.

use pyast::{Arena, ErrorKind, Expr, SyntaxError};
use pycode::{Interner, Location, PyStr, StrId};
use pytoken::TokenKind;

use crate::lexer::{Lexer, Position, Token, TokenFlags, head_of};
use crate::scratch::Scratch;
use crate::survey::Notes;
use crate::{Mode, ParseOptions, identifier};

/// The source is no program. Where and why: see [`Parser::into_error`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Invalid;

/// The result of a rule.
pub(crate) type Parse<T> = Result<T, Invalid>;

/// Chains up to this length are taken as part of a level of recursion.
const SHORT_CHAIN: u32 = 8;
/// How many nodes one level of recursion can lay over each other at most, short chains included.
const NODES_PER_LEVEL: usize = 32;
/// CPython's parser has some 30 functions on its stack for a level of ours, and 6000 at most.
const SAFE_DEPTH: u32 = 150;
/// The same for a chain of prefix operators, or of `elif`s, with at most two functions for each.
const SAFE_CHAIN: u32 = 2500;

/// A predictive parser with one token of look-ahead. Each rule of CPython's grammar is a method.
///
/// A rule leaves the lexer at the first token that it does not take. It either succeeds or the whole
/// parse fails, but for the few places that [`attempt`](Parser::attempt).
pub(crate) struct Parser<'s, 'a, 'i> {
    pub(crate) lexer: Lexer<'s>,
    /// Where the last token ends that was taken, newlines and indentation apart: nodes end there.
    pub(crate) last: Position,
    pub(crate) arena: &'a Arena,
    pub(crate) strings: &'i mut Interner,
    pub(crate) scratch: Scratch<'a>,
    pub(crate) options: ParseOptions,
    /// `from __future__ import barry_as_FLUFL` was seen: "not equal" is `<>`.
    pub(crate) barry_as_flufl: bool,
    /// There may be tokens that are not for the rules; see [`pass_over`](Self::pass_over).
    passes_over: bool,
    /// Interactive source has ended and was given a newline, which closed no block (`parsing_started`).
    at_end: bool,
    /// What is noted when the source was refused before.
    pub(crate) survey: Option<Box<Notes>>,
    /// An error that is not the lexer's and has a text already.
    error: Option<Box<SyntaxError>>,
    /// Rules within rules, of the kinds that can nest without limit.
    depth: u32,
    /// The largest `depth` so far.
    deepest: u32,
    /// The length of all long chains of left-associative operators in the statement at hand.
    chain: u32,
    longest_chain: u32,
    /// The same for chains that are matched by recursion.
    nesting_chain: u32,
    longest_nesting_chain: u32,
    /// Where there is something to preprocess; see [`Parsed::preprocess_lines`](crate::Parsed).
    preprocess_lines: Vec<i32>,
}

impl<'s, 'a, 'i> Parser<'s, 'a, 'i> {
    pub(crate) fn new(
        source: &'s [u8],
        arena: &'a Arena,
        strings: &'i mut Interner,
        options: &ParseOptions,
    ) -> Self {
        let mut parser = Parser {
            lexer: Lexer::new(source, options.type_comments),
            last: Position::new(1, 0),
            arena,
            strings,
            scratch: Scratch::with_room(),
            options: options.clone(),
            barry_as_flufl: options.barry_as_flufl,
            passes_over: options.type_comments || options.mode == Mode::Single,
            at_end: true,
            survey: None,
            error: None,
            depth: 0,
            deepest: 0,
            chain: 0,
            longest_chain: 0,
            nesting_chain: 0,
            longest_nesting_chain: 0,
            preprocess_lines: Vec::new(),
        };
        if options.barry_as_flufl {
            parser.lexer.enable_diamond();
        }
        parser.advance();
        parser.at_end = parser.at(TokenKind::Endmarker);
        parser
    }

    // -- tokens ----------------------------------------------------------------------------------

    /// The next token.
    #[inline]
    pub(crate) fn token(&self) -> Token {
        self.lexer.token
    }

    /// The kind of the next token.
    #[inline]
    pub(crate) fn kind(&self) -> TokenKind {
        self.lexer.token.kind
    }

    /// Goes on to the next token.
    #[inline]
    fn advance(&mut self) {
        self.lexer.advance();
        if self.passes_over {
            self.pass_over();
        }
    }

    /// Puts `# type: ignore` aside, and gives interactive source a newline at its end.
    #[inline(never)]
    fn pass_over(&mut self) {
        self.type_ignores();
        if self.options.mode == Mode::Single && self.at(TokenKind::Endmarker) && !self.at_end {
            self.lexer.token.kind = TokenKind::Newline;
            self.at_end = self.options.dont_imply_dedent || !self.lexer.close_blocks();
        }
    }

    /// Takes the next token.
    #[inline]
    pub(crate) fn bump(&mut self) -> Token {
        let token = self.token();
        self.last = token.finish;
        self.advance();
        token
    }

    /// Takes a `NEWLINE`, `INDENT` or `DEDENT`, at which no node ends.
    #[inline]
    pub(crate) fn bump_layout(&mut self) {
        if self.survey.is_some() {
            self.survey_layout();
        }
        self.advance();
    }

    /// Whether the next token is of that kind.
    #[inline]
    pub(crate) fn at(&self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    /// Takes the next token if it is of that kind.
    #[inline]
    pub(crate) fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
        }
        found
    }

    /// Takes the next token, which must be of that kind.
    #[inline]
    pub(crate) fn expect(&mut self, kind: TokenKind) -> Parse<Token> {
        if self.at(kind) { Ok(self.bump()) } else { Err(Invalid) }
    }

    /// Takes a `NEWLINE`, `INDENT` or `DEDENT`.
    #[inline]
    pub(crate) fn expect_layout(&mut self, kind: TokenKind) -> Parse<()> {
        if !self.at(kind) {
            return Err(Invalid);
        }
        self.bump_layout();
        Ok(())
    }

    /// The text of a token.
    #[inline]
    pub(crate) fn text(&self, token: Token) -> &'s [u8] {
        &self.lexer.source()[token.range()]
    }

    /// Whether the next token is a name with that text: a soft keyword.
    #[inline]
    pub(crate) fn at_soft_keyword(&self, keyword: &str) -> bool {
        self.at(TokenKind::Name) && self.lexer.token.head == head_of(keyword)
    }

    /// The kind of the token after the next.
    pub(crate) fn peek(&self) -> TokenKind {
        self.lexer.clone().next_token().kind
    }

    // -- positions -------------------------------------------------------------------------------

    /// Where the next token stands: nodes start there.
    #[inline]
    pub(crate) fn start(&self) -> Position {
        self.lexer.token.begin
    }

    /// From the start of `start` to the end of the last token taken.
    #[inline]
    pub(crate) fn since(&self, start: Position) -> Location {
        start.to(self.last)
    }

    // -- names -----------------------------------------------------------------------------------

    /// `NAME`, as an identifier.
    pub(crate) fn name(&mut self) -> Parse<StrId> {
        if !self.at(TokenKind::Name) {
            return Err(Invalid);
        }
        let id = self.identifier()?;
        self.bump();
        Ok(id)
    }

    /// The identifier that the next token, a `NAME`, stands for (`_PyPegen_new_identifier`).
    #[inline]
    pub(crate) fn identifier(&mut self) -> Parse<StrId> {
        let token = &self.lexer.token;
        match self.strings.find_word(token.head, token.tail) {
            Some(id) => Ok(id),
            None => self.other_identifier(),
        }
    }

    /// The same for one that is not short, or new.
    #[inline(never)]
    fn other_identifier(&mut self) -> Parse<StrId> {
        let token = &self.lexer.token;
        if token.flags.contains(TokenFlags::NON_ASCII) {
            return self.normalized_identifier(self.token());
        }
        let text = PyStr::from_wtf8(&self.lexer.source()[token.range()]);
        Ok(self.strings.intern_word(token.head, token.tail, text))
    }

    #[cold]
    fn normalized_identifier(&mut self, token: Token) -> Parse<StrId> {
        let name = identifier::normalize(self.text(token));
        if matches!(&*name, "None" | "True" | "False") {
            let message = format!("identifier field can't represent '{name}' constant");
            return self.fail(SyntaxError::of_kind(ErrorKind::ValueError, message, token.location()));
        }
        Ok(self.strings.intern_identifier(&*name))
    }

    // -- trying ----------------------------------------------------------------------------------

    /// Tries a rule. When it fails, everything is as before; but an error of the lexer is final.
    pub(crate) fn attempt<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<Option<T>> {
        let (lexer, last, at_end) = (self.lexer.clone(), self.last, self.at_end);
        let (marks, depth) = (self.scratch.marks(), self.depth);
        match rule(self) {
            Ok(value) => Ok(Some(value)),
            Err(Invalid) if self.lexer.has_error() || self.error.is_some() => Err(Invalid),
            Err(Invalid) => {
                (self.lexer, self.last, self.at_end) = (lexer, last, at_end);
                self.scratch.truncate(&marks);
                self.depth = depth;
                Ok(None)
            }
        }
    }

    // -- surveying -------------------------------------------------------------------------------

    /// Notes that the current statement is valid, but that the second pass of CPython's parser, which some later error
    /// sets off, takes it for wrong.
    pub(crate) fn note_valid_but_suspect(&mut self) {
        if let Some(notes) = &mut self.survey {
            notes.note_suspect();
        }
    }

    // -- depth -----------------------------------------------------------------------------------

    /// Enters a rule that can contain itself. Pair with [`leave`](Self::leave).
    #[inline]
    pub(crate) fn enter(&mut self) -> Parse<()> {
        self.depth += 1;
        if self.depth > self.deepest { self.deeper() } else { Ok(()) }
    }

    #[cold]
    fn deeper(&mut self) -> Parse<()> {
        if self.depth > self.options.recursion_limit {
            return self.fail(SyntaxError::too_deep(self.token().location()));
        }
        self.deepest = self.depth;
        Ok(())
    }

    /// Whether CPython may have given up with a `MemoryError`, since its rules nest deeper than ours.
    pub(crate) fn may_be_too_complex(&self) -> bool {
        self.deepest > SAFE_DEPTH || self.longest_nesting_chain > SAFE_CHAIN
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// How many rules are open.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// The depth that was reached and the longest chain of the kind that nests, after which it is as if those were
    /// given.
    pub(crate) fn measure_from(&mut self, depth: u32, chain: u32) -> (u32, u32) {
        let reached = (self.deepest, self.longest_nesting_chain);
        (self.deepest, self.longest_nesting_chain) = (depth, chain);
        reached
    }

    /// Notes that a left-associative chain put that many nodes above each other.
    #[inline]
    pub(crate) fn note_chain(&mut self, length: u32) {
        if length > SHORT_CHAIN {
            self.chain += length;
            self.longest_chain = self.longest_chain.max(self.chain);
        }
    }

    /// The same for a chain of prefix operators, conditions or `elif`s, which CPython's parser matches by recursion.
    #[inline]
    pub(crate) fn note_nesting_chain(&mut self, length: u32) {
        self.note_chain(length);
        if length > SHORT_CHAIN {
            self.nesting_chain += length;
            self.longest_nesting_chain = self.longest_nesting_chain.max(self.nesting_chain);
        }
    }

    /// Begins a statement.
    #[inline]
    pub(crate) fn begin_statement(&mut self) {
        self.chain = 0;
        self.nesting_chain = 0;
    }

    /// An upper bound of the depth of the tree.
    pub(crate) fn tree_depth(&self) -> usize {
        self.deepest as usize * NODES_PER_LEVEL + self.longest_chain as usize
    }

    // -- preprocessing ---------------------------------------------------------------------------

    /// Notes that there may be something to preprocess in what was taken last.
    #[cold]
    pub(crate) fn note_preprocessing(&mut self) {
        self.preprocess_lines.push(self.last.line());
    }

    /// The lines noted, ascending.
    pub(crate) fn take_preprocess_lines(&mut self) -> Vec<i32> {
        // Only what was tried in vain is out of order.
        self.preprocess_lines.sort_unstable();
        std::mem::take(&mut self.preprocess_lines)
    }

    // -- errors ----------------------------------------------------------------------------------

    /// Fails with an error whose text is known.
    #[cold]
    pub(crate) fn fail<T>(&mut self, error: SyntaxError) -> Parse<T> {
        if self.error.is_none() {
            self.error = Some(Box::new(error));
        }
        Err(Invalid)
    }

    /// The error of a failed parse.
    pub(crate) fn into_error(mut self) -> SyntaxError {
        let known = self.error.take().or_else(|| self.lexer.take_error());
        known.map_or_else(|| SyntaxError::new("invalid syntax", self.token().location()), |error| *error)
    }

    // -- lists -----------------------------------------------------------------------------------

    /// Moves the expressions that were collected since `mark` to the arena.
    #[inline]
    pub(crate) fn take_exprs(&mut self, mark: usize) -> &'a [Expr<'a>] {
        take(self.arena, &mut self.scratch.exprs, mark)
    }
}

/// Moves what was collected since `mark` to the arena.
#[inline]
pub(crate) fn take<'a, T: Copy>(arena: &'a Arena, items: &mut Vec<T>, mark: usize) -> &'a [T] {
    let list = arena.list(&items[mark..]);
    items.truncate(mark);
    list
}
