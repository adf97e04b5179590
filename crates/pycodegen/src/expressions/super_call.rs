//! `super().attribute` without making the super object.
//!
//! CPython's counterparts: `can_optimize_super_call`, `load_args_for_super` of `Python/codegen.c`.

use pyast::{Expr, ExprAttribute, ExprCall, ExprContext, Location};
use pycode::known;
use pyopcode::Opcode;
use pysymtable::SymScope;

use crate::generator::{Generator, Result};
use crate::variables::AttributeOp;

impl<'a> Generator<'_, 'a> {
    /// The call of `super` that an attribute is taken of, if `LOAD_SUPER_ATTR` can stand for it
    /// (`can_optimize_super_call`).
    #[inline]
    pub(crate) fn optimizable_super_call(&self, node: &ExprAttribute<'a>) -> Option<&'a ExprCall<'a>> {
        let Expr::Call(call) = node.value else { return None };
        let Expr::Name(function) = call.func else { return None };
        let is_super = function.id == known::SUPER && node.attr != known::CLASS;
        (is_super && self.can_optimize_super_call(call)).then_some(call)
    }

    #[inline(never)]
    fn can_optimize_super_call(&self, call: &ExprCall<'_>) -> bool {
        if !call.keywords.is_empty() {
            return false;
        }
        // A visible variable named `super` shadows the builtin.
        let is_builtin = self.name_scope(known::SUPER) == SymScope::GlobalImplicit
            && self.module_symbol(known::SUPER).is_none_or(|symbol| symbol.scope() == SymScope::Unknown);
        let possible = match call.args {
            [] => self.has_zero_argument_super(),
            [first, second] => !matches!((first, second), (Expr::Starred(_), _) | (_, Expr::Starred(_))),
            _ => false,
        };
        is_builtin && possible
    }

    /// Whether `super()` finds what it needs: a first parameter and the `__class__` cell.
    fn has_zero_argument_super(&self) -> bool {
        let metadata = &self.unit.output.metadata;
        (metadata.argcount > 0 || metadata.posonlyargcount > 0)
            && !self.is_cell(known::CLASS)
            && self.name_scope(known::CLASS) == SymScope::Free
    }

    /// Loads an attribute of a super object.
    pub(crate) fn load_super_attribute(
        &mut self,
        node: &'a ExprAttribute<'a>,
        call: &'a ExprCall<'a>,
    ) -> Result {
        self.load_args_for_super(call)?;
        let zero_arguments = call.args.is_empty();
        let op = if zero_arguments { AttributeOp::LoadZeroSuper } else { AttributeOp::LoadSuper };
        self.emit_super(node, op);
        Ok(())
    }

    /// Loads a method of a super object, to call it; gives the location that the call's keyword names
    /// take.
    pub(crate) fn load_super_method(
        &mut self,
        node: &'a ExprAttribute<'a>,
        call: &'a ExprCall<'a>,
    ) -> Result<Location> {
        self.load_args_for_super(call)?;
        let zero_arguments = call.args.is_empty();
        let op = if zero_arguments { AttributeOp::LoadZeroSuperMethod } else { AttributeOp::LoadSuperMethod };
        Ok(self.emit_super(node, op))
    }

    fn emit_super(&mut self, node: &ExprAttribute<'_>, op: AttributeOp) -> Location {
        self.emit_attribute(node.location, op, node.attr);
        let location = self.attribute_location(node.location, node);
        self.emit(location, Opcode::Nop);
        location
    }

    /// Loads `super` and its two arguments, explicit or not (`load_args_for_super`).
    fn load_args_for_super(&mut self, call: &'a ExprCall<'a>) -> Result {
        self.nameop(call.func.location(), known::SUPER, ExprContext::Load);
        if !call.args.is_empty() {
            return self.visit_exprs(call.args);
        }
        self.nameop(call.location, known::CLASS, ExprContext::Load);
        let first = self.unit.output.metadata.varnames[0];
        self.nameop(call.location, first, ExprContext::Load);
        Ok(())
    }
}
