//! Does our parser say what CPython says about programs that are wrong?
//!
//! * `cargo xtask record` and `replay`: about all that CPython's own tests compile.
//! * `cargo xtask difftest --mode errors`: about real programs with a small random change.
//! * `cargo xtask large-errors`: how long it takes to say it about large files.

pub(crate) mod large;
mod mutate;
mod oracle;
mod ours;
mod pieces;
pub(crate) mod record;
pub(crate) mod replay;
mod tally;
mod vary;

use std::fs;

use anyhow::Result;
use clap::Args;
use pycompile::Compiler;

use crate::corpus;
use crate::difftest::Options;
use crate::random::Random;
use mutate::mutate;
use oracle::{Answer, Call, Judge, Raised};
use tally::{Difference, Tally};
use vary::vary;

/// How many calls go to CPython at once.
const BATCH: u64 = 64;

/// How to make programs wrong.
#[derive(Args)]
pub(crate) struct DiffOptions {
    /// How many changes to each program, at most (`--mode errors`)
    #[arg(long, default_value_t = 1)]
    changes: usize,
    /// Leave out files that are larger, in bytes (`--mode errors`)
    #[arg(long, default_value_t = 200_000)]
    max_size: u64,
    /// Change whole files, and not pieces of the size of a function (`--mode errors`)
    #[arg(long)]
    whole: bool,
    /// Compile each in some other mode, with other flags, for an older version
    #[arg(long)]
    vary: bool,
}

/// `cargo xtask difftest --mode errors`
pub(crate) fn difftest(options: &Options) -> Result<()> {
    let seeds = if options.roots.is_empty() { record::calls(None)? } else { files(options)? };
    let mut judge = Judge::start(&options.python)?;
    let mut compiler = Compiler::new();
    let mut random = Random::new(options.seed);
    let mut tally = Tally::default();
    let mut done = 0;
    while done < options.programs {
        let count = (options.programs - done).min(BATCH);
        let mut change = || changed(&seeds[random.below(seeds.len())], &options.errors, &mut random);
        let calls: Vec<Call> = (0..count).map(|_| change()).collect();
        let answers = judge.ask(&calls)?;
        for (call, theirs) in calls.iter().zip(answers) {
            tally.add(call, ours::answer(&mut compiler, call), theirs, ours::passes_agree(call));
        }
        done += count;
        if done.is_multiple_of(BATCH * 500) {
            eprintln!("{done} programs, {} differ", tally.differing());
        }
    }
    report(&tally, options.show);
    Ok(())
}

/// The files to start from, as modules.
fn files(options: &Options) -> Result<Vec<Call>> {
    let mut calls = Vec::new();
    let program = |source: Vec<u8>| {
        let mode = "exec".to_owned();
        Call { mode, flags: 0, feature_version: -1, is_text: false, source }
    };
    for file in corpus::collect(&options.roots)? {
        let source = fs::read(&file.path)?;
        if source.len() as u64 > options.errors.max_size || std::str::from_utf8(&source).is_err() {
            continue;
        }
        if options.errors.whole {
            calls.push(program(source));
        } else {
            calls.extend(pieces::cut(&source).into_iter().map(program));
        }
    }
    Ok(calls)
}

fn changed(call: &Call, options: &DiffOptions, random: &mut Random) -> Call {
    let mut source = call.source.clone();
    for _ in 0..=random.below(options.changes) {
        source = mutate(&source, random);
    }
    let call = Call { source, ..call.clone() };
    if options.vary { vary(call, random) } else { call }
}

fn report(tally: &Tally, show: usize) {
    println!("{tally}");
    for Difference { kind, call, ours, theirs } in tally.shown().take(show) {
        println!("---- {kind:?} (mode {}, flags {:#x}, text {})", call.mode, call.flags, call.is_text);
        println!("ours:   {}", answer_text(ours));
        println!("theirs: {}", answer_text(theirs));
        let error = theirs.error.as_ref().or(ours.error.as_ref());
        let near = error.and_then(|error| error.lineno).unwrap_or(1);
        let text = String::from_utf8_lossy(&call.source);
        for (at, line) in text.split('\n').enumerate().skip((near - 4).max(0) as usize).take(6) {
            let start: String = line.chars().take(150).collect();
            println!("{:>5} {start:?}", at + 1);
        }
    }
}

fn answer_text(answer: &Answer) -> String {
    let error = answer.error.as_ref().map_or("valid".to_owned(), error_text);
    if answer.warnings.is_empty() { error } else { format!("{error}, warns of {:?}", answer.warnings) }
}

fn error_text(e: &Raised) -> String {
    let number = |number: Option<i32>| number.map_or("-".to_owned(), |number| number.to_string());
    let (line, column) = (number(e.lineno), number(e.offset));
    let (end_line, end_column) = (number(e.end_lineno), number(e.end_offset));
    let text: Option<String> = e.text.as_ref().map(|text| text.chars().take(100).collect());
    format!("{} {line}:{column}-{end_line}:{end_column} {} in {text:?}", e.kind, e.message)
}
