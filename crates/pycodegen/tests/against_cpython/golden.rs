//! Every tree under `golden/`, against the instruction sequences that CPython makes of it.

use std::fs;
use std::path::Path;

use pretty_assertions::assert_eq;
use pycodegen::Options;

use crate::support::{Dump, generate};
use crate::text::text_of;

#[test]
fn instructions_are_cpythons() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden");
    let mut compared = 0;
    for entry in fs::read_dir(golden).expect("the folder golden") {
        let folder = entry.expect("a folder").path();
        let Ok(expected) = fs::read_to_string(folder.join("codegen.txt")) else { continue };
        let tree = fs::read_to_string(folder.join("ast.txt")).expect("the tree of the same input");
        let generated = generate(&Dump(&tree), &mut Vec::new(), Options::default());
        let (mut units, mut pool) = generated.expect("a valid module");
        assert_eq!(text_of(&mut units, &mut pool), expected, "{}", folder.display());
        compared += 1;
    }
    assert!(compared > 100, "only {compared} inputs");
}
