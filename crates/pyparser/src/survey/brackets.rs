//! Which atoms in brackets need no second look.
//!
//! A statement that is wrong may be 10 MB long, such as a list with a comma missing. CPython's parser tries every
//! bracket as a tuple, as a group, as a generator expression, and again as a target, so that a pass over deep
//! brackets costs a hundred calls of rules for each. But the fast parser knows where an atom in brackets ends.
//!
//! As of statements, some are right and have something in them in which the second pass finds fault, or may be too deep
//! for it. Whether that is so is decided when a bracket is about to be leapt over, by its tokens
//! ([`LookAtBracket`]).

use pyast::Expr;
use pytoken::TokenKind;

use super::Look;
use crate::lexer::{Position, Token};
use crate::parser::{Parse, Parser};

/// How many functions CPython has on its stack for a level of our rules, at most.
const FUNCTIONS_PER_LEVEL: u32 = 40;
/// The same for a link of a chain.
const FUNCTIONS_PER_LINK: u32 = 2;
/// The same for the elements of lists that look like legacy statements, all together.
const FUNCTIONS_FOR_LEGACY: u32 = 6 * super::MAX_LEGACY;

/// An atom in brackets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bracket {
    /// Where it begins, in bytes.
    start: u32,
    /// How many functions CPython has on its stack in it, at most.
    functions: u16,
    form: Form,
    /// Where its closing bracket ends.
    end: Position,
}

/// Which rule matches an atom in brackets, as far as anybody asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    Tuple,
    List,
    Genexp,
    /// A name in parentheses.
    Name,
    /// A group of something that may be assigned to, or may not.
    Group,
    /// Something else, which cannot be assigned to.
    Other,
}

impl Form {
    /// What an expression is that was found in brackets.
    fn of(value: &Expr<'_>, first: Token) -> Form {
        let location = value.location();
        let is_group = (location.lineno, location.col_offset) != (first.begin.line(), first.begin.column());
        match value {
            Expr::Tuple(_) if !is_group => Form::Tuple,
            Expr::List(_) if !is_group => Form::List,
            Expr::GeneratorExp(_) if !is_group => Form::Genexp,
            Expr::Name(_) => Form::Name,
            Expr::Tuple(_) | Expr::List(_) | Expr::Attribute(_) | Expr::Subscript(_) => Form::Group,
            _ => Form::Other,
        }
    }
}

/// Where the closing bracket ends that was not found, or is not told.
const NOWHERE: Position = Position::new(0, 0);

impl Bracket {
    /// Whether the closing bracket ends there.
    pub(crate) fn ends_at(&self, end: Position) -> bool {
        self.end == end
    }

    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// Whether CPython can parse it with that many functions on its stack.
    pub(crate) fn needs_at_most(&self, functions: usize) -> bool {
        usize::from(self.functions) <= functions
    }
}

/// A look at the tokens of a bracket.
#[derive(Default)]
pub(crate) struct LookAtBracket(Look);

impl LookAtBracket {
    /// Takes the next token and its text.
    pub(crate) fn at(&mut self, kind: TokenKind, text: &[u8]) {
        self.0.at(kind, text);
    }

    /// Whether CPython finds no fault in its second pass, but for a lack of depth.
    pub(crate) fn is_safe(&self) -> bool {
        !self.0.legacy && self.0.names <= super::MAX_LEGACY
    }
}

impl super::Survey {
    /// The atom that begins with a bracket at that byte, if it is complete. `near` is the number of the one that was
    /// asked for before, and then of this one.
    pub(crate) fn bracket(&self, start: u32, near: &mut usize) -> Option<&Bracket> {
        let is_it = |at: &usize| self.brackets.get(*at).is_some_and(|bracket| bracket.start == start);
        *near = [*near, *near + 1]
            .into_iter()
            .find(is_it)
            .or_else(|| self.brackets.binary_search_by_key(&start, |bracket| bracket.start).ok())?;
        Some(&self.brackets[*near]).filter(|bracket| bracket.end != NOWHERE)
    }
}

impl super::Notes {
    /// Forgets the brackets from that byte on.
    pub(super) fn forget_brackets_from(&mut self, start: u32) {
        if self.brackets.last().is_some_and(|bracket| bracket.start >= start) {
            let count = self.brackets.partition_point(|bracket| bracket.start < start);
            self.brackets.truncate(count);
        }
    }
}

impl<'a> Parser<'_, 'a, '_> {
    /// Parses an atom in brackets and notes where it ends.
    #[cold]
    pub(crate) fn surveyed_bracket(&mut self) -> Parse<Expr<'a>> {
        let (first, warnings) = (self.token(), self.lexer.warnings_so_far());
        let notes = self.notes();
        // A rule that is tried for the second time may have come here before.
        notes.forget_brackets_from(first.start);
        let at = notes.brackets.len();
        let unknown = Bracket { start: first.start, functions: 0, form: Form::Other, end: NOWHERE };
        notes.brackets.push(unknown);
        let (value, functions) = self.measured_bracket();
        let value = value?;
        // What is warned of has to be found once more.
        if warnings == self.lexer.warnings_so_far() {
            let (form, end) = (Form::of(&value, first), self.last);
            self.notes().brackets[at] = Bracket { functions, form, end, ..unknown };
        }
        Ok(value)
    }

    /// Parses an atom in brackets; with it comes how many functions CPython has on its stack for that, at most.
    fn measured_bracket(&mut self) -> (Parse<Expr<'a>>, u16) {
        let depth = self.depth();
        let (depth_before, chain_before) = self.measure_from(depth, 0);
        let value = self.bracket();
        let (deepest, chain) = self.measure_from(depth_before, chain_before);
        self.measure_from(depth_before.max(deepest), chain_before.max(chain));
        let levels = deepest - depth;
        let functions = levels * FUNCTIONS_PER_LEVEL + chain * FUNCTIONS_PER_LINK + FUNCTIONS_FOR_LEGACY;
        (value, u16::try_from(functions).unwrap_or(u16::MAX))
    }
}
