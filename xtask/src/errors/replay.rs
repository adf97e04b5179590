//! `cargo xtask replay`: what we say about all that CPython's own tests compile.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use super::oracle::{Call, Judge, Stages};
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
    let text = fs::read_to_string(record::file()).context("first run `cargo xtask record`")?;
    let mut calls = Vec::new();
    for line in text.lines() {
        let call: Call = serde_json::from_str(line)?;
        let wanted = options.with.as_ref();
        if wanted.is_none_or(|text| String::from_utf8_lossy(&call.source).contains(text)) {
            calls.push(call);
        }
    }
    let mut judge = Judge::start(&options.python)?;
    let mut tally = Tally::default();
    for batch in calls.chunks(BATCH) {
        let answers = judge.ask(batch, Stages::All)?;
        for (call, answer) in batch.iter().zip(answers) {
            tally.add(call, ours::judge(call), answer.error);
        }
    }
    report(&tally, options.show);
    Ok(())
}
