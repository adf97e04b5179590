//! What CPython 3.14.10 says of the trees under `tests/data`, which `make.py` there writes:
//!
//! * `trees.txt`: programs (`cases.py`) as dumps, with their source text, preprocessed forms and warnings, and
//!   their expressions as the compiler shows annotations;
//! * `dumps.txt`: one tree with all options of `ast.dump`;
//! * `literals.tsv`: expressions and their `ast.literal_eval`;
//! * `invalid.tsv`: trees with mistakes (`invalid.py`) and what `compile()` says of them.

use pretty_assertions::assert_eq;
use pyast::*;
use pycode::{Interner, PyStr, repr_str};

const LIMIT: RecursionLimit = RecursionLimit::DEFAULT;
const ATTRIBUTES: DumpOptions<'_> =
    DumpOptions { annotate_fields: true, include_attributes: true, indent: None, show_empty: false };

/// Python's `repr` of a text, as the files have it.
fn shown(text: &[u8]) -> String {
    let mut out = String::new();
    repr_str(PyStr::from_wtf8(text), &mut out);
    out
}

fn verdict(result: Result<String, SyntaxError>) -> String {
    result.unwrap_or_else(|error| format!("{}: {}", error.kind.name(), error.message))
}

/// The blocks of `trees.txt`: what, and value.
fn blocks() -> Vec<Vec<(&'static str, &'static str)>> {
    include_str!("data/trees.txt")
        .split("\nend\n")
        .filter(|block| !block.is_empty())
        .map(|block| block.lines().map(|line| line.split_once(' ').expect("what, a space, value")).collect())
        .collect()
}

/// Calls `check` with each tree, and what is said of it.
fn for_each_tree(mut check: impl FnMut(&str, &dyn Fn(&str) -> Option<&'static str>)) {
    let blocks = blocks();
    assert_eq!(blocks.len(), 13);
    for block in blocks {
        let find = |what: &str| block.iter().find(|(name, _)| *name == what).map(|(_, value)| *value);
        check(find("tree").expect("every block has a tree"), &find);
    }
}

#[test]
fn trees_load_and_dump() {
    for_each_tree(|tree, _| {
        let (arena, mut strings) = (Arena::new(), Interner::new());
        let module = load_mod(tree, &arena, &mut strings).expect("a tree");
        assert_eq!(dump(module, &strings, &ATTRIBUTES), tree);
    });
}

#[test]
fn trees_unparse() {
    for_each_tree(|tree, find| {
        for (tree, what) in [
            (Some(tree), "unparse"),
            (find("preprocessed0"), "unparse0"),
            (find("preprocessed1"), "unparse1"),
            (find("preprocessed2"), "unparse2"),
        ] {
            let (arena, mut strings) = (Arena::new(), Interner::new());
            let module = load_mod(tree.expect("a tree"), &arena, &mut strings).expect("a tree");
            let text = unparse(module, &strings, LIMIT).expect("a tree that the parser makes");
            assert_eq!(shown(&text), find(what).expect("its text"));
        }
    });
}

#[test]
fn trees_have_a_short_form() {
    for_each_tree(|tree, find| {
        let (arena, mut strings) = (Arena::new(), Interner::new());
        let module = load_mod(tree, &arena, &mut strings).expect("a tree");
        assert_eq!(Some(repr_node(module, &strings).as_str()), find("repr"));
    });
}

#[test]
fn trees_are_preprocessed() {
    for_each_tree(|tree, find| {
        for optimize in 0..3 {
            let (arena, mut strings) = (Arena::new(), Interner::new());
            let module = load_mod(tree, &arena, &mut strings).expect("a tree");
            let future_annotations = tree.contains("names=[alias(name='annotations'");
            let options = PreprocessOptions { optimize, future_annotations, ..PreprocessOptions::default() };
            let mut warnings = Vec::new();
            let module = preprocess(module, &arena, &mut strings, &options, &mut warnings).expect("a tree");
            let expected = find(&format!("preprocessed{optimize}")).expect("its form");
            assert_eq!(dump(module, &strings, &ATTRIBUTES), expected);
            let warnings: Vec<String> =
                warnings.iter().map(|w| format!("{}:{}", w.location.lineno, w.message)).collect();
            assert_eq!(Some(warnings.join("|").as_str()), find("warnings"));
        }
    });
}

#[test]
fn what_preprocessing_leaves_alone_is_shared() {
    for_each_tree(|tree, find| {
        if Some(tree) != find("preprocessed0") {
            return;
        }
        let (arena, mut strings) = (Arena::new(), Interner::new());
        let module = load_mod(tree, &arena, &mut strings).expect("a tree");
        let options = PreprocessOptions { future_annotations: true, ..PreprocessOptions::default() };
        let new = preprocess(module, &arena, &mut strings, &options, &mut Vec::new()).expect("a tree");
        assert_eq!(new.key(), module.key());
    });
}

#[test]
fn expressions_as_annotations() {
    let mut count = 0;
    for block in blocks() {
        for pair in block.windows(2) {
            let [("expression", tree), ("annotation", expected)] = *pair else { continue };
            let (arena, mut strings) = (Arena::new(), Interner::new());
            let node = load(tree, &arena, &mut strings).expect("a tree").as_expr().expect("an expression");
            let text = unparse_annotation(node, &strings, LIMIT).expect("the parser makes it");
            assert_eq!(shown(&text), *expected);
            count += 1;
        }
    }
    assert_eq!(count, 93);
}

#[test]
fn dumps_with_all_options() {
    for line in include_str!("data/dumps.txt").lines() {
        let [annotate, attributes, empty, rest] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else {
            panic!("three flags and the rest: {line}");
        };
        let (indent, expected) = match rest.split_at(rest.find(' ').expect("a space")) {
            ("None", text) => (None, text),
            ("2", text) => (Some("  "), text),
            (_, text) => (Some(""), text),
        };
        let options = DumpOptions {
            annotate_fields: annotate == "1",
            include_attributes: attributes == "1",
            indent,
            show_empty: empty == "1",
        };
        let text = unquote(expected.trim_start());
        let (arena, mut strings) = (Arena::new(), Interner::new());
        let module = load_mod(&text, &arena, &mut strings).expect("a tree");
        assert_eq!(dump(module, &strings, &options), text);
    }
}

/// The text whose `repr` this is, as far as dumps need it.
fn unquote(text: &str) -> String {
    text[1..text.len() - 1].replace("\\n", "\n").replace("\\'", "'").replace("\\\\", "\\")
}

#[test]
fn literals_evaluate() {
    for line in include_str!("data/literals.tsv").lines() {
        let (tree, expected) = line.split_once('\t').expect("tree, tab, value");
        let (arena, mut strings) = (Arena::new(), Interner::new());
        let node = load(tree, &arena, &mut strings).expect("a tree").as_expr().expect("an expression");
        let value = literal_eval(node, &arena, &strings, LIMIT).map(|value| value.repr(&strings));
        assert_eq!(verdict(value), expected, "{tree}");
    }
}

#[test]
fn invalid_trees_are_refused() {
    for line in include_str!("data/invalid.tsv").lines() {
        let (expected, tree) = line.split_once('\t').expect("verdict, tab, tree");
        let (arena, mut strings) = (Arena::new(), Interner::new());
        let module = load_mod(tree, &arena, &mut strings).expect("a tree");
        assert_eq!(verdict(validate(module, &strings, LIMIT).map(|()| "ok".into())), expected, "{tree}");
    }
}
