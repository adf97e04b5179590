//! Our side, stage by stage.

use std::time::Instant;

use anyhow::{Result, anyhow};
use pyast::{Arena, PreprocessOptions, RecursionLimit};
use pycode::{Interner, Object, ObjectId, Pool};
use pyflowgraph::Workspace;
use pyfuture::FutureFeatures;
use pymarshal::DumpOptions;
use pyparser::ParseOptions;
use pysymtable::{SymbolTable, SymbolTableOptions};

use super::Source;

/// The stages, in their order.
const NAMES: [&str; 8] =
    ["parse", "preprocess", "symbol table", "codegen", "flow graph", "assemble", "marshal", "free"];

/// Seconds for each stage, over all sources.
pub(super) struct Stages {
    seconds: [f64; NAMES.len()],
}

impl Stages {
    /// Times one round.
    pub(super) fn measure(sources: &[Source]) -> Result<Stages> {
        let mut stages = Stages { seconds: [0.0; NAMES.len()] };
        let mut arena = Arena::new();
        let mut workspace = Workspace::new();
        for source in sources {
            arena.reset();
            stages
                .measure_one(source, &arena, &mut workspace)
                .map_err(|message| anyhow!("{}: {message}", source.name))?;
        }
        Ok(stages)
    }

    /// Names and seconds.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'static str, f64)> {
        NAMES.into_iter().zip(self.seconds)
    }

    /// Seconds for everything.
    pub(super) fn total(&self) -> f64 {
        self.seconds.iter().sum()
    }

    fn measure_one(
        &mut self,
        source: &Source,
        arena: &Arena,
        workspace: &mut Workspace,
    ) -> Result<(), String> {
        let mut clock = Clock { last: Instant::now(), seconds: &mut self.seconds, stage: 0 };
        let mut strings = Interner::new();
        let options = ParseOptions::default();
        let parsed = pyparser::parse(&source.text, arena, &mut strings, &options).map_err(text)?;
        clock.tick();
        let future = FutureFeatures::from_ast(parsed.module, &strings).map_err(text)?;
        let options =
            PreprocessOptions { future_annotations: future.annotations(), ..PreprocessOptions::default() };
        let module = pyast::preprocess(parsed.module, arena, &mut strings, &options, &mut Vec::new());
        let module = module.map_err(text)?;
        clock.tick();
        let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default());
        let table = table.map_err(text)?;
        clock.tick();
        let mut pool = Pool::with_strings(strings);
        let options = pycodegen::Options { optimize: 0, recursion: RecursionLimit::DEFAULT };
        let units = pycodegen::generate(module, &table, &future, &mut pool, &mut Vec::new(), options);
        let units = units.map_err(text)?;
        clock.tick();
        let filename = pool.strings_mut().intern(&source.name);
        let filename = pool.add(Object::Str { text: filename, interned: false });
        let mut codes: Vec<ObjectId> = Vec::with_capacity(units.len());
        for mut unit in units {
            clock.stage = 4;
            let consts = unit.resolve_consts(|id| codes[id.index()]);
            let optimized =
                pyflowgraph::optimize(&unit.sequence, &unit.metadata, consts, &mut pool, workspace);
            let optimized = optimized.map_err(text)?;
            clock.tick();
            let code = pyassemble::assemble(optimized, &unit.metadata, filename, &mut pool).map_err(text)?;
            codes.push(pool.merge_id(code));
            drop(unit);
            clock.tick();
        }
        let root = codes.pop().ok_or("no unit")?;
        let bytes = pymarshal::dumps(&pool, root, &DumpOptions::default()).map_err(text)?;
        clock.tick();
        drop((bytes, pool, table, codes));
        clock.tick();
        Ok(())
    }
}

/// Adds the time since the last tick to the stage that ends with it.
struct Clock<'s> {
    last: Instant,
    seconds: &'s mut [f64; NAMES.len()],
    stage: usize,
}

impl Clock<'_> {
    fn tick(&mut self) {
        let now = Instant::now();
        self.seconds[self.stage] += now.duration_since(self.last).as_secs_f64();
        self.stage += 1;
        self.last = now;
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
