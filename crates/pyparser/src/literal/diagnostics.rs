//! Messages about literals.

/// The warning about a backslash before a character that it does not escape.
pub(crate) fn invalid_escape(c: char) -> String {
    format!(
        "\"\\{c}\" is an invalid escape sequence. Such sequences will not work in the future. \
         Did you mean \"\\\\{c}\"? A raw string is also an option."
    )
}
