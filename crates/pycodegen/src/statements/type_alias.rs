//! `type` statements.
//!
//! CPython's counterparts: `codegen_typealias`, `codegen_typealias_body` of `Python/codegen.c`.

use pyast::{Expr, ExprContext, NodeKey, StmtTypeAlias, StrId};
use pycode::ObjectId;
use pyopcode::{Intrinsic1, Opcode};

use crate::closure::FunctionAttributes;
use crate::diagnostics;
use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_typealias(&mut self, node: &'a StmtTypeAlias<'a>) -> Result {
        let location = node.location;
        let Expr::Name(target) = node.name else {
            return diagnostics::invalid_type_alias_name(node.name.name());
        };
        let name = target.id;
        if node.type_params.is_empty() {
            self.load_name_const(location, name);
            self.emit_const(location, ObjectId::NONE);
            self.codegen_typealias_body(node, name)?;
        } else {
            let head = self.type_params_head(name, node.type_params, location.lineno);
            self.enter_scope(head);
            self.load_name_const(location, name);
            self.codegen_type_params(node.type_params)?;
            self.codegen_typealias_body(node, name)?;
            let unit = self.leave_scope(false);
            self.make_closure(location, unit, FunctionAttributes::NONE);
            self.emit(location, Opcode::PushNull);
            self.emit_arg(location, Opcode::Call, 0);
        }
        self.nameop(location, name, ExprContext::Store);
        Ok(())
    }

    /// Makes the alias of the name and the type parameters on the stack, and a function that evaluates
    /// the value.
    fn codegen_typealias_body(&mut self, node: &'a StmtTypeAlias<'a>, name: StrId) -> Result {
        let location = node.location;
        self.load_default_format(location);
        let scope = self.symtable.scope_of(NodeKey::of(node));
        self.enter_annotations_scope(location, scope.id(), name);
        self.visit_expr(node.value)?;
        self.emit(location, Opcode::ReturnValue);
        let unit = self.leave_scope(false);
        self.make_closure(location, unit, FunctionAttributes::DEFAULTS);
        self.emit_arg(location, Opcode::BuildTuple, 3);
        self.emit_arg(location, Opcode::CallIntrinsic1, Intrinsic1::Typealias);
        Ok(())
    }
}
