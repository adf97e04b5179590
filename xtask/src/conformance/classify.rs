//! What kind of difference there is between two answers.

use super::Row;
use super::code;
use crate::units;

/// The class of the difference; `None` when the row counts them as equal after all.
pub(crate) fn class(row: Row, ours: &[u8], theirs: &[u8]) -> Option<String> {
    match row {
        Row::Code(_) => match code::first_difference(ours, theirs) {
            Ok(difference) => difference.map(|d| d.class),
            Err(message) => Some(message),
        },
        Row::Pyc(_) | Row::Marshal(_) => match code::first_difference(ours, theirs) {
            Ok(Some(difference)) => Some(difference.class),
            Ok(None) => Some("which objects are shared".to_owned()),
            Err(message) => Some(message),
        },
        Row::FlowGraph(_) => sequence_class(ours, theirs),
        // They are given the same sequences here.
        Row::Assembler(_) => (ours != theirs).then(|| line_class(ours, theirs)),
        Row::Ast | Row::Preprocessed(_) => Some(tree_class(ours, theirs)),
        Row::Tokens | Row::Future | Row::Symtable | Row::Codegen(_) | Row::Dis | Row::Text(_) => {
            Some(line_class(ours, theirs))
        }
    }
}

/// Of two texts of units: how the sequences differ, if they do.
fn sequence_class(ours: &[u8], theirs: &[u8]) -> Option<String> {
    let [ours, theirs] = [ours, theirs].map(|text| units::sequences(&String::from_utf8_lossy(text)));
    (ours != theirs).then(|| line_class(ours.as_bytes(), theirs.as_bytes()))
}

/// Of two dumps: the field in which they differ first.
fn tree_class(ours: &[u8], theirs: &[u8]) -> String {
    let same = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let before = String::from_utf8_lossy(&theirs[..same]).into_owned();
    let field = before.rfind('=').map_or("", |equals| {
        let head = &before[..equals];
        &head[head.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |i| i + 1)..]
    });
    let node = before.rfind('(').map_or("", |paren| {
        let head = &before[..paren];
        &head[head.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |i| i + 1)..]
    });
    format!("{field} near {node}")
}

/// Of two listings: the first words of the first lines that differ.
fn line_class(ours: &[u8], theirs: &[u8]) -> String {
    let (ours, theirs) = (String::from_utf8_lossy(ours), String::from_utf8_lossy(theirs));
    let mut lines = ours.lines().zip(theirs.lines());
    let Some((a, b)) = lines.find(|(a, b)| a != b) else { return "another length".to_owned() };
    let word =
        |line: &str| line.split_whitespace().find(|w| w.starts_with(char::is_alphabetic)).map(str::to_owned);
    match (word(a), word(b)) {
        (Some(a), Some(b)) if a == b => format!("the rest of {a}"),
        (a, b) => format!("{} for {}", a.unwrap_or_default(), b.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_trees_is_named_by_its_field() {
        let class =
            tree_class(b"Module(body=[Name(id='x', lineno=1)])", b"Module(body=[Name(id='x', lineno=2)])");
        assert_eq!(class, "lineno near Name");
    }

    #[test]
    fn a_difference_of_lines_is_named_by_its_words() {
        assert_eq!(line_class(b"a\n  LOAD_FAST 1\n", b"a\n  LOAD_NAME 1\n"), "LOAD_FAST for LOAD_NAME");
        assert_eq!(line_class(b"a\n  LOAD_FAST 1\n", b"a\n  LOAD_FAST 2\n"), "the rest of LOAD_FAST");
    }
}
