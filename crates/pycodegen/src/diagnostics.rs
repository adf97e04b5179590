//! The errors and warnings of code generation, with CPython's texts.
//!
//! CPython's counterparts: the calls of `_PyCompile_Error` and `_PyCompile_Warn` in `Python/codegen.c`.

use pyast::reflect::{NodeKind, NodeRef};
use pyast::{ErrorKind, Expr, Location, SyntaxError};
use pycode::PyStr;

use crate::generator::Result;

fn error<T>(message: impl Into<String>, location: Location) -> Result<T> {
    Err(Box::new(SyntaxError::new(message, location)))
}

/// What CPython reports as `SystemError`: a tree that no parser makes.
fn system_error<T>(message: impl Into<String>) -> Result<T> {
    Err(Box::new(SyntaxError::of_kind(ErrorKind::SystemError, message, Location::NONE)))
}

/// Where CPython goes on until there is no memory.
#[cold]
pub(crate) fn too_many_instructions<T>(location: Location) -> Result<T> {
    let message = "the code of this module is too large";
    Err(Box::new(SyntaxError::of_kind(ErrorKind::MemoryError, message, location)))
}

pub(crate) fn too_many_blocks<T>(location: Location) -> Result<T> {
    error("too many statically nested blocks", location)
}

pub(crate) fn jump_out_of_except_star<T>(location: Location) -> Result<T> {
    error("'break', 'continue' and 'return' cannot appear in an except* block", location)
}

pub(crate) fn return_outside_function<T>(location: Location) -> Result<T> {
    error("'return' outside function", location)
}

pub(crate) fn return_value_in_async_generator<T>(location: Location) -> Result<T> {
    error("'return' with value in async generator", location)
}

pub(crate) fn break_outside_loop<T>(location: Location) -> Result<T> {
    error("'break' outside loop", location)
}

pub(crate) fn continue_outside_loop<T>(location: Location) -> Result<T> {
    error("'continue' not properly in loop", location)
}

pub(crate) fn default_except_not_last<T>(location: Location) -> Result<T> {
    error("default 'except:' must be last", location)
}

pub(crate) fn yield_outside_function<T>(location: Location) -> Result<T> {
    error("'yield' outside function", location)
}

pub(crate) fn yield_from_outside_function<T>(location: Location) -> Result<T> {
    error("'yield from' outside function", location)
}

pub(crate) fn yield_from_in_async_function<T>(location: Location) -> Result<T> {
    error("'yield from' inside async function", location)
}

pub(crate) fn starred_target_outside_sequence<T>(location: Location) -> Result<T> {
    error("starred assignment target must be in a list or tuple", location)
}

pub(crate) fn starred_expression_here<T>(location: Location) -> Result<T> {
    error("can't use starred expression here", location)
}

pub(crate) fn too_many_before_star<T>(location: Location) -> Result<T> {
    error("too many expressions in star-unpacking assignment", location)
}

pub(crate) fn multiple_starred_targets<T>(location: Location) -> Result<T> {
    error("multiple starred expressions in assignment", location)
}

pub(crate) fn keyword_repeated<T>(location: Location, name: PyStr<'_>) -> Result<T> {
    error(format!("keyword argument repeated: {name}"), location)
}

pub(crate) fn non_default_type_param<T>(location: Location, name: PyStr<'_>) -> Result<T> {
    error(format!("non-default type parameter '{name}' follows default type parameter"), location)
}

pub(crate) fn duplicate_capture<T>(location: Location, name: PyStr<'_>) -> Result<T> {
    error(format!("multiple assignments to name '{name}' in pattern"), location)
}

pub(crate) fn capture_makes_unreachable<T>(location: Location, name: PyStr<'_>) -> Result<T> {
    error(format!("name capture '{name}' makes remaining patterns unreachable"), location)
}

pub(crate) fn wildcard_makes_unreachable<T>(location: Location) -> Result<T> {
    error("wildcard makes remaining patterns unreachable", location)
}

pub(crate) fn alternatives_bind_differently<T>(location: Location) -> Result<T> {
    error("alternative patterns bind different names", location)
}

pub(crate) fn attribute_repeated<T>(location: Location, name: PyStr<'_>) -> Result<T> {
    error(format!("attribute name repeated in class pattern: {name}"), location)
}

