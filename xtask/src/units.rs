//! Each unit through flow graph and assembler on its own, for CPython and for us.
//!
//! CPython's code generation gives away no constants of nested units. So the units that are handed to
//! `_testinternalcapi.optimize_cfg` are those that our code generation makes; the rows of that stage say whether
//! they are CPython's. `_testinternalcapi.assemble_code_object` gets what `optimize_cfg` has made of them. A
//! constant that is a code object is represented by a string.
//!
//! Both sides write the same text: for each unit the line `== unit`, the optimized sequence, the line `consts` and the
//! constants, then the fields of the code object.

use std::collections::HashSet;
use std::fmt::Write as _;

use pyast::SyntaxError;
use pycode::{CodeFlags, CodeObject, Object, ObjectId, Pool, StrId};
use pycodegen::UnitSink;
use pyflowgraph::Workspace;
use pyinstrseq::{
    CodeUnit, Instruction, InstructionSequence, OptimizedSequence, UnitConst, UnitMetadata, text,
};
use pymarshal::DumpOptions;
use xxhash_rust::xxh3::xxh3_128;

use crate::stage_text::{self, Tree};

/// The line with which the text of a unit begins.
const UNIT: &str = "== unit\n";

/// `CO_MAXBLOCKS`: the sequences that `optimize_cfg` gives do not tell where a block is left, and with more blocks
/// within each other CPython's assembler crashes.
const MAX_BLOCKS: usize = 21;

/// The units of a file as they go into the flow graph, children before parents.
pub(crate) struct Units {
    units: Vec<Unit>,
    pool: Pool,
}

struct Unit {
    /// Without the annotations of a module or class, which `_testinternalcapi` does not take.
    sequence: InstructionSequence,
    metadata: UnitMetadata,
    consts: Vec<ObjectId>,
}

/// Keeps the units of which code objects are made.
#[derive(Default)]
struct Recorder {
    units: Vec<Unit>,
    workspace: Workspace,
}

impl UnitSink for Recorder {
    fn take(&mut self, unit: &mut CodeUnit, pool: &mut Pool) -> UnitConst {
        let consts = unit.resolve_consts(|child| panic!("{child:?} has no code object"));
        let CodeUnit { sequence, metadata, .. } = unit;
        self.units.push(Unit {
            sequence: InstructionSequence::new(sequence.instructions().to_vec()),
            metadata: UnitMetadata { flags: CodeFlags::default(), own_locals: false, ..metadata.clone() },
            consts: consts.clone(),
        });
        let optimized = pyflowgraph::optimize(sequence, metadata, consts, pool, &mut self.workspace);
        let optimized = optimized.expect("code generation makes well-formed sequences");
        let code = pyassemble::assemble(optimized, metadata, ObjectId::EMPTY_STR, pool);
        UnitConst::Object(pool.merge_id(code.expect("the flow graph makes well-formed sequences")))
    }
}

impl Units {
    /// The units of a tree.
    pub(crate) fn of(tree: Tree<'_>, optimize: u8) -> Result<Units, SyntaxError> {
        let mut recorder = Recorder::default();
        let mut pool = stage_text::generate(tree, optimize, &mut recorder)?;
        let mut units = recorder.units;
        units.iter_mut().for_each(|unit| unit.replace_code(&mut pool));
        Ok(Units { units, pool })
    }

    /// Only the units that are not among some others: for a level of optimization, what it makes a difference to.
    #[must_use]
    pub(crate) fn without(mut self, others: &Units) -> Units {
        let known: HashSet<u128> = others.units.iter().map(|unit| unit.key(&others.pool)).collect();
        self.units.retain(|unit| !known.contains(&unit.key(&self.pool)));
        self
    }

    /// The units as `units.py` takes them.
    pub(crate) fn payload(&mut self) -> Result<Vec<u8>, String> {
        let Units { units, pool } = self;
        let members: Vec<ObjectId> = units.iter().map(|unit| unit.object(pool)).collect();
        let root = pool.add(Object::Tuple(&members));
        pymarshal::dumps(pool, root, &DumpOptions::default()).map_err(|e| e.to_string())
    }

