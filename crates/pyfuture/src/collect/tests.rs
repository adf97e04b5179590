use pyast::Arena;

use super::*;

/// A statement of a module under test: its line is its position in the list, from 1.
enum Line<'s> {
    Docstring,
    Future(&'s [&'s str]),
    Import(Option<&'s str>, i32),
    Pass,
}

fn line_location(line: usize) -> Location {
    Location::new(line as i32, line as i32, 0, 40)
}

fn statement<'a>(arena: &'a Arena, strings: &mut Interner, line: usize, what: &Line<'_>) -> Stmt<'a> {
    let at = line_location(line);
    let mut aliases = |names: &[&str]| {
        let column = |i: usize| Location::new(at.lineno, at.lineno, i as i32, i as i32 + 1);
        let alias = |(i, name): (usize, &&str)| *arena.alias(column(i), strings.intern(name), None);
        arena.list(&names.iter().enumerate().map(alias).collect::<Vec<_>>())
    };
    match what {
        Line::Docstring => arena.stmt_expr(at, arena.expr_constant(at, Constant::Str(known::EMPTY), None)),
        Line::Future(names) => arena.stmt_import_from(at, Some(known::FUTURE), aliases(names), Some(0)),
        Line::Import(module, level) => {
            let names = aliases(&["annotations"]);
            let module = module.map(|name| strings.intern(name));
            arena.stmt_import_from(at, module, names, Some(*level))
        }
        Line::Pass => arena.stmt_pass(at),
    }
}

fn features(lines: &[Line<'_>]) -> Result<FutureFeatures, SyntaxError> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let body: Vec<Stmt<'_>> =
        lines.iter().enumerate().map(|(i, line)| statement(&arena, &mut strings, i + 1, line)).collect();
    let as_module = FutureFeatures::from_ast(arena.mod_module(arena.list(&body), &[]), &strings);
    let as_interactive = FutureFeatures::from_ast(arena.mod_interactive(arena.list(&body)), &strings);
    assert_eq!(as_module, as_interactive);
    as_module
}

fn message(names: &[&str]) -> (String, i32) {
    let error = features(&[Line::Future(names)]).expect_err("an unknown feature");
    (error.message, error.location.col_offset)
}

#[test]
fn only_pending_features_set_flags() {
    let all: Vec<&str> = FEATURES.iter().map(|feature| feature.name).collect();
    let found = features(&[Line::Docstring, Line::Future(&all)]).expect("all are features");
    assert_eq!(found.flags, ANNOTATIONS | BARRY_AS_FLUFL);
    assert_eq!(found.location, line_location(2));
}

#[test]
fn the_last_future_statement_gives_the_location() {
    let found = features(&[
        Line::Future(&["division"]),
        Line::Future(&["annotations"]),
        Line::Pass,
        Line::Future(&["barry_as_FLUFL"]),
    ]);
    let found = found.expect("the late statement is not this stage's business");
    assert_eq!((found.flags, found.location), (ANNOTATIONS, line_location(2)));
}

#[test]
fn other_statements_end_the_search() {
    for other in
        [Line::Pass, Line::Import(Some("os"), 0), Line::Import(None, 1), Line::Import(Some("__future__"), 1)]
    {
        let found = features(&[other, Line::Future(&["annotations"])]);
        assert_eq!(found, Ok(FutureFeatures::default()));
    }
    let second_docstring = features(&[Line::Docstring, Line::Docstring, Line::Future(&["spam"])]);
    assert_eq!(second_docstring, Ok(FutureFeatures::default()));
}

#[test]
fn unknown_features_are_refused_where_they_stand() {
    assert_eq!(message(&["annotations", "spam"]), ("future feature spam is not defined".into(), 1));
    assert_eq!(message(&["braces", "spam"]), ("not a chance".into(), 0));
    assert_eq!(message(&["*"]), ("future feature * is not defined".into(), 0));
}

#[test]
fn long_names_are_cut_after_100_bytes_between_characters() {
    let (even, odd) = ("é".repeat(60), format!("x{}", "é".repeat(60)));
    assert_eq!(message(&[&even]).0, format!("future feature {} is not defined", "é".repeat(50)));
    assert_eq!(message(&[&odd]).0, format!("future feature x{} is not defined", "é".repeat(49)));
}

#[test]
fn flags_of_the_caller_are_added() {
    let found = FutureFeatures::default().with_flags(ANNOTATIONS);
    assert!(found.annotations() && !found.barry_as_flufl());
}
