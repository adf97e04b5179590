//! The rewriting that CPython does on the tree between parsing and the symbol table.
//!
//! Mirrors `_PyAST_Preprocess` (`Python/ast_preprocess.c`), whose result
//! `compile(source, name, mode, ast.PyCF_OPTIMIZED_AST, optimize=n)` shows:
//!
//! * `__debug__` becomes a constant;
//! * `'...' % (...)` with simple conversions becomes a `JoinedStr` ([`format`]);
//! * literals in patterns such as `-1` and `1 + 2j` become one constant ([`patterns`]);
//! * docstrings go at `-OO`, and what would then pass for one is wrapped in a `JoinedStr`;
//! * `return`, `break` and `continue` that leave a `finally` block give a warning (PEP 765, [`finally`]).
//!
//! Constant expressions are *not* folded here: since 3.14 that is the flow graph's business.
//!
//! The given tree stays as it is. The result shares with it all that did not change, and where nothing
//! changes nothing is allocated. One pass, children before parents, in the order of the fields; CPython
//! visits some fields in another order, which cannot be told from the result.

mod finally;
mod format;
mod patterns;

use pycode::{Interner, known};
use smallvec::SmallVec;

use crate::reflect::NodeKind;
use crate::rewrite::list;
use crate::visitor::{
    Body, Rewriter, rewrite_expr_children, rewrite_mod_children, rewrite_pattern_children,
    rewrite_stmt_children,
};
use crate::*;
use finally::Context;

/// How to preprocess.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PreprocessOptions {
    /// `-O` is 1, `-OO` is 2.
    pub optimize: u8,
    /// Whether `from __future__ import annotations` holds: annotations then stay as they are written.
    pub future_annotations: bool,
    /// Replace nothing but docstrings, and warn of nothing: what `ast.parse` does.
    pub syntax_check_only: bool,
    /// How deep the tree may be.
    pub recursion_limit: RecursionLimit,
}

impl Default for PreprocessOptions {
    fn default() -> Self {
        PreprocessOptions {
            optimize: 0,
            future_annotations: false,
            syntax_check_only: false,
            recursion_limit: RecursionLimit::DEFAULT,
        }
    }
}

/// The tree as the later stages take it. Warnings are added to `warnings`, in the order of CPython.
///
/// # Errors
/// A `RecursionError` when the tree is deeper than the limit.
///
/// ```
/// use pyast::{Arena, DumpOptions, PreprocessOptions, dump, load_mod, preprocess};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let text = "Module(body=[Return(value=Name(id='__debug__', ctx=Load()))])";
/// let module = load_mod(text, &arena, &mut strings)?;
/// let options = PreprocessOptions { optimize: 1, ..PreprocessOptions::default() };
/// let module = preprocess(module, &arena, &mut strings, &options, &mut Vec::new())?;
/// let text = dump(module, &strings, &DumpOptions::default());
/// assert_eq!(text, "Module(body=[Return(value=Constant(value=False))])");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn preprocess<'a>(
    module: Mod<'a>,
    arena: &'a Arena,
    strings: &mut Interner,
    options: &PreprocessOptions,
    warnings: &mut Vec<Warning>,
) -> Result<Mod<'a>, SyntaxError> {
    run(module, arena, strings, options, None, warnings)
}

/// [`preprocess`] for a tree that is not too deep and whose parser knows on which lines there may be something to
/// do: `lines`, ascending. On them stand, at least in part, all uses of `__debug__`, operations `%` of a string and
/// a tuple, `match` statements up to their first line, and the keywords `finally`. Statements that have none of
/// these lines are not looked at, which is most of the work; but at `-OO`, where docstrings go, all are.
///
/// # Errors
/// As for [`preprocess`].
pub fn preprocess_lines<'a>(
    module: Mod<'a>,
    arena: &'a Arena,
    strings: &mut Interner,
    options: &PreprocessOptions,
    lines: &[i32],
    warnings: &mut Vec<Warning>,
) -> Result<Mod<'a>, SyntaxError> {
    debug_assert!(lines.is_sorted(), "lines in the order of the source");
    let lines = (options.optimize < 2).then_some(lines);
    run(module, arena, strings, options, lines, warnings)
}

fn run<'a>(
    module: Mod<'a>,
    arena: &'a Arena,
    strings: &mut Interner,
    options: &PreprocessOptions,
    lines: Option<&[i32]>,
    warnings: &mut Vec<Warning>,
) -> Result<Mod<'a>, SyntaxError> {
    let limit = options.recursion_limit;
    let context = Context::None;
    let mut preprocessor = Preprocessor { arena, strings, options, limit, context, lines, warnings };
    preprocessor.rewrite_mod(module).map_err(|error| *error)
}

struct Preprocessor<'s, 'a> {
    arena: &'a Arena,
    strings: &'s mut Interner,
    options: &'s PreprocessOptions,
    limit: RecursionLimit,
    context: Context,
    /// The lines where something may be to do, if they are known.
    lines: Option<&'s [i32]>,
    warnings: &'s mut Vec<Warning>,
}

/// Boxed, to keep the results of the many small calls in registers.
type Result<T, E = Box<SyntaxError>> = std::result::Result<T, E>;

fn no_line_in(lines: &[i32], first: i32, last: i32) -> bool {
    let next = lines.partition_point(|&line| line < first);
    lines.get(next).is_none_or(|&line| line > last)
}

impl<'a> Rewriter<'a> for Preprocessor<'_, 'a> {
    type Error = Box<SyntaxError>;