    /// What we make of the units, as text.
    pub(crate) fn text(&mut self) -> String {
        let Units { units, pool } = self;
        let (mut out, mut workspace) = (String::new(), Workspace::new());
        for unit in units {
            out.push_str(UNIT);
            if let Err(message) = unit.write(&mut out, pool, &mut workspace) {
                out.push_str(&message);
                out.push('\n');
            }
        }
        out
    }

    /// What our assembler makes of the sequences in CPython's text, as text with these sequences.
    pub(crate) fn text_with_sequences_of(&mut self, theirs: &str) -> Result<String, String> {
        let Units { units, pool } = self;
        let (mut out, mut workspace) = (String::new(), Workspace::new());
        for (unit, theirs) in units.iter().zip(theirs.split(UNIT).skip(1)) {
            let optimized = sequence_part(theirs);
            write!(out, "{UNIT}{optimized}").expect("writing to a string");
            let (sequence, consts) = optimized.split_once("consts\n").ok_or("no constants")?;
            let sequence = text::parse_sequence(sequence).map_err(|e| e.to_string())?;
            let consts = consts.lines().map(|line| match text::parse_const(line, pool)? {
                UnitConst::Object(id) => Ok(id),
                UnitConst::Unit(_) => Err("a code object".to_owned()),
            });
            let consts: Vec<ObjectId> = consts.collect::<Result<_, String>>()?;
            unit.write_code(&sequence, consts, &mut out, pool, &mut workspace)?;
        }
        Ok(out)
    }
}

/// The sequences in a text of units, without the code objects.
pub(crate) fn sequences(text: &str) -> String {
    text.split_inclusive(UNIT).map(sequence_part).collect()
}

/// What stands before the code object in the text of a unit.
fn sequence_part(unit: &str) -> &str {
    unit.find("\ncode ").map_or(unit, |end| &unit[..=end])
}

impl Unit {
    /// Puts a string in the place of each constant that is a code object.
    fn replace_code(&mut self, pool: &mut Pool) {
        let mut count = 0;
        for id in &mut self.consts {
            if pool.code(*id).is_some() {
                let text = pool.strings_mut().intern(&format!("code object {count}"));
                *id = pool.add(Object::Str { text, interned: false });
                count += 1;
            }
        }
    }

    fn packed_instructions(&self) -> Vec<u8> {
        let numbers = self.sequence.instructions().iter().flat_map(|instr| {
            let at = instr.location;
            let opcode = i32::from(instr.opcode.number());
            [opcode, instr.oparg, at.lineno, at.end_lineno, at.col_offset, at.end_col_offset]
        });
        numbers.flat_map(i32::to_le_bytes).collect()
    }

    /// What is equal for equal units of any pool.
    fn key(&self, pool: &Pool) -> u128 {
        let mut key = self.packed_instructions();
        for &id in &self.consts {
            key.extend_from_slice(constant(id, pool).as_bytes());
            key.push(b'\n');
        }
        for &name in self.name_lists().into_iter().flatten() {
            key.extend_from_slice(pool.strings().get(name).as_bytes());
            key.push(b'\n');
        }
        xxh3_128(&key)
    }

    fn name_lists(&self) -> [&Vec<StrId>; 5] {
        let m = &self.metadata;
        [&m.names, &m.varnames, &m.cellvars, &m.freevars, &m.fasthidden]
    }

    /// The tuple of instructions, constants and metadata.
    fn object(&self, pool: &mut Pool) -> ObjectId {
        let m = &self.metadata;
        let instructions = pool.add(Object::Bytes(&self.packed_instructions()));
        let consts = pool.add(Object::Tuple(&self.consts));
        let mut members = vec![instructions, consts, pool.name(m.name), m.qualname];
        for names in self.name_lists() {
            let names: Vec<ObjectId> = names.iter().map(|&name| pool.name(name)).collect();
            members.push(pool.add(Object::Tuple(&names)));
        }
        let counts = [m.argcount, m.posonlyargcount, m.kwonlyargcount].map(i64::from);
        let numbers = counts.into_iter().chain([i64::from(m.firstlineno)]);
        members.extend(numbers.map(|number| pool.add(Object::Int(number))));
        pool.add(Object::Tuple(&members))
    }

