//! Shows what each pass does to a unit: reads units in the form of `pyinstrseq::text` from standard
//! input and prints the graph of the last one, then what each pass changed; with `--dot`, the final
//! graph for Graphviz.

use std::io::{self, Read, Write};

use pycode::{ObjectId, Pool};
use pyflowgraph::{Cfg, Changes, Workspace};
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
    let mut last: Option<Cfg> = None;
    let mut result = Ok(());
    let show = |pass: &str, cfg: &Cfg| {
        let text = match &last {
            None => format!("{pass}\n{cfg}\n"),
            Some(last) => match Changes::between(last, cfg) {
                changes if changes.is_empty() => String::new(),
                changes => format!("{pass}\n{changes}\n"),
            },
        };
        if !wants_dot && result.is_ok() {
            result = out.write_all(text.as_bytes());
        }
        last = Some(cfg.clone());
    };
    pyflowgraph::trace(&unit.sequence, &unit.metadata, consts, &mut pool, &mut Workspace::new(), show)?;
    result?;
    if wants_dot {
        let name = pool.strings().get(unit.metadata.name).to_string_lossy();
        out.write_all(last.unwrap_or_default().to_dot(&name).as_bytes())?;
    }
    Ok(())
}
