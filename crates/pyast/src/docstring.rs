//! Docstrings.

use pycode::StrId;

use crate::{Constant, Expr, ExprConstant, Stmt, StmtExpr};

/// The docstring of a module, class or function with this body, as it is written: CPython's
/// `_PyAST_GetDocString`.
///
/// ```
/// use pyast::{Arena, Constant, Location, docstring};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let text = strings.intern("What it is for.");
/// let value = arena.expr_constant(Location::NONE, Constant::Str(text), None);
/// assert_eq!(docstring(&[arena.stmt_expr(Location::NONE, value)]), Some(text));
/// assert_eq!(docstring(&[]), None);
/// ```
pub fn docstring(body: &[Stmt<'_>]) -> Option<StrId> {
    match body.first()? {
        Stmt::Expr(StmtExpr {
            value: Expr::Constant(ExprConstant { value: Constant::Str(text), .. }),
            ..
        }) => Some(*text),
        _ => None,
    }
}
