//! Patterns.

use super::precedence::Precedence;
use super::{Result, Unparser, value_error};
use crate::*;

impl Unparser<'_> {
    /// A pattern where one of this precedence is required.
    pub(super) fn pattern(&mut self, node: Pattern<'_>, required: Precedence) -> Result {
        self.limit.enter(node.location())?;
        match node {
            Pattern::MatchValue(node) => self.expr(node.value, Precedence::TEST)?,
            Pattern::MatchSingleton(node) => self.bare_constant(node.value, node.location)?,
            Pattern::MatchSequence(node) => {
                self.delimit_if(true, ("[", "]"), |u| u.patterns(node.patterns))?;
            }
            Pattern::MatchMapping(node) => self.match_mapping(node)?,
            Pattern::MatchClass(node) => self.match_class(node)?,
            Pattern::MatchStar(node) => {
                self.text("*");
                self.capture(node.name);
            }
            Pattern::MatchAs(node) => self.match_as(node, required)?,
            Pattern::MatchOr(node) => self.match_or(node, required)?,
        }
        self.limit.leave();
        Ok(())
    }

    fn patterns(&mut self, patterns: &[Pattern<'_>]) -> Result {
        self.interleave(patterns, |u, pattern| u.pattern(pattern, Precedence::TEST))
    }

    /// A name, or `_` where there is none.
    fn capture(&mut self, name: Option<StrId>) {
        match name {
            Some(name) => self.name(name),
            None => self.text("_"),
        }
    }

    fn match_mapping(&mut self, node: &PatternMatchMapping<'_>) -> Result {
        self.text("{");
        for (i, (&key, &pattern)) in node.keys.iter().zip(node.patterns).enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            self.expr(key, Precedence::TEST)?;
            self.text(": ");
            self.pattern(pattern, Precedence::TEST)?;
        }
        same_length(node.keys.len(), node.patterns.len(), node.location)?;
        if let Some(rest) = node.rest {
            self.text(if node.keys.is_empty() { "**" } else { ", **" });
            self.name(rest);
        }
        self.text("}");
        Ok(())
    }

    fn match_class(&mut self, node: &PatternMatchClass<'_>) -> Result {
        self.expr(node.cls, Precedence::ATOM)?;
        self.text("(");
        self.patterns(node.patterns)?;
        if !node.kwd_attrs.is_empty() {
            same_length(node.kwd_attrs.len(), node.kwd_patterns.len(), node.location)?;
        }
        for (i, (&attr, &pattern)) in node.kwd_attrs.iter().zip(node.kwd_patterns).enumerate() {
            self.text(if i > 0 || !node.patterns.is_empty() { ", " } else { "" });
            self.name(attr);
            self.text("=");
            self.pattern(pattern, Precedence::TEST)?;
        }
        self.text(")");
        Ok(())
    }

    fn match_as(&mut self, node: &PatternMatchAs<'_>, required: Precedence) -> Result {
        let (Some(name), Some(pattern)) = (node.name, node.pattern) else {
            self.capture(node.name);
            return Ok(());
        };
        self.parenthesized(required, Precedence::TEST, |u| {
            u.pattern(pattern, Precedence::EXPR)?;
            u.text(" as ");
            u.name(name);
            Ok(())
        })
    }

    fn match_or(&mut self, node: &PatternMatchOr<'_>, required: Precedence) -> Result {
        self.parenthesized(required, Precedence::EXPR, |u| {
            for (i, &pattern) in node.patterns.iter().enumerate() {
                u.text(if i > 0 { " | " } else { "" });
                u.pattern(pattern, Precedence::EXPR.next())?;
            }
            Ok(())
        })
    }
}

/// The error of Python's `zip(..., strict=True)`.
fn same_length(first: usize, second: usize, location: Location) -> Result {
    if first == second {
        return Ok(());
    }
    let how = if second < first { "shorter" } else { "longer" };
    Err(value_error(format!("zip() argument 2 is {how} than argument 1"), location))
}
