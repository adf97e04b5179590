//! The errors of this stage: the messages of `Python/symtable.c`.
//!
//! Positions are those of the nodes. CPython gives the columns of these errors in *bytes*, plus one; only
//! its tokenizer and parser convert theirs to characters.

use pyast::{ErrorKind, Location, SyntaxError};
use pycode::{Interner, StrId};

use crate::{ComprehensionKind, ScopeKind};

/// Boxed, so that the result of visiting a node fits a register.
pub(crate) type Error = Box<SyntaxError>;

pub(crate) type Result<T = ()> = std::result::Result<T, Error>;

pub(crate) fn error(message: impl Into<String>, location: Location) -> Error {
    Box::new(SyntaxError::new(message, location))
}

/// A tree that no parser makes, and that CPython's `validate_expr` refuses before it comes here.
pub(crate) fn comprehension_without_for(location: Location) -> Error {
    Box::new(SyntaxError::of_kind(ErrorKind::ValueError, "comprehension with no generators", location))
}

/// A tree that no parser makes, and that CPython's `validate_stmt` refuses before it comes here.
pub(crate) fn alias_without_name(location: Location) -> Error {
    Box::new(SyntaxError::of_kind(ErrorKind::TypeError, "TypeAlias with non-Name name", location))
}

/// CPython raises a `RuntimeError`.
pub(crate) fn function_type() -> Error {
    let message = "this compiler does not handle FunctionTypes";
    Box::new(SyntaxError::of_kind(ErrorKind::SystemError, message, Location::NONE))
}

/// An error about a name. `message` has `{}` where the name goes.
pub(crate) fn about_name(message: &str, name: StrId, strings: &Interner, location: Location) -> Error {
    error(message.replace("{}", &strings.get(name).to_string_lossy()), location)
}

pub(crate) const DUPLICATE_PARAMETER: &str = "duplicate argument '{}' in function definition";
pub(crate) const DUPLICATE_TYPE_PARAM: &str = "duplicate type parameter '{}'";
pub(crate) const RESERVED_TYPE_PARAM: &str = "reserved name '{}' cannot be used for type parameter";
pub(crate) const NAMED_EXPR_COMP_CONFLICT: &str =
    "assignment expression cannot rebind comprehension iteration variable '{}'";
pub(crate) const NAMED_EXPR_COMP_INNER_LOOP_CONFLICT: &str =
    "comprehension inner loop cannot rebind assignment expression target '{}'";
pub(crate) const NAMED_EXPR_COMP_ITER_EXPR: &str =
    "assignment expression cannot be used in a comprehension iterable expression";
pub(crate) const NONLOCAL_AND_GLOBAL: &str = "name '{}' is nonlocal and global";
pub(crate) const NONLOCAL_AT_MODULE_LEVEL: &str = "nonlocal declaration not allowed at module level";
pub(crate) const NO_BINDING_FOR_NONLOCAL: &str = "no binding for nonlocal '{}' found";
pub(crate) const NONLOCAL_TYPE_PARAM: &str = "nonlocal binding not allowed for type parameter '{}'";
pub(crate) const ASSIGN_DEBUG: &str = "cannot assign to __debug__";
pub(crate) const DELETE_DEBUG: &str = "cannot delete __debug__";
pub(crate) const IMPORT_STAR: &str = "import * only allowed at module level";
pub(crate) const LATE_FUTURE: &str = "from __future__ imports must occur at the beginning of the file";
pub(crate) const ASYNC_WITH: &str = "'async with' outside async function";
pub(crate) const ASYNC_FOR: &str = "'async for' outside async function";
pub(crate) const AWAIT_OUTSIDE_FUNCTION: &str = "'await' outside function";
pub(crate) const AWAIT_OUTSIDE_ASYNC: &str = "'await' outside async function";
pub(crate) const ASYNC_COMPREHENSION: &str = "asynchronous comprehension outside of an asynchronous function";

/// `:=` within a comprehension in a block that cannot take the name.
pub(crate) const fn named_expr_in(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Class => "assignment expression within a comprehension cannot be used in a class body",
        ScopeKind::TypeVariable => {
            "assignment expression within a comprehension cannot be used in a TypeVar bound"
        }
        ScopeKind::TypeAlias => "assignment expression within a comprehension cannot be used in a type alias",
        ScopeKind::TypeParameters => {
            "assignment expression within a comprehension cannot be used within the definition of a generic"
        }
        ScopeKind::Function | ScopeKind::Module | ScopeKind::Annotation => {
            panic!("symtable: this block takes names from comprehensions or passes them on")
        }
    }
}

/// `what` (such as "yield expression") in a block that must not contain it; `None` where it may stand.
/// `info` tells which part of a type parameter a [`ScopeKind::TypeVariable`] block is.
pub(crate) fn not_allowed_in(kind: ScopeKind, what: &str, info: &str) -> Option<String> {
    match kind {
        ScopeKind::Annotation => Some(format!("{what} cannot be used within an annotation")),
        ScopeKind::TypeVariable => Some(format!("{what} cannot be used within {info}")),
        ScopeKind::TypeAlias => Some(format!("{what} cannot be used within a type alias")),
        ScopeKind::TypeParameters => {
            Some(format!("{what} cannot be used within the definition of a generic"))
        }
        ScopeKind::Function | ScopeKind::Class | ScopeKind::Module => None,
    }
}

pub(crate) const fn yield_inside(kind: ComprehensionKind) -> &'static str {
    match kind {
        ComprehensionKind::List => "'yield' inside list comprehension",
        ComprehensionKind::Set => "'yield' inside set comprehension",
        ComprehensionKind::Dict => "'yield' inside dict comprehension",
        ComprehensionKind::Generator => "'yield' inside generator expression",
    }
}

/// What is wrong with a `global` or `nonlocal` statement about a name.
pub(crate) struct DirectiveMessages {
    pub(crate) parameter: &'static str,
    pub(crate) after_use: &'static str,
    pub(crate) annotated: &'static str,
    pub(crate) after_assignment: &'static str,
}

pub(crate) const GLOBAL: DirectiveMessages = DirectiveMessages {
    parameter: "name '{}' is parameter and global",
    after_use: "name '{}' is used prior to global declaration",
    annotated: "annotated name '{}' can't be global",
    after_assignment: "name '{}' is assigned to before global declaration",
};

pub(crate) const NONLOCAL: DirectiveMessages = DirectiveMessages {
    parameter: "name '{}' is parameter and nonlocal",
    after_use: "name '{}' is used prior to nonlocal declaration",
    annotated: "annotated name '{}' can't be nonlocal",
    after_assignment: "name '{}' is assigned to before nonlocal declaration",
};
