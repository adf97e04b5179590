//! `cargo xtask conformance`: every stage of ours against CPython's, on whole folders.
//!
//! For each [`Row`] of the scoreboard: digests of CPython's answers (from the store, or asked now), our
//! answers, and where the digests differ both texts, to find the first difference and name its class.

mod classify;
mod code;
mod ours;
mod row;
mod scoreboard;
mod show;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::corpus::{self, SourceFile};
use crate::oracle::{Answer, Digest, Digests, Oracle, Request};
pub(crate) use code::first_difference;
pub(crate) use row::Row;
pub(crate) use scoreboard::{Score, Scoreboard};

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The interpreter to compare with
    #[arg(long)]
    python: PathBuf,
    /// Only the rows whose name contains this ("codegen", "pyc -O2")
    #[arg(long, value_name = "NAME")]
    stage: Vec<String>,
    /// Print the first difference of each row for the one file given
    #[arg(long)]
    show: bool,
    /// Record the result in docs/conformance.md
    #[arg(long)]
    write: bool,
    /// Fail when a row is worse than docs/conformance.md records
    #[arg(long)]
    floor: bool,
    /// The section of docs/conformance.md to write or to hold
    #[arg(long, default_value = "stdlib")]
    corpus: String,
    /// How many differing files of each row to examine for the class of their difference
    #[arg(long, default_value_t = 400)]
    classify: usize,
    /// How many files to name in each class
    #[arg(long, default_value_t = 3)]
    names: usize,
    /// Folders or files to compile
    #[arg(required = true, value_name = "DIR")]
    roots: Vec<PathBuf>,
}

/// A file on which a row differs.
pub(crate) struct Difference {
    /// Which file, by its index in the corpus.
    pub file: usize,
    /// What kind of difference.
    pub class: String,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<()> {
    let rows: Vec<Row> = Row::all().filter(|row| row.is_named(&options.stage)).collect();
    if rows.is_empty() {
        bail!(
            "no row has such a name; there are: {}",
            Row::all().map(|r| r.name()).collect::<Vec<_>>().join(", ")
        );
    }
    let oracle = Oracle::new(&options.python)?;
    let files = corpus::collect(&options.roots)?;
    if options.show {
        return show::run(&oracle, &files, &rows);
    }
    let mut run =
        Run { digests: Digests::load(&oracle), oracle: &oracle, files: &files, outcomes: HashMap::new() };
    let mut scores = Vec::new();
    for row in rows {
        let start = Instant::now();
        let score = run.compare(row, options.classify)?;
        print_score(&score, &files, options.names, start.elapsed().as_secs_f64());
        scores.push(score);
    }
    let path = crate::root().join("docs/conformance.md");
    let recorded = Scoreboard::parse(&fs::read_to_string(&path).unwrap_or_default());
    if options.write {
        let text = recorded.clone().with(&options.corpus, &scores, &files).to_text(oracle.version());
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    if options.floor { recorded.hold(&options.corpus, &scores) } else { Ok(()) }
}

/// What is known in the course of a comparison.
struct Run<'a> {
    oracle: &'a Oracle,
    files: &'a [SourceFile],
    digests: Digests,
    /// By row, for all files; rows that compare parts of the same answers have one entry.
    outcomes: HashMap<Row, Vec<Outcome>>,
}

impl Run<'_> {
    /// Compares one stage on all files.
    fn compare(&mut self, row: Row, limit: usize) -> Result<Score> {
        let (oracle, files) = (self.oracle, self.files);
        let mut score = Score::new(row.name());
        let mut examine = Vec::new();
        for (index, outcome) in self.outcomes(row)?.iter().enumerate() {
            match outcome {
                Outcome::Same => score.matched += 1,
                Outcome::Differs => examine.push(index),
                Outcome::Fails(message) => score.differ(index, format!("we fail: {message}")),
                Outcome::BothRefuse => score.refused += 1,
                Outcome::WeAccept => score.accepted.push(index),
                Outcome::Unknown => score.unknown.push(index),
            }
        }
        // Where an answer has more than the row compares, each difference needs a look.
        let limit = if row.answer() == row { limit } else { usize::MAX };
        let unexamined = examine.split_off(limit.min(examine.len()));
        for (index, class) in classes(row, files, &examine, oracle)? {
            match class {
                Some(class) => score.differ(index, class),
                None => score.matched += 1,
            }
        }
        unexamined.into_iter().for_each(|index| score.differ(index, "(not examined)".to_owned()));
        score.differences.sort_by_key(|d| d.file);
        Ok(score)
    }

