//! Runs the grammar: a packrat parser for a parsing expression grammar, on a stack of its own.
//!
//! It does, step for step, what the functions do that CPython generates from its grammar, so that the same tokens
//! are fetched, the same results remembered and the same `invalid_` rules reached:
//!
//! * A rule tries its alternatives in order; the first that matches decides. If its conditions or its error
//!   constructor then find that nothing is there, the rule fails, and the other alternatives are not tried.
//! * The result of some rules is remembered for each token. It does not matter whether `invalid_` rules were enabled.
//! * A left-recursive rule first fails at its own first token, and is then repeated with what it matched last, for
//!   as long as it matches more.
//! * A call of a rule counts against [`MAX_DEPTH`], and so does a group or a repetition.
//!
//! What is known without, and so left out, is the business of [`short_cuts`] and [`brackets`](super::brackets).

mod short_cuts;

use super::node::{NodeKind, Value};
use super::notation::Memory;
use super::program::{
    Alternative, Condition, Item, Mode, Outcome, Program, Rule, RuleId, Shape, Statement, Test,
};
use super::scene::Scene;
use super::tokens::Raised;
use super::tower::{MARGIN, Rung};
use super::{Way, diagnostics, too_complex};
use pytoken::TokenKind;

/// How many rules may be open at once (`MAXSTACK`).
pub(super) const MAX_DEPTH: usize = 6000;

/// How many rules are open around a statement of a module: `file`, `statements` and a repetition.
const FRAMES_OF_MODULE: usize = 3;

/// The result of a rule: nothing, if it does not match.
pub(super) type Answer = Option<Value>;

/// A rule in progress.
#[derive(Debug)]
struct Frame {
    rule: RuleId,
    stage: Stage,
    /// Which of its alternatives, and which item of that.
    alternative: u16,
    item: u16,
    /// The alternative is the last one to try.
    cut: bool,
    /// Whether `invalid_` rules were enabled when the rule began.
    invalid_outside: bool,
    /// Where the rule began.
    start: u32,
    /// Where to go back to: after a look-ahead, or from the match of a repetition that failed, or from the match of
    /// a left-recursive rule that was no longer.
    back: u32,
    /// Where its values begin in [`Machine::values`].
    values: u32,
    /// Where the matches of a repetition begin in [`Machine::matches`].
    matches: u32,
}

/// What a frame does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// It tries alternatives.
    Match,
    /// It grows the result of a left-recursive rule, which another frame matches.
    Grow(Answer),
    /// It takes the short cut to `primary`.
    Climb(Rung),
}

/// The grammar on its way through the tokens.
#[derive(Debug)]
pub(super) struct Machine<'s> {
    program: &'static Program,
    scene: Scene<'s>,
    frames: Vec<Frame>,
    /// The values of the items that the open alternatives matched so far.
    values: Vec<Value>,
    /// What the open repetitions matched so far.
    matches: Vec<Value>,
    /// How many frames more there would be but for short cuts.
    cut_short: usize,
    /// The line of the last function or class, after its decorators.
    undecorated: i32,
    /// The `invalid_` rules are enabled, but below some rules.
    is_second_pass: bool,
    /// Short cuts are taken while at least that many more rules may be opened.
    margin: usize,
    /// Atoms in brackets are leapt over.
    pub(super) leaps: bool,
}

impl<'s> Machine<'s> {
    pub(super) fn new(program: &'static Program, scene: Scene<'s>, way: Way) -> Self {
        let margin = if way == Way::InFull { MAX_DEPTH } else { MARGIN };
        Machine {
            program,
            margin,
            leaps: way == Way::LeapingOverBrackets,
            is_second_pass: false,
            undecorated: 0,
            scene,
            frames: Vec::new(),
            values: Vec::new(),
            matches: Vec::new(),
            cut_short: 0,
        }
    }

