//! What each stage makes, in the form in which `oracle/stages.py` writes CPython's.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use pyast::{Arena, DumpOptions, Mod, PreprocessOptions, SyntaxError};
use pycode::{Interner, ObjectId, Pool};
use pycodegen::UnitSink;
use pydis::DisOptions;
use pyflowgraph::Workspace;
use pyfuture::FutureFeatures;
use pyinstrseq::{CodeUnit, UnitConst, UnitId, text};
use pymarshal::pyc;
use pyparser::{Lexer, ParseOptions, Token, TokenKind};
use pysymtable::{SymbolTable, SymbolTableOptions};

/// A tree with what it lives on.
pub(crate) struct Tree<'a> {
    /// The tree.
    pub module: Mod<'a>,
    /// The memory of the tree.
    pub arena: &'a Arena,
    /// Its strings.
    pub strings: Interner,
}

/// The tokens as the parser takes them, one a line: kind, lines, columns in characters, text.
pub(crate) fn tokens(source: &[u8]) -> Result<Vec<u8>, String> {
    let source = pyparser::decode(source, &ParseOptions::default()).map_err(|e| e.to_string())?;
    let mut lexer = Lexer::new(source.text(), false);
    let mut out = Vec::new();
    if source.text().is_empty() {
        // CPython's iterator reads lines, and of nothing it says nothing.
        return Ok(out);
    }
    loop {
        let token = lexer.next_token();
        if let Some(error) = lexer.take_error() {
            return Err(error.to_string());
        }
        write_token(&mut out, &token, source.text()).map_err(|e| e.to_string())?;
        if token.kind == TokenKind::Endmarker {
            return Ok(out);
        }
    }
}

fn write_token(out: &mut Vec<u8>, token: &Token, source: &[u8]) -> io::Result<()> {
    let (kind, first, last) = (token.kind.name(), token.begin.line(), token.finish.line());
    let (start, end) = columns(token, source);
    write!(out, "{kind} {first}:{start}-{last}:{end} ")?;
    out.write_all(&source[token.range()])?;
    out.write_all(b"\n")
}

/// The columns in characters of the first and the last character of a token's text.
fn columns(token: &Token, source: &[u8]) -> (i32, i32) {
    if token.begin.column() < 0 {
        return (-1, -1);
    }
    let (start, end) = (token.start as usize, token.end as usize);
    let line = start - token.begin.column() as usize;
    let first = characters(&source[line..start]);
    match source[start..end].iter().rposition(|&byte| byte == b'\n') {
        Some(newline) => (first, characters(&source[start + newline + 1..end])),
        None => (first, first + characters(&source[start..end])),
    }
}

/// How many characters some UTF-8 has.
fn characters(text: &[u8]) -> i32 {
    text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as i32
}

/// The flags of the future statements.
pub(crate) fn future_flags(tree: &Tree<'_>) -> Result<String, SyntaxError> {
    let future = FutureFeatures::from_ast(tree.module, &tree.strings)?;
    Ok(format!("{:#x}\n", future.flags.0))
}

/// The dump of a tree.
pub(crate) fn tree(module: Mod<'_>, strings: &Interner) -> String {
    let options = DumpOptions { include_attributes: true, ..DumpOptions::default() };
    pyast::dump(module, strings, &options) + "\n"
}

/// The dump of a tree after preprocessing.
pub(crate) fn preprocessed(mut tree: Tree<'_>, optimize: u8) -> Result<String, SyntaxError> {
    let future = FutureFeatures::from_ast(tree.module, &tree.strings)?;
    let module = preprocess(&mut tree, &future, optimize)?;
    Ok(self::tree(module, &tree.strings))
}

fn preprocess<'a>(
    tree: &mut Tree<'a>,
    future: &FutureFeatures,
    optimize: u8,
) -> Result<Mod<'a>, SyntaxError> {
    let options = PreprocessOptions {
        optimize,
        future_annotations: future.annotations(),
        ..PreprocessOptions::default()
    };
    pyast::preprocess(tree.module, tree.arena, &mut tree.strings, &options, &mut Vec::new())
}

