//! What is said about a call, as lines.
//!
//! * `=> SyntaxWarning 3 MESSAGE`: a warning and its line;
//! * `=> SyntaxError 1:10-1:11 MESSAGE`: an exception with `lineno:offset-end_lineno:end_offset`, `-` for `None`;
//! * `=> | TEXT`: its `text`, unless that is `None`;
//! * `=> ValueError MESSAGE`: an exception that has no place;
//! * `=> valid`.
//!
//! Control characters are escaped. The middle of a text of more than 400 characters is left out.

use crate::format;

/// An exception.
#[derive(Default)]
pub(crate) struct Raised {
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    /// For a `SyntaxError`: `lineno`, `offset`, `end_lineno`, `end_offset`.
    pub(crate) place: Option<[Option<i32>; 4]>,
    pub(crate) text: Option<String>,
}

/// An answer of ours. CPython's is put into words by `oracle.py`, in the same way.
pub(crate) fn render(warnings: &[(&str, i32, &str)], error: Option<Raised>) -> String {
    let mut lines: Vec<String> = warnings
        .iter()
        .map(|(category, line, message)| format!("=> {category} {line} {}\n", shown(message)))
        .collect();
    match error {
        None => lines.push("=> valid\n".to_owned()),
        Some(Raised { kind, message, place: None, .. }) => {
            lines.push(format!("=> {kind} {}\n", shown(&message)));
        }
        Some(Raised { kind, message, place: Some(place), text }) => {
            let [line, column, end_line, end_column] =
                place.map(|n| n.map_or_else(|| "-".to_owned(), |n| n.to_string()));
            let message = shown(&message);
            lines.push(format!("=> {kind} {line}:{column}-{end_line}:{end_column} {message}\n"));
            lines.extend(text.map(|text| format!("=> | {}\n", shown(&text))));
        }
    }
    lines.concat()
}

fn shown(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let escape = |chars: &[char]| chars.iter().map(|&c| escaped(c)).collect::<String>();
    if chars.len() <= 400 {
        return escape(&chars);
    }
    let (start, end) = (escape(&chars[..60]), escape(&chars[chars.len() - 60..]));
    format!("{start}[{} more]{end}", chars.len() - 120)
}

fn escaped(c: char) -> String {
    match c {
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        c if u32::from(c) < 0x20 || u32::from(c) == 0x7F => format!("\\x{:02x}", u32::from(c)),
        c => c.to_string(),
    }
}

/// Whether one of the messages of an answer may come from a text of the C source.
pub(crate) fn shows(answer: &str, text: &str) -> bool {
    messages(answer).any(|message| format::may_be(text, message))
}

fn messages(answer: &str) -> impl Iterator<Item = &str> {
    let lines = answer.lines().filter_map(|line| line.strip_prefix("=> "));
    lines.filter(|line| !line.starts_with("| ")).filter_map(|line| line.split_once(' ')).flat_map(
        |(_, rest)| {
            // With a place or a line before it, or without.
            [Some(rest), rest.split_once(' ').map(|(_, message)| message)].into_iter().flatten()
        },
    )
}
