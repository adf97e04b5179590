//! Several runs at once on one tree.

use std::process::Child;

use crate::tree::{Tree, Version, expected};

#[test]
fn runs_at_once_do_each_other_no_harm() {
    let wanted = expected(Version(1));
    let tree = Tree::new(Version(1));
    for round in 0..4 {
        let force = if round % 2 == 0 { "-fq" } else { "-q" };
        let start = |_| tree.compileall(&[force, "."]).spawn().expect("it starts");
        let runs: Vec<Child> = (0..3).map(start).collect();
        for mut run in runs {
            assert!(run.wait().expect("it ends").success());
        }
        assert_eq!(tree.check(&[&wanted], true).leftovers, 0);
        if round == 1 {
            std::fs::remove_dir_all(tree.root().join("package0/__pycache__")).expect("it is there");
        }
    }
}

#[test]
fn a_run_beside_one_that_is_killed_ends_well() {
    let wanted = expected(Version(1));
    let tree = Tree::new(Version(1));
    for _ in 0..4 {
        let mut victim = tree.compileall(&["-fq", "."]).spawn().expect("it starts");
        let mut run = tree.compileall(&["-fq", "."]).spawn().expect("it starts");
        std::thread::sleep(std::time::Duration::from_millis(20));
        victim.kill().expect("it can be killed");
        victim.wait().expect("it has ended");
        assert!(run.wait().expect("it ends").success());
        tree.check(&[&wanted], true);
    }
}
