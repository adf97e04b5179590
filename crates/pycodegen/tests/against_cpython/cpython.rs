//! The trees of CPython's own tests of its code generation, against the instruction sequences that it makes of them
//! (`cpython.txt`, which `cargo xtask cases` writes).

use pretty_assertions::assert_eq;
use pycode::Location;
use pycodegen::Options;

use crate::support::{Dump, generate};
use crate::text::text_of;

const OF_CPYTHON: &str = include_str!("cpython.txt");

#[test]
fn the_trees_of_cpythons_tests_become_cpythons_instructions() {
    let cases: Vec<&str> = OF_CPYTHON.split("== ").skip(1).collect();
    assert!(!cases.is_empty());
    for case in cases {
        let (name, case) = case.split_once("\nin\n").expect("a name and an input");
        let (tree, expected) = case.split_once('\n').expect("a tree and an outcome");
        assert_eq!(outcome(tree), expected, "{name}");
    }
}

fn outcome(tree: &str) -> String {
    match generate(&Dump(tree), &mut Vec::new(), Options::default()) {
        Ok((mut units, mut pool)) => format!("out\n{}", text_of(&mut units, &mut pool)),
        Err(error) => {
            let Location { lineno, col_offset, end_lineno, end_col_offset } = error.location;
            // Offsets count from 1.
            let place = format!("{lineno}:{}-{end_lineno}:{}", col_offset + 1, end_col_offset + 1);
            format!("error {place} {}\n", error.message)
        }
    }
}
