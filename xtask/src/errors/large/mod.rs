//! `cargo xtask large-errors`: how long does it take to refuse a large file?
//!
//! Each case is a pair of large sources: one that is right, and the same with an error, mostly near its end. The time to the
//! error may be at most [`LIMIT`] times the time that the right one takes to compile. Each is compiled in a
//! process of its own, so that the peak of its memory is known.

mod cases;

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use pycompile::Compiler;

use crate::process::peak_memory;
use cases::{CASES, Case};

/// How many times as long an error may take.
const LIMIT: f64 = 10.0;
/// Clock ticks in `/proc/self/stat`, in a second.
const TICKS: f64 = 100.0;

/// What to measure.
#[derive(Args)]
pub(crate) struct LargeOptions {
    /// The size of the sources, in millions of bytes
    #[arg(long, default_value_t = 10.0)]
    megabytes: f64,
    /// Only the cases whose names have this text
    #[arg(long)]
    case: Option<String>,
    /// Compile one source of one case in this process
    #[arg(long, hide = true)]
    child: Option<Side>,
}

/// One source of a pair.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Side {
    Right,
    Wrong,
}

/// What a child process found.
struct Measured {
    seconds: f64,
    mebibytes: u64,
    outcome: String,
}

/// Runs the command.
pub(crate) fn run(options: &LargeOptions) -> Result<()> {
    let wanted = |case: &&Case| options.case.as_ref().is_none_or(|name| case.name.contains(name.as_str()));
    let size = (options.megabytes * 1e6) as usize;
    let cases = CASES.iter().filter(wanted);
    if let Some(side) = options.child {
        let case = CASES.iter().find(|case| Some(case.name) == options.case.as_deref());
        return child(case.context("no such case")?, side, size);
    }
    println!("CPU time of an error in {} MB, and of the right source", options.megabytes);
    let mut slow = 0;
    for case in cases {
        let [right, wrong] = [Side::Right, Side::Wrong].map(|side| measure(case, side, options.megabytes));
        let (right, wrong) = (right?, wrong?);
        let ratio = wrong.seconds / right.seconds;
        slow += usize::from(ratio > LIMIT);
        println!(
            "{:<28} {ratio:6.2} = {:7.2} s, {:5} MiB / {:7.2} s, {:5} MiB  {}",
            case.name, wrong.seconds, wrong.mebibytes, right.seconds, right.mebibytes, wrong.outcome
        );
        if right.outcome != "compiled" {
            bail!("{}: the right source is refused: {}", case.name, right.outcome);
        }
    }
    ensure!(slow == 0, "{slow} cases take more than {LIMIT} times as long");
    Ok(())
}

fn measure(case: &Case, side: Side, megabytes: f64) -> Result<Measured> {
    let side = if side == Side::Right { "right" } else { "wrong" };
    let output = Command::new(std::env::current_exe()?)
        .args(["large-errors", "--case", case.name, "--child", side])
        .args(["--megabytes", &megabytes.to_string()])
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    ensure!(output.status.success(), "{}: {}", case.name, String::from_utf8_lossy(&output.stderr));
    let mut fields = text.trim_end().splitn(3, '\t');
    let mut field = || fields.next().context("three fields");
    let (seconds, mebibytes, outcome) = (field()?.parse()?, field()?.parse()?, field()?.to_owned());
    Ok(Measured { seconds, mebibytes, outcome })
}

/// Compiles a source and prints what [`measure`] reads.
fn child(case: &Case, side: Side, size: usize) -> Result<()> {
    let source = match side {
        Side::Right => (case.right)(size),
        Side::Wrong => (case.wrong)(size),
    };
    let before = cpu_seconds()?;
    let outcome = Compiler::new().compile(&source, "<large>".into(), &pycompile::Options::default());
    let seconds = cpu_seconds()? - before;
    let outcome = outcome.err().map_or("compiled".to_owned(), |error| error.to_string());
    println!("{:.3}\t{}\t{outcome}", seconds.max(1.0 / TICKS), peak_memory()? / 1024);
    Ok(())
}

/// Seconds that this process has run, all threads together.
fn cpu_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit_once(')').context("a name")?.1;
    let times = after_name.split_whitespace().skip(11).take(2);
    let ticks: f64 = times.map(|time| time.parse::<f64>().unwrap_or(0.0)).sum();
    Ok(ticks / TICKS)
}
