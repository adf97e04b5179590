//! `match` statements (PEP 634).
//!
//! Every method for a pattern takes the subject from the stack and, when it does not match, jumps to the
//! place that pops what is on the stack by then. Names are stored when the whole pattern has matched;
//! until then captured values wait on the stack, below the [`on_top`](PatternContext::on_top) items that
//! are still to be matched.
//!
//! CPython's counterparts: `codegen_match`, `codegen_pattern` and the helpers of `pattern_context` of
//! `Python/codegen.c`.

mod class;
mod keys;
mod mapping;
mod or;
mod sequence;

use pyast::{
    CmpOp, Expr, ExprContext, Location, MatchCase, Pattern, PatternMatchAs, PatternMatchSingleton,
    PatternMatchValue, StmtMatch, StrId,
};
use pyinstrseq::Label;
use pyopcode::Opcode;

use crate::diagnostics;
use crate::generator::{Generator, Result};

/// The state of matching one pattern (`pattern_context`).
#[derive(Default)]
struct PatternContext {
    /// The names captured so far, in the order of their values on the stack.
    stores: Vec<StrId>,
    /// Whether a pattern that always matches may stand here.
    allow_irrefutable: bool,
    /// Where to go on failure, by how many values are to be popped.
    fail_pop: Vec<Label>,
    /// How many values above the captured ones are in use.
    on_top: usize,
}

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_match(&mut self, node: &'a StmtMatch<'a>) -> Result {
        self.visit_expr(node.subject)?;
        let end = self.new_label();
        let Some((last, before)) = node.cases.split_last() else { return Ok(()) };
        let has_default = is_wildcard(last.pattern) && !before.is_empty();
        let cases = if has_default { before } else { node.cases };
        for (index, case) in cases.iter().enumerate() {
            let is_last_copy = index + 1 == cases.len();
            let allow_irrefutable = case.guard.is_some() || index + 1 == node.cases.len();
            self.match_case(case, is_last_copy, allow_irrefutable, end)?;
        }
        if has_default {
            self.default_case(last, end)?;
        }
        self.place(end);
        Ok(())
    }

    fn match_case(
        &mut self,
        case: &'a MatchCase<'a>,
        is_last_copy: bool,
        allow_irrefutable: bool,
        end: Label,
    ) -> Result {
        let location = case.pattern.location();
        if !is_last_copy {
            self.emit_arg(location, Opcode::Copy, 1);
        }
        let mut context = PatternContext { allow_irrefutable, ..PatternContext::default() };
        self.codegen_pattern(case.pattern, &mut context)?;
        debug_assert_eq!(context.on_top, 0, "a pattern consumes its subject");
        for &name in &context.stores {
            self.nameop(location, name, ExprContext::Store);
        }
        if let Some(guard) = case.guard {
            let fail = self.fail_pop(&mut context, 0);
            self.jump_if(location, guard, fail, false)?;
        }
        if !is_last_copy {
            // On the line of the body, for branch events.
            self.emit(Location::NEXT, Opcode::PopTop);
        }
        self.visit_stmts(case.body)?;
        self.emit_jump(Location::NONE, Opcode::Jump, end);
        // On the line of the pattern that failed, not on that of the body's end.
        self.emit_and_reset_fail_pop(location, &mut context);
        Ok(())
    }

    /// A last `case _`, which needs no copy of the subject.
    fn default_case(&mut self, case: &'a MatchCase<'a>, end: Label) -> Result {
        let location = case.pattern.location();
        // For coverage: the default itself has no instructions.
        self.emit(location, Opcode::Nop);
        if let Some(guard) = case.guard {
            self.jump_if(location, guard, end, false)?;
        }
        self.visit_stmts(case.body)
    }

    fn codegen_pattern(&mut self, pattern: Pattern<'a>, context: &mut PatternContext) -> Result {
        self.nested(
            || pattern.location(),
            |this| match pattern {
                Pattern::MatchValue(node) => this.pattern_value(node, context),
                Pattern::MatchSingleton(node) => this.pattern_singleton(node, context),
                Pattern::MatchSequence(node) => this.pattern_sequence(node, context),
                Pattern::MatchMapping(node) => this.pattern_mapping(node, context),
                Pattern::MatchClass(node) => this.pattern_class(node, context),
                Pattern::MatchStar(node) => this.store_name(node.location, node.name, context),
                Pattern::MatchAs(node) => this.pattern_as(node, context),
                Pattern::MatchOr(node) => this.pattern_or(node, context),
            },
        )
    }

    /// A pattern within another one, which may be irrefutable (`codegen_pattern_subpattern`).
    fn subpattern(&mut self, pattern: Pattern<'a>, context: &mut PatternContext) -> Result {
        let allow_irrefutable = std::mem::replace(&mut context.allow_irrefutable, true);
        self.codegen_pattern(pattern, context)?;
        context.allow_irrefutable = allow_irrefutable;
        Ok(())
    }

    fn pattern_value(&mut self, node: &'a PatternMatchValue<'a>, context: &mut PatternContext) -> Result {
        if !matches!(node.value, Expr::Constant(_) | Expr::Attribute(_)) {
            return diagnostics::value_pattern_kind(node.location);
        }
        self.visit_expr(node.value)?;
        self.add_compare(node.location, CmpOp::Eq);
        self.emit(node.location, Opcode::ToBool);
        self.jump_to_fail_pop(node.location, Opcode::PopJumpIfFalse, context);
        Ok(())
    }

    fn pattern_singleton(
        &mut self,
        node: &'a PatternMatchSingleton<'a>,
        context: &mut PatternContext,
    ) -> Result {
        self.load_constant(node.location, node.value);
        self.add_compare(node.location, CmpOp::Is);
        self.jump_to_fail_pop(node.location, Opcode::PopJumpIfFalse, context);
        Ok(())
    }

    /// `pattern as name`, `name` and `_`.
    fn pattern_as(&mut self, node: &'a PatternMatchAs<'a>, context: &mut PatternContext) -> Result {
        let Some(pattern) = node.pattern else {
            if !context.allow_irrefutable {
                return self.irrefutable_not_last(node);
            }
            return self.store_name(node.location, node.name, context);
        };
        context.on_top += 1;
        self.emit_arg(node.location, Opcode::Copy, 1);
        self.codegen_pattern(pattern, context)?;
        context.on_top -= 1;
        self.store_name(node.location, node.name, context)
    }

    fn irrefutable_not_last(&self, node: &PatternMatchAs<'_>) -> Result {
        match node.name {
            Some(name) => {
                diagnostics::capture_makes_unreachable(node.location, self.pool.strings().get(name))
            }
            None => diagnostics::wildcard_makes_unreachable(node.location),
        }
    }

    /// Puts the value on the stack among the captured ones, or drops it when there is no name
    /// (`codegen_pattern_helper_store_name`).
    fn store_name(
        &mut self,
        location: Location,
        name: Option<StrId>,
        context: &mut PatternContext,
    ) -> Result {
        let Some(name) = name else {
            self.emit(location, Opcode::PopTop);
            return Ok(());
        };
        self.capture(location, name, context)?;
        self.rotate(location, context.on_top + context.stores.len())
    }

    /// Adds a name to the captured ones, of which it must not be one yet.
    fn capture(&mut self, location: Location, name: StrId, context: &mut PatternContext) -> Result {
        if context.stores.contains(&name) {
            return diagnostics::duplicate_capture(location, self.pool.strings().get(name));
        }
        context.stores.push(name);
        Ok(())
    }

    /// Moves the value on the stack below `count - 1` others (`codegen_pattern_helper_rotate`).
    fn rotate(&mut self, location: Location, count: usize) -> Result {
        self.check_room(|| location)?;
        for depth in (2..=count).rev() {
            self.emit_arg(location, Opcode::Swap, depth);
        }
        Ok(())
    }

    /// The place that pops `pops` values (`ensure_fail_pop`).
    fn fail_pop(&mut self, context: &mut PatternContext, pops: usize) -> Label {
        while context.fail_pop.len() <= pops {
            context.fail_pop.push(self.new_label());
        }
        context.fail_pop[pops]
    }

    /// Jumps to where a failure pops all that is on the stack of the pattern.
    fn jump_to_fail_pop(&mut self, location: Location, jump: Opcode, context: &mut PatternContext) {
        let pops = context.on_top + context.stores.len();
        let target = self.fail_pop(context, pops);
        self.emit_jump(location, jump, target);
    }

    /// Adds the places that pop values: each pops one and falls through to the next.
    fn emit_and_reset_fail_pop(&mut self, location: Location, context: &mut PatternContext) {
        let Some((&done, pops)) = context.fail_pop.split_first() else { return };
        for &label in pops.iter().rev() {
            self.place(label);
            self.emit(location, Opcode::PopTop);
        }
        self.place(done);
        context.fail_pop.clear();
    }
}

/// `_` (`WILDCARD_CHECK`)
fn is_wildcard(pattern: Pattern<'_>) -> bool {
    matches!(pattern, Pattern::MatchAs(node) if node.name.is_none())
}
