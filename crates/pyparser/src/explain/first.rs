//! With which tokens a match of a rule can begin.
//!
//! Most rules that CPython's parser tries fail at their first token. With the sets of first tokens, the machine need
//! not begin them. Nothing else happens in a rule that fails so: it looks at no other token. The sets are larger than
//! they have to be: they have what `invalid_` rules begin with, and what look-aheads want to see.

use pytoken::TokenKind;

use super::program::{Alternative, Item, Mode, Program, Rule, Shape, Test};

/// A set of kinds of tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TokenSet(u128);

impl TokenSet {
    /// No kind.
    pub(super) const EMPTY: TokenSet = TokenSet(0);
    /// Every kind: what begins with something optional is always tried.
    const ALL: TokenSet = TokenSet(u128::MAX);

    fn of(kind: TokenKind) -> TokenSet {
        TokenSet(1 << kind as u8)
    }

    pub(super) fn contains(self, kind: TokenKind) -> bool {
        self.0 >> (kind as u8) & 1 != 0
    }

    fn or(self, other: TokenSet) -> TokenSet {
        TokenSet(self.0 | other.0)
    }
}

/// Computes the sets of all rules and alternatives.
pub(super) fn compute(program: &mut Program) {
    while compute_once(program) {}
}

/// Gives whether anything has changed.
fn compute_once(program: &mut Program) -> bool {
    let mut changed = false;
    for at in 0..program.rules.len() {
        let mut of_rule = TokenSet::EMPTY;
        for number in program.rules[at].alternatives.clone() {
            let first = of_alternative(program, &program.alternatives[number as usize]);
            program.alternatives[number as usize].first = first;
            of_rule = of_rule.or(first);
        }
        changed |= program.rules[at].first != of_rule;
        program.rules[at].first = of_rule;
    }
    changed
}

fn of_alternative(program: &Program, alternative: &Alternative) -> TokenSet {
    let mut set = TokenSet::EMPTY;
    for item in &program.items[alternative.items.start as usize..alternative.items.end as usize] {
        set = set.or(of_test(program, item));
        if consumes(program, item) {
            return set;
        }
    }
    TokenSet::ALL
}

fn of_test(program: &Program, item: &Item) -> TokenSet {
    match item.test {
        // The test of a cut means nothing.
        _ if item.mode == Mode::Cut => TokenSet::EMPTY,
        // That nothing is there is an error.
        _ if item.mode == Mode::Forced => TokenSet::ALL,
        Test::Token(kind) => TokenSet::of(kind),
        Test::Soft(_) | Test::AnySoft => TokenSet::of(TokenKind::Name),
        Test::Rule(rule) => program.rules[rule.0 as usize].first,
    }
}

/// Whether a match of an item is at least one token long.
fn consumes(program: &Program, item: &Item) -> bool {
    match item.mode {
        Mode::Optional | Mode::And | Mode::Not | Mode::Cut => false,
        Mode::One | Mode::Forced => match item.test {
            Test::Rule(rule) => !may_be_empty(&program.rules[rule.0 as usize]),
            _ => true,
        },
    }
}

/// Of rules, only repetitions match nothing. (A rule of optional items only is tried at every token.)
fn may_be_empty(rule: &Rule) -> bool {
    rule.shape == Shape::Repeat { at_least_once: false } || rule.first == TokenSet::ALL
}