pub(crate) fn class_pattern_lengths<T>(location: Location, attributes: usize, patterns: usize) -> Result<T> {
    let message =
        format!("kwd_attrs ({attributes}) / kwd_patterns ({patterns}) length mismatch in class pattern");
    error(message, location)
}

pub(crate) fn mapping_pattern_lengths<T>(location: Location, keys: usize, patterns: usize) -> Result<T> {
    error(format!("keys ({keys}) / patterns ({patterns}) length mismatch in mapping pattern"), location)
}

pub(crate) fn duplicate_mapping_key<T>(location: Location, key: &str) -> Result<T> {
    error(format!("mapping pattern checks duplicate key ({key})"), location)
}

pub(crate) fn mapping_key_kind<T>(location: Location) -> Result<T> {
    error("mapping pattern keys may only match literals and attribute lookups", location)
}

pub(crate) fn value_pattern_kind<T>(location: Location) -> Result<T> {
    error("patterns may only match literals and attribute lookups", location)
}

pub(crate) fn multiple_stars_in_pattern<T>(location: Location) -> Result<T> {
    error("multiple starred names in sequence pattern", location)
}

pub(crate) fn too_many_before_pattern_star<T>(location: Location) -> Result<T> {
    error("too many expressions in star-unpacking sequence pattern", location)
}

pub(crate) fn invalid_annotation_target<T>(node: Expr<'_>) -> Result<T> {
    system_error(format!("invalid node type ({}) for annotated assignment", kind_number(node)))
}

pub(crate) fn invalid_augmented_target<T>(node: Expr<'_>) -> Result<T> {
    system_error(format!("invalid node type ({}) for augmented assignment", kind_number(node)))
}

/// The number that the kind of an expression has in C: `BoolOp_kind` is 1.
fn kind_number(node: Expr<'_>) -> usize {
    NodeRef::from(node).kind() as usize - NodeKind::ExprBoolOp as usize + 1
}

pub(crate) fn invalid_type_alias_name<T>(node: &str) -> Result<T> {
    system_error(format!("invalid node type ({node}) for the name of a type alias"))
}

pub(crate) fn unknown_conversion<T>(conversion: i32) -> Result<T> {
    system_error(format!("Unrecognized conversion character {conversion}"))
}

pub(crate) fn invalid_module_kind<T>(node: &str) -> Result<T> {
    system_error(format!("module kind {node} should not be possible"))
}

/// The `UnicodeEncodeError` for the first run of surrogates in a text that must become UTF-8.
pub(crate) fn surrogate_in_docstring<T>(text: PyStr<'_>) -> Result<T> {
    let is_surrogate = |code_point: u32| (0xD800..0xE000).contains(&code_point);
    let code_points: Vec<u32> = text.code_points().collect();
    let start = code_points.iter().position(|&c| is_surrogate(c)).unwrap_or(0);
    let len = code_points[start..].iter().take_while(|&&c| is_surrogate(c)).count();
    let what = match len {
        0 | 1 => format!("character '\\u{:x}' in position {start}", code_points[start]),
        _ => format!("characters in position {start}-{}", start + len - 1),
    };
    let message = format!("'utf-8' codec can't encode {what}: surrogates not allowed");
    Err(Box::new(SyntaxError::of_kind(ErrorKind::UnicodeEncodeError, message, Location::NONE)))
}

/// Texts of warnings.
pub(crate) mod warning {
    pub(crate) const ASSERT_ON_TUPLE: &str = "assertion is always true, perhaps remove parentheses?";

    pub(crate) fn is_with_literal(negated: bool, type_name: &str) -> String {
        if negated {
            format!("\"is not\" with '{type_name}' literal. Did you mean \"!=\"?")
        } else {
            format!("\"is\" with '{type_name}' literal. Did you mean \"==\"?")
        }
    }

    pub(crate) fn not_callable(type_name: &str) -> String {
        format!("'{type_name}' object is not callable; perhaps you missed a comma?")
    }

    pub(crate) fn not_subscriptable(type_name: &str) -> String {
        format!("'{type_name}' object is not subscriptable; perhaps you missed a comma?")
    }

    pub(crate) fn bad_index(type_name: &str, index_type_name: &str) -> String {
        format!(
            "{type_name} indices must be integers or slices, not {index_type_name}; \
             perhaps you missed a comma?"
        )
    }
}
