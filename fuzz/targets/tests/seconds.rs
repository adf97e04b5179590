//! Each target for some seconds, with the same inputs on every run.

use pyfuzz::campaign::run;
use pyfuzz::memory::Counting;
use pyfuzz::seeds;
use pyfuzz::targets::TARGETS;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many inputs each target gets.
const COUNT: u64 = 5_000;

/// One test for all targets: memory is counted for the whole process.
#[test]
fn mutated_inputs_do_no_harm() {
    for target in TARGETS {
        let seeds = seeds::of_target(target.name, &[]).expect("the golden files");
        let report = run(target, &seeds, 0..COUNT);
        assert_eq!(report.panics.first(), None, "{}: a panic", target.name);
        assert_eq!(report.greedy.first(), None, "{}: too much memory", target.name);
    }
}
