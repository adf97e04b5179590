//! How fast each stage is, and all of them together: `cargo bench -p pycompile`.
//!
//! `CORPUS=/usr/lib/python3.14` takes the `.py` files below that folder instead of those of this repository.
//! What counts is the time that this thread spent on a processor, so that a busy machine does not blur the
//! figures; of several rounds the best one. `cargo xtask bench` compares the whole with CPython.

use std::error::Error;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pyassemble::Assembler;
use pyast::{Arena, PreprocessOptions};
use pycode::{Interner, Object, ObjectId, Pool};
use pycodegen::UnitSink;
use pycompile::{Compiler, Options};
use pyflowgraph::Workspace;
use pyfuture::FutureFeatures;
use pyinstrseq::{CodeUnit, UnitConst};
use pymarshal::DumpOptions;
use pyparser::ParseOptions;
use pysymtable::{SymbolTable, SymbolTableOptions};
use rustix::time::{ClockId, clock_gettime};

const ROUNDS: usize = 5;
/// How many bytes a round goes through at least, so that the machine gets warm.
const ENOUGH: usize = 10_000_000;

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let mut sources = Vec::new();
    match std::env::var_os("CORPUS") {
        Some(folder) => collect(Path::new(&folder), &mut sources)?,
        None => collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."), &mut sources)?,
    }
    sources.retain(|source| pycompile::compile(source, "x", &Options::default()).is_ok());
    let bytes: usize = sources.iter().map(Vec::len).sum();
    let repeats = (ENOUGH / bytes.max(1)).max(1);
    let mut out = io::stdout().lock();
    writeln!(out, "{} files, {:.1} MB", sources.len(), bytes as f64 / 1e6)?;
    let bytes = (bytes * repeats) as f64;
    let mut best = [Duration::MAX; STAGES.len()];
    for _ in 0..ROUNDS {
        let round = stage_by_stage(&sources, repeats)?;
        best.iter_mut().zip(round).for_each(|(best, time)| *best = time.min(*best));
    }
    for (name, time) in STAGES.into_iter().zip(best) {
        report(&mut out, name, time, bytes)?;
    }
    let whole = (0..ROUNDS).map(|_| whole(&sources, repeats)).collect::<Result<Vec<_>, _>>()?;
    report(&mut out, "whole", whole.into_iter().min().unwrap_or_default(), bytes)?;
    Ok(())
}

const STAGES: [&str; 9] =
    ["parse", "future", "preprocess", "symbol table", "codegen", "flow graph", "assemble", "marshal", "free"];
const CODEGEN: usize = 4;
const FLOW_GRAPH: usize = 5;
const ASSEMBLE: usize = 6;
const MARSHAL: usize = 7;
const FREE: usize = 8;

fn report(out: &mut impl Write, name: &str, time: Duration, bytes: f64) -> io::Result<()> {
    let seconds = time.as_secs_f64();
    writeln!(out, "{name:12} {:8.2} ns/byte {:8.1} MB/s", seconds * 1e9 / bytes, bytes / seconds / 1e6)
}

/// All the way as the driver goes it, with its buffers kept from file to file.
fn whole(sources: &[Vec<u8>], repeats: usize) -> Result<Duration, Failure> {
    let mut compiler = Compiler::new();
    let start = cpu_time();
    for source in (0..repeats).flat_map(|_| sources) {
        let compiled = compiler.compile(source, "x.py".into(), &Options::default())?;
        black_box(pymarshal::dumps(&compiled.pool, compiled.root, &DumpOptions::default())?);
    }
    Ok(cpu_time() - start)
}

fn stage_by_stage(sources: &[Vec<u8>], repeats: usize) -> Result<[Duration; STAGES.len()], Failure> {
    let mut clock = Clock::new();
    let (mut arena, mut workspace, mut assembler) = (Arena::new(), Workspace::new(), Assembler::new());
    for source in (0..repeats).flat_map(|_| sources) {
        one_file(source, &arena, &mut workspace, &mut assembler, &mut clock)?;
        arena.reset();
        clock.stop(FREE);
    }
    Ok(clock.times)
}

