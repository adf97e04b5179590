//! Lambdas.
//!
//! CPython's counterpart: `codegen_lambda` of `Python/codegen.c`.

use pyast::{ExprLambda, NodeKey};
use pycode::known;
use pyopcode::Opcode;

use crate::closure::arg_counts;
use crate::generator::{Generator, Result};
use crate::unit::{UnitHead, UnitKind};

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_lambda(&mut self, node: &'a ExprLambda<'a>) -> Result {
        let location = node.location;
        let attributes = self.default_arguments(location, node.args)?;
        let scope = self.symtable.scope_of(NodeKey::of(node));
        let head = UnitHead::new(UnitKind::Lambda, known::LAMBDA, scope.id(), location.lineno);
        self.enter_scope(UnitHead { args: arg_counts(node.args), ..head });
        self.visit_expr(node.body)?;
        if !scope.generator() {
            self.emit(node.body.location(), Opcode::ReturnValue);
        }
        let unit = self.leave_scope(!scope.generator());
        self.make_closure(location, unit, attributes);
        Ok(())
    }
}
