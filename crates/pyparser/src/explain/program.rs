//! The grammar in the form that the machine runs: numbered rules, flat tables, no names left to look up.
//!
//! What the notation nests becomes rules of its own, exactly as CPython's parser generator makes functions of it
//! (groups, repetitions, separated lists). That matters: the depth at which CPython gives up counts these functions.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use pytoken::{TokenKind, keyword};

use super::brackets::Leap;
use super::diagnostics::{self, Check, Diagnostic, Feature};
use super::first::{self, TokenSet};
use super::grammar;
use super::node::NodeKind;
use super::notation::{
    AlternativeText, AtomText, CallText, CountText, ItemText, Memory, ResultText, RuleText, parse,
};
use super::tower::Rung;

/// The number of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct RuleId(pub(super) u16);

/// A rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) shape: Shape,
    pub(super) memory: Memory,
    /// No `invalid_` rule runs below this one.
    pub(super) without_invalid: bool,
    pub(super) statement: Option<Statement>,
    pub(super) rung: Option<Rung>,
    pub(super) leap: Option<Leap>,
    /// With which tokens it can begin.
    pub(super) first: TokenSet,
    /// Its alternatives in [`Program::alternatives`].
    pub(super) alternatives: Range<u16>,
}

/// The rules for statements of which something is known or noted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Statement {
    /// `statement`: whole lines.
    Lines,
    /// `simple_stmt`: part of a line.
    PartOfLine,
    /// `compound_stmt`, whole lines as well.
    Compound,
    /// `function_def_raw`, `class_def_raw`: without decorators.
    Raw,
}

impl Statement {
    /// Whether it is one that can be stepped over, and if so, whether it is whole lines.
    pub(super) fn is_stepped_over(self) -> Option<bool> {
        match self {
            Statement::Lines => Some(true),
            Statement::PartOfLine => Some(false),
            Statement::Compound | Statement::Raw => None,
        }
    }
}

/// What a rule does with its alternatives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// The first that matches.
    Choice,
    /// The only one, as often as it matches.
    Repeat {
        /// Whether no match is a failure.
        at_least_once: bool,
    },
}

/// An alternative of a rule.
#[derive(Debug)]
pub(super) struct Alternative {
    /// It is tried in the second pass only.
    pub(super) invalid: bool,
    /// With which tokens it can begin.
    pub(super) first: TokenSet,
    /// Its items in [`Program::items`].
    pub(super) items: Range<u16>,
    pub(super) conditions: Vec<Condition>,
    pub(super) result: Outcome,
}

/// An item of an alternative.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) mode: Mode,
    pub(super) test: Test,
}

/// What follows from an item's test.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// It must match.
    One,
    /// It may match.
    Optional,
    /// It must match, but takes nothing.
    And,
    /// It must not match.
    Not,
    /// If it does not match, that is an error.
    Forced,
    /// There is no test; the rule is committed to this alternative.
    Cut,
}

/// What an item looks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Test {
    Token(TokenKind),
    Soft(&'static str),
    AnySoft,
    Rule(RuleId),
}

/// A condition on a match; the numbers are those of captured items.
#[derive(Debug)]
pub(super) enum Condition {
    Since(Feature),
    Check(Check, Vec<u8>),
}

/// What a match gives; the numbers are those of captured items.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Something without a value.
    Done,
    Item(u8),
    Node(NodeKind, Vec<u8>),
    Raise(Diagnostic, Vec<u8>),
    /// The second of two items: a separator and what follows it.
    AfterSeparator,
    /// An element and the sequence of those after it.
    Prepend,
}

/// The whole grammar.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) rules: Vec<Rule>,
    pub(super) alternatives: Vec<Alternative>,
    pub(super) items: Vec<Item>,
    pub(super) primary: RuleId,
    names: HashMap<&'static str, RuleId>,
}

impl Program {
    /// CPython's grammar.
    pub(super) fn of_python() -> &'static Program {
        static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
            let rules: Vec<RuleText> = grammar::TEXTS.iter().flat_map(|text| parse(text)).collect();
            Compiler::compile(&rules)
        });
        &PROGRAM
    }

    /// The rule of that name, which must exist.
    pub(super) fn rule(&self, name: &str) -> RuleId {
        *self.names.get(name).unwrap_or_else(|| panic!("the grammar has no rule {name}"))
    }
}

/// From the notation to a [`Program`].
struct Compiler {
    program: Program,
}