    /// How our answers for a row compare with CPython's.
    fn outcomes(&mut self, row: Row) -> Result<&[Outcome]> {
        let (oracle, files, row) = (self.oracle, self.files, row.answer());
        if !self.outcomes.contains_key(&row) {
            let requests: Vec<Request> =
                files.par_iter().map(|file| ours::request(row, &file.path)).collect();
            let theirs = self.digests.get_all(oracle, &requests)?;
            let outcome = |(file, &digest)| Outcome::of(row, file, digest, oracle);
            self.outcomes.insert(row, files.par_iter().zip(&theirs).map(outcome).collect());
        }
        Ok(&self.outcomes[&row])
    }
}

/// How one file compares, before a look at the texts.
enum Outcome {
    Same,
    Differs,
    Fails(String),
    BothRefuse,
    WeAccept,
    Unknown,
}

impl Outcome {
    fn of(row: Row, file: &SourceFile, theirs: Digest, oracle: &Oracle) -> Outcome {
        let ours = ours::answer(row, &file.path, oracle);
        match (ours, theirs) {
            (_, Digest::Crashed) => Outcome::Unknown,
            (Ok(bytes), Digest::Ok(_)) if Digest::of(&bytes) == theirs => Outcome::Same,
            (Ok(_), Digest::Ok(_)) => Outcome::Differs,
            (Err(message), Digest::Ok(_)) => Outcome::Fails(message),
            (Ok(_), Digest::Refused) => Outcome::WeAccept,
            (Err(_), Digest::Refused) => Outcome::BothRefuse,
        }
    }
}

/// The class of difference of each of these files; `None` where a closer look finds none.
fn classes(
    row: Row,
    files: &[SourceFile],
    examine: &[usize],
    oracle: &Oracle,
) -> Result<Vec<(usize, Option<String>)>> {
    let class = |&file: &usize| {
        let path = &files[file].path;
        let theirs = oracle.ask(&ours::request(row, path))?;
        let ours = match (row, &theirs) {
            (Row::Assembler(level), Answer::Ok(theirs)) => ours::assembled(path, level, theirs),
            _ => ours::answer(row, path, oracle),
        };
        let class = match (ours, theirs) {
            (Ok(ours), Answer::Ok(theirs)) => classify::class(row, &ours, &theirs),
            _ => Some("the answer changes from call to call".to_owned()),
        };
        Ok((file, class))
    };
    examine.par_iter().map(class).collect()
}

fn print_score(score: &Score, files: &[SourceFile], names: usize, seconds: f64) {
    println!("{:<24} {:>6} / {:<6} {seconds:6.1} s", score.row, score.matched, score.total());
    let mut classes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for difference in &score.differences {
        classes.entry(&difference.class).or_default().push(difference.file);
    }
    let mut classes: Vec<(&str, Vec<usize>)> = classes.into_iter().collect();
    classes.sort_by_key(|(class, members)| (usize::MAX - members.len(), *class));
    for (class, members) in classes {
        println!("  {:>5}  {class}", members.len());
        members.iter().take(names).for_each(|&file| println!("           {}", files[file].name));
    }
    if !score.accepted.is_empty() {
        println!("  {:>5}  accepted by us, refused by CPython", score.accepted.len());
        score.accepted.iter().take(names).for_each(|&file| println!("           {}", files[file].name));
    }
    if !score.unknown.is_empty() {
        println!("  {:>5}  unknown: CPython crashes", score.unknown.len());
        score.unknown.iter().take(names).for_each(|&file| println!("           {}", files[file].name));
    }
}
