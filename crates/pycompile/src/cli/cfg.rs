//! `cfg`: the flow graphs of a file, after any pass of the optimizer.

use std::ffi::{OsStr, OsString};
use std::io;

use clap::builder::PossibleValuesParser;
use pycode::PyStr;
use pycompile::{Compiler, Options, UnitTrace};
use pyflowgraph::{Cfg, Changes, pass_names};

use super::interpreter::Interpreter;
use super::message::Subject;
use super::{Streams, paths, stage};

/// The options of `pycompile cfg`.
#[derive(clap::Args)]
#[command(after_help = EXPLANATION)]
pub(crate) struct Args {
    /// The source file; standard input for `-`
    #[arg(value_name = "FILE", required_unless_present = "passes")]
    infile: Option<OsString>,
    /// Only the function, class or other scope of this name, qualified or not; `<module>` is the module
    #[arg(short, long, value_name = "NAME")]
    function: Option<String>,
    /// The graph as this pass leaves it, instead of the last one; `build` is before all passes
    #[arg(short, long, value_name = "PASS", value_parser = PossibleValuesParser::new(pass_names()),
          hide_possible_values = true)]
    after: Option<String>,
    /// In the language of Graphviz, one graph for each scope
    #[arg(short, long)]
    dot: bool,
    /// What each pass changes, up to that of --after
    #[arg(short, long, conflicts_with = "dot")]
    changes: bool,
    /// Level of optimization, 0 to 2
    #[arg(short = 'O', long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    optimize: Option<u8>,
    /// Name the passes in their order, and nothing else
    #[arg(long, exclusive = true)]
    passes: bool,
}

const EXPLANATION: &str = "\
A block is a line with its name and what is known of it, then its instructions: argument, place in the source
(@LINE:COLUMN-LINE:COLUMN), and behind ! the block that handles an exception. A picture of one function:
  pycompile cfg FILE --function NAME --dot | dot -Tsvg > cfg.svg
The passes, in their order, are what `pycompile cfg --passes` names.";

pub(crate) fn run(args: &Args, interpreter: &Interpreter, streams: &mut Streams<'_>) -> io::Result<u8> {
    if args.passes {
        pass_names().try_for_each(|name| writeln!(streams.out, "{name}"))?;
        return Ok(0);
    }
    let Some((source, name)) = stage::read(args.infile.as_deref(), streams)? else { return Ok(1) };
    let decoded = paths::decode(&name);
    let optimize = args.optimize.unwrap_or(interpreter.optimize);
    let options = Options { optimize, ..Options::default() };
    let last = args.after.as_deref().or(pass_names().last()).unwrap_or_default();
    let end = pass_names().position(|name| name == last).unwrap_or(usize::MAX);
    let shown: Vec<&str> = pass_names().take(end + 1).filter(|name| args.changes || *name == last).collect();
    let traced =
        Compiler::new().trace(&source, PyStr::from_wtf8(&decoded), &options, &|pass| shown.contains(&pass));
    let mut units = match traced {
        Ok(units) => units,
        Err(error) => return stage::refuse(&error, Subject::new(&source, &name), streams),
    };
    // As in the source: code generation finishes what is inside first.
    units.reverse();
    units.sort_by_key(|unit| unit.firstlineno);
    let wanted: Vec<&UnitTrace> = units.iter().filter(|unit| is_wanted(unit, args)).collect();
    if wanted.is_empty() {
        return no_such_scope(&units, args, streams);
    }
    for (index, unit) in wanted.iter().enumerate() {
        if index > 0 {
            writeln!(streams.out)?;
        }
        show(unit, args, streams)?;
    }
    Ok(0)
}

fn is_wanted(unit: &UnitTrace, args: &Args) -> bool {
    let Some(name) = &args.function else { return true };
    unit.qualname == *name || unit.qualname.rsplit('.').next() == Some(name)
}

fn no_such_scope(units: &[UnitTrace], args: &Args, streams: &mut Streams<'_>) -> io::Result<u8> {
    let name = paths::repr(OsStr::new(args.function.as_deref().unwrap_or_default()));
    let names: Vec<&str> = units.iter().map(|unit| unit.qualname.as_str()).collect();
    writeln!(streams.err, "pycompile: there is no {name}; there are: {}", names.join(", "))?;
    Ok(1)
}

fn show(unit: &UnitTrace, args: &Args, streams: &mut Streams<'_>) -> io::Result<()> {
    if args.changes {
        return changes(unit, streams);
    }
    let Some((_, graph)) = unit.graphs.last() else { return Ok(()) };
    if args.dot {
        return streams.out.write_all(graph.to_dot(&unit.qualname).as_bytes());
    }
    heading(unit, streams)?;
    write!(streams.out, "{graph}")
}

fn heading(unit: &UnitTrace, streams: &mut Streams<'_>) -> io::Result<()> {
    writeln!(streams.out, "# {}, line {}", unit.qualname, unit.firstlineno)
}

/// The graph as it is built, then what each pass does to it.
fn changes(unit: &UnitTrace, streams: &mut Streams<'_>) -> io::Result<()> {
    heading(unit, streams)?;
    let mut before: Option<&Cfg> = None;
    for (pass, graph) in &unit.graphs {
        match before.map(|before| Changes::between(before, graph)) {
            None => writeln!(streams.out, "{pass}\n{graph}")?,
            Some(changes) if changes.is_empty() => {}
            Some(changes) => writeln!(streams.out, "{pass}\n{changes}")?,
        }
        before = Some(graph);
    }
    Ok(())
}
