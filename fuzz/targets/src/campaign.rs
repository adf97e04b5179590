//! Many inputs through one target.

use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use crate::memory::peak_of;
use crate::mutate::{Random, mutant};
use crate::seeds::Seeds;
use crate::targets::Target;

/// What every run needs, whatever its input: the strings that CPython has from the start, and buffers.
pub const FIXED_MEMORY: usize = 1 << 20;
/// How many bytes a run may need for each byte of its input, besides [`FIXED_MEMORY`].
pub const MEMORY_PER_BYTE: usize = 128;

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many inputs there were.
    pub runs: u64,
    /// How many of them were good.
    pub good: u64,
    /// The inputs that made the target panic.
    pub panics: Vec<Vec<u8>>,
    /// The inputs for which it took too much memory, and how much.
    pub greedy: Vec<(usize, Vec<u8>)>,
    /// The most memory that a run took, in bytes, and the length of its input.
    pub peak: (usize, usize),
    /// The longest time that a run took, and the length of its input.
    pub slowest: (Duration, usize),
}

impl Report {
    /// Whether every run was as it should be.
    pub fn is_clean(&self) -> bool {
        self.panics.is_empty() && self.greedy.is_empty()
    }
}

/// Runs the inputs of the numbers in `range`, each of which depends on its number and the seeds alone.
pub fn run(target: Target, seeds: &Seeds, range: std::ops::Range<u64>) -> Report {
    let mut report = Report::default();
    for number in range {
        let input = mutant(&seeds.inputs, &seeds.pieces, &mut Random::new(number));
        report.take(target, input);
    }
    report
}

impl Report {
    fn take(&mut self, target: Target, input: Vec<u8>) {
        let start = Instant::now();
        let mut outcome = Ok(false);
        let peak = peak_of(|| {
            outcome = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&input)));
        });
        self.runs += 1;
        self.slowest = self.slowest.max((start.elapsed(), input.len()));
        self.peak = self.peak.max((peak, input.len()));
        self.good += u64::from(matches!(outcome, Ok(true)));
        if outcome.is_err() {
            self.panics.push(input);
        } else if peak > FIXED_MEMORY + MEMORY_PER_BYTE * input.len() {
            self.greedy.push((peak, input));
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Report) -> Report {
        self.runs += other.runs;
        self.good += other.good;
        self.panics.extend(other.panics);
        self.greedy.extend(other.greedy);
        self.peak = self.peak.max(other.peak);
        self.slowest = self.slowest.max(other.slowest);
        self
    }
}