/// The captures of an alternative, by the numbers of their items.
type Captures = Vec<Option<&'static str>>;

impl Compiler {
    fn compile(texts: &[RuleText]) -> Program {
        let names: HashMap<_, _> =
            texts.iter().enumerate().map(|(at, rule)| (rule.name, RuleId(at as u16))).collect();
        assert_eq!(names.len(), texts.len(), "a rule is defined twice");
        let primary = names["primary"];
        let (rules, alternatives, items) = (Vec::new(), Vec::new(), Vec::new());
        let program = Program { rules, alternatives, items, primary, names };
        let mut compiler = Compiler { program };
        for text in texts {
            let id = compiler.reserve(Shape::Choice, text.memory);
            let rule = &mut compiler.program.rules[id.0 as usize];
            rule.without_invalid = text.name.ends_with("_without_invalid");
            rule.rung = Rung::named(text.name);
            rule.leap = Leap::named(text.name);
            rule.statement = match text.name {
                "statement" => Some(Statement::Lines),
                "simple_stmt" => Some(Statement::PartOfLine),
                "compound_stmt" => Some(Statement::Compound),
                "function_def_raw" | "class_def_raw" => Some(Statement::Raw),
                _ => None,
            };
        }
        for (at, text) in texts.iter().enumerate() {
            compiler.define(RuleId(at as u16), &text.alternatives);
        }
        first::compute(&mut compiler.program);
        compiler.program
    }

    /// A rule whose alternatives are not known yet.
    fn reserve(&mut self, shape: Shape, memory: Memory) -> RuleId {
        let id = RuleId(self.program.rules.len() as u16);
        self.program.rules.push(Rule {
            shape,
            memory,
            without_invalid: false,
            statement: None,
            rung: None,
            leap: None,
            first: TokenSet::EMPTY,
            alternatives: 0..0,
        });
        id
    }

    fn define(&mut self, rule: RuleId, texts: &[AlternativeText]) {
        let alternatives: Vec<Alternative> = texts.iter().map(|text| self.alternative(text)).collect();
        self.set_alternatives(rule, alternatives);
    }

    fn set_alternatives(&mut self, rule: RuleId, alternatives: Vec<Alternative>) {
        let start = self.program.alternatives.len() as u16;
        self.program.alternatives.extend(alternatives);
        self.program.rules[rule.0 as usize].alternatives = start..self.program.alternatives.len() as u16;
    }

    fn alternative(&mut self, text: &AlternativeText) -> Alternative {
        let mut captures = Captures::new();
        let items: Vec<Item> = text.items.iter().map(|item| self.item(item, &mut captures)).collect();
        let invalid = matches!(&text.items[..], [ItemText::Part { atom: AtomText::Rule(name), .. }]
            if name.starts_with("invalid_"));
        Alternative {
            invalid,
            first: TokenSet::EMPTY,
            items: self.push_items(items),
            conditions: text.conditions.iter().map(|call| condition(call, &captures)).collect(),
            result: outcome(&text.result, &captures),
        }
    }

    fn push_items(&mut self, items: Vec<Item>) -> Range<u16> {
        let start = self.program.items.len() as u16;
        self.program.items.extend(items);
        start..self.program.items.len() as u16
    }

    fn item(&mut self, text: &ItemText, captures: &mut Captures) -> Item {
        match text {
            ItemText::Cut => Item { mode: Mode::Cut, test: Test::AnySoft },
            ItemText::Lookahead { positive, atom } => {
                Item { mode: if *positive { Mode::And } else { Mode::Not }, test: self.atom(atom) }
            }
            ItemText::Forced(atom) => {
                captures.push(None);
                Item { mode: Mode::Forced, test: self.atom(atom) }
            }
            ItemText::Part { capture, atom, count } => {
                captures.push(*capture);
                self.part(atom, count)
            }
        }
    }

    fn part(&mut self, atom: &AtomText, count: &CountText) -> Item {
        let one = self.atom(atom);
        let (mode, test) = match count {
            CountText::One => (Mode::One, one),
            CountText::Optional => (Mode::Optional, one),
            CountText::Any => (Mode::One, self.repeat(one, false)),
            CountText::AtLeastOne => (Mode::One, self.repeat(one, true)),
            CountText::SeparatedBy(separator) => (Mode::One, self.separated(one, separator)),
        };
        Item { mode, test }
    }

