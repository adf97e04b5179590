//! Every stage on its own against the golden files, without Python: it is given what CPython's stage
//! before it made.

use std::fmt::Write as _;

use pyast::{Arena, SyntaxError};
use pycode::{Interner, Object, ObjectId, Pool};
use pydis::DisOptions;
use pyflowgraph::Workspace;
use pyinstrseq::{OptimizedSequence, UnitConst, UnitId, text};
use pymarshal::pyc::PycHeader;
use pyparser::ParseOptions;

use super::*;
use crate::stage_text::{self, Tree};

/// The parts of one golden folder.
struct Golden {
    name: String,
}

impl Golden {
    fn bytes(&self, file: &str) -> Vec<u8> {
        let path = root().join("golden").join(&self.name).join(file);
        fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}; run `cargo xtask golden`", path.display()))
    }

    fn text(&self, file: &str) -> String {
        String::from_utf8(self.bytes(file)).expect("CPython writes UTF-8")
    }
}

/// Holds what a stage makes of each golden folder against the file of that name.
fn check(file: &str, stage: impl Fn(&Golden) -> Result<Vec<u8>, String>) {
    let mut wrong = Vec::new();
    for name in names().expect("the golden folder") {
        let golden = Golden { name };
        match stage(&golden) {
            Ok(made) if made == golden.bytes(file) => {}
            Ok(made) => {
                wrong.push(format!("{}: {}", golden.name, first_difference(&made, &golden.bytes(file))))
            }
            Err(message) => wrong.push(format!("{}: {message}", golden.name)),
        }
    }
    assert!(wrong.is_empty(), "{} differ from {file}:\n{}", wrong.len(), wrong.join("\n"));
}

fn first_difference(made: &[u8], expected: &[u8]) -> String {
    let (made, expected) = (String::from_utf8_lossy(made), String::from_utf8_lossy(expected));
    let same = made.bytes().zip(expected.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        String::from_utf8_lossy(&text.as_bytes()[same.saturating_sub(40)..])
            .chars()
            .take(100)
            .collect::<String>()
    };
    format!("\n    made:     {:?}\n    expected: {:?}", around(&made), around(&expected))
}

#[test]
fn the_lexer_makes_cpythons_tokens() {
    check("tokens.txt", |golden| stage_text::tokens(&golden.bytes("input.py")));
}

#[test]
fn the_parser_makes_cpythons_tree() {
    check("ast.txt", |golden| {
        let (arena, mut strings) = (Arena::new(), Interner::new());
        let source = golden.bytes("input.py");
        let parsed = pyparser::parse(&source, &arena, &mut strings, &ParseOptions::default());
        let parsed = parsed.map_err(|e| e.to_string())?;
        Ok(stage_text::tree(parsed.module, &strings).into_bytes())
    });
}

#[test]
fn the_symbol_table_of_cpythons_tree_is_cpythons() {
    check("symtable.txt", |golden| {
        with_tree(golden, |mut tree| stage_text::symbol_table(tree.module, &mut tree.strings))
    });
}

#[test]
fn preprocessing_cpythons_tree_gives_cpythons() {
    check("preprocessed.txt", |golden| with_tree(golden, |tree| stage_text::preprocessed(tree, 2)));
}

#[test]
fn the_sequences_of_cpythons_tree_are_cpythons() {
    check("codegen.txt", |golden| with_tree(golden, |tree| stage_text::codegen(tree, 0)));
}

/// Makes text of CPython's tree.
fn with_tree(
    golden: &Golden,
    make: impl FnOnce(Tree<'_>) -> Result<String, SyntaxError>,
) -> Result<Vec<u8>, String> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let module = pyast::load_mod(&golden.text("ast.txt"), &arena, &mut strings).map_err(|e| e.to_string())?;
    make(Tree { module, arena: &arena, strings }).map(String::into_bytes).map_err(|e| e.to_string())
}

