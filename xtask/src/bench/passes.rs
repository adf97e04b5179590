//! Does the second pass of the parser cost anything when there is nothing to explain?
//!
//! The sources, all of them valid, are parsed with and without [`ParseOptions::explain`], in turns.

use anyhow::Result;
use pyast::Arena;
use pycode::Interner;
use pyparser::{ParseOptions, parse};

use super::{Source, cpu_seconds};
use crate::timing::median;

/// What the rounds have found.
#[derive(Default)]
pub(super) struct Passes {
    with: Vec<f64>,
    without: Vec<f64>,
    /// For how many sources the second pass ran.
    second: usize,
}

impl Passes {
    /// Parses all sources once more, with and without the second pass at hand.
    pub(super) fn round(&mut self, sources: &[Source]) -> Result<()> {
        let (with, second) = parse_all(sources, true)?;
        let (without, _) = parse_all(sources, false)?;
        self.with.push(with);
        self.without.push(without);
        self.second = second;
        Ok(())
    }

    /// Prints the ratio of the medians.
    pub(super) fn report(self, sources: &[Source]) {
        let (with, without) = (median(self.with), median(self.without));
        let (ratio, second, count) = (with / without, self.second, sources.len());
        println!(
            "parser alone     {with:8.3} s, and {without:.3} s if it may not explain errors: {ratio:.3}; \
             the second pass ran for {second} of {count} files"
        );
    }
}

/// Seconds for all sources, and for how many the second pass ran.
fn parse_all(sources: &[Source], explain: bool) -> Result<(f64, usize)> {
    let options = ParseOptions { explain, ..ParseOptions::default() };
    let (start, mut second) = (cpu_seconds()?, 0);
    for source in sources {
        let (arena, mut strings) = (Arena::new(), Interner::new());
        // What is too deep for this thread is left out.
        let parsed = parse(&source.text, &arena, &mut strings, &options);
        second += usize::from(parsed.is_ok_and(|parsed| parsed.second_pass));
    }
    Ok((cpu_seconds()? - start, second))
}
