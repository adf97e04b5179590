//! What is done with an input. Each function takes any bytes; it panics if a promise is broken, and says whether
//! the input was good: those that are not are refused soon.

use std::fmt;

use pyast::{Arena, RecursionLimit};
use pycode::{Interner, ObjectId, Pool};
use pycompile::verify::{Source, Verdict};
use pydis::DisOptions;
use pyflowgraph::Cfg;
use pyfuture::FutureFeatures;
use pyinstrseq::text::{parse_sequence, parse_units, print_unit};
use pyinstrseq::{CodeUnit, InstructionSequence, UnitConst, UnitId};
use pymarshal::pyc::{HEADER_LEN, PycHeader, source_hash};
use pymarshal::{DumpOptions, Loaded, Refs, dumps, loads, pyc};
use pyparser::tokenize::TokenSource;
use pyparser::{ParseOptions, parse};
use pysymtable::{SymbolTable, SymbolTableOptions};

/// A target and its name.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name on the command line.
    pub name: &'static str,
    /// What is done with an input.
    pub run: fn(&[u8]) -> bool,
}

/// All targets.
pub const TARGETS: [Target; 5] = [
    Target { name: "marshal", run: marshal },
    Target { name: "dis", run: dis },
    Target { name: "verify", run: verify },
    Target { name: "source", run: source },
    Target { name: "sequence", run: sequence },
];

/// The object of a `.pyc` file or of bare marshal data.
fn load(data: &[u8], pool: &mut Pool) -> Option<Loaded> {
    match pyc::read(data, pool) {
        Ok((_, loaded)) => Some(loaded),
        Err(_) => loads(data, pool).ok(),
    }
}

/// Loads a `.pyc` file or marshal data. What was loaded can be written, with its references or with those that
/// CPython would find, and reads back as long as it was.
pub fn marshal(data: &[u8]) -> bool {
    let mut pool = Pool::new();
    let Some(loaded) = load(data, &mut pool) else { return false };
    for refs in [Refs::Held, Refs::AsLoaded(&loaded.flags)] {
        let options = DumpOptions { refs, ..DumpOptions::default() };
        let Ok(first) = dumps(&pool, loaded.root, &options) else { continue };
        let mut again = Pool::new();
        let reloaded = loads(&first, &mut again).expect("what is written can be read");
        let refs = match refs {
            Refs::AsLoaded(_) => Refs::AsLoaded(&reloaded.flags),
            counted => counted,
        };
        let options = DumpOptions { refs, ..DumpOptions::default() };
        let second = dumps(&again, reloaded.root, &options).expect("what was read can be written");
        assert_eq!(first.len(), second.len(), "the second writing differs in length");
    }
    true
}

/// Loads a `.pyc` file or marshal data and disassembles it with every option; shows the details of its code.
pub fn dis(data: &[u8]) -> bool {
    let mut pool = Pool::new();
    let Some(loaded) = load(data, &mut pool) else { return false };
    for options in all_dis_options() {
        // A failure is an answer: there may be no code object, or more of them than anybody wants to read.
        let _ = pydis::disassemble(&pool, loaded.root, &options, &mut Nowhere);
    }
    if let Some(code) = pool.code(loaded.root) {
        let _ = pydis::show_code(&pool, code, &mut Nowhere);
        code.line_table(&pool).lines().for_each(drop);
        code.line_table(&pool).positions().for_each(drop);
        code.exception_table(&pool).for_each(drop);
    }
    true
}

fn all_dis_options() -> [DisOptions; 2] {
    let none = DisOptions::default();
    [none, DisOptions { show_caches: true, show_offsets: true, show_positions: true, adaptive: true, ..none }]
}

/// Text that nobody reads.
struct Nowhere;

impl fmt::Write for Nowhere {
    fn write_str(&mut self, _: &str) -> fmt::Result {
        Ok(())
    }
}

/// Asks whether a `.pyc` file that claims to be of [`VERIFIED`] is. Only the compiler's own bytes are identical, and
/// what is wrong is shown without a character that a terminal would obey.
pub fn verify(data: &[u8]) -> bool {
    let mut file = PycHeader::UncheckedHash(source_hash(VERIFIED)).to_bytes().to_vec();
    file.extend_from_slice(data.get(HEADER_LEN..).unwrap_or(data));
    let verdict = pycompile::verify::verify(&file, Source { bytes: VERIFIED, mtime: 0 }, &[0]);
    match &verdict {
        Verdict::Ok { identical: true, filename, .. } => {
            let compiled = pycompile::compile(VERIFIED, filename, &pycompile::Options::default());
            let bytes = compiled.and_then(|compiled| compiled.to_pyc(PycHeader::UncheckedHash([0; 8])));
            // A name with lone surrogates is not this text.
            assert!(
                filename.contains('\u{fffd}') || bytes.is_ok_and(|ours| ours[16..] == file[16..]),
                "not identical"
            );
        }
        Verdict::Different(difference) => {
            let rows = difference.rows.iter().flat_map(|row| [&row.pyc, &row.source]);
            let text = difference.to_string();
            assert!(
                rows.chain([&text]).all(|text| !text.contains(char::is_control)),
                "control characters: {text:?}"
            );
        }
        _ => {}
    }
    matches!(verdict, Verdict::Ok { .. } | Verdict::Different(_))
}

