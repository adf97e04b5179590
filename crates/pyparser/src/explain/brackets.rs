//! A short cut to the end of an atom in brackets.
//!
//! When the fast parser has found an atom in brackets, CPython's rule `atom` matches just that. If its `invalid_`
//! rules find no fault in it either ([`LookAtBracket`](crate::survey::LookAtBracket)), the machine need not run them:
//! it asks for all tokens up to the closing bracket, as CPython would have, and goes on behind it.
//!
//! What the rule would have given is not known then: a [`Value::Unread`](super::node::Value::Unread). Hardly any
//! message is about such an atom. If one is, or might be, all is done once more without this short cut.

use pytoken::TokenKind as T;

use super::machine::{Answer, MAX_DEPTH, Machine};
use super::node::Value;
use super::tokens::Raised;
use super::tower::MARGIN;
use crate::lexer::Token;
use crate::survey::Form;

/// A rule that may leap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Leap {
    /// `atom`
    Atom,
    /// One of the rules that `atom` tries.
    Only(Form),
    /// `t_primary`: an atom of which a part is assigned to.
    BeforeTrailer,
    /// `target_with_star_atom`: a name in brackets may be assigned to.
    Target,
}

impl Leap {
    /// Whether and how a rule of the grammar leaps.
    pub(super) fn named(rule: &str) -> Option<Leap> {
        Some(match rule {
            "atom" => Leap::Atom,
            "tuple" => Leap::Only(Form::Tuple),
            "list" => Leap::Only(Form::List),
            "genexp" => Leap::Only(Form::Genexp),
            "t_primary" => Leap::BeforeTrailer,
            "target_with_star_atom" => Leap::Target,
            _ => return None,
        })
    }
}

impl Machine<'_> {
    /// The answer of a rule that begins with that token, the next one, if it begins an atom in brackets that is known
    /// to be right.
    pub(super) fn leap(&mut self, leap: Leap, first: Token) -> Result<Option<Answer>, Raised> {
        if !self.leaps || !matches!(first.kind, T::Lpar | T::Lsqb | T::Lbrace) {
            return Ok(None);
        }
        let functions = MAX_DEPTH.saturating_sub(MARGIN + self.depth());
        let scene = self.scene();
        let Some((last, form)) = scene.tokens.end_of_bracket(scene.mark, functions)? else { return Ok(None) };
        let answer = match leap {
            Leap::Atom => Some(Some(Value::Unread)),
            Leap::Only(wanted) => Some((wanted == form).then_some(Value::Unread)),
            _ if matches!(scene.tokens.at(last + 1)?.kind, T::Dot | T::Lpar | T::Lsqb) => None,
            Leap::BeforeTrailer => Some(None),
            Leap::Target => match form {
                Form::Name => Some(Some(Value::Unread)),
                Form::Genexp | Form::Other => Some(None),
                Form::Tuple | Form::List | Form::Group => None,
            },
        };
        if let Some(Some(_)) = answer {
            scene.mark = last + 1;
        }
        Ok(answer)
    }
}
