//! Patterns.

use pycode::known;

use super::{Result, Validator, positions, value_error};
use crate::*;

impl Validator<'_> {
    fn patterns(&mut self, nodes: &[Pattern<'_>], star_ok: bool) -> Result {
        nodes.iter().try_for_each(|&node| self.pattern(node, star_ok))
    }

    /// `validate_pattern`
    pub(super) fn pattern(&mut self, node: Pattern<'_>, star_ok: bool) -> Result {
        positions(node.location())?;
        self.limit.enter(node.location())?;
        match node {
            Pattern::MatchValue(node) => self.match_value(node.value)?,
            Pattern::MatchSingleton(node) => match_singleton(node)?,
            Pattern::MatchSequence(node) => self.patterns(node.patterns, true)?,
            Pattern::MatchMapping(node) => self.match_mapping(node)?,
            Pattern::MatchClass(node) => self.match_class(node)?,
            Pattern::MatchStar(node) if !star_ok => {
                return value_error("can't use MatchStar here", node.location);
            }
            Pattern::MatchStar(node) => self.capture(node.name, node.location)?,
            Pattern::MatchAs(node) => self.match_as(node)?,
            Pattern::MatchOr(node) if node.patterns.len() < 2 => {
                return value_error("MatchOr requires at least 2 patterns", node.location);
            }
            Pattern::MatchOr(node) => self.patterns(node.patterns, false)?,
        }
        self.limit.leave();
        Ok(())
    }

    /// `validate_capture`
    fn capture(&self, name: Option<StrId>, location: Location) -> Result {
        match name {
            None => Ok(()),
            Some(known::UNDERSCORE) => value_error("can't capture name '_' in patterns", location),
            Some(name) => self.name(name, location),
        }
    }

    /// `validate_pattern_match_value`. What an f-string does in a pattern later stages say.
    fn match_value(&mut self, node: Expr<'_>) -> Result {
        self.load(node)?;
        let permitted = match node {
            Expr::Constant(constant) => return literal(constant),
            Expr::Attribute(_) | Expr::JoinedStr(_) | Expr::TemplateStr(_) => true,
            Expr::UnaryOp(node) => is_negative(node, Number::Any),
            Expr::BinOp(node) => is_complex(node),
            _ => false,
        };
        if permitted {
            return Ok(());
        }
        value_error("patterns may only match literals and attribute lookups", node.location())
    }

    fn match_mapping(&mut self, node: &PatternMatchMapping<'_>) -> Result {
        if node.keys.len() != node.patterns.len() {
            let message = "MatchMapping doesn't have the same number of keys as patterns";
            return value_error(message, node.location);
        }
        self.capture(node.rest, node.location)?;
        for &key in node.keys {
            let singleton = match key {
                Expr::Constant(constant) => is_singleton(constant.value),
                _ => false,
            };
            if !singleton {
                self.match_value(key)?;
            }
        }
        self.patterns(node.patterns, false)
    }

    fn match_class(&mut self, node: &PatternMatchClass<'_>) -> Result {
        if node.kwd_attrs.len() != node.kwd_patterns.len() {
            let message = "MatchClass doesn't have the same number of keyword attributes as patterns";
            return value_error(message, node.location);
        }
        self.load(node.cls)?;
        let mut class = node.cls;
        while let Expr::Attribute(attribute) = class {
            class = attribute.value;
        }
        if !matches!(class, Expr::Name(_)) {
            let message = "MatchClass cls field can only contain Name or Attribute nodes.";
            return value_error(message, node.location);
        }
        node.kwd_attrs.iter().try_for_each(|&name| self.name(name, node.location))?;
        self.patterns(node.patterns, false)?;
        self.patterns(node.kwd_patterns, false)
    }

    fn match_as(&mut self, node: &PatternMatchAs<'_>) -> Result {
        self.capture(node.name, node.location)?;
        match (node.pattern, node.name) {
            (None, _) => Ok(()),
            (Some(_), None) => {
                value_error("MatchAs must specify a target name if a pattern is given", node.location)
            }
            (Some(pattern), Some(_)) => self.pattern(pattern, false),
        }
    }
}

fn is_singleton(value: Constant<'_>) -> bool {
    matches!(value, Constant::None | Constant::Bool(_))
}

fn match_singleton(node: &PatternMatchSingleton<'_>) -> Result {
    if is_singleton(node.value) {
        return Ok(());
    }
    value_error("MatchSingleton can only contain True, False and None", node.location)
}

/// Numbers, strings and bytes.
fn literal(node: &ExprConstant<'_>) -> Result {
    match node.value {
        Constant::Int(_)
        | Constant::BigInt(_)
        | Constant::Float(_)
        | Constant::Complex { .. }
        | Constant::Str(_)
        | Constant::Bytes(_) => Ok(()),
        _ => value_error("unexpected constant inside of a literal pattern", node.location),
    }
}

/// Which numbers are meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    Real,
    Imaginary,
    Any,
}

/// `ensure_literal_number`
fn is_number(node: Expr<'_>, wanted: Number) -> bool {
    let Expr::Constant(constant) = node else { return false };
    match constant.value {
        Constant::Int(_) | Constant::BigInt(_) | Constant::Float(_) => wanted != Number::Imaginary,
        Constant::Complex { .. } => wanted != Number::Real,
        _ => false,
    }
}

/// `ensure_literal_negative`
fn is_negative(node: &ExprUnaryOp<'_>, wanted: Number) -> bool {
    node.op == UnaryOp::USub && is_number(node.operand, wanted)
}

/// `ensure_literal_complex`: a real number, with or without a sign, and an imaginary one.
fn is_complex(node: &ExprBinOp<'_>) -> bool {
    let real = match node.left {
        Expr::UnaryOp(left) => is_negative(left, Number::Real),
        left => is_number(left, Number::Real),
    };
    matches!(node.op, Operator::Add | Operator::Sub) && real && is_number(node.right, Number::Imaginary)
}
