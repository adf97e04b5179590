//! CPython's abstract syntax tree: `Python.asdl` as Rust types in a bump arena.
//!
//! * Made by `pyparser`, or by hand with the constructors of [`Arena`]; read by every later stage.
//! * A sum type such as [`Stmt`] is a `Copy` enum of references to one struct for each kind
//!   ([`StmtFunctionDef`]); lists are slices; all live as long as the arena.
//! * Identifiers and string constants are [`StrId`]s of one [`Interner`](pycode::Interner).
//! * Located nodes carry a [`Location`]: 1-based lines, columns in UTF-8 bytes.
//! * The nodes, constructors and visitors ([`visitor`]) are generated from `data/Python.asdl`; [`reflect`] shows
//!   all nodes alike, with [`NodeRef::children`](reflect::NodeRef::children) for Python's `iter_child_nodes`.
//! * [`validate`] checks a tree that no parser made, [`preprocess`] is what the compiler does to every tree
//!   first; [`dump`], [`unparse`], [`literal_eval`], [`get_docstring`] are those of Python's module `ast`, and
//!   [`load`] reads a dump.
//! * Nothing here panics on a tree that makes no sense; what recurses has a [`RecursionLimit`].
//!
//! CPython's counterparts: `Parser/Python.asdl`, `Python/Python-ast.c`, `Python/ast.c`,
//! `Python/ast_preprocess.c`, `Python/ast_unparse.c`, `Lib/ast.py`, `Lib/_ast_unparse.py`.
//!
//! ```
//! use pyast::{Arena, DumpOptions, Operator, RecursionLimit, TreeBuilder, dump, unparse, validate};
//! let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
//! let b = TreeBuilder::new(&arena, &mut strings);
//! let tree = b.expression(b.bin_op(b.int(1), Operator::Add, b.name("x")));
//! validate(tree, &strings, RecursionLimit::DEFAULT)?;
//! assert_eq!(unparse(tree, &strings, RecursionLimit::DEFAULT)?, b"1 + x");
//! let text = "Expression(body=BinOp(left=Constant(value=1), op=Add(), right=Name(id='x', ctx=Load())))";
//! assert_eq!(dump(tree, &strings, &DumpOptions::default()), text);
//! # Ok::<(), pyast::SyntaxError>(())
//! ```

mod arena;
mod build;
mod builder;
mod constant;
mod docstring;
mod dump;
mod error;
mod generated {
    pub(crate) mod build;
    pub(crate) mod constructors;
    pub(crate) mod kinds;
    pub(crate) mod nodes;
    pub(crate) mod refs;
    pub(crate) mod rewriter;
    pub(crate) mod visitor;
}
mod key;
mod literal;
mod literal_key;
mod load;
mod number;
mod preprocess;
#[cfg(test)]
mod random;
mod recursion;
pub mod reflect;
mod repr;
mod rewrite;
mod unparse;
mod validate;

pub use arena::Arena;
pub use builder::TreeBuilder;
pub use constant::{BigIntRef, Constant};
pub use docstring::{docstring, get_docstring};
pub use dump::{DumpOptions, dump};
pub use error::{ErrorKind, SyntaxError, Warning, WarningKind};
pub use generated::nodes::*;
pub use key::NodeKey;
pub use literal::{Literal, literal_eval};
pub use load::{LoadError, LoadErrorKind, load, load_mod};
pub use preprocess::{PreprocessOptions, preprocess, preprocess_lines};
pub use pycode::{Location, StrId};
pub use recursion::{RecursionLimit, depth};
pub use reflect::NodeRef;
pub use repr::repr_node;
pub use unparse::{unparse, unparse_annotation, unparse_annotation_into};
pub use validate::validate;

/// Walking a tree, and rewriting one.
///
/// ```
/// use std::convert::Infallible;
///
/// use pyast::visitor::{Rewriter, Visitor, rewrite_expr_children, walk_expr};
/// use pyast::{Arena, Constant, Expr, RecursionLimit, TreeBuilder, unparse};
///
/// /// Counts names.
/// struct Names(usize);
///
/// impl<'a> Visitor<'a> for Names {
///     fn visit_expr(&mut self, node: Expr<'a>) {
///         self.0 += usize::from(matches!(node, Expr::Name(_)));
///         walk_expr(self, node);
///     }
/// }
///
/// /// Puts 0 in the place of every name.
/// struct Forget<'a>(&'a Arena);
///
/// impl<'a> Rewriter<'a> for Forget<'a> {
///     type Error = Infallible;
///
///     fn arena(&self) -> &'a Arena {
///         self.0
///     }
///
///     fn rewrite_expr(&mut self, node: Expr<'a>) -> Result<Expr<'a>, Infallible> {
///         match node {
///             Expr::Name(name) => Ok(self.0.expr_constant(name.location, Constant::Int(0), None)),
///             _ => rewrite_expr_children(self, node),
///         }
///     }
/// }
///
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let b = TreeBuilder::new(&arena, &mut strings);
/// let tree = b.list(&[b.name("x"), b.tuple(&[b.int(1), b.name("y")])]);
/// let mut names = Names(0);
/// names.visit_expr(tree);
/// assert_eq!(names.0, 2);
/// let Ok(tree) = Forget(&arena).rewrite_expr(tree);
/// assert_eq!(unparse(tree, &strings, RecursionLimit::DEFAULT)?, b"[0, (1, 0)]");
/// # Ok::<(), pyast::SyntaxError>(())
/// ```
pub mod visitor {
    pub use crate::generated::rewriter::*;
    pub use crate::generated::visitor::*;
}
