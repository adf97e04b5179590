//! A run that is killed at any moment.

use std::process::Child;
use std::thread;
use std::time::Duration;

use crate::tree::{FILES, Tree, Version, expected, pyc_path};

/// How many runs are killed.
const KILLS: u64 = 24;

#[test]
fn a_killed_run_leaves_each_pyc_as_it_was_or_right() {
    let (old, new) = (expected(Version(1)), expected(Version(2)));
    let tree = Tree::new(Version(1));
    assert!(tree.compileall(&["-q", "."]).status().expect("it starts").success());
    let mut random = Random(0x5EED);
    let (mut killed, mut version, mut leftovers) = (0, 1, 0);
    for _ in 0..KILLS {
        // A new version of the sources is compiled over the old one by run after run, until one gets to its end.
        if random.below(3) == 0 {
            version = 3 - version;
            tree.write_sources(Version(version));
        }
        let force = if random.below(2) == 0 { "-fq" } else { "-q" };
        let watched = tree.root().join(pyc_path(random.below(FILES as u64) as usize));
        let before = std::fs::metadata(&watched).ok().and_then(|found| found.modified().ok());
        let mut run = tree.compileall(&[force, "."]).spawn().expect("it starts");
        let is_written = || {
            let now = std::fs::metadata(&watched).ok().and_then(|found| found.modified().ok());
            now != before
        };
        wait_until(&mut run, is_written);
        thread::sleep(Duration::from_micros(random.below(500)));
        run.kill().expect("it can be killed");
        killed += u64::from(run.wait().expect("it has ended").code().is_none());
        leftovers = tree.check(&[&old, &new], false).leftovers;
    }
    eprintln!(
        "{killed} of {KILLS} runs were killed before their end; temporary files left behind: {leftovers}"
    );
    assert!(killed > 0, "no run was killed at work");
    assert!(tree.compileall(&["-q", "."]).status().expect("it starts").success());
    let wanted = if version == 1 { &old } else { &new };
    assert_eq!(
        tree.check(&[wanted], true).leftovers,
        leftovers,
        "the next run mends the tree and adds nothing"
    );
}

/// Waits until something is so, or the run has ended.
fn wait_until(run: &mut Child, is_so: impl Fn() -> bool) {
    while !is_so() && run.try_wait().expect("a child of ours").is_none() {
        thread::sleep(Duration::from_micros(50));
    }
}

/// SplitMix64: the same moments in each run of the test, as far as a machine has the same.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}
