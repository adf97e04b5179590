//! `cargo xtask replay`: what we say about all that CPython's own tests compile.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use pycompile::Compiler;

use super::oracle::{Call, Judge};
use super::tally::Tally;
use super::{BATCH, ours, record, report};

/// What to replay.
#[derive(Args)]
pub(crate) struct ReplayOptions {
    /// The interpreter to compare with
    #[arg(long)]
    python: PathBuf,
    /// How many differences to show
    #[arg(long, default_value_t = 20)]
    show: usize,
    /// Only calls whose source has this text
    #[arg(long)]
    with: Option<String>,
}

/// Compares our answers with CPython's on everything that was recorded.
pub(crate) fn run(options: &ReplayOptions) -> Result<()> {
    let wanted = |call: &Call| {
        let text = String::from_utf8_lossy(&call.source);
        options.with.as_ref().is_none_or(|with| text.contains(with))
    };
    let calls: Vec<Call> = record::calls()?.into_iter().filter(wanted).collect();
    let mut compiler = Compiler::new();
    let mut judge = Judge::start(&options.python)?;
    let mut tally = Tally::default();
    for batch in calls.chunks(BATCH as usize) {
        let answers = judge.ask(batch)?;
        for (call, theirs) in batch.iter().zip(answers) {
            tally.add(call, ours::answer(&mut compiler, call), theirs, ours::passes_agree(call));
        }
    }
    report(&tally, options.show);
    Ok(())
}