#[test]
fn the_flow_graph_of_cpythons_sequence_is_cpythons() {
    check("optimized.txt", |golden| {
        let codegen = golden.text("codegen.txt");
        let module = codegen.rsplit_once("unit\n").ok_or("no unit")?.1;
        let (sequence, consts) = module.split_once("consts\n").ok_or("no constants")?;
        let mut pool = Pool::new();
        let sequence = text::parse_sequence(sequence).map_err(|e| e.to_string())?;
        let consts =
            consts.lines().map(|line| text::parse_const(line, &mut pool)).collect::<Result<_, _>>()?;
        let (objects, code) = stand_ins(consts, &mut pool);
        // What CPython is asked does not know its own constants either.
        pool.forget_merged();
        let locals =
            sequence.instructions().iter().filter(|i| i.opcode.has_local()).map(|i| i.oparg as u32 + 1);
        let nlocals = locals.max().unwrap_or(0);
        let optimized =
            pyflowgraph::optimize_cfg(&sequence, objects, nlocals, &mut pool, &mut Workspace::new());
        let optimized = optimized.map_err(|e| e.to_string())?;
        Ok(optimized_text(&optimized, &code, &pool).into_bytes())
    });
}

/// The constants of a unit as objects: for each code object a string that stands for it. Also gives the
/// stand-ins, in the order of the numbers of their units.
fn stand_ins(consts: Vec<UnitConst>, pool: &mut Pool) -> (Vec<ObjectId>, Vec<ObjectId>) {
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
fn optimized_text(sequence: &OptimizedSequence, code: &[ObjectId], pool: &Pool) -> String {
    let mut out = String::new();
    for (index, instr) in sequence.instructions.iter().enumerate() {
        writeln!(out, "{index}: {instr}").expect("writing to a string");
    }
    out.push_str("consts\n");
    for &id in &sequence.consts {
        let number = code.iter().position(|&stand_in| stand_in == id);
        let constant = number.map_or(UnitConst::Object(id), |n| UnitConst::Unit(UnitId(n as u32)));
        writeln!(out, "{}", text::print_const(constant, pool)).expect("writing to a string");
    }
    out
}

#[test]
fn marshal_writes_what_it_read() {
    for file in ["O0.pyc", "O1.pyc", "O2.pyc"] {
        check(file, |golden| stage_text::marshal_round_trip(&golden.bytes(file)));
    }
}

#[test]
fn the_disassembly_of_cpythons_code_is_cpythons() {
    check("dis.txt", |golden| stage_text::disassembly(&golden.bytes("O0.pyc"), &DisOptions::default()));
}

#[test]
fn all_stages_in_a_row_give_cpythons_file() {
    for (optimize, file) in [(0, "O0.pyc"), (1, "O1.pyc"), (2, "O2.pyc")] {
        check(file, |golden| {
            let options = pycompile::Options { optimize, ..pycompile::Options::default() };
            let source = golden.bytes("input.py");
            let header = PycHeader::Timestamp { mtime: MODIFIED as u32, size: source.len() as u32 };
            let compiled = pycompile::compile(&source, &format!("{}.py", golden.name), &options);
            compiled.and_then(|compiled| compiled.to_pyc(header)).map_err(|e| e.to_string())
        });
    }
}

#[test]
fn every_golden_file_has_its_input() {
    let expected: Vec<&str> = FILES.iter().map(|(file, _)| *file).chain(["input.py"]).collect();
    for name in names().expect("the golden folder") {
        for entry in fs::read_dir(root().join("golden").join(&name)).expect("a folder for each input") {
            let file = entry.expect("a readable entry").file_name().to_string_lossy().into_owned();
            assert!(expected.contains(&file.as_str()), "golden/{name}/{file} belongs to no stage");
        }
        assert!(root().join("golden").join(&name).join("input.py").exists(), "golden/{name} has no input.py");
    }
}