    fn atom(&mut self, text: &AtomText) -> Test {
        match text {
            AtomText::Token(text) => Test::Token(token_kind(text)),
            AtomText::Soft(text) => Test::Soft(text),
            AtomText::Class("SOFT_KEYWORD") => Test::AnySoft,
            AtomText::Class(name) => Test::Token(token_class(name)),
            AtomText::Rule(name) => Test::Rule(self.program.rule(name)),
            AtomText::Group(alternatives) => self.group(alternatives),
        }
    }

    /// A group is a rule of its own, unless it is only a pair of brackets.
    fn group(&mut self, texts: &[AlternativeText]) -> Test {
        if let [AlternativeText { items, conditions, result: ResultText::Default }] = texts
            && let [ItemText::Part { atom, count: CountText::One, .. }] = &items[..]
            && conditions.is_empty()
        {
            return self.atom(atom);
        }
        let rule = self.reserve(Shape::Choice, Memory::None);
        self.define(rule, texts);
        Test::Rule(rule)
    }

    fn repeat(&mut self, element: Test, at_least_once: bool) -> Test {
        let items = vec![Item { mode: Mode::One, test: element }];
        self.synthetic(Shape::Repeat { at_least_once }, items, Outcome::Item(0))
    }

    fn separated(&mut self, element: Test, separator: &AtomText) -> Test {
        let element = Item { mode: Mode::One, test: element };
        let separator = Item { mode: Mode::One, test: self.atom(separator) };
        let repeat = Shape::Repeat { at_least_once: false };
        let rest = self.synthetic(repeat, vec![separator, element], Outcome::AfterSeparator);
        let rest = Item { mode: Mode::One, test: rest };
        self.synthetic(Shape::Choice, vec![element, rest], Outcome::Prepend)
    }

    /// A rule with one alternative, which the notation has no name for.
    fn synthetic(&mut self, shape: Shape, items: Vec<Item>, result: Outcome) -> Test {
        let rule = self.reserve(shape, Memory::None);
        let items = self.push_items(items);
        let (first, conditions) = (TokenSet::EMPTY, Vec::new());
        let alternative = Alternative { invalid: false, first, items, conditions, result };
        self.set_alternatives(rule, vec![alternative]);
        Test::Rule(rule)
    }
}

fn token_kind(text: &str) -> TokenKind {
    let kind = TokenKind::from_text(text).or_else(|| keyword(text.as_bytes()));
    kind.unwrap_or_else(|| panic!("no token is written {text}"))
}

fn token_class(name: &str) -> TokenKind {
    match name {
        "ENDMARKER" => TokenKind::Endmarker,
        "NAME" => TokenKind::Name,
        "NUMBER" => TokenKind::Number,
        "STRING" => TokenKind::String,
        "NEWLINE" => TokenKind::Newline,
        "INDENT" => TokenKind::Indent,
        "DEDENT" => TokenKind::Dedent,
        "TYPE_COMMENT" => TokenKind::TypeComment,
        "FSTRING_START" => TokenKind::FstringStart,
        "FSTRING_MIDDLE" => TokenKind::FstringMiddle,
        "FSTRING_END" => TokenKind::FstringEnd,
        "TSTRING_START" => TokenKind::TstringStart,
        "TSTRING_MIDDLE" => TokenKind::TstringMiddle,
        "TSTRING_END" => TokenKind::TstringEnd,
        _ => panic!("no kind of tokens is called {name}"),
    }
}

fn condition(call: &CallText, captures: &Captures) -> Condition {
    if call.name == "since" {
        return Condition::Since(Feature::named(call.arguments[0]));
    }
    Condition::Check(diagnostics::check(call.name), numbers(call, captures))
}

fn outcome(result: &ResultText, captures: &Captures) -> Outcome {
    match result {
        ResultText::Default if captures.len() == 1 => Outcome::Item(0),
        ResultText::Default => Outcome::Done,
        ResultText::Capture(name) => Outcome::Item(number(name, captures)),
        ResultText::Node(call) => Outcome::Node(NodeKind::named(call.name), numbers(call, captures)),
        ResultText::Raise(call) => {
            Outcome::Raise(diagnostics::diagnostic(call.name), numbers(call, captures))
        }
    }
}

fn numbers(call: &CallText, captures: &Captures) -> Vec<u8> {
    call.arguments.iter().map(|name| number(name, captures)).collect()
}

fn number(name: &str, captures: &Captures) -> u8 {
    let at = captures.iter().position(|capture| *capture == Some(name));
    at.unwrap_or_else(|| panic!("nothing was captured as {name}")) as u8
}
