//! Messages about literals.

/// The warning about a backslash before a character that it does not escape.
pub(crate) fn invalid_escape(c: char) -> String {
    format!(
        "\"\\{c}\" is an invalid escape sequence. Such sequences will not work in the future. \
         Did you mean \"\\\\{c}\"? A raw string is also an option."
    )
}

/// The warning about an octal escape above `\\377`, which begins with `text`.
pub(crate) fn invalid_octal_escape(text: &[u8]) -> String {
    let digits = String::from_utf8_lossy(&text[..text.len().min(3)]);
    format!(
        "\"\\{digits}\" is an invalid octal escape sequence. Such sequences will not work in the future. \
         Did you mean \"\\\\{digits}\"? A raw string is also an option."
    )
}

/// `int()` and `sys.set_int_max_str_digits()`, with the parser's advice.
pub(crate) fn too_many_digits(limit: usize, digits: usize) -> String {
    format!(
        "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; use \
         sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to \
         avoid decimal conversion limits."
    )
}
