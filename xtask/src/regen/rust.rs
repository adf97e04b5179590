//! Rust names from CPython's.

/// `LOAD_FAST_BORROW` or `expr_context` as a type name: `LoadFastBorrow`, `ExprContext`.
pub(crate) fn camel(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map_or(String::new(), |first| {
                first.to_uppercase().collect::<String>() + &chars.as_str().to_lowercase()
            })
        })
        .collect()
}

/// `FunctionDef` as a function name: `function_def`.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.char_indices() {
        if c.is_ascii_uppercase() && i > 0 && !out.ends_with('_') {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A field name that is not a Rust keyword: `type` becomes `type_`.
pub(crate) fn field(name: &str) -> String {
    match name {
        "type" | "match" | "async" | "await" | "mod" | "yield" => format!("{name}_"),
        _ => name.to_owned(),
    }
}
