//! Patterns of `match` (`symtable_visit_pattern`).

use pyast::{ExprContext, Location, Pattern, PatternMatchClass};
use pycode::StrId;

use super::Collector;
use super::names::check_name;
use crate::SymbolFlags;
use crate::diagnostics::Result;

impl Collector<'_> {
    pub(super) fn visit_pattern(&mut self, pattern: Pattern<'_>) -> Result {
        self.descend(|| pattern.location())?;
        self.visit_pattern_here(pattern)?;
        self.ascend();
        Ok(())
    }

    fn visit_pattern_here(&mut self, pattern: Pattern<'_>) -> Result {
        match pattern {
            Pattern::MatchValue(node) => self.visit_expr(node.value),
            Pattern::MatchSingleton(_) => Ok(()),
            Pattern::MatchSequence(node) => self.visit_patterns(node.patterns),
            Pattern::MatchStar(node) => self.capture(node.name, node.location),
            Pattern::MatchMapping(node) => {
                self.visit_exprs(node.keys)?;
                self.visit_patterns(node.patterns)?;
                self.capture(node.rest, node.location)
            }
            Pattern::MatchClass(node) => self.visit_class_pattern(node),
            Pattern::MatchAs(node) => {
                if let Some(pattern) = node.pattern {
                    self.visit_pattern(pattern)?;
                }
                self.capture(node.name, node.location)
            }
            Pattern::MatchOr(node) => self.visit_patterns(node.patterns),
        }
    }

    fn visit_patterns(&mut self, patterns: &[Pattern<'_>]) -> Result {
        patterns.iter().try_for_each(|&pattern| self.visit_pattern(pattern))
    }

    fn visit_class_pattern(&mut self, node: &PatternMatchClass<'_>) -> Result {
        self.visit_expr(node.cls)?;
        self.visit_patterns(node.patterns)?;
        for (&name, pattern) in node.kwd_attrs.iter().zip(node.kwd_patterns) {
            check_name(name, pattern.location(), ExprContext::Store)?;
        }
        self.visit_patterns(node.kwd_patterns)
    }

    fn capture(&mut self, name: Option<StrId>, location: Location) -> Result {
        name.map_or(Ok(()), |name| self.add_def(name, SymbolFlags::LOCAL, location))
    }
}