    /// What a finished parse can be asked about.
    pub(super) fn scene(&mut self) -> &mut Scene<'s> {
        &mut self.scene
    }

    /// Begins anew with the tokens so far, with or without the `invalid_` rules
    /// (`reset_parser_state_for_error_pass`).
    pub(super) fn reset(&mut self, invalid: bool) {
        self.frames.clear();
        self.values.clear();
        self.matches.clear();
        self.cut_short = 0;
        self.scene.tokens.forget();
        self.scene.nodes.clear();
        self.scene.mark = 0;
        self.scene.invalid = invalid;
        self.is_second_pass = invalid;
    }

    /// Matches a rule at the next token.
    pub(super) fn run(&mut self, rule: RuleId) -> Result<Answer, Raised> {
        let mut answer = self.call(rule)?;
        loop {
            let Some(known) = answer else {
                answer = self.step()?;
                continue;
            };
            match self.frames.last() {
                None => return Ok(known),
                Some(Frame { stage: Stage::Grow(_), .. }) => answer = self.grow(known)?,
                Some(Frame { stage: Stage::Climb(rung), .. }) => answer = self.climb(*rung, known)?,
                Some(_) => answer = self.receive(known)?,
            }
        }
    }

    // The methods below give the answer of a rule that is finished, or nothing when the top frame has to go on.

    /// Begins a rule.
    fn call(&mut self, rule: RuleId) -> Result<Option<Answer>, Raised> {
        if self.depth() >= MAX_DEPTH {
            return Err(too_complex());
        }
        let Rule { memory, statement, rung, leap, first, shape, .. } = self.program.rules[rule.0 as usize];
        if let Some(whole_lines) = statement.and_then(Statement::is_stepped_over)
            && self.step_over(whole_lines)?
        {
            return Ok(Some(Some(Value::Done)));
        }
        let token = self.scene.tokens.at(self.scene.mark)?;
        if !first.contains(token.kind) && self.may_cut_short() {
            return Ok(Some(self.nothing_begins(shape)));
        }
        if let Some(leap) = leap
            && let Some(answer) = self.leap(leap, token)?
        {
            return Ok(Some(answer));
        }
        if memory != Memory::None
            && let Some(memo) = self.scene.tokens.memo(self.scene.mark, rule)
        {
            self.scene.mark = memo.end as usize;
            return Ok(Some(memo.answer));
        }
        if let Some(rung) = rung
            && self.may_cut_short()
            && let Some(answer) = self.cut_short(rule, rung)?
        {
            return Ok(answer);
        }
        self.call_in_full(rule)
    }

    /// Begins a rule whose result is not known.
    fn call_in_full(&mut self, rule: RuleId) -> Result<Option<Answer>, Raised> {
        if self.program.rules[rule.0 as usize].memory == Memory::Left {
            self.scene.tokens.keep(self.scene.mark, rule, self.scene.mark, None);
            self.push(rule, Stage::Grow(None));
            return self.call_again(rule);
        }
        Ok(self.begin(rule))
    }

    /// How many functions CPython would have on its stack.
    pub(super) fn depth(&self) -> usize {
        self.frames.len() + self.cut_short
    }

    /// Begins a left-recursive rule with what it matched before.
    fn call_again(&mut self, rule: RuleId) -> Result<Option<Answer>, Raised> {
        if self.depth() >= MAX_DEPTH {
            return Err(too_complex());
        }
        Ok(self.begin(rule))
    }

    /// Tries the alternatives of a rule, if there are any to try.
    fn begin(&mut self, rule: RuleId) -> Option<Answer> {
        self.push(rule, Stage::Match);
        self.scene.invalid &= !self.program.rules[rule.0 as usize].without_invalid;
        if self.skip_alternatives() { None } else { Some(self.finish(None)) }
    }

    fn push(&mut self, id: RuleId, stage: Stage) {
        let rule = &self.program.rules[id.0 as usize];
        let mark = self.scene.mark as u32;
        self.frames.push(Frame {
            rule: id,
            stage,
            alternative: rule.alternatives.start,
            item: self.program.alternatives[rule.alternatives.start as usize].items.start,
            cut: false,
            invalid_outside: self.scene.invalid,
            start: mark,
            back: mark,
            values: self.values.len() as u32,
            matches: self.matches.len() as u32,
        });
    }

    /// Steps over alternatives that are not tried now, or cannot begin with the token at hand. Gives whether there are
    /// others.
    fn skip_alternatives(&mut self) -> bool {
        let (invalid, in_full) = (self.scene.invalid, !self.may_cut_short());
        let start = self.top().start as usize;
        let kind = self.scene.tokens.get(start).kind;
        let program = self.program;
        let frame = self.top();
        let end = program.rules[frame.rule.0 as usize].alternatives.end;
        while frame.alternative < end {
            let alternative = &program.alternatives[frame.alternative as usize];
            if (invalid || !alternative.invalid) && (in_full || alternative.first.contains(kind)) {
                frame.item = alternative.items.start;
                return true;
            }
            frame.alternative += 1;
        }
        false
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a rule is in progress")
    }

    /// Matches items of the top frame up to the next call of a rule.
    fn step(&mut self) -> Result<Option<Answer>, Raised> {
        let program = self.program;
        loop {
            let frame = self.top();
            let alternative = &program.alternatives[frame.alternative as usize];
            if frame.item == alternative.items.end {
                return self.matched(alternative);
            }
            let item = program.items[frame.item as usize];
            let answer = match item {
                Item { mode: Mode::Cut, .. } => {
                    frame.cut = true;
                    frame.item += 1;
                    continue;
                }
                Item { test: Test::Rule(rule), mode } => {
                    if matches!(mode, Mode::And | Mode::Not) {
                        let mark = self.scene.mark as u32;
                        self.top().back = mark;
                    }
                    match self.call(rule)? {
                        Some(answer) => answer,
                        None => return Ok(None),
                    }
                }
                Item { test, .. } => self.token(test)?,
            };
            if let Some(answer) = self.receive(answer)? {
                return Ok(Some(answer));
            }
        }
    }

    /// Matches a token.
    fn token(&mut self, test: Test) -> Result<Answer, Raised> {
        let mark = self.scene.mark;
        let token = self.scene.tokens.at(mark)?;
        let found = match test {
            Test::Token(kind) => token.kind == kind,
            Test::Soft(text) => {
                token.kind == TokenKind::Name && self.scene.tokens.text(token) == text.as_bytes()
            }
            Test::AnySoft => self.scene.tokens.is_soft_keyword(token),
            Test::Rule(_) => false,
        };
        if !found {
            return Ok(None);
        }
        if matches!(token.kind, TokenKind::Name | TokenKind::Number) {
            diagnostics::check_token(&self.scene, token)?;
        }
        self.scene.mark += 1;
        Ok(Some(Value::Token(mark as u32)))
    }

    /// The answer to the current item of the top frame.
    fn receive(&mut self, answer: Answer) -> Result<Option<Answer>, Raised> {
        let program = self.program;
        let frame = self.top();
        let item = program.items[frame.item as usize];
        match (item.mode, answer) {
            (Mode::One | Mode::Optional | Mode::Forced, Some(value)) => {
                frame.item += 1;
                self.values.push(value);
            }
            (Mode::Optional, None) => {
                frame.item += 1;
                self.values.push(Value::Absent);
            }
            (Mode::And, Some(_)) | (Mode::Not, None) => {
                frame.item += 1;
                self.end_look_ahead(item);
            }
            (Mode::Forced, None) => return Err(self.forced_token_missing(item)),
            (Mode::One, None) | (Mode::And, None) | (Mode::Not, Some(_)) | (Mode::Cut, _) => {
                return self.failed();
            }
        }
        Ok(None)
    }

    fn end_look_ahead(&mut self, item: Item) {
        let back = self.top().back as usize;
        match item.test {
            Test::Rule(_) => self.scene.mark = back,
            // A token that must not be there was not taken.
            _ if item.mode == Mode::And => self.scene.mark -= 1,
            _ => {}
        }
    }

    /// `&&':'` (`_PyPegen_expect_forced_token`)
    fn forced_token_missing(&mut self, item: Item) -> Raised {
        let Test::Token(kind) = item.test else { unreachable!("only tokens are forced") };
        let message = format!("expected '{}'", kind.text().unwrap_or(kind.name()));
        match self.scene.tokens.at(self.scene.mark) {
            Ok(token) => self.scene.on_token(token, message),
            Err(error) => error,
        }
    }

    /// The current alternative of the top frame does not match.
    fn failed(&mut self) -> Result<Option<Answer>, Raised> {
        let (start, back, values, rule) = {
            let frame = self.top();
            (frame.start, frame.back, frame.values, frame.rule)
        };
        self.values.truncate(values as usize);
        if let Shape::Repeat { at_least_once } = self.program.rules[rule.0 as usize].shape {
            self.scene.mark = back as usize;
            return Ok(Some(self.end_repetition(at_least_once)));
        }
        self.scene.mark = start as usize;
        if self.top().cut {
            return Ok(Some(self.leave(None)));
        }
        self.top().alternative += 1;
        if self.skip_alternatives() {
            return Ok(None);
        }
        Ok(Some(self.finish(None)))
    }

    /// The current alternative of the top frame matches.
    fn matched(&mut self, alternative: &Alternative) -> Result<Option<Answer>, Raised> {
        let answer = self.conclude(alternative)?;
        let mark = self.scene.mark as u32;
        let is_repetition = self.is_repetition();
        let frame = self.top();
        let values = frame.values as usize;
        match answer {
            Some(value) if is_repetition => {
                frame.back = mark;
                frame.item = alternative.items.start;
                self.matches.push(value);
                self.values.truncate(values);
                Ok(None)
            }
            _ => {
                self.values.truncate(values);
                Ok(Some(self.finish(answer)))
            }
        }
    }

    fn is_repetition(&mut self) -> bool {
        let rule = self.top().rule;
        matches!(self.program.rules[rule.0 as usize].shape, Shape::Repeat { .. })
    }

    /// Checks the conditions on a match and makes its value.
    fn conclude(&mut self, alternative: &Alternative) -> Result<Answer, Raised> {
        for condition in &alternative.conditions {
            let holds = match condition {
                Condition::Since(feature) => feature.check(&self.scene).map(|()| true)?,
                Condition::Check(check, items) => {
                    let arguments = self.arguments(items);
                    check(&mut self.scene, &arguments)?
                }
            };
            if !holds {
                return Ok(None);
            }
        }
        let base = self.top().values as usize;
        match &alternative.result {
            Outcome::Done => Ok(Some(Value::Done)),
            Outcome::Item(item) => Ok(Some(self.values[base + *item as usize])),
            Outcome::AfterSeparator => Ok(Some(self.values[base + 1])),
            Outcome::Prepend => Ok(Some(self.node(NodeKind::Sequence, &[0, 1]))),
            Outcome::Node(kind, items) => Ok(Some(self.node(*kind, items))),
            Outcome::Raise(diagnostic, items) => {
                let arguments = self.arguments(items);
                diagnostic(&mut self.scene, &arguments).map_or(Ok(None), Err)
            }
        }
    }

    fn arguments(&mut self, items: &[u8]) -> Vec<Value> {
        let base = self.top().values as usize;
        items.iter().map(|item| self.values[base + *item as usize]).collect()
    }

    /// A node of what the top frame matched, from some of its values.
    fn node(&mut self, kind: NodeKind, items: &[u8]) -> Value {
        let (start, base) = (self.top().start as usize, self.top().values as usize);
        let scene = &mut self.scene;
        let location = scene.tokens.get(start).location().to(scene.tokens.end_before(scene.mark));
        scene.nodes.add(kind, location, items.iter().map(|item| self.values[base + *item as usize]))
    }

    fn end_repetition(&mut self, at_least_once: bool) -> Answer {
        let start = self.top().matches as usize;
        if at_least_once && self.matches.len() == start {
            return self.finish(None);
        }
        let location = pycode::Location::NONE;
        let sequence = self.scene.nodes.add(NodeKind::Sequence, location, self.matches.drain(start..));
        self.finish(Some(sequence))
    }

    /// Remembers the result of the top frame's rule, and leaves it.
    fn finish(&mut self, answer: Answer) -> Answer {
        let (rule, start) = (self.top().rule, self.top().start as usize);
        if self.program.rules[rule.0 as usize].memory == Memory::Memo {
            self.scene.tokens.keep(start, rule, self.scene.mark, answer);
        }
        let answer = self.leave(answer);
        match self.program.rules[rule.0 as usize].statement {
            Some(statement) if answer.is_some() => self.statement_matched(statement, start, answer),
            _ => answer,
        }
    }

    fn statement_matched(&mut self, statement: Statement, start: usize, answer: Answer) -> Answer {
        let first = self.scene.tokens.get(start);
        match statement {
            Statement::Lines if self.frames.len() == FRAMES_OF_MODULE => {
                self.forget_statement(start);
                return Some(Value::Done);
            }
            Statement::Raw => self.undecorated = first.begin.line(),
            Statement::Compound if self.scene.invalid => {
                let line = if first.kind == TokenKind::At { self.undecorated } else { first.begin.line() };
                self.scene.last_statement = self.scene.last_statement.max(line);
            }
            Statement::Lines | Statement::PartOfLine | Statement::Compound => {}
        }
        answer
    }

    /// Nobody comes back to a statement of a module that has matched, nor asks what it was.
    fn forget_statement(&mut self, start: usize) {
        self.scene.tokens.forget_from(start);
        self.scene.nodes.clear();
    }

    fn leave(&mut self, answer: Answer) -> Answer {
        let frame = self.frames.pop().expect("a rule is in progress");
        self.scene.invalid = frame.invalid_outside;
        self.matches.truncate(frame.matches as usize);
        answer
    }

    /// The top frame's left-recursive rule has matched once more, or not.
    fn grow(&mut self, answer: Answer) -> Result<Option<Answer>, Raised> {
        let mark = self.scene.mark as u32;
        let frame = self.top();
        let Stage::Grow(before) = frame.stage else { unreachable!("the caller has looked") };
        if answer.is_none() || mark <= frame.back {
            let back = frame.back as usize;
            self.scene.mark = back;
            return Ok(Some(self.leave(before)));
        }
        frame.back = mark;
        frame.stage = Stage::Grow(answer);
        let (rule, start) = (frame.rule, frame.start as usize);
        self.scene.tokens.update(start, rule, mark as usize, answer);
        self.scene.mark = start;
        self.call_again(rule)
    }
}
