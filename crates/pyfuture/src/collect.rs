//! From a tree to its features (`_PyFuture_FromAST`).

use pyast::{Alias, Constant, Expr, Location, Mod, Stmt, StmtImportFrom, SyntaxError};
use pycode::{CodeFlags, Interner, known};

use crate::{ANNOTATIONS, BARRY_AS_FLUFL, FEATURES};

/// What a module's future statements switch on (`_PyFutureFeatures`).
///
/// ```
/// use pyast::{Arena, Location, Mod};
/// use pycode::{Interner, known};
/// use pyfuture::{ANNOTATIONS, FutureFeatures};
///
/// // from __future__ import annotations
/// let (arena, mut strings) = (Arena::new(), Interner::new());
/// let at = Location::new(1, 1, 0, 34);
/// let name = arena.alias(Location::new(1, 1, 23, 34), strings.intern("annotations"), None);
/// let import = arena.stmt_import_from(at, Some(known::FUTURE), arena.list(&[*name]), Some(0));
/// let module = arena.mod_module(arena.list(&[import]), &[]);
///
/// let future = FutureFeatures::from_ast(module, &strings)?;
/// assert!(future.annotations());
/// assert_eq!(future.flags, ANNOTATIONS);
/// assert_eq!(future.location, at);
/// # Ok::<(), pyast::SyntaxError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FutureFeatures {
    /// The compiler flags of the features that are switched on (`ff_features`).
    pub flags: CodeFlags,
    /// Where the last future statement stands (`ff_location`); [`Location::NONE`] without one.
    pub location: Location,
}

impl Default for FutureFeatures {
    /// No features, no future statement.
    fn default() -> Self {
        FutureFeatures { flags: CodeFlags::default(), location: Location::NONE }
    }
}

impl FutureFeatures {
    /// The features of a module (`_PyFuture_FromAST`).
    ///
    /// # Errors
    /// A `SyntaxError` at a feature that does not exist.
    pub fn from_ast(module: Mod<'_>, strings: &Interner) -> Result<Self, SyntaxError> {
        let mut features = FutureFeatures::default();
        let body = match module {
            Mod::Module(module) => module.body,
            Mod::Interactive(module) => module.body,
            Mod::Expression(_) | Mod::FunctionType(_) => return Ok(features),
        };
        let docstring = usize::from(body.first().is_some_and(is_docstring));
        for statement in &body[docstring..] {
            let Some(import) = future_import(statement) else { break };
            features.add(import, strings)?;
        }
        Ok(features)
    }

    /// Adds features that the caller asks for: the flags of `compile()`.
    #[must_use]
    pub fn with_flags(self, flags: CodeFlags) -> Self {
        FutureFeatures { flags: self.flags | flags, ..self }
    }

    /// Whether annotations are kept as strings (PEP 563).
    pub const fn annotations(&self) -> bool {
        self.flags.contains(ANNOTATIONS)
    }

    /// Whether "not equal" is written `<>` (PEP 401).
    pub const fn barry_as_flufl(&self) -> bool {
        self.flags.contains(BARRY_AS_FLUFL)
    }

    /// `future_check_features`
    fn add(&mut self, import: &StmtImportFrom<'_>, strings: &Interner) -> Result<(), SyntaxError> {
        for alias in import.names {
            let name = strings.get(alias.name);
            match FEATURES.iter().find(|feature| name == feature.name) {
                Some(feature) if feature.is_pending() => self.flags |= feature.compiler_flag,
                Some(_) => {}
                None => return Err(unknown_feature(alias, strings)),
            }
        }
        self.location = import.location;
        Ok(())
    }
}

fn future_import<'a>(statement: &Stmt<'a>) -> Option<&'a StmtImportFrom<'a>> {
    match statement {
        Stmt::ImportFrom(import)
            if import.module == Some(known::FUTURE) && import.level.unwrap_or(0) == 0 =>
        {
            Some(import)
        }
        _ => None,
    }
}

/// `_PyAST_GetDocString`, for the first statement of a body.
fn is_docstring(statement: &Stmt<'_>) -> bool {
    let Stmt::Expr(statement) = statement else { return false };
    matches!(statement.value, Expr::Constant(constant) if matches!(constant.value, Constant::Str(_)))
}

fn unknown_feature(alias: &Alias, strings: &Interner) -> SyntaxError {
    let name = strings.get(alias.name);
    if name == "braces" {
        return SyntaxError::new("not a chance", alias.location);
    }
    // `%.100s` in C: at most 100 bytes, without a character that is cut off.
    let name = name.to_string_lossy();
    let end = (0..=name.len().min(100)).rev().find(|&i| name.is_char_boundary(i)).unwrap_or(0);
    let name = &name[..end];
    SyntaxError::new(format!("future feature {name} is not defined"), alias.location)
}

#[cfg(test)]
mod tests;
