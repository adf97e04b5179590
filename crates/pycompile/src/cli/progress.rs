//! What a person sees of a long run while it goes on.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Work that is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(700);

/// A bar, once the work has taken some time.
pub(crate) struct Progress {
    total: u64,
    done: u64,
    start: Instant,
    wanted: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(crate) fn new(total: usize, wanted: bool) -> Self {
        Progress { total: total as u64, done: 0, start: Instant::now(), wanted, bar: None }
    }

    pub(crate) fn advance(&mut self, steps: usize) {
        self.done += steps as u64;
        if self.wanted && self.bar.is_none() && self.start.elapsed() > PATIENCE {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {per_sec}, {eta} left");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            self.bar =
                Some(ProgressBar::new(self.total).with_style(style).with_elapsed(self.start.elapsed()));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }

    pub(crate) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
