//! Format strings of C.

/// Whether a message contains what a format makes: its literal pieces, one after the other. Messages are
/// contained in longer ones as well: `(unicode error) %s`.
pub(crate) fn may_be(format: &str, message: &str) -> bool {
    let mut rest = message;
    for piece in pieces(format) {
        let Some(at) = rest.find(&piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    true
}

/// What stands between the placeholders, with the escapes of [`answer`](crate::answer).
fn pieces(format: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c == '%' {
            // The conversion ends with its letter: `%U`, `%.200s`, `%02x`, `%zd`.
            let _ = chars.find(|c| c.is_ascii_alphabetic() && *c != 'z');
            pieces.push(String::new());
        } else {
            let piece = pieces.last_mut().expect("there is one at least");
            piece.push_str(if c == '\\' { "\\\\" } else { "" });
            piece.extend(Some(c).filter(|&c| c != '\\'));
        }
    }
    pieces
}
