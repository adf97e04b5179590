//! How fast the lexer and the parser are, in megabytes of source a second.
//!
//! `CORPUS=/usr/lib/python3.14 cargo bench -p pyparser` takes all `.py` files below that folder; without
//! `CORPUS`, a file of this repository stands for all. An argument picks one of the steps.

use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pyast::Arena;
use pycode::Interner;
use pyparser::{Lexer, ParseOptions, TokenKind, decode, parse};

const ROUNDS: usize = 7;
/// How many bytes a round goes through at least: the kernel counts processor time in steps of milliseconds.
const ENOUGH: usize = 30_000_000;

fn main() -> io::Result<()> {
    let mut sources = Vec::new();
    match std::env::var_os("CORPUS") {
        Some(folder) => collect(Path::new(&folder), &mut sources)?,
        None => sources.push(std::fs::read(sample())?),
    }
    let options = ParseOptions::default();
    sources.retain(|source| parse(source, &Arena::new(), &mut Interner::new(), &options).is_ok());
    let mut out = io::stdout().lock();
    let bytes: usize = sources.iter().map(Vec::len).sum();
    writeln!(out, "{} files, {:.1} MB", sources.len(), bytes as f64 / 1e6)?;
    let mut arena = Arena::new();
    let wanted = std::env::args().nth(1).filter(|arg| !arg.starts_with('-'));
    for (name, run) in steps().into_iter().filter(|step| wanted.as_ref().is_none_or(|w| w == step.0)) {
        let repeats = (ENOUGH / bytes.max(1)).max(1);
        let best = (0..ROUNDS).map(|_| measure(&sources, repeats, &mut arena, run)).min();
        let time = best.unwrap_or_default() / repeats as u32;
        writeln!(
            out,
            "{name:8} {:7.1} MB/s  {:8.2} ms",
            bytes as f64 / 1e6 / time.as_secs_f64(),
            time.as_secs_f64() * 1e3
        )?;
    }
    Ok(())
}

type Step = fn(&[u8], &Arena);

fn steps() -> [(&'static str, Step); 3] {
    [("decode", run_decode), ("lex", run_lex), ("parse", run_parse)]
}

fn measure(sources: &[Vec<u8>], repeats: usize, arena: &mut Arena, run: Step) -> Duration {
    let (start, cpu) = (Instant::now(), cpu_time());
    for source in (0..repeats).flat_map(|_| sources) {
        run(source, arena);
        arena.reset();
    }
    match (cpu, cpu_time()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed(),
    }
}

/// The time that this thread spent on a processor, so that a busy machine does not blur the figures.
fn cpu_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn run_decode(source: &[u8], _: &Arena) {
    black_box(decode(source, &ParseOptions::default()).is_ok());
}

fn run_lex(source: &[u8], _: &Arena) {
    let source = decode(source, &ParseOptions::default()).expect("text");
    let mut lexer = Lexer::new(source.text(), false);
    while !matches!(black_box(lexer.next_token().kind), TokenKind::Endmarker | TokenKind::Errortoken) {}
}

fn run_parse(source: &[u8], arena: &Arena) {
    let mut strings = Interner::new();
    black_box(parse(source, arena, &mut strings, &ParseOptions::default()).is_ok());
}

fn collect(folder: &Path, sources: &mut Vec<Vec<u8>>) -> io::Result<()> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, sources)?;
        } else if path.extension().is_some_and(|e| e == "py") && path.exists() {
            sources.push(std::fs::read(path)?);
        }
    }
    Ok(())
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/src/snapshot.py")
}