/// The scopes and names of a tree.
pub(crate) fn symbol_table(module: Mod<'_>, strings: &mut Interner) -> Result<String, SyntaxError> {
    let future = FutureFeatures::from_ast(module, strings)?;
    let table = SymbolTable::build(module, &future, strings, SymbolTableOptions::default())?;
    Ok(pysymtable::dump(&table, strings))
}

/// `ast.unparse`
pub(crate) fn unparsed(tree: &Tree<'_>) -> Result<Vec<u8>, SyntaxError> {
    pyast::unparse(tree.module, &tree.strings, pyast::RecursionLimit::DEFAULT)
}

/// `python -m symtable`, with the names that a table only passes on sorted.
pub(crate) fn symtable_listing(
    module: Mod<'_>,
    strings: &mut Interner,
    filename: &str,
) -> Result<String, SyntaxError> {
    let future = FutureFeatures::from_ast(module, strings)?;
    let table = SymbolTable::build(module, &future, strings, SymbolTableOptions::default())?;
    let listing = pysymtable::inspect::listing(&table, strings, filename);
    let tables = listing.split("\n\n").map(|table| {
        let mut lines: Vec<&str> = table.split('\n').collect();
        lines.sort_by_key(|line| line.ends_with(": ").then_some(*line));
        lines.join("\n")
    });
    Ok(tables.collect::<Vec<_>>().join("\n\n"))
}

/// `python -m tokenize`, then the same with `-e`.
pub(crate) fn tokenize_listing(path: &Path) -> Result<Vec<u8>, String> {
    let source = std::fs::read(path).map_err(|e| e.to_string())?;
    let mut text = String::new();
    for exact in [false, true] {
        let listing = pyparser::tokenize::listing(&source, &path.to_string_lossy(), exact);
        listing.error.map_or(Ok(()), Err)?;
        text += &listing.text;
    }
    Ok(text.into_bytes())
}

/// The sequences of all units, and the constants of the module.
pub(crate) fn codegen(tree: Tree<'_>, optimize: u8) -> Result<String, SyntaxError> {
    let mut units: Vec<CodeUnit> = Vec::new();
    let mut pool = generate(tree, optimize, &mut units)?;
    let hidden = hidden_units(&units);
    let consts = merge_equal_code(&mut units, &mut pool);
    Ok(units_text(&units, &hidden, &consts, &pool))
}

/// Generates the units of a tree; gives the pool of their constants.
pub(crate) fn generate(
    mut tree: Tree<'_>,
    optimize: u8,
    sink: &mut dyn UnitSink,
) -> Result<Pool, SyntaxError> {
    let future = FutureFeatures::from_ast(tree.module, &tree.strings)?;
    let module = preprocess(&mut tree, &future, optimize)?;
    let table = SymbolTable::build(module, &future, &mut tree.strings, SymbolTableOptions::default())?;
    let mut pool = Pool::with_strings(tree.strings);
    let options = pycodegen::Options { optimize, ..pycodegen::Options::default() };
    pycodegen::generate_into(sink, module, &table, &future, &mut pool, &mut Vec::new(), options)?;
    Ok(pool)
}

/// Makes the code objects, so that those which are equal share a constant; gives the constants of the
/// module. CPython does this while it generates code, and what `compiler_codegen` shows depends on it.
fn merge_equal_code(units: &mut [CodeUnit], pool: &mut Pool) -> Vec<ObjectId> {
    let (mut codes, mut workspace) = (Vec::new(), Workspace::new());
    let mut last = Vec::new();
    for unit in units {
        last = unit.resolve_consts(|id: UnitId| codes[id.index()]);
        let optimized =
            pyflowgraph::optimize(&unit.sequence, &unit.metadata, last.clone(), pool, &mut workspace);
        let optimized = optimized.expect("code generation makes well-formed sequences");
        let code = pyassemble::assemble(optimized, &unit.metadata, ObjectId::EMPTY_STR, pool);
        codes.push(pool.merge_id(code.expect("the flow graph makes well-formed sequences")));
    }
    last
}

