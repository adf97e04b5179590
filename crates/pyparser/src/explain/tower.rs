//! A short cut through the rules between `expression` and `primary`.
//!
//! A rule such as `sum` matches what the next tighter one matches, unless an operator of its own follows. There are 20
//! such rules above each other (counting the functions that CPython makes of them), and most operands have no
//! operator beside them. So when one of these rules begins at an atom, the machine matches a `primary`
//! at once; and if no operator follows that concerns a rule in between, this is what they all match.
//!
//! That is exact, since nothing else happens in these rules but that `expression` is remembered
//! ([`Rung::is_remembered_as_valid`]): their `invalid_` rules want an operator, or look at what follows
//! the expression. [`Rung::is_left_before`] has the conditions; when one does not hold, the rules are run as they
//! are written, and find the `primary` remembered.

use pytoken::TokenKind as T;

use crate::grammar::EXPRESSION_STARTS;

/// How many functions of CPython's parser may be open below [`super::machine::MAX_DEPTH`] for the short cut to be
/// taken. What is cut short must not have been too deep.
pub(super) const MARGIN: usize = 64;

/// A rule with the place that it has above `primary`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Rung {
    /// The tightest operator level is 2.
    level: u8,
    /// How many functions there are from this rule down to the call of `primary`, this one included, without and with
    /// `invalid_` rules.
    functions: (u8, u8),
    /// It is a `named_expression`, or becomes one.
    named: bool,
}

/// The level of `power`, of which its operator is part.
const POWER: u8 = 2;
const TERM: u8 = 4;
const SUM: u8 = 5;
const SHIFT: u8 = 6;
const AND: u8 = 7;
const XOR: u8 = 8;
const OR: u8 = 9;
const COMPARISON: u8 = 10;
const CONJUNCTION: u8 = 12;
const DISJUNCTION: u8 = 13;
const EXPRESSION: u8 = 14;

impl Rung {
    /// The rung that a rule of the grammar is.
    pub(super) fn named(rule: &str) -> Option<Rung> {
        let (level, without, with) = match rule {
            "await_primary" => (1, 1, 1),
            "power" => (POWER, 2, 2),
            "factor" => (3, 3, 3),
            "term" => (TERM, 5, 5),
            "sum" => (SUM, 7, 7),
            "shift_expr" => (SHIFT, 9, 10),
            "bitwise_and" => (AND, 11, 12),
            "bitwise_xor" => (XOR, 13, 14),
            "bitwise_or" => (OR, 15, 16),
            "comparison" => (COMPARISON, 16, 17),
            "inversion" => (11, 17, 18),
            "conjunction" => (CONJUNCTION, 18, 19),
            "disjunction" => (DISJUNCTION, 19, 20),
            "expression" => (EXPRESSION, 20, 22),
            "star_expression" => (EXPRESSION, 21, 23),
            "named_expression" => (EXPRESSION, 21, 24),
            "star_named_expression" => (EXPRESSION, 22, 25),
            _ => return None,
        };
        Some(Rung { level, functions: (without, with), named: rule.ends_with("named_expression") })
    }

    /// How many functions there are between this rule and `primary`.
    pub(super) fn functions_below(self, invalid: bool) -> usize {
        usize::from(if invalid { self.functions.1 } else { self.functions.0 }) - 1
    }

    /// Whether it matters later that the rule has matched while `invalid_` rules were disabled. What an `expression` is
    /// found to be below `expression_without_invalid` is remembered, and its `invalid_` rules are not tried once more
    /// when they are enabled again: `f"{a b}"` on its own lacks a comma, but in `"" f"{a b}"` CPython expects a `}`.
    pub(super) fn is_remembered_as_valid(self) -> bool {
        self.level == EXPRESSION
    }

    /// Whether the short cut may be tried at a token; `second` is the token after it, if it was looked at before.
    pub(super) fn may_begin_at(self, first: T, second: Option<T>, invalid: bool) -> bool {
        match first {
            // The lookahead `!( list / tuple / ... )` of `invalid_named_expression` runs these rules once more.
            T::Lpar | T::Lsqb => !(invalid && self.named),
            // `invalid_expression` looks for more strings first, with `invalid_` rules disabled.
            T::String if invalid && self.level == EXPRESSION => {
                second.is_some_and(|second| second == T::String || !EXPRESSION_STARTS.contains(second))
            }
            _ => is_single_token(first) || matches!(first, T::String | T::FstringStart | T::Lbrace),
        }
    }

    /// Whether nothing but the `primary` is matched. The tokens are its first, that after its first, and the one after
    /// its last.
    pub(super) fn is_left_before(self, first: T, second: T, after: T, invalid: bool) -> bool {
        if operator_level(after).is_some_and(|level| level <= self.level) {
            return false;
        }
        if self.named && (after == T::Colonequal || invalid && after == T::Equal) {
            return false;
        }
        // `invalid_expression` tries an expression after the expression, and `invalid_legacy_expression` tries
        // everything after its first name.
        let may_lack_comma = EXPRESSION_STARTS.contains(after);
        let may_be_legacy = first == T::Name && second != T::Lpar && begins_argument(second);
        !(invalid && self.level == EXPRESSION && (may_lack_comma || may_be_legacy))
    }
}

/// Whether a token is an atom on its own.
pub(super) fn is_single_token(kind: T) -> bool {
    matches!(kind, T::Name | T::Number | T::True | T::False | T::None | T::Ellipsis)
}

/// Whether a token after an atom makes a longer `primary`, or gives the `invalid_comprehension` of its `genexp`
/// something to look at.
pub(super) fn is_trailer(kind: T) -> bool {
    matches!(kind, T::Dot | T::Lpar | T::Lsqb | T::Lbrace)
}

/// Whether a token can begin a `star_expressions`, with the statements that `invalid_expression` looks for.
fn begins_argument(kind: T) -> bool {
    matches!(kind, T::Star | T::Pass | T::Break | T::Continue) || EXPRESSION_STARTS.contains(kind)
}

/// The level of the rule that goes on with an operator.
fn operator_level(kind: T) -> Option<u8> {
    Some(match kind {
        T::Doublestar => POWER,
        T::Star | T::Slash | T::Doubleslash | T::Percent | T::At => TERM,
        T::Plus | T::Minus => SUM,
        T::Leftshift | T::Rightshift => SHIFT,
        T::Amper => AND,
        T::Circumflex => XOR,
        T::Vbar => OR,
        T::Eqequal | T::Notequal | T::Less | T::Lessequal | T::Greater | T::Greaterequal => COMPARISON,
        T::In | T::Is | T::Not => COMPARISON,
        T::And => CONJUNCTION,
        T::Or => DISJUNCTION,
        T::If => EXPRESSION,
        _ => return None,
    })
}
