//! Type parameters (PEP 695, PEP 696).

use pyast::{Expr, Location, NodeKey, TypeParam, TypeParamTypeVar};
use pycode::{StrId, known};

use super::Collector;
use crate::diagnostics::{self, Result, about_name};
use crate::{ScopeKind, SymbolFlags};

/// A bound or default of a type parameter.
struct Part<'a> {
    value: Option<Expr<'a>>,
    key: NodeKey,
    /// What it is, for errors.
    info: &'static str,
}

impl Collector<'_> {
    /// Enters the block of the type parameters of a def, class or type alias
    /// (`symtable_enter_type_param_block`).
    pub(super) fn enter_type_params(
        &mut self,
        name: StrId,
        type_params: &[TypeParam<'_>],
        location: Location,
    ) -> Result {
        let in_class = self.current.kind == ScopeKind::Class;
        let key = NodeKey::of_list(type_params);
        self.enter(name, ScopeKind::TypeParameters, Some(key), location)?;
        self.see_class_scope(in_class, location)
    }

    pub(super) fn visit_type_params(&mut self, type_params: &[TypeParam<'_>]) -> Result {
        for &type_param in type_params {
            self.descend(|| type_param.location())?;
            self.visit_type_param(type_param)?;
            self.ascend();
        }
        Ok(())
    }

    fn visit_type_param(&mut self, type_param: TypeParam<'_>) -> Result {
        match type_param {
            TypeParam::TypeVar(node) => self.visit_type_var(node),
            TypeParam::TypeVarTuple(node) => {
                self.add_type_param(node.name, node.location)?;
                let (key, info) = (NodeKey::of(node), "a TypeVarTuple default");
                self.visit_part(node.name, node.location, &Part { value: node.default_value, key, info })
            }
            TypeParam::ParamSpec(node) => {
                self.add_type_param(node.name, node.location)?;
                let (key, info) = (NodeKey::of(node), "a ParamSpec default");
                self.visit_part(node.name, node.location, &Part { value: node.default_value, key, info })
            }
        }
    }

    fn visit_type_var(&mut self, node: &TypeParamTypeVar<'_>) -> Result {
        self.add_type_param(node.name, node.location)?;
        let info = match node.bound {
            Some(Expr::Tuple(_)) => "a TypeVar constraint",
            _ => "a TypeVar bound",
        };
        let key = NodeKey::of(node);
        self.visit_part(node.name, node.location, &Part { value: node.bound, key, info })?;
        let (key, info) = (key.second(), "a TypeVar default");
        self.visit_part(node.name, node.location, &Part { value: node.default_value, key, info })
    }

    fn add_type_param(&mut self, name: StrId, location: Location) -> Result {
        self.add_def(name, SymbolFlags::TYPE_PARAM | SymbolFlags::LOCAL, location)
    }

    /// `symtable_visit_type_param_bound_or_default`; `at` is the place of the type parameter.
    fn visit_part(&mut self, name: StrId, at: Location, part: &Part<'_>) -> Result {
        if name == known::CLASSDICT {
            return Err(about_name(diagnostics::RESERVED_TYPE_PARAM, name, self.strings, at));
        }
        let Some(value) = part.value else { return Ok(()) };
        let in_class = self.scope().flags.can_see_class_scope;
        self.enter(name, ScopeKind::TypeVariable, Some(part.key), value.location())?;
        self.see_class_scope(in_class, value.location())?;
        self.current.info = part.info;
        self.visit_expr(value)?;
        self.leave();
        Ok(())
    }
}
