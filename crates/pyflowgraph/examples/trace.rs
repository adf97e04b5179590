//! Shows what each pass does to a unit: reads units in the form of `pyinstrseq::text` from standard
//! input and prints the graph of the last one after each pass that changed it; with `--dot`, the
//! final graph for Graphviz.

use std::io::{self, Read, Write};

use pycode::{ObjectId, Pool};
use pyflowgraph::{Cfg, Workspace};
use pyinstrseq::text::parse_units;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let wants_dot = std::env::args().any(|arg| arg == "--dot");
    let mut pool = Pool::new();
    let Some(mut unit) = parse_units(&text, &mut pool)?.pop() else {
        return Err("there is no unit".into());
    };
    // Nested code objects matter to no pass: anything may stand for them.
    let consts = unit.resolve_consts(|_| ObjectId::ELLIPSIS);
    let mut out = io::stdout().lock();
    let (mut last, mut dot) = (String::new(), String::new());
    let mut result = Ok(());
    let show = |pass: &str, cfg: &Cfg| {
        let shown = cfg.to_string();
        dot = cfg.to_dot();
        if shown != last && !wants_dot && result.is_ok() {
            result = writeln!(out, "after {pass}\n{shown}");
        }
        last = shown;
    };
    pyflowgraph::trace(&unit.sequence, &unit.metadata, consts, &mut pool, &mut Workspace::new(), show)?;
    result?;
    if wants_dot {
        out.write_all(dot.as_bytes())?;
    }
    Ok(())
}