fn one_file(
    source: &[u8],
    arena: &Arena,
    workspace: &mut Workspace,
    assembler: &mut Assembler,
    clock: &mut Clock,
) -> Result<(), Failure> {
    let (mut strings, mut warnings) = (Interner::new(), Vec::new());
    clock.start();
    let parsed = pyparser::parse(source, arena, &mut strings, &ParseOptions::default())?;
    clock.stop(0);
    let future = FutureFeatures::from_ast(parsed.module, &strings)?;
    clock.stop(1);
    let options =
        PreprocessOptions { future_annotations: future.annotations(), ..PreprocessOptions::default() };
    let lines = &parsed.preprocess_lines;
    let module = pyast::preprocess_lines(parsed.module, arena, &mut strings, &options, lines, &mut warnings)?;
    clock.stop(2);
    let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default())?;
    clock.stop(3);
    let filename = strings.intern("x.py");
    let mut pool = Pool::with_strings(strings);
    let filename = pool.add(Object::Str { text: filename, interned: false });
    let mut maker = CodeMaker { filename, workspace, assembler, clock, last: Ok(ObjectId::NONE) };
    let options = pycodegen::Options::default();
    pycodegen::generate_into(&mut maker, module, &table, &future, &mut pool, &mut warnings, options)?;
    maker.clock.stop(CODEGEN);
    let CodeMaker { last, clock, .. } = maker;
    black_box(pymarshal::dumps(&pool, last?, &DumpOptions::default())?);
    clock.stop(MARSHAL);
    Ok(())
}

/// Makes a code object of each unit as soon as it is generated, as the driver does.
struct CodeMaker<'w> {
    filename: ObjectId,
    workspace: &'w mut Workspace,
    assembler: &'w mut Assembler,
    clock: &'w mut Clock,
    last: Result<ObjectId, Failure>,
}

impl CodeMaker<'_> {
    fn make(&mut self, unit: &mut CodeUnit, pool: &mut Pool) -> Result<ObjectId, Failure> {
        self.clock.stop(CODEGEN);
        let consts = unit.resolve_consts(|child| panic!("{child:?} has no code object"));
        let CodeUnit { sequence, metadata, .. } = unit;
        let mut optimized = pyflowgraph::optimize(sequence, metadata, consts, pool, self.workspace)?;
        self.clock.stop(FLOW_GRAPH);
        let code = self.assembler.assemble(&mut optimized, metadata, self.filename, pool)?;
        self.workspace.recycle(optimized);
        let code = pool.merge_id(code);
        self.clock.stop(ASSEMBLE);
        Ok(code)
    }
}

impl UnitSink for CodeMaker<'_> {
    fn take(&mut self, unit: &mut CodeUnit, pool: &mut Pool) -> UnitConst {
        if self.last.is_ok() {
            self.last = self.make(unit, pool);
        }
        UnitConst::Object(*self.last.as_ref().unwrap_or(&ObjectId::NONE))
    }
}

/// Adds up the time of each stage.
struct Clock {
    times: [Duration; STAGES.len()],
    last: Duration,
    /// How long a reading takes, which is no stage's time: there are three for each unit.
    reading: Duration,
}

impl Clock {
    fn new() -> Clock {
        const READINGS: u32 = 10_000;
        let start = cpu_time();
        let mut last = start;
        for _ in 0..READINGS {
            last = cpu_time();
        }
        Clock { times: [Duration::ZERO; STAGES.len()], last, reading: (last - start) / READINGS }
    }

    fn start(&mut self) {
        self.last = cpu_time();
    }

    /// The time since the last reading was that stage's.
    fn stop(&mut self, stage: usize) {
        let now = cpu_time();
        self.times[stage] += (now - self.last).saturating_sub(self.reading);
        self.last = now;
    }
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

fn collect(folder: &Path, sources: &mut Vec<Vec<u8>>) -> io::Result<()> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() && !path.ends_with("target") {
            collect(&path, sources)?;
        } else if path.extension().is_some_and(|e| e == "py") && path.is_file() {
            sources.push(std::fs::read(path)?);
        }
    }
    Ok(())
}