    fn arena(&self) -> &'a Arena {
        self.arena
    }

    fn rewrite_mod(&mut self, node: Mod<'a>) -> Result<Mod<'a>> {
        match node {
            Mod::FunctionType(_) => Ok(node),
            _ => rewrite_mod_children(self, node),
        }
    }

    fn rewrite_body(&mut self, owner: NodeKind, field: Body, body: &'a [Stmt<'a>]) -> Result<&'a [Stmt<'a>]> {
        use NodeKind::*;
        match (owner, field) {
            (ModModule | StmtClassDef, _) => self.documented_body(body),
            (StmtFunctionDef | StmtAsyncFunctionDef, _) => {
                self.within(Context::Function, |p| p.documented_body(body))
            }
            (StmtFor | StmtAsyncFor | StmtWhile, Body::Body) => {
                self.within(Context::Loop, |p| p.statements(body))
            }
            (_, Body::Finalbody) => self.within(Context::Finally, |p| p.statements(body)),
            _ => self.statements(body),
        }
    }

    fn rewrite_stmt(&mut self, node: Stmt<'a>) -> Result<Stmt<'a>> {
        if self.has_nothing_to_do(node) {
            return Ok(node);
        }
        self.limit.enter_at(|| node.location())?;
        self.check_jump(node);
        let new = rewrite_stmt_children(self, node)?;
        self.limit.leave();
        Ok(new)
    }

    fn rewrite_expr(&mut self, node: Expr<'a>) -> Result<Expr<'a>> {
        match node {
            Expr::Constant(_) => return Ok(node),
            Expr::Name(name) => return Ok(self.name(name)),
            _ => {}
        }
        self.limit.enter_at(|| node.location())?;
        let new = rewrite_expr_children(self, node)?;
        self.limit.leave();
        match new {
            Expr::BinOp(operation) if operation.op == Operator::Mod => Ok(self.fold_format(operation)),
            _ => Ok(new),
        }
    }

    fn rewrite_annotation(&mut self, annotation: Expr<'a>) -> Result<Expr<'a>> {
        if self.options.future_annotations { Ok(annotation) } else { self.rewrite_expr(annotation) }
    }

    fn rewrite_pattern(&mut self, node: Pattern<'a>) -> Result<Pattern<'a>> {
        self.limit.enter_at(|| node.location())?;
        let new = match node {
            Pattern::MatchValue(value) => self.match_value(value)?,
            Pattern::MatchMapping(mapping) => self.match_mapping(mapping)?,
            _ => rewrite_pattern_children(self, node)?,
        };
        self.limit.leave();
        Ok(new)
    }
}

impl<'a> Preprocessor<'_, 'a> {
    /// Whether it is known that there is nothing to do for a statement and what it contains.
    fn has_nothing_to_do(&self, node: Stmt<'a>) -> bool {
        let Some(lines) = self.lines else { return false };
        let Location { lineno, end_lineno, .. } = node.location();
        let first = match node {
            // A definition begins at its keyword, behind the decorators.
            Stmt::FunctionDef(StmtFunctionDef { decorator_list: [first, ..], .. })
            | Stmt::AsyncFunctionDef(StmtAsyncFunctionDef { decorator_list: [first, ..], .. })
            | Stmt::ClassDef(StmtClassDef { decorator_list: [first, ..], .. }) => first.location().lineno,
            _ => lineno,
        };
        // Jumps out of a `finally` block give warnings.
        self.context != Context::Finally && no_line_in(lines, first, end_lineno)
    }

    fn statements(&mut self, body: &'a [Stmt<'a>]) -> Result<&'a [Stmt<'a>]> {
        list(self, body, Self::rewrite_stmt)
    }

    /// `astfold_body`: the statements of a module, class or function, whose first may be a docstring.
    fn documented_body(&mut self, body: &'a [Stmt<'a>]) -> Result<&'a [Stmt<'a>]> {
        let mut documented = docstring(body).is_some();
        let mut body = body;
        if documented && self.options.optimize >= 2 {
            body = self.without_docstring(body);
            documented = false;
        }
        let body = self.statements(body)?;
        match body {
            [Stmt::Expr(first), rest @ ..] if !documented && docstring(body).is_some() => {
                Ok(self.hide_docstring(first, rest))
            }
            _ => Ok(body),
        }
    }

    /// `remove_docstring`: a body must not be empty, so an only docstring leaves a `pass` in its place.
    fn without_docstring(&self, body: &'a [Stmt<'a>]) -> &'a [Stmt<'a>] {
        let [docstring, rest @ ..] = body else { return body };
        if !rest.is_empty() {
            return rest;
        }
        let Location { lineno, col_offset, .. } = docstring.location();
        let location = Location::new(lineno, lineno, col_offset, col_offset + 4);
        self.arena.list(&[self.arena.stmt_pass(location)])
    }

    /// A string that was not the docstring before must not become it: as an f-string it is none.
    fn hide_docstring(&self, first: &'a StmtExpr<'a>, rest: &'a [Stmt<'a>]) -> &'a [Stmt<'a>] {
        let values = self.arena.list(&[first.value]);
        let wrapped = self.arena.expr_joined_str(first.location, values);
        let mut body: SmallVec<[Stmt<'a>; 32]> = SmallVec::with_capacity(1 + rest.len());
        body.push(self.arena.stmt_expr(first.location, wrapped));
        body.extend_from_slice(rest);
        self.arena.list(&body)
    }

    /// `__debug__` where it is read.
    fn name(&self, name: &'a ExprName) -> Expr<'a> {
        let is_debug = name.id == known::DEBUG && name.ctx == ExprContext::Load;
        if !is_debug || self.options.syntax_check_only {
            return Expr::Name(name);
        }
        let value = Constant::Bool(self.options.optimize == 0);
        self.arena.expr_constant(name.location, value, None)
    }
}
