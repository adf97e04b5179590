//! Interactive input and expressions.
//!
//! `modes.txt` holds sources; each after a line with its mode, and before what
//! `_testinternalcapi.compiler_codegen` makes of it.

use pretty_assertions::assert_eq;
use pycodegen::Options;
use pyparser::Mode;

use crate::support::{Program, generate};
use crate::text::text_of;

#[test]
fn instructions_of_other_modes_are_cpythons() {
    for case in include_str!("modes.txt").split("\n\n") {
        let (mode, rest) = case.split_once('\n').expect("a mode");
        let (source, expected) = rest.split_once("\nunit\n").expect("a source and its units");
        let mode = match mode {
            "# single" => Mode::Single,
            "# eval" => Mode::Eval,
            _ => panic!("unknown mode {mode}"),
        };
        let source = format!("{source}\n\n");
        let program = Program { mode, ..Program::new(&source) };
        let (mut units, mut pool) =
            generate(&program, &mut Vec::new(), Options::default()).expect("a valid program");
        let expected = format!("unit\n{}\n", expected.trim_end());
        assert_eq!(text_of(&mut units, &mut pool), expected, "{source}");
    }
}
