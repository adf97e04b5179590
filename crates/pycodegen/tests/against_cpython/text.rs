//! Units as text, in the form of the files `golden/*/codegen.txt`.

use std::collections::HashMap;
use std::fmt::Write;

use pycode::{Object, ObjectId, Pool};
use pyinstrseq::text::print_const;
use pyinstrseq::{CodeUnit, UnitConst, UnitId};

/// The units, each below the units in it, the module last, with its constants.
pub(crate) fn text_of(units: &mut [CodeUnit], pool: &mut Pool) -> String {
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
        let stand_in = Object::List(&[]);
        merged.codes.push(*by_content.entry(content).or_insert_with(|| pool.add(stand_in)));
        merged.module_consts = consts;
    }
    merged
}
