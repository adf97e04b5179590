//! The text of `python -m tokenize`.

use std::fmt::Write;

use super::{TokenInfo, TokenSource, Tokens};

/// What the command prints.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// A line for each token, up to the error.
    pub text: String,
    /// What the command writes to its standard error in addition, without a newline; its exit status is then 1.
    pub error: Option<String>,
    /// Warnings, as CPython writes them to the standard error before anything else: one a line.
    pub warnings: String,
}

/// What `python -m tokenize FILE` prints about a file with that content; with `exact`, `-e`.
///
/// When there is an error, nothing is listed.
///
/// ```
/// let listing = pyparser::tokenize::listing(b"x\n", "x.py", true);
/// assert_eq!(listing.text, concat!(
///     "0,0-0,0:            ENCODING       'utf-8'        \n",
///     "1,0-1,1:            NAME           'x'            \n",
///     "1,1-1,2:            NEWLINE        '\\n'           \n",
///     "2,0-2,0:            ENDMARKER      ''             \n",
/// ));
/// let listing = pyparser::tokenize::listing(b"(", "x.py", true);
/// assert_eq!(listing.error.as_deref(), Some("x.py:1:0: error: unexpected EOF in multi-line statement"));
/// ```
pub fn listing(source: &[u8], filename: &str, exact: bool) -> Listing {
    match TokenSource::from_bytes(source, Some(filename)) {
        Ok(source) => {
            let listing = list(source.tokens(), filename, exact);
            match listing.error {
                Some(_) => Listing { text: String::new(), ..listing },
                None => listing,
            }
        }
        Err(error) => {
            let error = Some(error.command_message(filename));
            Listing { text: String::new(), error, warnings: String::new() }
        }
    }
}

/// What `python -m tokenize` prints when it reads that from its standard input; with `exact`, `-e`.
///
/// Python does not translate newlines there, except on Windows. There is no token for the encoding, and tokens before an
/// error are listed.
pub fn listing_of_standard_input(source: &[u8], exact: bool) -> Listing {
    list(TokenSource::from_standard_input(source).tokens(), "<stdin>", exact)
}

fn list(mut tokens: Tokens<'_>, filename: &str, exact: bool) -> Listing {
    let (mut text, mut error) = (String::new(), None);
    for token in tokens.by_ref() {
        match token {
            Ok(token) => write_token(&mut text, &token, exact),
            Err(found) => error = Some(found.command_message(filename)),
        }
    }
    Listing { text, error, warnings: warnings(tokens.invalid_escapes()) }
}

/// `"%-20s%-15s%-15r"`
fn write_token(out: &mut String, token: &TokenInfo<'_>, exact: bool) {
    let TokenInfo { start, end, .. } = token;
    let range = format!("{},{}-{},{}:", start.line, start.column, end.line, end.column);
    let kind = if exact { token.exact_kind() } else { token.kind };
    let mut repr = String::new();
    pycode::repr_str(token.text.into(), &mut repr);
    writeln!(out, "{range:<20}{:<15}{repr:<15}", kind.name()).expect("writing to a string");
}

/// The warnings of a process that has shown none yet: one for each line and text.
fn warnings(escapes: &[(u32, char)]) -> String {
    let mut out = String::new();
    for (index, (line, brace)) in escapes.iter().enumerate() {
        if escapes[..index].contains(&(*line, *brace)) {
            continue;
        }
        let message = crate::literal::diagnostics::invalid_escape(*brace);
        writeln!(out, "<string>:{line}: SyntaxWarning: {message}").expect("writing to a string");
    }
    out
}