fn units_text(units: &[CodeUnit], hidden: &[bool], consts: &[ObjectId], pool: &Pool) -> String {
    let mut out = String::new();
    for (unit, _) in units.iter().zip(hidden).filter(|(_, hidden)| !**hidden) {
        out.push_str("unit\n");
        for (index, instr) in unit.sequence.instructions().iter().enumerate() {
            writeln!(out, "{index}: {instr}").expect("writing to a string");
        }
    }
    out.push_str("consts\n");
    let mut code = 0;
    for &id in consts {
        let constant = match pool.code(id) {
            Some(_) => {
                code += 1;
                UnitConst::Unit(UnitId(code - 1))
            }
            None => UnitConst::Object(id),
        };
        writeln!(out, "{}", text::print_const(constant, pool)).expect("writing to a string");
    }
    out
}

/// The units that CPython does not give away: what the annotations of the module are made of.
fn hidden_units(units: &[CodeUnit]) -> Vec<bool> {
    let mut hidden = vec![false; units.len()];
    let Some(module) = units.last() else { return hidden };
    let annotations = module.sequence.annotations().map_or(&[][..], |sequence| sequence.instructions());
    for instr in annotations.iter().filter(|instr| instr.opcode.has_const()) {
        if let UnitConst::Unit(id) = module.consts[instr.oparg as usize] {
            hide(id, units, &mut hidden);
        }
    }
    hidden
}

fn hide(id: UnitId, units: &[CodeUnit], hidden: &mut [bool]) {
    hidden[id.index()] = true;
    for &constant in &units[id.index()].consts {
        if let UnitConst::Unit(child) = constant {
            hide(child, units, hidden);
        }
    }
}

/// The listing of a `.pyc`.
pub(crate) fn disassembly(file: &[u8], options: &DisOptions) -> Result<Vec<u8>, String> {
    let mut pool = Pool::new();
    let (_, loaded) = pyc::read(file, &mut pool).map_err(|e| e.to_string())?;
    let text = pydis::disassemble_to_string(&pool, loaded.root, options);
    let text = without_addresses(&text.map_err(|e| e.to_string())?);
    Ok(with_sorted_sets(&text).into_bytes())
}

/// A listing without the made-up addresses of code objects.
fn without_addresses(listing: &str) -> String {
    let mut out = String::with_capacity(listing.len());
    let mut pieces = listing.split(" at 0x");
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        if !rest.starts_with(", file ") {
            out.push_str(" at 0x");
        }
        out.push_str(if rest.starts_with(", file ") { rest } else { piece });
    }
    out
}

/// A listing with the members of each frozenset sorted, since CPython shows them in no order.
fn with_sorted_sets(listing: &str) -> String {
    let mut out = String::with_capacity(listing.len());
    let mut rest = listing;
    while let Some((before, after)) = rest.split_once("frozenset({") {
        out.push_str(before);
        out.push_str("frozenset({");
        rest = after;
        // Without an end on the same line it is part of a string.
        let Some(end) = after.lines().next().and_then(|line| line.find("})")) else { continue };
        let mut members: Vec<&str> = after[..end].split(", ").collect();
        members.sort_unstable();
        out.push_str(&members.join(", "));
        out.push_str("})");
        rest = &after[end + 2..];
    }
    out + rest
}

/// A `.pyc`, read and written again.
pub(crate) fn marshal_round_trip(file: &[u8]) -> Result<Vec<u8>, String> {
    let mut pool = Pool::new();
    let (header, loaded) = pyc::read(file, &mut pool).map_err(|e| e.to_string())?;
    pyc::write(header, &pool, loaded.root).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_sorted_and_strings_that_look_like_their_beginning_are_left_alone() {
        assert_eq!(with_sorted_sets("(frozenset({2, 1}))\n"), "(frozenset({1, 2}))\n");
        let text = "('frozenset({')\n 9 LOAD_CONST 4 (', ')\n 9 LOAD_CONST 5 ('})')\n";
        assert_eq!(with_sorted_sets(text), text);
    }
}
