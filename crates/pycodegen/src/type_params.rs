//! Type parameters (PEP 695, PEP 696).
//!
//! CPython's counterparts: `codegen_type_params`, `codegen_type_param_bound_or_default` of `Python/codegen.c`.

use pyast::{Expr, ExprContext, Location, NodeKey, StrId, TypeParam, TypeParamTypeVar};
use pycode::{Object, PyStr};
use pyopcode::{Intrinsic1, Intrinsic2, Opcode};

use crate::closure::FunctionAttributes;
use crate::diagnostics;
use crate::generator::{Generator, Result};
use crate::unit::{UnitHead, UnitKind};

/// A bound or default of a type parameter: its function, and where its scope is found.
#[derive(Clone, Copy)]
struct Evaluated<'a> {
    expr: Expr<'a>,
    name: StrId,
    key: NodeKey,
    /// Whether `*Ts` may stand for it.
    allow_starred: bool,
}

impl<'a> Generator<'_, 'a> {
    /// The head of the unit in which a generic definition makes its type parameters.
    pub(crate) fn type_params_head(
        &mut self,
        name: StrId,
        type_params: &[TypeParam<'_>],
        firstlineno: i32,
    ) -> UnitHead {
        let name = self.pool.strings().get(name).as_bytes();
        let text = [b"<generic parameters of ", name, b">"].concat();
        let name = self.pool.strings_mut().intern_pystr(PyStr::from_wtf8(&text));
        let scope = self.symtable.scope_of(NodeKey::of_list(type_params)).id();
        UnitHead::new(UnitKind::Annotations, name, scope, firstlineno)
    }

    /// Makes type parameters, stores each in a variable, and pushes the tuple of them.
    pub(crate) fn codegen_type_params(&mut self, type_params: &'a [TypeParam<'a>]) -> Result {
        let mut seen_default = false;
        for &type_param in type_params {
            let (name, default) = self.make_type_param(type_param)?;
            let location = type_param.location();
            match default {
                Some(default) => {
                    self.bound_or_default(default)?;
                    let set_default = Intrinsic2::SetTypeparamDefault;
                    self.emit_arg(location, Opcode::CallIntrinsic2, set_default);
                    seen_default = true;
                }
                None if seen_default => {
                    return diagnostics::non_default_type_param(location, self.pool.strings().get(name));
                }
                None => {}
            }
            self.emit_arg(location, Opcode::Copy, 1);
            self.nameop(location, name, ExprContext::Store);
        }
        if let Some(first) = type_params.first() {
            self.emit_arg(first.location(), Opcode::BuildTuple, type_params.len());
        }
        Ok(())
    }

    /// Makes a type parameter without its default; gives the name and the default.
    fn make_type_param(&mut self, type_param: TypeParam<'a>) -> Result<(StrId, Option<Evaluated<'a>>)> {
        let (name, default, key) = match type_param {
            TypeParam::TypeVar(node) => {
                self.make_type_var(node)?;
                (node.name, node.default_value, NodeKey::of(node).second())
            }
            TypeParam::TypeVarTuple(node) => {
                self.make_unbound(node.location, node.name, Intrinsic1::Typevartuple);
                (node.name, node.default_value, NodeKey::of(node))
            }
            TypeParam::ParamSpec(node) => {
                self.make_unbound(node.location, node.name, Intrinsic1::Paramspec);
                (node.name, node.default_value, NodeKey::of(node))
            }
        };
        let allow_starred = matches!(type_param, TypeParam::TypeVarTuple(_));
        Ok((name, default.map(|expr| Evaluated { expr, name, key, allow_starred })))
    }

    fn make_type_var(&mut self, node: &'a TypeParamTypeVar<'a>) -> Result {
        let Some(expr) = node.bound else {
            self.make_unbound(node.location, node.name, Intrinsic1::Typevar);
            return Ok(());
        };
        self.load_name_const(node.location, node.name);
        let key = NodeKey::of(node);
        self.bound_or_default(Evaluated { expr, name: node.name, key, allow_starred: false })?;
        let intrinsic = match expr {
            Expr::Tuple(_) => Intrinsic2::TypevarWithConstraints,
            _ => Intrinsic2::TypevarWithBound,
        };
        self.emit_arg(node.location, Opcode::CallIntrinsic2, intrinsic);
        Ok(())
    }

    fn make_unbound(&mut self, location: Location, name: StrId, intrinsic: Intrinsic1) {
        self.load_name_const(location, name);
        self.emit_arg(location, Opcode::CallIntrinsic1, intrinsic);
    }

    /// Pushes a function that evaluates a bound or default (`codegen_type_param_bound_or_default`).
    fn bound_or_default(&mut self, evaluated: Evaluated<'a>) -> Result {
        let expr = evaluated.expr;
        let location = expr.location();
        self.load_default_format(location);
        let scope = self.symtable.scope_of(evaluated.key).id();
        self.enter_annotations_scope(location, scope, evaluated.name);
        match expr {
            Expr::Starred(starred) if evaluated.allow_starred => {
                self.visit_expr(starred.value)?;
                self.emit_arg(location, Opcode::UnpackSequence, 1);
            }
            _ => self.visit_expr(expr)?,
        }
        self.emit(location, Opcode::ReturnValue);
        let unit = self.leave_scope(true);
        self.make_closure(location, unit, FunctionAttributes::DEFAULTS);
        Ok(())
    }

    /// Pushes the defaults of a function that evaluates something lazily: the format `VALUE`.
    pub(crate) fn load_default_format(&mut self, location: Location) {
        let value = self.pool.merge(Object::Int(1));
        let defaults = self.pool.merge(Object::Tuple(&[value]));
        self.emit_const(location, defaults);
    }
}
