//! Every tree under `golden/`, against the instruction sequences that CPython makes of it.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use pretty_assertions::assert_eq;
use pycode::{Object, ObjectId, Pool};
use pycodegen::Options;
use pyinstrseq::text::print_const;
use pyinstrseq::{CodeUnit, UnitConst, UnitId};

use crate::support;

/// The units as `codegen.txt` has them: each below the units in it, the module last, with its constants.
fn text_of(units: &mut [CodeUnit], pool: &mut Pool) -> String {
    let merged = merge_equal_units(units, pool);
    let mut text = String::new();
    for (index, unit) in units.iter().enumerate() {
        if is_hidden(index, units) {
            continue;
        }
        text += "unit\n";
        for (index, instr) in unit.sequence.instructions().iter().enumerate() {
            let _ = writeln!(text, "{index}: {instr}");
        }
    }
    text += "consts\n";
    let mut codes = (0..).map(|number| UnitConst::Unit(UnitId(number)));
    for &id in &merged.module_consts {
        let is_code = merged.codes.contains(&id);
        let constant = if is_code { codes.next().expect("no end") } else { UnitConst::Object(id) };
        let _ = writeln!(text, "{}", print_const(constant, pool));
    }
    text
}

/// Whether CPython does not show a unit: that of the module's annotations.
fn is_hidden(index: usize, units: &[CodeUnit]) -> bool {
    let (module, others) = units.split_last().expect("a module");
    let Some(annotations) = module.sequence.annotations() else { return false };
    // The last of the module's code objects, with what is in it.
    let loads = annotations.instructions().iter().find(|instr| instr.opcode.has_const());
    let loaded = loads.map(|instr| module.consts[instr.oparg as usize]);
    let Some(UnitConst::Unit(annotate)) = loaded else { return false };
    index < others.len() && is_within(index, annotate.index(), units)
}

fn is_within(index: usize, outer: usize, units: &[CodeUnit]) -> bool {
    let inner = units[outer].consts.iter().filter_map(|constant| match constant {
        UnitConst::Unit(unit) => Some(unit.index()),
        UnitConst::Object(_) => None,
    });
    index == outer || inner.into_iter().any(|inner| is_within(index, inner, units))
}

struct Merged {
    /// By unit: what stands for its code object.
    codes: Vec<ObjectId>,
    module_consts: Vec<ObjectId>,
}

/// Numbers constants as CPython does, where equal code objects are one. Units are taken to become equal
/// code objects if they are equal themselves.
fn merge_equal_units(units: &mut [CodeUnit], pool: &mut Pool) -> Merged {
    let mut by_content: HashMap<String, ObjectId> = HashMap::new();
    let mut merged = Merged { codes: Vec::new(), module_consts: Vec::new() };
    for unit in units {
        let consts = unit.resolve_consts(|id| merged.codes[id.index()]);
        let content = format!("{:?} {} {consts:?}", unit.metadata.name, unit.sequence);
        let stand_in = Object::List(Box::new([]));
        merged.codes.push(*by_content.entry(content).or_insert_with(|| pool.add(stand_in)));
        merged.module_consts = consts;
    }
    merged
}

#[test]
fn instructions_are_cpythons() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden");
    let mut compared = 0;
    for entry in fs::read_dir(golden).expect("the folder golden") {
        let folder = entry.expect("a folder").path();
        let Ok(expected) = fs::read_to_string(folder.join("codegen.txt")) else { continue };
        let tree = fs::read_to_string(folder.join("ast.txt")).expect("the tree of the same input");
        let generated = support::generate(&support::Dump(&tree), &mut Vec::new(), Options::default());
        let (mut units, mut pool) = generated.expect("a valid module");
        assert_eq!(text_of(&mut units, &mut pool), expected, "{}", folder.display());
        compared += 1;
    }
    assert!(compared > 100, "only {compared} inputs");
}
