//! What commands have in common that compare times with CPython's.

use std::path::PathBuf;

/// Whom to compare with, and how often.
#[derive(clap::Args)]
pub(crate) struct Rounds {
    /// The interpreter to compare with
    #[arg(long)]
    pub(crate) python: PathBuf,
    /// How many rounds each side runs
    #[arg(long, default_value_t = 5)]
    pub(crate) rounds: usize,
}

/// The one in the middle of some times, or behind it.
pub(crate) fn median(times: impl IntoIterator<Item = f64>) -> f64 {
    let mut times: Vec<f64> = times.into_iter().collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
