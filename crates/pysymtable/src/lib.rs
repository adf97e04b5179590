//! Scopes and names of a module, exactly as CPython's symbol table (`Python/symtable.c`).
//!
//! * Takes a [`Mod`](pyast::Mod) and its [`FutureFeatures`](pyfuture::FutureFeatures); gives an immutable
//!   [`SymbolTable`], or the `SyntaxError` that CPython raises at this stage.
//! * Every block of code is a [`Scope`]: it has a kind, flags, child scopes, and a [`Symbol`] for each
//!   name that it mentions, which says what the block does with the name ([`SymbolFlags`]) and where the
//!   name lives ([`SymScope`]).
//! * Names are *mangled* already: in `class A`, the symbol of `__x` is `_A__x` ([`mangle`],
//!   [`Scope::mangle`]).
//! * A list, set or dict comprehension that will be inlined (PEP 709) still has its scope, found by its
//!   node, with [`Scope::comp_inlined`] set; its names are merged into the scope around it and its
//!   children are spliced into that scope's.
//!
//! [`inspect`] shows the table as Python's module `symtable` does; `examples/symbols.rs` goes from source to the
//! names of each scope.
//!
//! ```
//! use pyast::{Arena, load_mod};
//! use pyfuture::FutureFeatures;
//! use pysymtable::{SymScope, SymbolTable, SymbolTableOptions};
//! let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
//! // lambda x: x + y
//! let text = "Expression(body=Lambda(args=arguments(args=[arg(arg='x')]), body=BinOp(\
//!             left=Name(id='x', ctx=Load()), op=Add(), right=Name(id='y', ctx=Load()))))";
//! let tree = load_mod(text, &arena, &mut strings)?;
//! let options = SymbolTableOptions::default();
//! let table = SymbolTable::build(tree, &FutureFeatures::default(), &mut strings, options)?;
//! let lambda = table.module().children().next().unwrap();
//! let scopes: Vec<SymScope> = lambda.symbols().map(|symbol| symbol.scope()).collect();
//! assert_eq!(scopes, [SymScope::Local, SymScope::GlobalImplicit]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # From a node to its scope
//!
//! A scope is found by the [`NodeKey`](pyast::NodeKey) of the node that opens it:
//!
//! | scope | key |
//! |---|---|
//! | module | [`NodeKey::of`](pyast::NodeKey::of) the struct in [`Mod`](pyast::Mod), or [`SymbolTable::module`] |
//! | body of a `def` or `async def` | `of` the [`StmtFunctionDef`](pyast::StmtFunctionDef) or [`StmtAsyncFunctionDef`](pyast::StmtAsyncFunctionDef) |
//! | `__annotate__` of its parameters and result | the same, [`second`](pyast::NodeKey::second) |
//! | body of a class | `of` the [`StmtClassDef`](pyast::StmtClassDef) |
//! | lambda, comprehension, generator expression | `of` the expression's struct |
//! | type parameters of a def, class or `type` | [`of_list`](pyast::NodeKey::of_list) the non-empty `type_params` |
//! | value of a `type` statement | `of` the [`StmtTypeAlias`](pyast::StmtTypeAlias) |
//! | bound or constraints of a `TypeVar` | `of` the [`TypeParamTypeVar`](pyast::TypeParamTypeVar) |
//! | default of a `TypeVar` | the same, `second` |
//! | default of a `ParamSpec` or `TypeVarTuple` | `of` its struct |
//! | `__annotate__` of annotated variables | no key: [`Scope::annotation_block`] of the scope of the variables |
//!
//! CPython uses the address of the `arguments` for a function's annotations; here two functions may share
//! an empty one. As in CPython, a def has a scope for its annotations even when it has none.
//!
//! # Facts that are easy to get wrong
//!
//! * Annotations of variables in a function are not evaluated and leave no symbols, but a lambda within
//!   one does.
//! * A name that is free in an inlined comprehension counts as used in the function around; not so in a
//!   class.
//! * A class with annotated variables keeps its namespace for them ([`Scope::needs_classdict`]) even when it
//!   binds `__classdict__` itself, so that the annotations do not refer to it.
//! * `__class__`, `__classdict__` and `__conditional_annotations__` are not free through a class, so a
//!   comprehension inlined into the class does not have them, unless a block within it needs them.
//! * The compiler changes CPython's table while it generates an inlined comprehension. This table stays as
//!   it is; whoever needs other scopes for a while keeps them beside it.
//! * Errors have columns in bytes, not characters; their exceptions have no `details` in `args`.
//! * With `from __future__ import annotations` annotation scopes exist but are nobody's children: they
//!   are not analyzed, and their names have [`SymScope::Unknown`].
//! * The set of free names that a scope passes up through its own symbols has no order in CPython (that
//!   of a set of strings). Those symbols come last here, in the order of the children that need them.

mod analyze;
mod collect;
mod diagnostics;
mod dump;
mod grow;
pub mod inspect;
mod mangle;
mod scope;
mod symbol;
mod table;

pub use dump::dump;
pub use mangle::mangle;
pub use scope::{Children, ComprehensionKind, Scope, ScopeId, ScopeKind};
pub use symbol::{SymScope, Symbol, SymbolFlags, Symbols};
pub use table::{SymbolTable, SymbolTableOptions, Workspace};
