//! What CPython says about programs that this stage refuses, and about some that it just accepts.
//!
//! `errors.txt` holds programs, one after the other; after each a comment says what
//! `_symtable.symtable(program, "<f>", "exec")` does with it: `# valid`, or place and message of the
//! `SyntaxError`. The place is `line:column-line:column`, columns in bytes from 0; CPython's are one more.

use pretty_assertions::assert_eq;
use pyast::{Arena, Mod, RecursionLimit, SyntaxError};
use pycode::Interner;
use pyfuture::FutureFeatures;
use pyparser::ParseOptions;
use pysymtable::{SymbolTable, SymbolTableOptions};

/// Builds the table of a program.
fn build(source: &str, options: SymbolTableOptions) -> Result<SymbolTable, SyntaxError> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let parsed = pyparser::parse(source.as_bytes(), &arena, &mut strings, &ParseOptions::default())?;
    let future = FutureFeatures::from_ast(parsed.module, &strings)?;
    SymbolTable::build(parsed.module, &future, &mut strings, options)
}

fn verdict(source: &str) -> String {
    match build(source, SymbolTableOptions::default()) {
        Ok(_) => "# valid".to_owned(),
        Err(error) => format!("# {:?} {}", error.location, error.message),
    }
}

#[test]
fn errors_are_cpythons() {
    let (mut program, mut count) = (String::new(), 0);
    for line in include_str!("errors.txt").lines() {
        if line.starts_with("# ") {
            assert_eq!(verdict(&program), line, "{program}");
            program.clear();
            count += 1;
        } else if !line.is_empty() {
            program += line;
            program += "\n";
        }
    }
    assert!(count > 150, "only {count} programs");
}

#[test]
fn await_at_top_level_is_an_option() {
    let options = SymbolTableOptions { allow_top_level_await: true, ..SymbolTableOptions::default() };
    for source in ["await x", "async with x: pass", "async for x in y: pass", "[await x for x in y]"] {
        let table = build(source, options).expect(source);
        assert!(table.module().coroutine(), "{source}");
    }
    for source in ["def f(): await x", "class C: await x", "class C: [x async for x in y]"] {
        assert!(build(source, options).is_err(), "{source}");
    }
}

#[test]
fn deep_trees_are_refused() {
    let source = "-".repeat(100) + "x";
    let recursion = RecursionLimit::new(100);
    let error = build(&source, SymbolTableOptions { recursion, ..SymbolTableOptions::default() });
    let error = error.expect_err("a statement, 100 operators");
    assert_eq!(
        error.to_string(),
        "RecursionError: maximum recursion depth exceeded during compilation (line 1)"
    );
    let recursion = RecursionLimit::new(101);
    assert!(build(&source, SymbolTableOptions { recursion, ..SymbolTableOptions::default() }).is_ok());
}

#[test]
fn a_function_type_has_no_table() {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let returns = arena.expr_constant(pyast::Location::NONE, pyast::Constant::None, None);
    let module: Mod<'_> = arena.mod_function_type(&[], returns);
    let options = SymbolTableOptions::default();
    let error = SymbolTable::build(module, &FutureFeatures::default(), &mut strings, options);
    assert_eq!(error.expect_err("refused").message, "this compiler does not handle FunctionTypes");
}
