//! Whether a tree that was made by hand is one that the compiler can take.
//!
//! Mirrors `_PyAST_Validate` (`Python/ast.c`): the same checks in the same order, so that of several
//! mistakes the same one is reported. The parser's trees need no validation. What Rust's types rule out,
//! such as `None` in a list of statements, is not checked again.

mod expressions;
mod patterns;
mod statements;

use pycode::Interner;

use crate::*;

/// Checks a tree.
///
/// # Errors
/// The `ValueError` or `TypeError` that CPython's `compile()` raises for the tree, at the node concerned
/// (CPython gives no place); a `RecursionError` when the tree is deeper than `limit`.
///
/// ```
/// use pyast::{Arena, RecursionLimit, load_mod, validate};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let module = load_mod("Module(body=[Delete()])", &arena, &mut strings)?;
/// let error = validate(module, &strings, RecursionLimit::DEFAULT).unwrap_err();
/// assert_eq!(error.to_string(), "ValueError: empty targets on Delete");
/// # Ok::<(), pyast::LoadError>(())
/// ```
pub fn validate(module: Mod<'_>, strings: &Interner, limit: RecursionLimit) -> Result {
    let mut validator = Validator { strings, limit };
    match module {
        Mod::Module(node) => validator.stmts(node.body),
        Mod::Interactive(node) => validator.stmts(node.body),
        Mod::Expression(node) => validator.load(node.body),
        Mod::FunctionType(node) => {
            validator.loads(node.argtypes)?;
            validator.load(node.returns)
        }
    }
}

type Result<T = (), E = SyntaxError> = std::result::Result<T, E>;

struct Validator<'s> {
    strings: &'s Interner,
    limit: RecursionLimit,
}

impl Validator<'_> {
    /// `validate_name`
    fn name(&self, name: StrId, location: Location) -> Result {
        let name = self.strings.get(name);
        let Some(constant) = ["None", "True", "False"].into_iter().find(|&constant| name == constant) else {
            return Ok(());
        };
        value_error(format!("identifier field can't represent '{constant}' constant"), location)
    }
}

/// `VALIDATE_POSITIONS`
fn positions(location: Location) -> Result {
    let Location { lineno, end_lineno, col_offset, end_col_offset } = location;
    if lineno > end_lineno {
        let message = format!("AST node line range ({lineno}, {end_lineno}) is not valid");
        return value_error(message, location);
    }
    if (lineno < 0 && end_lineno != lineno) || (col_offset < 0 && col_offset != end_col_offset) {
        let message = format!(
            "AST node column range ({col_offset}, {end_col_offset}) for line range ({lineno}, {end_lineno}) is not valid"
        );
        return value_error(message, location);
    }
    if lineno == end_lineno && col_offset > end_col_offset {
        let message = format!("line {lineno}, column {col_offset}-{end_col_offset} is not a valid range");
        return value_error(message, location);
    }
    Ok(())
}

/// `validate_nonempty_seq`
fn not_empty<T>(list: &[T], what: &str, owner: &str, location: Location) -> Result {
    if list.is_empty() { value_error(format!("empty {what} on {owner}"), location) } else { Ok(()) }
}

fn value_error<T>(message: impl Into<String>, location: Location) -> Result<T> {
    Err(SyntaxError::of_kind(ErrorKind::ValueError, message, location))
}

fn type_error<T>(message: &str, location: Location) -> Result<T> {
    Err(SyntaxError::of_kind(ErrorKind::TypeError, message, location))
}