    /// Writes the optimized sequence and the code object made of it.
    fn write(&self, out: &mut String, pool: &mut Pool, workspace: &mut Workspace) -> Result<(), String> {
        // What CPython is asked does not know the constants that it is given.
        pool.forget_merged();
        let nlocals = self.metadata.varnames.len() as u32;
        let optimized =
            pyflowgraph::optimize_cfg(&self.sequence, self.consts.clone(), nlocals, pool, workspace);
        let optimized = optimized.map_err(|e| e.to_string())?;
        write_sequence(out, &optimized, pool);
        let instructions = optimized.instructions.iter().map(|instr| Instruction {
            opcode: instr.opcode,
            oparg: instr.oparg,
            location: instr.location,
        });
        let sequence = InstructionSequence::new(instructions.collect());
        self.write_code(&sequence, optimized.consts, out, pool, workspace)
    }

    /// Writes the code object that is made of an optimized sequence.
    fn write_code(
        &self,
        sequence: &InstructionSequence,
        consts: Vec<ObjectId>,
        out: &mut String,
        pool: &mut Pool,
        workspace: &mut Workspace,
    ) -> Result<(), String> {
        let block_pushes =
            sequence.instructions().iter().filter(|instr| instr.opcode.is_block_push()).count();
        if block_pushes > MAX_BLOCKS {
            out.push_str("code too nested\n");
            return Ok(());
        }
        pool.forget_merged();
        let lowered = pyflowgraph::lower(sequence, &self.metadata, consts, pool, workspace);
        let lowered = lowered.map_err(|e| e.to_string())?;
        let code = pyassemble::assemble(lowered, &self.metadata, ObjectId::EMPTY_STR, pool);
        let code = code.map_err(|e| e.to_string())?;
        write_code(out, pool.code(code).ok_or("no code object")?, pool);
        Ok(())
    }
}

fn write_sequence(out: &mut String, optimized: &OptimizedSequence, pool: &Pool) {
    for (index, instr) in optimized.instructions.iter().enumerate() {
        writeln!(out, "{index}: {instr}").expect("writing to a string");
    }
    out.push_str("consts\n");
    for &id in &optimized.consts {
        writeln!(out, "{}", constant(id, pool)).expect("writing to a string");
    }
}

/// A constant as text, the members of a set in the order of their texts.
fn constant(id: ObjectId, pool: &Pool) -> String {
    let Object::FrozenSet(members) = pool.get(id) else {
        return text::print_const(UnitConst::Object(id), pool);
    };
    let mut members: Vec<String> = members.iter().map(|&member| constant(member, pool)).collect();
    members.sort();
    format!("frozenset({})", members.join(", "))
}

/// The fields of a code object that the assembler makes, as `units.py` writes them.
fn write_code(out: &mut String, code: &CodeObject, pool: &Pool) {
    let names = |ids: &mut dyn Iterator<Item = ObjectId>| {
        let names: Vec<String> = ids.map(|id| name(id, pool)).collect();
        names.join(" ")
    };
    let global_names = pool.tuple(code.names).unwrap_or_default();
    let [bytecode, lines, handlers] =
        [code.code, code.linetable, code.exceptiontable].map(|id| hex(pool.bytes(id).unwrap_or_default()));
    write!(
        out,
        "code {} {} line {} stack {} arguments {} {} {}\nnames {}\nlocals {}\ncells {}\nfree {}\n\
         bytecode {bytecode}\nlines {lines}\nhandlers {handlers}\n",
        name(code.name, pool),
        name(code.qualname, pool),
        code.firstlineno,
        code.stacksize,
        code.argcount,
        code.posonlyargcount,
        code.kwonlyargcount,
        names(&mut global_names.iter().copied()),
        names(&mut code.varnames(pool)),
        names(&mut code.cellvars(pool)),
        names(&mut code.freevars(pool)),
    )
    .expect("writing to a string");
}

fn name(id: ObjectId, pool: &Pool) -> String {
    pool.text(id).and_then(|text| text.as_str()).unwrap_or_default().to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        write!(out, "{byte:02x}").expect("writing to a string");
        out
    })
}
