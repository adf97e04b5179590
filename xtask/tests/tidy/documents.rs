//! Documents tell the truth about paths and commands.

use crate::{read, root};

/// The documents whose paths are checked.
const DOCUMENTS: &[&str] = &["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/identity.md"];

/// The spans of a Markdown text that stand between backquotes, code blocks left out.
fn code_spans(text: &str) -> Vec<&str> {
    let mut spans = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if !in_block && !line.starts_with("    ") {
            spans.extend(line.split('`').skip(1).step_by(2));
        }
    }
    spans
}

/// Whether a span is meant as a path of this repository: it begins with one of its folders.
fn is_path(span: &str) -> bool {
    ["crates/", "xtask/", "docs/", "data/", "golden/", ".ci/"].iter().any(|folder| span.starts_with(folder))
        && !span.contains(['*', '<', '{', ' '])
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = read(document.as_ref()).expect("documents are UTF-8");
        for span in code_spans(&text).into_iter().filter(|span| is_path(span)) {
            if !root().join(span).exists() {
                missing.push(format!("{document}: {span}"));
            }
        }
    }
    assert!(missing.is_empty(), "no such path: {missing:#?}");
}

#[test]
fn the_architecture_page_names_every_crate() {
    let text = read("docs/architecture.md".as_ref()).expect("UTF-8");
    for entry in std::fs::read_dir(root().join("crates")).expect("the crates folder") {
        let name = entry.expect("a readable entry").file_name().to_string_lossy().into_owned();
        assert!(
            text.contains(&format!("crates/{name}")),
            "docs/architecture.md does not mention crates/{name}"
        );
    }
}

/// The cells of the rows of a Markdown text that begin with a number, by that number.
fn numbered_rows(text: &str) -> Vec<(usize, Vec<&str>)> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.filter_map(|row| {
        let cells: Vec<&str> = row.split(" | ").collect();
        Some((cells.first()?.parse().ok()?, cells))
    })
    .collect()
}

#[test]
fn every_rule_of_identity_has_a_golden_case() {
    let text = read("docs/identity.md".as_ref()).expect("UTF-8");
    let rules = numbered_rows(&text);
    assert!(rules.iter().map(|(number, _)| *number).eq(1..=rules.len()), "a number is missing");
    for (number, cells) in rules {
        let case = cells.last().expect("a row has cells").trim_matches('`');
        let input = root().join("golden").join(case).join("input.py");
        let input = read(&input).unwrap_or_else(|| panic!("rule {number}: no golden/{case}/input.py"));
        assert!(input.starts_with(&format!("# Rule {number}: ")), "golden/{case} is about another rule");
    }
}
