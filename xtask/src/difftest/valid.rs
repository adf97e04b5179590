//! `--mode valid`: generated and spliced programs in bulk, the bytes of the `.pyc` compared.
//!
//! CPython compiles a batch of programs in one process, while we compile them in ours. What differs is asked
//! again of a process that compiles nothing else: that answer counts. What still differs is reduced.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;

use super::judge::{Answer, CPython, Ours, Program};
use super::splice::Corpus;
use super::{Options, generate, reduce};
use crate::random::Random;

/// How many programs go to CPython at once.
const BATCH: u64 = 256;

/// How often to say how far it is, in programs.
const REPORT: u64 = 50_000;

/// How an answer of ours compares with CPython's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Verdict {
    /// The same bytes.
    Same,
    /// Both refuse the program.
    BothRefuse,
    /// CPython crashes: nothing to compare.
    CPythonCrashes,
    /// Bytes that differ.
    OtherBytes,
    /// CPython compiles it and we refuse it.
    WeRefuse,
    /// We compile it and CPython refuses it.
    WeAccept,
    /// We panic.
    WeCrash,
}

impl Verdict {
    pub(super) fn of(ours: &Answer, theirs: &Answer) -> Verdict {
        match (ours, theirs) {
            (Answer::Crashed(_), _) => Verdict::WeCrash,
            (_, Answer::Crashed(_)) => Verdict::CPythonCrashes,
            (Answer::Pyc(ours), Answer::Pyc(theirs)) if ours == theirs => Verdict::Same,
            (Answer::Pyc(_), Answer::Pyc(_)) => Verdict::OtherBytes,
            (Answer::Refused(_), Answer::Pyc(_)) => Verdict::WeRefuse,
            (Answer::Pyc(_), Answer::Refused(_)) => Verdict::WeAccept,
            (Answer::Refused(_), Answer::Refused(_)) => Verdict::BothRefuse,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Verdict::Same => "compiled to the same bytes",
            Verdict::BothRefuse => "refused by both",
            Verdict::CPythonCrashes => "crash CPython",
            Verdict::OtherBytes => "DIFFER in bytes",
            Verdict::WeRefuse => "REFUSED by us alone",
            Verdict::WeAccept => "REFUSED by CPython alone",
            Verdict::WeCrash => "CRASH us",
        }
    }

    /// Whether it is a difference.
    pub(super) const fn is_wrong(self) -> bool {
        matches!(self, Verdict::OtherBytes | Verdict::WeRefuse | Verdict::WeAccept | Verdict::WeCrash)
    }
}

/// Where programs come from.
struct Source {
    seed: u64,
    corpus: Corpus,
}

impl Source {
    /// The program number `index`: even ones are generated, odd ones made of pieces of real files.
    fn program(&self, index: u64) -> Program {
        let mut random = Random::of_program(self.seed, index);
        if index.is_multiple_of(2) {
            generate::program(&mut random)
        } else {
            self.corpus.program(&mut random)
        }
    }
}

/// What was found so far.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<Verdict, u64>,
    bytes: u64,
    /// Differences that a process of its own does not show.
    of_neighbours: u64,
    wrong: Vec<(u64, Verdict)>,
}

impl Tally {
    fn add(&mut self, index: u64, program: &Program, verdict: Verdict) {
        *self.counts.entry(verdict).or_default() += 1;
        self.bytes += program.source.len() as u64;
        if verdict.is_wrong() {
            println!("program {index} at -O{}: {verdict:?}", program.level);
            self.wrong.push((index, verdict));
        }
    }

    fn print(&self, start: Instant) {
        let programs: u64 = self.counts.values().sum();
        println!("{programs} programs, {} bytes, {:.0} s", self.bytes, start.elapsed().as_secs_f64());
        for (verdict, count) in &self.counts {
            println!("{count:>10} {}", verdict.text());
        }
        if self.of_neighbours > 0 {
            println!(
                "{:>10} asked again: what CPython compiled before showed in its bytes",
                self.of_neighbours
            );
        }
    }
}

/// Runs the command.
pub(super) fn run(options: &Options) -> Result<()> {
    // A panic of ours is a verdict, not a report on the terminal.
    std::panic::set_hook(Box::new(|_| {}));
    let corpus = Corpus::load(&options.python, &options.roots)?;
    println!("seed {}, {corpus}", options.seed);
    let source = Source { seed: options.seed, corpus };
    let (mut cpython, mut ours) = (CPython::start(&options.python)?, Ours::default());
    let (mut tally, start) = (Tally::default(), Instant::now());
    let end = options.first + options.programs;
    let mut first = options.first;
    while first < end {
        let last = (first + BATCH).min(end);
        batch(first..last, &source, &mut cpython, &mut ours, &mut tally)?;
        if first / REPORT != last / REPORT {
            tally.print(start);
        }
        first = last;
    }
    println!("\nAll in all:");
    tally.print(start);
    show(&tally, options.show, &source, &mut cpython, &mut ours)?;
    anyhow::ensure!(tally.wrong.is_empty(), "{} programs differ", tally.wrong.len());
    Ok(())
}

fn batch(
    range: std::ops::Range<u64>,
    source: &Source,
    cpython: &mut CPython,
    ours: &mut Ours,
    tally: &mut Tally,
) -> Result<()> {
    let programs: Vec<Program> = range.clone().map(|index| source.program(index)).collect();
    cpython.send(&programs)?;
    let our_answers: Vec<Answer> = programs.iter().map(|program| ours.answer(program)).collect();
    let their_answers = cpython.receive(programs.len())?;
    for (index, ((program, our_answer), their_answer)) in
        range.zip(programs.iter().zip(&our_answers).zip(their_answers))
    {
        let mut verdict = Verdict::of(our_answer, &their_answer);
        if verdict.is_wrong() {
            verdict = Verdict::of(our_answer, &cpython.fresh(program)?);
            tally.of_neighbours += u64::from(!verdict.is_wrong());
        }
        tally.add(index, program, verdict);
    }
    Ok(())
}

/// Shows the first differences, each reduced.
fn show(tally: &Tally, count: usize, source: &Source, cpython: &mut CPython, ours: &mut Ours) -> Result<()> {
    for &(index, verdict) in tally.wrong.iter().take(count) {
        let program = source.program(index);
        println!("\n---- program {index} at -O{}: {verdict:?}", program.level);
        let small = reduce::reduce(&program, verdict, cpython, ours)?;
        println!("{}", String::from_utf8_lossy(&small.source).trim_end());
        println!("-- {}", reduce::explain(&small, cpython, ours)?);
    }
    Ok(())
}
