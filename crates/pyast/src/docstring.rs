//! Docstrings.

use pycode::{Interner, PyStr, StrId};

use crate::reflect::NodeRef;
use crate::{Constant, ErrorKind, Expr, ExprConstant, Location, Stmt, StmtExpr, SyntaxError};

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

/// The docstring of a node without its indentation, as WTF-8: Python's `ast.get_docstring(node)`.
///
/// The compiler stores a slightly different text, which keeps blank lines at either end.
///
/// # Errors
/// A `TypeError` for a node that can have no docstring.
///
/// ```
/// use pyast::{Arena, get_docstring, load};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let text = r"Module(body=[Expr(value=Constant(value='Title.\n\n      Text.\n    '))])";
/// let module = load(text, &arena, &mut strings)?;
/// assert_eq!(get_docstring(module, &strings)?.unwrap(), b"Title.\n\nText.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn get_docstring<'a>(
    node: impl Into<NodeRef<'a>>,
    strings: &Interner,
) -> Result<Option<Vec<u8>>, SyntaxError> {
    let node = node.into();
    let body = match node {
        NodeRef::ModModule(node) => node.body,
        NodeRef::StmtClassDef(node) => node.body,
        NodeRef::StmtFunctionDef(node) => node.body,
        NodeRef::StmtAsyncFunctionDef(node) => node.body,
        _ => {
            let message = format!("'{}' can't have docstrings", node.kind().name());
            let location = node.location().unwrap_or(Location::NONE);
            return Err(SyntaxError::of_kind(ErrorKind::TypeError, message, location));
        }
    };
    Ok(docstring(body).map(|text| clean(strings.get(text))))
}

/// `inspect.cleandoc`
fn clean(text: PyStr<'_>) -> Vec<u8> {
    let expanded = expand_tabs(text.as_bytes());
    let mut lines: Vec<&[u8]> = expanded.split(|&b| b == b'\n').collect();
    let rest = lines.iter().skip(1).filter(|line| indent(line) < line.len());
    let margin = rest.map(|line| indent(line)).min();
    for (i, line) in lines.iter_mut().enumerate() {
        let cut = if i == 0 { indent(line) } else { margin.unwrap_or(0).min(line.len()) };
        *line = &line[cut..];
    }
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    lines[first..last].join(&b'\n')
}

/// How many spaces a line begins with.
fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|&&b| b == b' ').count()
}

/// Python's `str.expandtabs()`: columns count characters.
fn expand_tabs(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut column = 0;
    for &byte in text {
        match byte {
            b'\t' => {
                let spaces = 8 - column % 8;
                out.resize(out.len() + spaces, b' ');
                column += spaces;
            }
            _ => {
                out.push(byte);
                let starts_character = byte & 0xC0 != 0x80;
                column =
                    if matches!(byte, b'\n' | b'\r') { 0 } else { column + usize::from(starts_character) };
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaned_as_inspect_does() {
        // What `inspect.cleandoc` of CPython 3.14 returns.
        let cases = [
            ("", ""),
            ("  a", "a"),
            ("  a\n    b\n   c", "a\n b\nc"),
            ("\n\n  a\n\n  ", "a"),
            ("a\n\tb\n        c", "a\nb\nc"),
            ("é\tb", "é       b"),
            ("a\n  \n    b", "a\n\nb"),
            ("a\r\n b\r\n", "a\r\nb\r"),
            (" \n ", " "),
        ];
        for (text, expected) in cases {
            assert_eq!(String::from_utf8(clean(text.into())).expect("UTF-8"), expected, "{text:?}");
        }
    }
}
