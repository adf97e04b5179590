//! What a person sees of a long run while it goes on.

use std::fmt::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// Work that is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(700);

/// A bar, once the work has taken some time.
pub(crate) struct Progress {
    /// 0 where it is not known.
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

    /// A step has been done.
    pub(crate) fn advance(&mut self) {
        self.done += 1;
        if self.wanted && self.bar.is_none() && self.start.elapsed() > PATIENCE {
            self.bar = Some(self.bar());
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }

    fn bar(&self) -> ProgressBar {
        let (bar, template) = match self.total {
            0 => (ProgressBar::no_length(), "{spinner} {pos} {rate}"),
            total => (ProgressBar::new(total), "{bar:30} {pos}/{len} {rate}, {eta} left"),
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let style = style.with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{:.0}/s", state.per_sec());
        });
        bar.with_style(style).with_elapsed(self.start.elapsed())
    }

    /// Prints without disturbing the bar, which comes back behind what was printed.
    pub(crate) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    pub(crate) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the bar stands after two steps, if there is one by then, and where it ends.
    fn bar(total: usize, wanted: bool, time: Duration) -> Option<(u64, Option<u64>)> {
        let mut progress = Progress::new(total, wanted);
        progress.advance();
        assert!(progress.bar.is_none());
        progress.start = progress.start.checked_sub(time).expect("the machine runs for longer");
        progress.advance();
        progress.bar.as_ref().map(|bar| (bar.position(), bar.length()))
    }

    #[test]
    fn a_bar_is_for_work_that_takes_long() {
        assert_eq!(bar(10, true, Duration::ZERO), None);
        assert_eq!(bar(10, true, PATIENCE), Some((2, Some(10))));
        assert_eq!(bar(0, true, PATIENCE), Some((2, None)));
        assert_eq!(bar(10, false, PATIENCE), None);
    }
}