/// The source that [`verify`] compares with.
pub const VERIFIED: &[u8] = b"def f(a, *b, c=1.5):\n    'doc'\n    try:\n        return [a, ('x', 2, b'y'), {*b}]\n    except c as e:\n        raise\n";

/// Tokenizes and parses a source file. A tree goes through everything that takes trees: it is dumped, unparsed,
/// validated and compiled.
pub fn source(data: &[u8]) -> bool {
    if let Ok(tokens) = TokenSource::from_bytes(data, None) {
        tokens.tokens().for_each(drop);
    }
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let Ok(parsed) = parse(data, &arena, &mut strings, &ParseOptions::default()) else { return false };
    let (module, limit) = (parsed.module, RecursionLimit::DEFAULT);
    pyast::dump(module, &strings, &pyast::DumpOptions::default());
    pyast::validate(module, &strings, limit).expect("the parser makes valid trees, not too deep");
    // An int may have too many digits to be shown.
    let _ = pyast::unparse(module, &strings, limit);
    compile(module, &arena, strings).is_ok()
}

/// From a tree to optimized sequences.
fn compile<'a>(
    module: pyast::Mod<'a>,
    arena: &'a Arena,
    mut strings: Interner,
) -> Result<(), pyast::SyntaxError> {
    let mut warnings = Vec::new();
    let future = FutureFeatures::from_ast(module, &strings)?;
    let options = pyast::PreprocessOptions {
        future_annotations: future.annotations(),
        ..pyast::PreprocessOptions::default()
    };
    let module = pyast::preprocess(module, arena, &mut strings, &options, &mut warnings)?;
    let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default())?;
    let mut pool = Pool::with_strings(strings);
    let options = pycodegen::Options::default();
    let units = pycodegen::generate(module, &table, &future, &mut pool, &mut warnings, options)?;
    optimize(&units, &mut pool);
    Ok(())
}

/// Optimizes units without their nested code objects.
fn optimize(units: &[CodeUnit], pool: &mut Pool) {
    let mut workspace = pyflowgraph::Workspace::new();
    for unit in units {
        let consts = unit.consts.iter().map(|&constant| without_unit(constant)).collect();
        // Text can hold sequences that make no sense.
        let _ = pyflowgraph::optimize(&unit.sequence, &unit.metadata, consts, pool, &mut workspace);
    }
}

/// What stands for a nested code object here.
fn without_unit(constant: UnitConst) -> ObjectId {
    match constant {
        UnitConst::Object(id) => id,
        UnitConst::Unit(_) => ObjectId::NONE,
    }
}

/// Reads text as a sequence, as units and as a graph. What was read prints, and the print reads back as the same;
/// sequences and units are optimized.
pub fn sequence(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let mut good = false;
    if let Ok(sequence) = parse_sequence(&text) {
        let printed = sequence.to_string();
        let again = parse_sequence(&printed).expect("a print reads back");
        assert_eq!(again.to_string(), printed);
        optimize_alone(&sequence);
        good = true;
    }
    if let Ok(graph) = text.parse::<Cfg>() {
        let printed = graph.to_string();
        assert_eq!(printed.parse::<Cfg>().expect("a print reads back").to_string(), printed);
        graph.to_dot("f");
        good = true;
    }
    let mut pool = Pool::new();
    if let Ok(units) = parse_units(&text, &mut pool) {
        let printed = print_units(&units, &pool);
        let mut other = Pool::new();
        let again = parse_units(&printed, &mut other).expect("a print reads back");
        assert_eq!(print_units(&again, &other), printed);
        optimize(&units, &mut pool);
        good = true;
    }
    good
}

fn optimize_alone(sequence: &InstructionSequence) {
    let mut workspace = pyflowgraph::Workspace::new();
    let _ = pyflowgraph::optimize_cfg(sequence, Vec::new(), 0, &mut Pool::new(), &mut workspace);
}

fn print_units(units: &[CodeUnit], pool: &Pool) -> String {
    let numbered = units.iter().zip(0..);
    numbered.map(|(unit, number)| print_unit(UnitId(number), unit, pool)).collect()
}
