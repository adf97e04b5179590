//! What each stage makes, in the form in which `oracle/stages.py` writes CPython's.

use std::fmt::Write as _;

use pyast::{DumpOptions, Mod, SyntaxError};
use pycode::{Interner, Object, ObjectId, Pool};
use pyfuture::FutureFeatures;
use pyinstrseq::{Instruction, OptimizedInstruction, OptimizedSequence, UnitConst, UnitId, text};
use pymarshal::pyc;
use pysymtable::{SymbolTable, SymbolTableOptions};

/// The dump of a tree.
pub(crate) fn tree(module: Mod<'_>, strings: &Interner) -> String {
    let options = DumpOptions { include_attributes: true, ..DumpOptions::default() };
    pyast::dump(module, strings, &options) + "\n"
}

/// The scopes and names of a tree.
pub(crate) fn symbol_table(module: Mod<'_>, strings: &mut Interner) -> Result<String, SyntaxError> {
    let future = FutureFeatures::from_ast(module, strings)?;
    let table = SymbolTable::build(module, &future, strings, SymbolTableOptions::default())?;
    Ok(pysymtable::dump(&table, strings))
}

/// The constants of a unit as objects: for each code object a string that stands for it. Also gives the
/// stand-ins, in the order of the numbers of their units.
pub(crate) fn stand_ins(consts: Vec<UnitConst>, pool: &mut Pool) -> (Vec<ObjectId>, Vec<ObjectId>) {
    let mut stand_ins = Vec::new();
    let mut object = |constant: UnitConst| match constant {
        UnitConst::Object(id) => id,
        UnitConst::Unit(_) => {
            let text = pool.strings_mut().intern(&format!("code object {}", stand_ins.len()));
            let id = pool.merge(Object::Str { text, interned: false });
            stand_ins.push(id);
            id
        }
    };
    let objects = consts.into_iter().map(&mut object).collect();
    (objects, stand_ins)
}

/// An optimized module with its constants, in which some stand for code objects.
pub(crate) fn optimized(sequence: &OptimizedSequence, code: &[ObjectId], pool: &Pool) -> String {
    let mut out = String::new();
    for (index, instr) in sequence.instructions.iter().enumerate() {
        let &OptimizedInstruction { opcode, oparg, location, .. } = instr;
        writeln!(out, "{index}: {}", Instruction { opcode, oparg, location }).expect("writing to a string");
    }
    out.push_str("consts\n");
    for &id in &sequence.consts {
        let number = code.iter().position(|&stand_in| stand_in == id);
        let constant = number.map_or(UnitConst::Object(id), |n| UnitConst::Unit(UnitId(n as u32)));
        writeln!(out, "{}", text::print_const(constant, pool)).expect("writing to a string");
    }
    out
}

/// A `.pyc`, read and written again.
pub(crate) fn marshal_round_trip(file: &[u8]) -> Result<Vec<u8>, String> {
    let mut pool = Pool::new();
    let (header, loaded) = pyc::read(file, &mut pool).map_err(|e| e.to_string())?;
    pyc::write(header, &pool, loaded.root).map_err(|e| e.to_string())
}
