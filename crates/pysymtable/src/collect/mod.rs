//! The first pass: which blocks there are, and what each does with the names that it mentions.
//!
//! Takes the tree, gives a [`SymbolTable`] whose symbols have flags but no scopes yet, and the places of
//! the `global` and `nonlocal` statements. Mirrors the `symtable_visit_*` functions; the order of visiting
//! is theirs, since it decides the order of symbols and which of several errors is reported.

mod annotation;
mod block;
mod comprehension;
mod expression;
mod function;
mod names;
mod pattern;
mod statement;
mod type_params;

use pyast::{Constant, Expr, Location, Mod, NodeKey, Stmt, SyntaxError};
use pycode::{Interner, StrId, known};
use pyfuture::FutureFeatures;

use self::block::Block;
use crate::diagnostics::{self, Result};
use crate::{ScopeId, ScopeKind, SymbolTable, SymbolTableOptions};

/// A name in a `global` or `nonlocal` statement, or one that `:=` in a comprehension treats alike.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Directive {
    pub(crate) scope: ScopeId,
    /// Mangled.
    pub(crate) name: StrId,
    pub(crate) location: Location,
}

/// What the first pass found.
pub(crate) struct Collected {
    pub(crate) table: SymbolTable,
    pub(crate) directives: Vec<Directive>,
}

/// Runs the first pass. What `table` holds is forgotten.
pub(crate) fn collect(
    table: SymbolTable,
    module: Mod<'_>,
    future: &FutureFeatures,
    strings: &mut Interner,
    options: SymbolTableOptions,
) -> Result<Collected> {
    let mut collector = Collector::new(table, module, future, strings, options);
    collector.visit_mod(module)?;
    Ok(Collected { table: collector.table, directives: collector.directives })
}

/// The state of the first pass (`struct symtable`).
struct Collector<'s> {
    table: SymbolTable,
    directives: Vec<Directive>,
    strings: &'s mut Interner,
    future: &'s FutureFeatures,
    options: SymbolTableOptions,
    /// The blocks around the current one, outermost first.
    enclosing: Vec<Block>,
    current: Block,
    /// The name of the class around, for mangling (`st_private`).
    private: Option<StrId>,
}

impl<'s> Collector<'s> {
    fn new(
        mut table: SymbolTable,
        module: Mod<'_>,
        future: &'s FutureFeatures,
        strings: &'s mut Interner,
        options: SymbolTableOptions,
    ) -> Self {
        table.restart(strings.len());
        let location = Location::new(0, 0, 0, 0);
        let scope = table.add_scope(known::TOP, ScopeKind::Module, location);
        table.set_key(module_key(module), scope);
        Collector {
            table,
            directives: Vec::new(),
            strings,
            future,
            options,
            enclosing: Vec::new(),
            current: Block::new(scope, ScopeKind::Module),
            private: None,
        }
    }

    fn visit_mod(&mut self, module: Mod<'_>) -> Result {
        match module {
            Mod::Module(module) => {
                self.scope_mut().flags.has_docstring = has_docstring(module.body);
                self.visit_body(module.body)
            }
            Mod::Interactive(module) => self.visit_body(module.body),
            Mod::Expression(module) => self.visit_expr(module.body),
            Mod::FunctionType(_) => Err(diagnostics::function_type()),
        }
    }

    fn visit_body(&mut self, body: &[Stmt<'_>]) -> Result {
        body.iter().try_for_each(|&statement| self.visit_stmt(statement))
    }

    fn visit_exprs(&mut self, expressions: &[Expr<'_>]) -> Result {
        expressions.iter().try_for_each(|&expression| self.visit_expr(expression))
    }

    fn visit_optional(&mut self, expression: Option<Expr<'_>>) -> Result {
        expression.map_or(Ok(()), |expression| self.visit_expr(expression))
    }

    /// Goes one level deeper (`ENTER_RECURSIVE`).
    #[inline(always)]
    fn descend(&mut self, location: impl FnOnce() -> Location) -> Result {
        // The location is looked up only where it is needed.
        match self.options.recursion.enter(Location::NONE) {
            Ok(()) => Ok(()),
            Err(_) => Err(Box::new(SyntaxError::too_deep(location()))),
        }
    }

    /// Comes back up (`LEAVE_RECURSIVE`).
    #[inline]
    fn ascend(&mut self) {
        self.options.recursion.leave();
    }
}

fn module_key(module: Mod<'_>) -> NodeKey {
    match module {
        Mod::Module(node) => NodeKey::of(node),
        Mod::Interactive(node) => NodeKey::of(node),
        Mod::Expression(node) => NodeKey::of(node),
        Mod::FunctionType(node) => NodeKey::of(node),
    }
}

/// `_PyAST_GetDocString`
fn has_docstring(body: &[Stmt<'_>]) -> bool {
    let Some(Stmt::Expr(first)) = body.first() else { return false };
    matches!(first.value, Expr::Constant(constant) if matches!(constant.value, Constant::Str(_)))
}
