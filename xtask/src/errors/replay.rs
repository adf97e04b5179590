//! `cargo xtask replay`: what we say about all that CPython's own tests compile.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;
use pycompile::Compiler;

use super::oracle::{Answer, Call, Judge, Raised};
use super::tally::Tally;
use super::{BATCH, ours, record, report};
use crate::conformance::{Score, Scoreboard};
use crate::corpus::SourceFile;

/// The section of `docs/conformance.md`.
const SECTION: &str = "recorded calls";

/// What to replay.
#[derive(Args)]
pub(crate) struct ReplayOptions {
    /// The interpreter to compare with
    #[arg(long)]
    python: PathBuf,
    /// How many differences to show
    #[arg(long, default_value_t = 20)]
    show: usize,
    /// Other calls than those that `cargo xtask record` wrote: a file of the same form
    #[arg(long)]
    calls: Option<PathBuf>,
    /// The calls that `cargo xtask record --quick` wrote; fail when any answer differs
    #[arg(long, conflicts_with = "calls")]
    quick: bool,
    /// Only calls whose source has this text
    #[arg(long)]
    with: Option<String>,
    /// Record the result in docs/conformance.md
    #[arg(long)]
    write: bool,
    /// Fail when a row is worse than docs/conformance.md records
    #[arg(long)]
    floor: bool,
}

/// Compares our answers with CPython's on everything that was recorded.
pub(crate) fn run(options: &ReplayOptions) -> Result<()> {
    let path = if options.quick { Some(record::quick_file()) } else { options.calls.clone() };
    let wanted = |call: &Call| {
        let text = String::from_utf8_lossy(&call.source);
        options.with.as_ref().is_none_or(|with| text.contains(with))
    };
    let calls: Vec<Call> = record::calls(path.as_deref())?.into_iter().filter(wanted).collect();
    let mut compiler = Compiler::new();
    let mut judge = Judge::start_showing(&options.python)?;
    let (mut tally, mut scores) = (Tally::default(), Scores::new());
    for (number, batch) in calls.chunks(BATCH as usize).enumerate() {
        let answers = judge.ask(batch)?;
        for (at, (call, theirs)) in batch.iter().zip(answers).enumerate() {
            let ours = ours::answer_showing(&mut compiler, call);
            scores.add(number * BATCH as usize + at, &ours, &theirs);
            tally.add(call, ours, theirs, ours::passes_agree(call));
        }
    }
    report(&tally, options.show);
    if options.quick {
        ensure!(
            tally.differing() == 0 && scores.are_full(),
            "not all of {} answers are the same",
            calls.len()
        );
    }
    scores.finish(options, &calls)
}

/// Whether a call counts for a row, and if so, whether we agree.
type Compare = fn(&Answer, &Answer) -> Option<bool>;

/// Compares a part of the error, where both refuse.
macro_rules! of_errors {
    ($part:expr) => {
        |ours, theirs| {
            let part: fn(&Raised) -> _ = $part;
            let (ours, theirs) = (ours.error.as_ref()?, theirs.error.as_ref()?);
            Some(part(ours) == part(theirs))
        }
    };
}

const ROWS: [(&str, Compare); 11] = [
    ("verdict", |ours, theirs| Some(ours.error.is_some() == theirs.error.is_some())),
    ("exception type", of_errors!(|error| error.kind.clone())),
    ("message", of_errors!(|error| error.message.clone())),
    ("line", of_errors!(|error| error.lineno)),
    ("offset", of_errors!(|error| error.offset)),
    ("end line", of_errors!(|error| error.end_lineno)),
    ("end offset", of_errors!(|error| error.end_offset)),
    ("source line", of_errors!(|error| error.text.clone())),
    ("warnings", |ours, theirs| Some(ours.warnings == theirs.warnings)),
    ("traceback", of_errors!(|error| error.shown.as_ref().map(|shown| shown[0].clone()))),
    ("traceback in colours", of_errors!(|error| error.shown.as_ref().map(|shown| shown[1].clone()))),
];

/// The rows of the scoreboard.
struct Scores(Vec<Score>);

impl Scores {
    fn new() -> Scores {
        Scores(ROWS.iter().map(|(name, _)| Score::new((*name).to_owned())).collect())
    }

    /// Whether nothing differs.
    fn are_full(&self) -> bool {
        self.0.iter().all(|score| score.matched == score.total())
    }

    fn add(&mut self, call: usize, ours: &Answer, theirs: &Answer) {
        for (score, (_, compare)) in self.0.iter_mut().zip(ROWS) {
            match compare(ours, theirs) {
                None => {}
                Some(true) => score.matched += 1,
                Some(false) => score.differ(call, class(ours, theirs)),
            }
        }
    }

    /// Prints, writes and holds the rows, as the options say.
    fn finish(self, options: &ReplayOptions, calls: &[Call]) -> Result<()> {
        for score in &self.0 {
            println!("{:<24} {:>6} / {}", score.row, score.matched, score.total());
        }
        let path = crate::root().join("docs/conformance.md");
        let board = Scoreboard::parse(&fs::read_to_string(&path)?);
        if options.floor {
            board.hold(SECTION, &self.0)?;
        }
        if options.write {
            let names: Vec<SourceFile> = calls.iter().map(named).collect();
            fs::write(path, board.with(SECTION, &self.0, &names).to_text(pycode::version::PYTHON_VERSION))?;
        }
        Ok(())
    }
}

/// What the two say, in short.
fn class(ours: &Answer, theirs: &Answer) -> String {
    let say = |answer: &Answer| match &answer.error {
        Some(error) => format!("{}: {}", error.kind, without_stack_size(&error.message)),
        None => "valid".to_owned(),
    };
    format!("{}, and CPython: {}", say(ours), say(theirs))
}

/// A message without the size of the C stack, which differs from run to run.
fn without_stack_size(message: &str) -> String {
    match message.split_once("(used ").zip(message.split_once(" kB)")) {
        Some(((before, _), (_, after))) => format!("{before}(used ... kB){after}"),
        None => message.to_owned(),
    }
}

/// A call under a name: the beginning of its source.
fn named(call: &Call) -> SourceFile {
    let text: String = String::from_utf8_lossy(&call.source).chars().take(24).collect();
    let name = format!("{} {:#x} {text:?}", call.mode, call.flags);
    SourceFile { path: PathBuf::new(), name }
}
