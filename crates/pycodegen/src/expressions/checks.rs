//! Warnings about expressions that hardly mean what they say.
//!
//! CPython's counterparts: `codegen_check_compare`, `check_is_arg`, `infer_type`, `check_caller`,
//! `check_subscripter`, `check_index` of `Python/codegen.c`.

use pyast::{CmpOp, Constant, Expr, ExprCompare};

use crate::diagnostics::warning;
use crate::generator::Generator;

impl Generator<'_, '_> {
    /// Warns of `is` with a literal (`codegen_check_compare`).
    pub(crate) fn check_compare(&mut self, node: &ExprCompare<'_>) {
        let mut left = node.left;
        for (&op, &right) in node.ops.iter().zip(node.comparators) {
            if matches!(op, CmpOp::Is | CmpOp::IsNot) {
                let literal = if check_is_arg(left) { right } else { left };
                if !check_is_arg(literal) {
                    let type_name = infer_type(literal).unwrap_or_default();
                    let message = warning::is_with_literal(op == CmpOp::IsNot, type_name);
                    return self.warn(node.location, message);
                }
            }
            left = right;
        }
    }

    /// Warns of a call of a literal (`check_caller`).
    pub(crate) fn check_caller(&mut self, expr: Expr<'_>) {
        if matches!(expr, Expr::Lambda(_)) {
            return;
        }
        if let Some(type_name) = infer_type(expr) {
            self.warn(expr.location(), warning::not_callable(type_name));
        }
    }

    /// Warns of a subscript of a literal that has none (`check_subscripter`).
    pub(crate) fn check_subscripter(&mut self, expr: Expr<'_>) {
        let suspicious = match expr {
            Expr::Constant(node) => matches!(
                node.value,
                Constant::None
                    | Constant::Ellipsis
                    | Constant::Bool(_)
                    | Constant::Int(_)
                    | Constant::BigInt(_)
                    | Constant::Float(_)
                    | Constant::Complex { .. }
                    | Constant::FrozenSet(_)
            ),
            Expr::Set(_)
            | Expr::SetComp(_)
            | Expr::GeneratorExp(_)
            | Expr::TemplateStr(_)
            | Expr::Interpolation(_)
            | Expr::Lambda(_) => true,
            _ => false,
        };
        if suspicious {
            let type_name = infer_type(expr).unwrap_or_default();
            self.warn(expr.location(), warning::not_subscriptable(type_name));
        }
    }

    /// Warns of a literal indexed by something that is no index (`check_index`).
    pub(crate) fn check_index(&mut self, expr: Expr<'_>, index: Expr<'_>) {
        let Some(index_type) = infer_type(index) else { return };
        if matches!(index_type, "int" | "bool") {
            return;
        }
        let suspicious = match expr {
            Expr::Constant(node) => {
                matches!(node.value, Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_))
            }
            Expr::Tuple(_)
            | Expr::List(_)
            | Expr::ListComp(_)
            | Expr::JoinedStr(_)
            | Expr::FormattedValue(_) => true,
            _ => false,
        };
        if suspicious {
            let type_name = infer_type(expr).unwrap_or_default();
            self.warn(expr.location(), warning::bad_index(type_name, index_type));
        }
    }
}

/// False for a constant, unless it is a named singleton: an operand that `is` should not have.
fn check_is_arg(expr: Expr<'_>) -> bool {
    match expr {
        Expr::Tuple(node) => !node.elts.iter().all(|elt| matches!(elt, Expr::Constant(_))),
        Expr::Constant(node) => {
            matches!(node.value, Constant::None | Constant::Bool(_) | Constant::Ellipsis)
        }
        _ => true,
    }
}

/// The name of the type that a literal's value will have.
fn infer_type(expr: Expr<'_>) -> Option<&'static str> {
    Some(match expr {
        Expr::Tuple(_) => "tuple",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::GeneratorExp(_) => "generator",
        Expr::Lambda(_) => "function",
        Expr::TemplateStr(_) | Expr::Interpolation(_) => "string.templatelib.Template",
        Expr::JoinedStr(_) | Expr::FormattedValue(_) => "str",
        Expr::Constant(node) => constant_type(node.value),
        _ => return None,
    })
}

fn constant_type(value: Constant<'_>) -> &'static str {
    match value {
        Constant::None => "NoneType",
        Constant::Bool(_) => "bool",
        Constant::Ellipsis => "ellipsis",
        Constant::Int(_) | Constant::BigInt(_) => "int",
        Constant::Float(_) => "float",
        Constant::Complex { .. } => "complex",
        Constant::Str(_) => "str",
        Constant::Bytes(_) => "bytes",
        Constant::Tuple(_) => "tuple",
        Constant::FrozenSet(_) => "frozenset",
    }
}
